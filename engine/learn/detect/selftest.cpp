#include "engine/learn/detect/selftest.h"

#include "engine/learn/blas.h"
#include "engine/learn/devices.h"
#include "engine/learn/losses/assign.h"
#include "engine/learn/losses/detection_loss.h"
#include "engine/learn/torch_compat.h"

#include <chrono>
#include <cstdio>

namespace querent::learn::detect {

namespace {

constexpr Size kInput{160, 128};
constexpr int kClasses = 3;

struct Pass {
    std::vector<torch::Tensor> results;  // answers, losses and gradients, on the processor
    double seconds = 0.0;
};

torch::Tensor noisePicture() {
    Rng rng(7);
    const torch::Tensor x = torch::empty({2, 3, kInput.height, kInput.width});
    float* data = x.data_ptr<float>();
    for (std::int64_t i = 0; i < x.numel(); ++i)
        data[i] = static_cast<float>(rng.uniform(0.0, 255.0));
    return x;
}

Pass onePass(const torch::Device& device) {
    const auto began = std::chrono::steady_clock::now();
    networks::DetectorNet net(networks::BackbonePlan{}, kClasses, Rng(3));
    net.to(device);
    net.train();
    const losses::Targets targets =
        losses::assignTargets(networks::locationsOf(kInput), {{{20, 20, 60, 70}, 1}, {{80, 30, 150, 120}, 2}});
    const auto count = static_cast<std::int64_t>(targets.labels.size());
    const torch::Tensor labels = torch::tensor(targets.labels, torch::kLong).expand({2, count}).to(device);
    const torch::Tensor boxes = torch::tensor(targets.boxes).view({count, 4}).expand({2, count, 4}).to(device);
    const torch::Tensor weights = torch::tensor(targets.weights).expand({2, count}).to(device);
    const networks::DetectorOutput output = net.forward(noisePicture().to(device));
    const losses::DetectionLoss loss = losses::detectionLoss(output, labels, boxes, weights);
    loss.total().backward();

    Pass pass;
    for (const torch::Tensor& t :
         {output.classes, output.boxes, output.quality, loss.classes, loss.boxes, loss.quality}) {
        pass.results.push_back(t.detach().to(torch::kCPU));
    }
    for (const torch::Tensor& p : net.parameters())
        pass.results.push_back(p.grad().to(torch::kCPU));
    pass.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return pass;
}

/** The largest distance of two tensors of a pass, as a share of the first one's norm. */
double largestDifference(const Pass& a, const Pass& b) {
    double largest = 0.0;
    for (std::size_t i = 0; i < a.results.size(); ++i) {
        const double size = a.results[i].norm().item<double>();
        const double difference = (a.results[i] - b.results[i]).norm().item<double>();
        largest = std::max(largest, difference / (size + 1e-3));
    }
    return largest;
}

}  // namespace

Result<std::string> selftest(const std::string& device) {
    const Result<torch::Device> target = deviceFor(device);
    if (!target) return target.error();
    try {
        const Result<std::string> products = checkBlas();
        if (!products) return products.error();
        // TF32 would round to ten bits: a comparison needs the full ones.
        at::globalContext().setAllowTF32CuBLAS(false);
        at::globalContext().setAllowTF32CuDNN(false);
        const Pass reference = onePass(torch::Device(torch::kCPU));
        const Pass tested = onePass(*target);
        at::globalContext().setAllowTF32CuDNN(true);
        const double difference = largestDifference(reference, tested);
        char text[400];
        std::snprintf(text, sizeof text,
                      "LibTorch %s, device %s, %d threads\ncpu %.2f s, %s %.2f s (forward, loss, backward)\n"
                      "largest relative difference %.2e\n",
                      torchVersion().c_str(), nameOf(*target).c_str(), torch::get_num_threads(), reference.seconds,
                      nameOf(*target).c_str(), tested.seconds, difference);
        constexpr double kMost = 1e-2;
        if (!(difference < kMost))
            return fail(ErrorCode::Internal, std::string("The device computes something else. ") + text);
        return text + *products;
    } catch (const std::exception& problem) {
        return errorOf(problem);
    }
}

}  // namespace querent::learn::detect

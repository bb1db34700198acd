// querent-shard: what a machine needs that has LibTorch and nothing else.
//   querent-shard selftest [DEVICE]
//   querent-shard train FILE.shard MODEL.safetensors [DEVICE] [STEPS]
// Exit status as querent-cli: 0 done, 1 the data or the request is at fault, 2 wrong usage.

#include "engine/learn/detect/predictor.h"
#include "engine/learn/detect/selftest.h"
#include "engine/learn/detect/shard.h"
#include "engine/learn/detect/trainer.h"
#include "engine/learn/metrics/evaluator.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace querent;

int failed(const Error& error) {
    std::fprintf(stderr, "%s\n", error.text().c_str());
    return error.code == ErrorCode::Internal ? 3 : 1;
}

int selftest(const std::string& device) {
    const auto report = learn::detect::selftest(device);
    if (!report) return failed(report.error());
    std::printf("%s\n", report->c_str());
    return 0;
}

int train(const std::string& file, const std::string& model, const std::string& device, int steps) {
    const auto shard = learn::detect::readShard(file);
    if (!shard) return failed(shard.error());
    learn::TrainingConfig config;
    config.model = model;
    config.device = device;
    config.steps = steps;
    const auto observer = [](const TrainingStep& step) {
        if (step.step % 50 == 0)
            std::fprintf(stderr, "step %d of %d, loss %.3f, %.0f images/s\n", step.step, step.steps, step.loss,
                         step.itemsPerSecond);
    };
    const auto outcome =
        learn::detect::DetectorTrainer().train(shard->detector, config, *shard->images, nullptr, {}, observer, Job());
    if (!outcome) return failed(outcome.error());
    const auto predictor = learn::detect::Predictor::load(model, device);
    if (!predictor) return failed(predictor.error());
    const auto seen = (*predictor)->predict(*shard->images, {}, Job());
    if (!seen) return failed(seen.error());
    std::vector<ItemTruth> truth;
    for (std::size_t i = 0; i < shard->images->count(); ++i)
        truth.push_back(shard->images->truth(i));
    const auto score = learn::metrics::map50(truth, *seen, shard->detector.classes);
    if (!score) return failed(score.error());
    std::printf("%s: %d steps in %.1f s, mAP@.5 on the training pictures %.4f\n", outcome->device.c_str(),
                outcome->steps, outcome->seconds, *score);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    const auto word = [&](std::size_t i, const char* fallback) {
        return i < words.size() ? words[i] : std::string(fallback);
    };
    if (!words.empty() && words[0] == "selftest") return selftest(word(1, "auto"));
    if (words.size() >= 3 && words[0] == "train") {
        return train(words[1], words[2], word(3, "auto"), std::atoi(word(4, "0").c_str()));
    }
    std::fprintf(stderr,
                 "usage: querent-shard selftest [DEVICE] | train FILE.shard MODEL.safetensors [DEVICE] [STEPS]\n");
    return 2;
}

#include "engine/learn/detect/inference.h"

#include "engine/learn/detect/nms.h"
#include "engine/learn/devices.h"
#include "engine/learn/resize.h"

#include <algorithm>
#include <cmath>

namespace querent::learn::detect {

namespace {

constexpr std::int64_t kMostCandidates = 1000;  // before suppression; a picture

struct Pictures {
    torch::Tensor pixels;  // [N, 3, H, W]; undefined when none could be read
    std::vector<ItemTruth> about;
};

Result<Pictures> loadPictures(const ItemSource& source, std::size_t begin, std::size_t end, Size input, const Job& job,
                              std::vector<UnreadItem>* unread) {
    Pictures out;
    std::vector<torch::Tensor> all;
    for (std::size_t i = begin; i < end; ++i) {
        if (job.cancelled()) return Job::stopped();
        Result<Raster> raster = source.load(i, input);
        if (!raster && unread != nullptr && concernsOneItem(raster.error())) {
            unread->push_back({source.truth(i).item, raster.error()});
            continue;
        }
        if (!raster) return raster.error();
        Raster fitted = resized(*raster, input);
        out.about.push_back(source.truth(i));
        if (out.about.back().size.empty()) out.about.back().size = raster->size;
        all.push_back(torch::from_blob(fitted.rgb.data(), {input.height, input.width, 3}, torch::kUInt8)
                          .permute({2, 0, 1})
                          .to(torch::kFloat)
                          .contiguous());
    }
    if (!all.empty()) out.pixels = torch::stack(all);
    return out;
}

/** Puts a network into evaluation mode, with an ear for the job, and back. */
class Evaluation {
 public:
    Evaluation(networks::DetectorNet& net, const Job& job) : m_net(net), m_training(net.is_training()) {
        m_net.eval();
        m_net.backbone().stopPoint.listenTo(job.token());
    }
    ~Evaluation() {
        m_net.backbone().stopPoint.listenTo({});
        m_net.train(m_training);
    }
    Evaluation(const Evaluation&) = delete;
    Evaluation& operator=(const Evaluation&) = delete;

 private:
    networks::DetectorNet& m_net;
    bool m_training;
    torch::NoGradGuard m_noGrad;
};

std::vector<float> floatsOf(const torch::Tensor& t) {
    const torch::Tensor flat = t.contiguous();
    return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

/** What strategies ask beyond boxes; N pictures, all on the processor, undefined where nobody knows. */
struct Doubts {
    torch::Tensor tower;         // [N, L, W]
    torch::Tensor expectedLoss;  // [N]
    torch::Tensor discrepancy;   // [N]
};

Doubts doubtsOf(const networks::DetectorOutput& output, networks::DetectorSide* side) {
    std::vector<torch::Tensor> levels;
    for (const torch::Tensor& level : output.tower)
        levels.push_back(level.flatten(2).transpose(1, 2).to(torch::kFloat));
    Doubts doubts{torch::cat(levels, 1).to(torch::kCPU), {}, {}};
    if (side == nullptr) return doubts;
    doubts.expectedLoss = side->expectedLoss(output).to(torch::kCPU);
    doubts.discrepancy = networks::discrepancyOf(output.classes, side->secondClasses(output)).to(torch::kCPU);
    return doubts;
}

torch::Tensor towerOf(const Doubts& doubts, std::int64_t picture) {
    return doubts.tower.defined() ? doubts.tower[picture] : torch::Tensor();
}

// One batch of pictures, all of which could be read.
Result<void> lookAt(const Pictures& pictures, networks::DetectorNet& net, const DetectorConfig& config,
                    const torch::Device& device, const PredictOptions& options, const Job& job,
                    networks::DetectorSide* side, std::vector<ItemPrediction>& all) {
    auto [output, embedding] = net.forwardWithEmbedding(pictures.pixels.to(device));
    const torch::Tensor classes = output.classes.to(torch::kCPU);
    const torch::Tensor boxes = output.boxes.to(torch::kCPU);
    const torch::Tensor quality = output.quality.to(torch::kCPU);
    embedding = embedding.to(torch::kCPU);
    const Doubts doubts = options.allClassScores ? doubtsOf(output, side) : Doubts();
    for (std::size_t i = 0; i < pictures.about.size(); ++i) {
        if (job.cancelled()) return Job::stopped();
        const auto n = static_cast<std::int64_t>(i);
        const ItemTruth& about = pictures.about[i];
        ItemPrediction prediction;
        prediction.item = about.item;
        prediction.boxes =
            detectionsOf(classes[n], boxes[n], quality[n], towerOf(doubts, n), config.input, about.size, options);
        if (doubts.expectedLoss.defined()) prediction.expectedLoss = doubts.expectedLoss[n].item<double>();
        if (doubts.discrepancy.defined()) prediction.discrepancy = doubts.discrepancy[n].item<double>();
        if (options.embeddings) prediction.embedding = floatsOf(embedding[n]);
        all.push_back(std::move(prediction));
    }
    return {};
}

}  // namespace

std::vector<Detection> detectionsOf(const torch::Tensor& classes, const torch::Tensor& boxes,
                                    const torch::Tensor& quality, const torch::Tensor& tower, Size input, Size original,
                                    const PredictOptions& options) {
    const std::int64_t classCount = classes.size(1);
    const torch::Tensor probability = torch::sigmoid(classes);
    const torch::Tensor score = torch::sqrt(probability * torch::sigmoid(quality).unsqueeze(1)).reshape(-1);
    const torch::Tensor wanted = (score >= options.scoreThreshold).nonzero().squeeze(1);
    const torch::Tensor wantedScores = score.index_select(0, wanted);
    const auto [best, order] = wantedScores.topk(std::min(kMostCandidates, wantedScores.size(0)));
    const torch::Tensor index = wanted.index_select(0, order);
    const torch::Tensor place = torch::floor_divide(index, classCount);
    const torch::Tensor label = (index - place * classCount).to(torch::kInt);
    const torch::Tensor side = boxes.index_select(0, place).t().contiguous();

    Candidates candidates{floatsOf(side[0]), floatsOf(side[1]),
                          floatsOf(side[2]), floatsOf(side[3]),
                          floatsOf(best),    {label.data_ptr<int>(), label.data_ptr<int>() + label.numel()}};
    const double sx = static_cast<double>(original.width) / input.width;
    const double sy = static_cast<double>(original.height) / input.height;
    std::vector<Detection> out;
    const auto most = static_cast<std::size_t>(std::max(0, options.maxBoxes));
    for (const std::size_t i : nonMaximumSuppression(candidates, options.nmsIou, most)) {
        Detection found;
        found.box =
            Box{candidates.left[i] * sx, candidates.top[i] * sy, candidates.right[i] * sx, candidates.bottom[i] * sy}
                .clampedTo(original);
        if (found.box.empty()) continue;
        found.label = candidates.label[i];
        found.score = std::min(1.0, static_cast<double>(candidates.score[i]));
        const auto at = place[static_cast<std::int64_t>(i)].item<std::int64_t>();
        if (options.allClassScores) found.classes = floatsOf(probability[at]);
        if (tower.defined() && found.score >= options.featuresFrom) found.features = floatsOf(tower[at]);
        out.push_back(std::move(found));
    }
    return out;
}

Result<std::vector<ItemPrediction>> inferAll(networks::DetectorNet& net, const DetectorConfig& config,
                                             const torch::Device& device, const ItemSource& source,
                                             const PredictOptions& options, const Job& job,
                                             std::vector<UnreadItem>* unread, networks::DetectorSide* side) {
    std::vector<ItemPrediction> all;
    try {
        const Evaluation evaluation(net, job);
        const auto batch = static_cast<std::size_t>(std::max(1, options.batch));
        for (std::size_t begin = 0; begin < source.count(); begin += batch) {
            const std::size_t end = std::min(source.count(), begin + batch);
            const Result<Pictures> pictures = loadPictures(source, begin, end, config.input, job, unread);
            if (!pictures) return pictures.error();
            if (!pictures->about.empty()) {
                const Result<void> seen = lookAt(*pictures, net, config, device, options, job, side, all);
                if (!seen) return seen.error();
            }
            job.report("Predicting", static_cast<std::int64_t>(end), static_cast<std::int64_t>(source.count()));
        }
    } catch (const networks::PassStopped&) {
        return Job::stopped();
    } catch (const std::exception& problem) {
        return errorOf(problem);
    }
    if (all.empty() && unread != nullptr && !unread->empty()) return unread->front().error;
    return all;
}

}  // namespace querent::learn::detect

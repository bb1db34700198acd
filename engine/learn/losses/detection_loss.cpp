#include "engine/learn/losses/detection_loss.h"

#include "engine/learn/losses/assign.h"

namespace querent::learn {

namespace {

torch::Tensor binaryCrossEntropy(const torch::Tensor& logits, const torch::Tensor& targets) {
    return torch::binary_cross_entropy_with_logits(logits, targets, {}, {}, at::Reduction::None);
}

torch::Tensor areaOf(const torch::Tensor& box) {
    return (box.select(1, 2) - box.select(1, 0)) * (box.select(1, 3) - box.select(1, 1));
}

}  // namespace

torch::Tensor focalLoss(const torch::Tensor& logits, const torch::Tensor& targets) {
    constexpr double kAlpha = 0.25;
    const torch::Tensor p = torch::sigmoid(logits);
    const torch::Tensor wrong = p + targets - 2.0 * p * targets;  // 1 - p_t
    const torch::Tensor weight = (1.0 - kAlpha) + (2.0 * kAlpha - 1.0) * targets;
    return weight * wrong * wrong * binaryCrossEntropy(logits, targets);
}

Overlaps pairwiseOverlaps(const torch::Tensor& a, const torch::Tensor& b) {
    constexpr double kTiny = 1e-7;
    const torch::Tensor low = torch::max(a.slice(1, 0, 2), b.slice(1, 0, 2));
    const torch::Tensor high = torch::min(a.slice(1, 2, 4), b.slice(1, 2, 4));
    const torch::Tensor both = (high - low).clamp_min(0).prod(1);
    const torch::Tensor either = areaOf(a) + areaOf(b) - both;
    const torch::Tensor hullLow = torch::min(a.slice(1, 0, 2), b.slice(1, 0, 2));
    const torch::Tensor hullHigh = torch::max(a.slice(1, 2, 4), b.slice(1, 2, 4));
    const torch::Tensor hull = (hullHigh - hullLow).clamp_min(0).prod(1);
    const torch::Tensor iou = both / (either + kTiny);
    return {iou, iou - (hull - either) / (hull + kTiny)};
}

DetectionLoss detectionLoss(const DetectorOutput& output, const torch::Tensor& labels, const torch::Tensor& boxes,
                            const torch::Tensor& weights) {
    const std::int64_t classes = output.classes.size(2);
    const torch::Tensor flatLabels = labels.reshape(-1);
    const torch::Tensor positive = (flatLabels >= 0).nonzero().squeeze(1);
    const auto positives = static_cast<double>(std::max<std::int64_t>(positive.size(0), 1));

    const torch::Tensor wanted = (labels.unsqueeze(2) == torch::arange(classes, labels.options())).to(torch::kFloat);
    torch::Tensor share = weights.reshape(-1).index_select(0, positive);
    share = share * (positives / share.sum().clamp_min(1e-6));
    const torch::Tensor counts = (flatLabels != kIgnored).to(torch::kFloat).index_put_({positive}, share);
    DetectionLoss loss;
    loss.classes = (focalLoss(output.classes, wanted).sum(2).reshape(-1) * counts).sum() / positives;

    const torch::Tensor predicted = output.boxes.reshape({-1, 4}).index_select(0, positive);
    const Overlaps overlaps = pairwiseOverlaps(predicted, boxes.reshape({-1, 4}).index_select(0, positive));
    loss.boxes = 2.0 * ((1.0 - overlaps.giou) * share).sum() / positives;
    const torch::Tensor quality = output.quality.reshape(-1).index_select(0, positive);
    loss.quality = 0.5 * (binaryCrossEntropy(quality, overlaps.iou.detach()) * share).sum() / positives;
    return loss;
}

}  // namespace querent::learn

#include "engine/learn/losses/detection_loss.h"

#include "engine/learn/losses/assign.h"

#include <algorithm>

namespace querent::learn::losses {

namespace {

torch::Tensor binaryCrossEntropy(const torch::Tensor& logits, const torch::Tensor& targets) {
    return torch::binary_cross_entropy_with_logits(logits, targets, {}, {}, at::Reduction::None);
}

torch::Tensor areaOf(const torch::Tensor& box) {
    return (box.select(1, 2) - box.select(1, 0)) * (box.select(1, 3) - box.select(1, 1));
}

/** The locations that answer for a box. */
struct Positives {
    torch::Tensor places;  // [P] into [N * L]
    torch::Tensor share;   // [P] how much each counts, their mean 1
    double count = 1.0;    // P, at least 1
};

Positives positivesOf(const torch::Tensor& labels, const torch::Tensor& weights) {
    Positives positives;
    positives.places = (labels.reshape(-1) >= 0).nonzero().squeeze(1);
    positives.count = static_cast<double>(std::max<std::int64_t>(positives.places.size(0), 1));
    const torch::Tensor share = weights.reshape(-1).index_select(0, positives.places);
    positives.share = share * (positives.count / share.sum().clamp_min(1e-6));
    return positives;
}

torch::Tensor classLossOf(const torch::Tensor& logits, const torch::Tensor& labels, const Positives& positives) {
    const torch::Tensor classes = torch::arange(logits.size(2), labels.options());
    const torch::Tensor wanted = (labels.unsqueeze(2) == classes).to(torch::kFloat);
    const torch::Tensor counts =
        (labels.reshape(-1) != kIgnored).to(torch::kFloat).index_put_({positives.places}, positives.share);
    return (focalLoss(logits, wanted).sum(2).reshape(-1) * counts).sum() / positives.count;
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

torch::Tensor classLoss(const torch::Tensor& logits, const torch::Tensor& labels, const torch::Tensor& weights) {
    return classLossOf(logits, labels, positivesOf(labels, weights));
}

DetectionLoss detectionLoss(const networks::DetectorOutput& output, const torch::Tensor& labels,
                            const torch::Tensor& boxes, const torch::Tensor& weights) {
    const Positives positives = positivesOf(labels, weights);
    DetectionLoss loss;
    loss.classes = classLossOf(output.classes, labels, positives);

    const torch::Tensor predicted = output.boxes.reshape({-1, 4}).index_select(0, positives.places);
    const Overlaps overlaps = pairwiseOverlaps(predicted, boxes.reshape({-1, 4}).index_select(0, positives.places));
    loss.boxes = 2.0 * ((1.0 - overlaps.giou) * positives.share).sum() / positives.count;
    const torch::Tensor quality = output.quality.reshape(-1).index_select(0, positives.places);
    loss.quality = 0.5 * (binaryCrossEntropy(quality, overlaps.iou.detach()) * positives.share).sum() / positives.count;
    return loss;
}

}  // namespace querent::learn::losses

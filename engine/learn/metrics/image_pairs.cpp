#include "engine/learn/metrics/image_pairs.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace querent::learn::metrics {
namespace {

Error refuse(const std::string& sentence) {
    return fail(ErrorCode::InvalidArgument, sentence);
}

bool finite(const Box& box) {
    return std::isfinite(box.left) && std::isfinite(box.top) && std::isfinite(box.right) && std::isfinite(box.bottom);
}

std::optional<Error> problemOf(const ImagePair& pair, int classes) {
    const std::string image = "image " + std::to_string(pair.image);
    const auto wrongClass = [classes](int label) { return label < 0 || label >= classes; };
    for (const TrueBox& box : pair.truth) {
        if (wrongClass(box.label)) return refuse("A true box of " + image + " has a class that does not exist.");
        if (!finite(box.box)) return refuse("A true box of " + image + " has a corner that is not a finite number.");
    }
    for (const Detection& box : pair.found) {
        if (wrongClass(box.label)) return refuse("A detection in " + image + " has a class that does not exist.");
        if (!finite(box.box)) return refuse("A detection in " + image + " has a corner that is not a finite number.");
        if (!std::isfinite(box.score)) return refuse("A detection in " + image + " has a score that is not a number.");
    }
    return std::nullopt;
}

template <typename T>
std::vector<const T*> byImage(std::span<const T> list) {
    std::vector<const T*> sorted;
    sorted.reserve(list.size());
    for (const T& entry : list)
        sorted.push_back(&entry);
    std::sort(sorted.begin(), sorted.end(), [](const T* a, const T* b) { return a->item < b->item; });
    return sorted;
}

template <typename T>
std::optional<Error> twiceIn(const std::vector<const T*>& sorted, const std::string& list) {
    const auto same =
        std::adjacent_find(sorted.begin(), sorted.end(), [](const T* a, const T* b) { return a->item == b->item; });
    if (same == sorted.end()) return std::nullopt;
    return refuse("Image " + std::to_string((*same)->item) + " occurs twice among the " + list + ".");
}

}  // namespace

Result<std::vector<ImagePair>> pairImages(std::span<const ItemTruth> truth, std::span<const ItemPrediction> predictions,
                                          int classes) {
    if (classes < 1) return refuse("An evaluation needs at least one class.");
    const std::vector<const ItemTruth*> truths = byImage(truth);
    const std::vector<const ItemPrediction*> found = byImage(predictions);
    if (const auto error = twiceIn(truths, "true images")) return *error;
    if (const auto error = twiceIn(found, "predictions")) return *error;

    std::vector<ImagePair> pairs;
    pairs.reserve(truths.size());
    auto next = found.begin();
    for (const ItemTruth* image : truths) {
        ImagePair pair{image->item, image->boxes, {}};
        if (next != found.end() && (*next)->item == image->item) pair.found = (*next++)->boxes;
        if (next != found.end() && (*next)->item <= image->item) break;
        if (const auto error = problemOf(pair, classes)) return *error;
        pairs.push_back(pair);
    }
    if (next != found.end()) {
        return refuse("Image " + std::to_string((*next)->item) + " was predicted, but its truth is not known.");
    }
    return pairs;
}

}  // namespace querent::learn::metrics

#pragma once

#include "engine/core/result.h"
#include "engine/learn/metrics/image_pairs.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace querent::learn::metrics {

inline constexpr std::size_t kCocoThresholds = 10;  // IoU .50, .55, ..., .95
inline constexpr std::size_t kCocoAreas = 4;        // all, small, medium, large
inline constexpr std::size_t kCocoMaxDetections = 100;

/** How much of COCO's matching is wanted: the first thresholds and the first area ranges. */
struct CocoScope {
    std::size_t thresholds = kCocoThresholds;
    std::size_t areas = kCocoAreas;
};

/** One detection of one class after matching. Bit t of a mask speaks of threshold t. */
struct CocoRecord {
    double score = 0.0;
    std::uint32_t image = 0;  // position in the list of pairs
    std::uint32_t rank = 0;   // 0-based, by score, among the detections of this class in this image
    std::array<std::uint16_t, kCocoAreas> matched{};
    std::array<std::uint16_t, kCocoAreas> ignored{};  // neither hit nor miss

    bool hit(std::size_t area, unsigned bit) const { return (matched[area] & ~ignored[area] & bit) != 0; }
    bool miss(std::size_t area, unsigned bit) const { return ((matched[area] | ignored[area]) & bit) == 0; }
};

/** How many boxes of a class count in an image (area range "all"). */
struct ImageCount {
    std::uint32_t image = 0;
    std::uint32_t boxes = 0;
};

struct CocoClass {
    std::vector<CocoRecord> records;                   // best score first; of equal ones, the earlier image first
    std::array<std::int64_t, kCocoAreas> positives{};  // true boxes that are not ignored
    std::vector<ImageCount> positivesByImage;
};

/**
 * Matches detections with true boxes as cocoeval.py's evaluateImg does, each image and class once for all thresholds
 * and area ranges. Returns one entry a class; labels must be in [0, classes).
 */
std::vector<CocoClass> matchCoco(std::span<const ImagePair> pairs, int classes, const CocoScope& scope);

}  // namespace querent::learn::metrics

#pragma once

#include "engine/core/geometry.h"
#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace querent::media::demo {

/** The fewest pairs that leave every class an item in each part. */
constexpr int kFewestDemoPairs = 60;

/** What to draw. The same options give the same files, byte for byte, with the same compiler and OpenCV. */
struct DemoPairOptions {
    int items = 600;  // at least kFewestDemoPairs
    std::uint64_t seed = 1;
    Size size{160, 120};  // of the pictures; 64 to 4096 a side
};

/** A thing that was photographed and recorded. */
struct DemoPair {
    std::string picture;  // names within the folder: "pair_0001.jpg",
    std::string sound;    // "pair_0001.wav"
    int label = 0;        // index of `classes`
    Split split = Split::Train;
    bool spoiltPicture = false;  // nothing can be seen in it,
    bool spoiltSound = false;    // or heard; never both
};

struct DemoPairSummary {
    std::vector<std::string> classes;  // most frequent in the pool first
    std::vector<DemoPair> items;
};

/**
 * Draws pairs of a picture and a sound with a known class into `folder` (made if need be; existing pairs are
 * replaced). In the pool (three fifths) the most frequent class has about sixteen times the items of the rarest; val
 * and test are balanced. Sounds are learnt from few items, but two in five are spoilt and some classes often sound the
 * same (a clock strikes like a bell, an ambulance drives like a car); pictures take more items and say more in the end,
 * but a tenth is spoilt and a singer looks like a whistler. Together they always tell. Answers a cancelled job after
 * the pair at hand. Refuses too few items and sizes out of range.
 */
Result<DemoPairSummary> drawDemoPairs(const std::filesystem::path& folder, const DemoPairOptions& options,
                                      const Job& job);

}  // namespace querent::media::demo

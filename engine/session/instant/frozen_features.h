#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/core/strategy.h"
#include "engine/session/learning/item_list.h"
#include "engine/session/learning/learner.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace querent::session::instant {

/** A trained model whose last layer is what items are seen by. Nothing is owned. */
struct SeeingModel {
    learning::TaskLearner* learner = nullptr;
    learning::ModelUse use;
    std::string name;  // of this model and no other, fit for a folder
    std::string device = "auto";
};

/** What the items of a project are seen by, and where what was seen lies. */
struct FeaturePlan {
    std::vector<Modality> media;
    std::filesystem::path cache;            // a folder, made when it is needed; empty: nothing is kept
    std::optional<SeeingModel> model = {};  // none: learn::instant::FrozenEncoder, which nothing is learnt for
};

/** What items look like before anything has been learnt of them, fit to be compared with each other alone. */
struct ItemFeatures {
    std::vector<std::size_t> places;  // [N] in the list that was asked for, ascending
    Matrix values;                    // [N, K], rows of length 1, or 0 for an item like the average; K <= 256
    std::vector<LeftOut> leftOut;     // items that could not be read
};

/** Places of the items that are not in the cache yet: what lookAt() would have to work out. */
std::vector<std::size_t> placesUnseen(const learning::ItemList& items, const FeaturePlan& plan);

/**
 * Features of the items, from the cache or worked out and put there: a few hundred at a time, each file whole, so that
 * what was interrupted goes on where it was. Each number is then centred and scaled by its deviation, each medium
 * counts alike, and the principal components of a thousand items are kept. What is in the cache is known by the content
 * of the items' files, so that items may come, go and move. A file there that cannot be read is made again; what
 * earlier models saw is removed.
 * @return the errors of the start weights where there are pictures; of the cache's disk; OutOfMemory; Cancelled;
 *         NotFound when no item can be read
 */
Result<ItemFeatures> lookAt(const learning::ItemList& items, const FeaturePlan& plan, const Job& job);

}  // namespace querent::session::instant

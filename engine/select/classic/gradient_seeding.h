#pragma once

#include "engine/core/matrix.h"
#include "engine/core/result.h"
#include "engine/select/strategy.h"

#include <span>
#include <vector>

namespace querent::select::classic {

/**
 * What the cross-entropy's gradient with respect to the last layer has beside the features, were the model's own answer
 * the truth: p - onehot(argmax p); multi-label: p - [p > 1/2]. [C]
 */
std::vector<float> residualOf(std::span<const float> probabilities, bool multiLabel);

/** Pool items as outer products a (x) z; only `rows` (ascending) are of use. */
struct Gradients {
    std::vector<std::size_t> rows;
    Matrix residuals;                  // [N, C], a; C filled up with 0 (paddedLength)
    const Matrix* features = nullptr;  // [N, D], z; not owned
};

/** The residuals of all items whose answers are finite; the others are added to `leftOut`. Without features. */
Gradients residualsOf(const SelectionInput& input, std::vector<LeftOut>& leftOut);

/** The same with the embeddings of the pool as features: what BADGE looks at. Items are set aside for either. */
Gradients embeddingGradients(const SelectionInput& input, std::vector<LeftOut>& leftOut);

/** The reasons that seedByGradients() gives. */
std::vector<Term> gradientReasons();

/**
 * The seeding of k-means++ over gradients. First the longest one, by tie key among equals; then each is drawn with
 * probability proportional to its squared distance to the nearest one drawn; by chance alone once all those are 0.
 * Score and reason "novelty": that distance when it was drawn (the first: from the origin, where everything lies that
 * the model is certain of). Reason "gradient": its length.
 * Items whose features are too large to compare in floats are added to `selection.leftOut`, the batch to
 * `selection.picks`. Cancelled only.
 */
Result<void> seedByGradients(const SelectionInput& input, const Gradients& gradients, std::size_t count,
                             std::uint64_t seed, const Job& job, Selection& selection);

}  // namespace querent::select::classic

#include "engine/select/classic/model_score_strategy.h"
#include "engine/select/strategy.h"

#include <cmath>
#include <utility>

namespace querent::select::classic {
namespace {

constexpr Term kExpectedLoss{"expected loss", translatable("Reasons", "Expected loss"),
                             translatable("Reasons", "How wrong the model expects to be about this item.")};

}  // namespace

// The paper looks at a random part of the pool each time, against near-copies in one batch; we look at all of it.
std::unique_ptr<QueryStrategy> makeLearningLoss() {
    StrategyInfo info;
    info.name = "learning-loss";
    info.title = "Learning loss";
    info.sentence =
        "Asks about the items in which a part of the model that has learnt to foresee its errors expects the "
        "largest.";
    info.source = "Yoo and Kweon 2019, Learning loss for active learning, CVPR";
    info.tasks = {TaskKind::Detect, TaskKind::Classify};
    const ModelScore score{[](const ItemPrediction& prediction) { return prediction.expectedLoss; },
                           [](double value) { return !std::isnan(value); }, kExpectedLoss,
                           "a head that expects losses"};
    return std::make_unique<ModelScoreStrategy>(std::move(info), score);
}

}  // namespace querent::select::classic

#include "engine/select/boxes/box_uncertainty.h"
#include "engine/select/classic/class_uncertainty.h"
#include "engine/select/classic/uncertainty_strategy.h"
#include "engine/select/strategy.h"

namespace querent::select::classic {
namespace {

constexpr Term kLeastConfidence{"least confidence", translatable("Reasons", "Low confidence"),
                                translatable("Reasons", "How little the model trusts its best answer.")};

}  // namespace

std::unique_ptr<QueryStrategy> makeLeastConfidence() {
    StrategyInfo info;
    info.name = "least-confidence";
    info.title = "Least confidence";
    info.sentence = "Asks about the items whose class, or the single box, the model is least sure of.";
    info.source = "Lewis and Gale 1994, A sequential algorithm for training text classifiers";
    return std::make_unique<UncertaintyStrategy>(
        info, kLeastConfidence, Measures{boxes::boxLeastConfidence, Aggregate::Max, classLeastConfidence});
}

}  // namespace querent::select::classic

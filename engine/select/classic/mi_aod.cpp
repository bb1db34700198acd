#include "engine/select/classic/model_score_strategy.h"
#include "engine/select/classic/terms.h"
#include "engine/select/strategy.h"

#include <utility>

namespace querent::select::classic {

// In the manner of: the method also trains on the unlabelled pictures, to drive its two heads apart and together, and
// weighs the parts of a picture; here the two heads see what is labelled, and nothing of the training changes.
std::unique_ptr<QueryStrategy> makeMiAod() {
    StrategyInfo info;
    info.name = "mi-aod";
    info.title = "Two heads (in the manner of MI-AOD)";
    info.sentence =
        "In the manner of MI-AOD, asks about the items on whose classes two parts of the model that learnt "
        "the same from different starts disagree most.";
    info.source = "In the manner of Yuan et al. 2021, Multiple instance active learning for object detection, CVPR";
    info.tasks = {TaskKind::Detect};
    const ModelScore score{[](const ItemPrediction& prediction) { return prediction.discrepancy; },
                           [](double value) { return !(value < 0.0); }, kDisagreement,
                           "two heads that answer for the classes"};
    return std::make_unique<ModelScoreStrategy>(std::move(info), score);
}

}  // namespace querent::select::classic

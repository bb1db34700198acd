#include "engine/select/box_uncertainty.h"
#include "engine/select/classic.h"
#include "engine/select/uncertainty_strategy.h"

namespace querent::select {

std::unique_ptr<QueryStrategy> makeMargin() {
    StrategyInfo info;
    info.name = "margin";
    info.title = "Margin";
    info.sentence = "Asks about the items in which many boxes have a second class, or background, nearly as likely.";
    info.source =
        "Scheffer, Decomain and Wrobel 2001, Active hidden Markov models for information extraction; "
        "summed over boxes as in Brust, Kading and Denzler 2019, Active learning for deep object detection";
    info.needsModel = true;
    info.tasks = {TaskKind::Detect};
    return std::make_unique<UncertaintyStrategy>(info, "margin", boxMargin, Aggregate::Sum);
}

}  // namespace querent::select

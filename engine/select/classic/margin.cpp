#include "engine/select/boxes/box_uncertainty.h"
#include "engine/select/classic/class_uncertainty.h"
#include "engine/select/classic/uncertainty_strategy.h"
#include "engine/select/strategy.h"

namespace querent::select::classic {
namespace {

constexpr Term kMargin{"margin", translatable("Reasons", "Close call"),
                       translatable("Reasons", "How near the second best class is to the best one.")};

}  // namespace

std::unique_ptr<QueryStrategy> makeMargin() {
    StrategyInfo info;
    info.name = "margin";
    info.title = "Margin";
    info.sentence = "Asks about the items in which a second class, or background, is nearly as likely as the first.";
    info.source =
        "Scheffer, Decomain and Wrobel 2001, Active hidden Markov models for information extraction; "
        "summed over boxes as in Brust, Kading and Denzler 2019, Active learning for deep object detection";
    return std::make_unique<UncertaintyStrategy>(info, kMargin,
                                                 Measures{boxes::boxMargin, Aggregate::Sum, classMargin});
}

}  // namespace querent::select::classic

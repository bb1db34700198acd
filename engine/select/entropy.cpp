#include "engine/select/box_uncertainty.h"
#include "engine/select/classic.h"
#include "engine/select/uncertainty_strategy.h"

#include <string>
#include <utility>

namespace querent::select {
namespace {

std::unique_ptr<QueryStrategy> make(std::string name, std::string title, std::string sentence, Aggregate aggregate) {
    StrategyInfo info;
    info.name = std::move(name);
    info.title = std::move(title);
    info.sentence = std::move(sentence);
    info.source =
        "Settles and Craven 2008, An analysis of active learning strategies for sequence labeling tasks; "
        "binary entropies of the boxes' classes, aggregated over the picture";
    info.needsModel = true;
    info.tasks = {TaskKind::Detect};
    return std::make_unique<UncertaintyStrategy>(std::move(info), "entropy", boxEntropy, aggregate);
}

}  // namespace

std::unique_ptr<QueryStrategy> makeEntropySum() {
    return make("entropy", "Entropy",
                "Asks about the items in which the model is most in doubt, all boxes added up.", Aggregate::Sum);
}

std::unique_ptr<QueryStrategy> makeEntropyMean() {
    return make("entropy-mean", "Entropy (mean)",
                "Asks about the items whose boxes are the most doubtful on average, however many there are.",
                Aggregate::Mean);
}

std::unique_ptr<QueryStrategy> makeEntropyMax() {
    return make("entropy-max", "Entropy (maximum)", "Asks about the items with the single most doubtful box.",
                Aggregate::Max);
}

}  // namespace querent::select

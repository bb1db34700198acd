#include "engine/select/boxes/box_uncertainty.h"
#include "engine/select/classic/class_uncertainty.h"
#include "engine/select/classic/terms.h"
#include "engine/select/classic/uncertainty_strategy.h"
#include "engine/select/strategy.h"

#include <string>
#include <utility>

namespace querent::select::classic {
namespace {

std::unique_ptr<QueryStrategy> make(std::string name, std::string title, std::string sentence,
                                    const Measures& measures) {
    StrategyInfo info;
    info.name = std::move(name);
    info.title = std::move(title);
    info.sentence = std::move(sentence);
    info.source =
        "Settles and Craven 2008, An analysis of active learning strategies for sequence labeling tasks; "
        "binary entropies of the boxes' classes, aggregated over the picture";
    return std::make_unique<UncertaintyStrategy>(std::move(info), kEntropy, measures);
}

}  // namespace

std::unique_ptr<QueryStrategy> makeEntropySum() {
    return make("entropy", "Entropy",
                "Asks about the items in which the model is most in doubt; the boxes of an item are added up.",
                {boxes::boxEntropy, Aggregate::Sum, classEntropy});
}

std::unique_ptr<QueryStrategy> makeEntropyMean() {
    return make("entropy-mean", "Entropy (mean)",
                "Asks about the items whose boxes are the most doubtful on average, however many there are.",
                {boxes::boxEntropy, Aggregate::Mean, nullptr});
}

std::unique_ptr<QueryStrategy> makeEntropyMax() {
    return make("entropy-max", "Entropy (maximum)", "Asks about the items with the single most doubtful box.",
                {boxes::boxEntropy, Aggregate::Max, nullptr});
}

}  // namespace querent::select::classic

#include "engine/select/classic/class_score_strategy.h"
#include "engine/select/strategy.h"

#include <cmath>
#include <string>
#include <utility>

namespace querent::select::classic {
namespace {

/**
 * The items whose features would have to change least for another answer. Score and reason "closeness": 1 / (1 + that
 * distance), in [0, 1]; 0 where there is one class only and so no other answer. Reason "to border": the distance.
 */
class DeepFool : public ClassScoreStrategy {
 public:
    using ClassScoreStrategy::ClassScoreStrategy;

 private:
    Result<void> check(const SelectionInput& input, std::size_t index) const override {
        const double distance = (*input.predictions)[index].toBorder;
        const bool oneClass = input.classes < 2 && !input.multiLabel;
        if (oneClass || distance >= 0.0 || std::isnan(distance)) return {};
        return fail(
            ErrorCode::InvalidArgument,
            "It is not known how far item " + std::to_string(input.pool[index].value) + " is from another answer.");
    }

    std::vector<Reason> judge(const ItemPrediction& prediction, bool) const override {
        const double distance = prediction.toBorder;
        if (distance < 0.0) return {{"closeness", 0.0}, {"to border", 0.0}};
        return {{"closeness", 1.0 / (1.0 + distance)}, {"to border", distance}};
    }
};

}  // namespace

std::unique_ptr<QueryStrategy> makeDeepFool() {
    StrategyInfo info;
    info.name = "deepfool";
    info.title = "DeepFool";
    info.sentence = "Asks about the items that need the smallest change for the model to give another answer.";
    info.source =
        "Ducoffe and Precioso 2018, Adversarial active learning for deep networks: a margin based approach; "
        "Moosavi-Dezfooli et al. 2016, DeepFool";
    return std::make_unique<DeepFool>(std::move(info));
}

}  // namespace querent::select::classic

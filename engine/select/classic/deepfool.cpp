#include "engine/select/classic/class_score_strategy.h"
#include "engine/select/strategy.h"

#include <cmath>
#include <string>
#include <utility>

namespace querent::select::classic {
namespace {

constexpr Term kCloseness{"closeness", translatable("Reasons", "Near the border"),
                          translatable("Reasons", "How near the item is to where the model would answer otherwise.")};
constexpr Term kToBorder{"to border", translatable("Reasons", "Way to the border"),
                         translatable("Reasons", "How far the item would have to change for another answer.")};

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
        if (distance < 0.0) return {{kCloseness.name, 0.0}, {kToBorder.name, 0.0}};
        return {{kCloseness.name, 1.0 / (1.0 + distance)}, {kToBorder.name, distance}};
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
    info.reasons = {kCloseness, kToBorder};
    return std::make_unique<DeepFool>(std::move(info));
}

}  // namespace querent::select::classic

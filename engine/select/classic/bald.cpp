#include "engine/select/classic/class_score_strategy.h"
#include "engine/select/classic/class_uncertainty.h"
#include "engine/select/classic/terms.h"
#include "engine/select/input_check.h"
#include "engine/select/strategy.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace querent::select::classic {
namespace {

/**
 * What the answer would tell about the network: H(mean of the samples) - mean of H(sample), the samples being the
 * answers of networks with features dropped at random. Doubt that all of them share does not count. Nats, at least 0.
 * Reasons: "disagreement", that; "entropy", the first term.
 */
class Bald : public ClassScoreStrategy {
 public:
    using ClassScoreStrategy::ClassScoreStrategy;

 private:
    Result<void> check(const SelectionInput& input, std::size_t index) const override {
        const ItemPrediction& prediction = (*input.predictions)[index];
        const bool whole = std::all_of(
            prediction.samples.begin(), prediction.samples.end(),
            [&](const std::vector<float>& sample) { return sample.size() == prediction.probabilities.size(); });
        if (whole && !prediction.samples.empty()) return {};
        return fail(ErrorCode::InvalidArgument, "Item " + std::to_string(input.pool[index].value) +
                                                    " was not predicted with features dropped at random.");
    }

    std::vector<Reason> judge(const ItemPrediction& prediction, bool multiLabel) const override {
        const auto count = static_cast<double>(prediction.samples.size());
        std::vector<double> sums(prediction.probabilities.size(), 0.0);
        double each = 0.0;
        for (const std::vector<float>& sample : prediction.samples) {
            if (!allFinite(sample)) return {{kDisagreement.name, std::numeric_limits<double>::quiet_NaN()}};
            each += classEntropy(sample, multiLabel) / count;
            for (std::size_t c = 0; c < sums.size(); ++c)
                sums[c] += static_cast<double>(sample[c]);
        }
        std::vector<float> mean;
        for (const double sum : sums)
            mean.push_back(static_cast<float>(sum / count));
        const double together = classEntropy(mean, multiLabel);
        return {{kDisagreement.name, std::max(0.0, together - each)}, {kEntropy.name, together}};
    }
};

}  // namespace

std::unique_ptr<QueryStrategy> makeBald() {
    StrategyInfo info;
    info.name = "bald";
    info.title = "BALD";
    info.sentence = "Asks about the items on which versions of the model that lack some features disagree most.";
    info.source =
        "Houlsby et al. 2011, Bayesian active learning for classification and preference learning; "
        "Gal, Islam and Ghahramani 2017, Deep Bayesian active learning with image data";
    info.needsSamples = true;
    info.reasons = {kDisagreement, kEntropy};
    return std::make_unique<Bald>(std::move(info));
}

}  // namespace querent::select::classic

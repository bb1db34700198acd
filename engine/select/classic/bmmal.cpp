#include "engine/select/classic/bmmal.h"

#include "engine/select/classic/gradient_seeding.h"
#include "engine/select/input_check.h"
#include "engine/select/strategy.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <utility>

namespace querent::select::classic {
namespace {

constexpr std::size_t kMostModalities = 4;

Error refuse(const SelectionInput& input, std::size_t index, const char* what) {
    return fail(ErrorCode::InvalidArgument, "Item " + std::to_string(input.pool[index].value) + what);
}

std::size_t modalitiesOf(const ItemPrediction& prediction) {
    return static_cast<std::size_t>(std::countr_zero(prediction.coalitions.size()));
}

Result<void> checkCoalitions(const SelectionInput& input) {
    const std::size_t sets = input.predictions->front().coalitions.size();
    for (std::size_t i = 0; i < input.pool.size(); ++i) {
        const ItemPrediction& prediction = (*input.predictions)[i];
        const bool whole = sets > 1 && std::has_single_bit(sets) && prediction.coalitions.size() == sets &&
                           modalitiesOf(prediction) <= kMostModalities;
        if (!whole || !std::all_of(prediction.coalitions.begin(), prediction.coalitions.end(), [&](const auto& answer) {
                return answer.size() == prediction.probabilities.size();
            }))
            return refuse(input, i, " was not predicted from each set of its media.");
        if (sets > 2 && prediction.features.size() != modalitiesOf(prediction))
            return refuse(input, i, " has no features for each of its media.");
    }
    return {};
}

/** The width of each modality's features; those of items that lack it are empty. An error where items differ. */
Result<std::vector<std::size_t>> widthsOf(const SelectionInput& input) {
    std::vector<std::size_t> widths(input.predictions->front().features.size(), 0);
    for (std::size_t i = 0; i < input.pool.size(); ++i) {
        const auto& features = (*input.predictions)[i].features;
        for (std::size_t m = 0; m < widths.size(); ++m) {
            if (features[m].empty()) continue;
            if (widths[m] != 0 && features[m].size() != widths[m])
                return refuse(input, i, " has more or fewer features than the others.");
            widths[m] = features[m].size();
        }
    }
    return widths;
}

/** The probability of the whole model's answer, as each set of modalities sees it; multi-label: the classes' mean. */
std::vector<double> worthOf(const ItemPrediction& prediction, bool multiLabel) {
    const std::vector<float>& p = prediction.probabilities;
    const auto answer = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
    std::vector<double> worth;
    for (const std::vector<float>& seen : prediction.coalitions) {
        double sum = 0.0;
        for (std::size_t c = 0; c < p.size() && multiLabel; ++c)
            sum += static_cast<double>(p[c] > 0.5F ? seen[c] : 1.0F - seen[c]) / static_cast<double>(p.size());
        worth.push_back(multiLabel ? sum : static_cast<double>(seen[answer]));
    }
    return worth;
}

/** Each modality's features side by side, times its weight; 0 for what the item lacks. False when not finite. */
bool fillRow(const ItemPrediction& prediction, const std::vector<std::size_t>& widths, bool multiLabel,
             std::span<float> row) {
    for (const std::vector<float>& answer : prediction.coalitions) {
        if (!allFinite(answer)) return false;
    }
    const std::vector<double> balance = balanceOf(contributionsOf(worthOf(prediction, multiLabel)));
    std::size_t at = 0;
    for (std::size_t m = 0; m < widths.size(); ++m) {
        const auto weight = static_cast<float>(balance[m]);
        for (std::size_t d = 0; d < prediction.features[m].size(); ++d)
            row[at + d] = weight * prediction.features[m][d];
        at += widths[m];
    }
    return allFinite(row);
}

/** BADGE whose features are each modality's own, those of the weaker ones of an item shortened. */
class Bmmal : public QueryStrategy {
 public:
    explicit Bmmal(StrategyInfo info) : m_info(std::move(info)) {}

    const StrategyInfo& info() const override { return m_info; }

    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override {
        if (const auto checked = checkClassFeatures(input, m_info.name); !checked) return checked.error();
        if (const auto checked = checkCoalitions(input); !checked) return checked.error();
        Selection selection;
        Matrix features;
        Gradients gradients;
        if (modalitiesOf(input.predictions->front()) == 1) {
            gradients = embeddingGradients(input, selection.leftOut);
        } else {
            const auto widths = widthsOf(input);
            if (!widths) return widths.error();
            gradients = balancedGradients(input, *widths, features, selection.leftOut);
        }
        const auto seeded = seedByGradients(input, gradients, count, seed, job, selection);
        if (!seeded) return seeded.error();
        return selection;
    }

 private:
    /** `features` keeps what the result points to. */
    static Gradients balancedGradients(const SelectionInput& input, const std::vector<std::size_t>& widths,
                                       Matrix& features, std::vector<LeftOut>& leftOut) {
        Gradients gradients = residualsOf(input, leftOut);
        std::size_t width = 0;
        for (const std::size_t own : widths)
            width += own;
        features = Matrix(input.pool.size(), width);
        std::erase_if(gradients.rows, [&](std::size_t i) {
            if (fillRow((*input.predictions)[i], widths, input.multiLabel, features.row(i))) return false;
            leftOut.push_back(select::leftOut(input, i, "has a feature that is not a finite number."));
            return true;
        });
        gradients.features = &features;
        return gradients;
    }

    StrategyInfo m_info;
};

}  // namespace

std::vector<double> contributionsOf(std::span<const double> worth) {
    const auto modalities = static_cast<std::size_t>(std::countr_zero(worth.size()));
    std::vector<double> factorial(modalities + 1, 1.0);
    for (std::size_t n = 1; n <= modalities; ++n)
        factorial[n] = factorial[n - 1] * static_cast<double>(n);
    std::vector<double> values(modalities, 0.0);
    for (std::size_t set = 0; set < worth.size(); ++set) {
        const auto members = static_cast<std::size_t>(std::popcount(set));
        for (std::size_t m = 0; m < modalities; ++m) {
            if ((set >> m & 1U) != 0) continue;
            const double orders = factorial[members] * factorial[modalities - members - 1] / factorial[modalities];
            values[m] += orders * (worth[set | std::size_t{1} << m] - worth[set]);
        }
    }
    double sum = 0.0;
    for (double& value : values)
        sum += value = std::abs(value);
    for (double& value : values)
        value = sum > 0.0 ? value / sum : 1.0 / static_cast<double>(modalities);
    return values;
}

std::vector<double> balanceOf(std::span<const double> contributions) {
    const double largest = *std::max_element(contributions.begin(), contributions.end());
    std::vector<double> balance;
    for (const double contribution : contributions)
        balance.push_back(1.0 - (largest - contribution));
    return balance;
}

std::unique_ptr<QueryStrategy> makeBmmal() {
    StrategyInfo info;
    info.name = "bmmal";
    info.title = "BMMAL";
    info.sentence = "As BADGE, but items that the model answers from one medium alone count for less.";
    info.source = "Shen et al. 2023, Towards balanced active learning for multimodal classification";
    info.needsModel = true;
    info.needsFeatures = true;
    info.needsCoalitions = true;
    info.needsSeveralMedia = true;
    info.tasks = {TaskKind::Classify};
    info.reasons = gradientReasons();
    return std::make_unique<Bmmal>(std::move(info));
}

}  // namespace querent::select::classic

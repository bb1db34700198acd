#include "engine/select/classic/gradient_seeding.h"

#include "engine/core/rng.h"
#include "engine/select/classic/terms.h"
#include "engine/select/geometry/gradient_centres.h"
#include "engine/select/geometry/rows.h"
#include "engine/select/input_check.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <unordered_set>
#include <utility>

namespace querent::select::classic {
namespace {

constexpr Term kGradient{"gradient", translatable("Reasons", "Expected change"),
                         translatable("Reasons", "How much an answer would change the model.")};

/** Draws items one by one; the draws walk along a list in tie-key order, which is not the pool's. */
class Draws {
 public:
    Draws(std::vector<std::size_t> rows, std::span<const double> keys, std::uint64_t seed)
        : m_open(std::move(rows)), m_rng(seed, "gradients") {
        std::sort(m_open.begin(), m_open.end(), [keys](std::size_t a, std::size_t b) { return keys[a] > keys[b]; });
    }

    std::size_t takeLongest(const geometry::GradientCentres& points) {
        return take(std::max_element(m_open.begin(), m_open.end(), [&](std::size_t a, std::size_t b) {
            return points.squaredNorm(a) < points.squaredNorm(b);
        }));
    }

    std::size_t takeByDistance(const std::vector<double>& squared) {
        m_weights.clear();
        for (const std::size_t i : m_open)
            m_weights.push_back(squared[i]);
        return take(m_open.begin() + static_cast<std::ptrdiff_t>(m_rng.weighted(m_weights)));
    }

    std::size_t left() const { return m_open.size(); }

 private:
    std::size_t take(std::vector<std::size_t>::iterator at) {
        const std::size_t item = *at;
        *at = m_open.back();
        m_open.pop_back();
        return item;
    }

    std::vector<std::size_t> m_open;
    std::vector<double> m_weights;
    Rng m_rng;
};

void leaveOutTheTooLarge(const SelectionInput& input, const std::vector<std::size_t>& given,
                         const std::vector<std::size_t>& kept, std::vector<LeftOut>& left) {
    std::vector<std::size_t> gone;
    std::set_difference(given.begin(), given.end(), kept.begin(), kept.end(), std::back_inserter(gone));
    for (const std::size_t i : gone)
        left.push_back(select::leftOut(input, i, "has features that are too large to compare."));
}

}  // namespace

std::vector<float> residualOf(std::span<const float> probabilities, bool multiLabel) {
    std::vector<float> residual(probabilities.begin(), probabilities.end());
    if (!multiLabel) {
        *std::max_element(residual.begin(), residual.end()) -= 1.0F;
        return residual;
    }
    for (float& value : residual)
        value -= value > 0.5F ? 1.0F : 0.0F;
    return residual;
}

Gradients residualsOf(const SelectionInput& input, std::vector<LeftOut>& leftOut) {
    Gradients gradients;
    gradients.residuals =
        Matrix(input.pool.size(), geometry::paddedLength(input.predictions->front().probabilities.size()));
    for (std::size_t i = 0; i < input.pool.size(); ++i) {
        const std::vector<float>& probabilities = (*input.predictions)[i].probabilities;
        if (!allFinite(probabilities)) {
            leftOut.push_back(unusableAnswer(input, i));
            continue;
        }
        const std::vector<float> residual = residualOf(probabilities, input.multiLabel);
        std::copy(residual.begin(), residual.end(), gradients.residuals.row(i).begin());
        gradients.rows.push_back(i);
    }
    return gradients;
}

Gradients embeddingGradients(const SelectionInput& input, std::vector<LeftOut>& leftOut) {
    std::vector<LeftOut> unanswered;
    Gradients gradients = residualsOf(input, unanswered);
    std::unordered_set<std::int64_t> named;
    const std::vector<std::size_t> finite = usableRows(input, leftOut);
    for (const LeftOut& item : leftOut)
        named.insert(item.item);
    for (LeftOut& item : unanswered) {
        if (!named.contains(item.item)) leftOut.push_back(std::move(item));
    }
    std::vector<std::size_t> both;
    std::set_intersection(gradients.rows.begin(), gradients.rows.end(), finite.begin(), finite.end(),
                          std::back_inserter(both));
    gradients.rows = std::move(both);
    gradients.features = input.poolFeatures;
    return gradients;
}

std::vector<Term> gradientReasons() {
    return {kNovelty, kGradient};
}

Result<void> seedByGradients(const SelectionInput& input, const Gradients& gradients, std::size_t count,
                             std::uint64_t seed, const Job& job, Selection& selection) {
    if (job.cancelled()) return Job::stopped();
    geometry::GradientCentres centres(gradients.residuals, *gradients.features, gradients.rows);
    leaveOutTheTooLarge(input, gradients.rows, centres.rows(), selection.leftOut);
    Draws draws(centres.rows(), tieKeys(input.pool, seed), seed);
    const std::size_t wanted = std::min(count, draws.left());
    while (selection.picks.size() < wanted) {
        const bool first = selection.picks.empty();
        const std::size_t item = first ? draws.takeLongest(centres) : draws.takeByDistance(centres.squared());
        const double length = std::sqrt(centres.squaredNorm(item));
        const double novelty = first ? length : std::sqrt(centres.squared()[item]);
        selection.picks.push_back({item, novelty, {{kNovelty.name, novelty}, {kGradient.name, length}}, false});
        if (selection.picks.size() < wanted && !centres.add(item, job)) return Job::stopped();
        job.report("Choosing", static_cast<std::int64_t>(selection.picks.size()), static_cast<std::int64_t>(wanted));
    }
    return {};
}

}  // namespace querent::select::classic

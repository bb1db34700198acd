#include "engine/core/rng.h"
#include "engine/select/classic/terms.h"
#include "engine/select/geometry/nearest_centres.h"
#include "engine/select/input_check.h"
#include "engine/select/strategy.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace querent::select::classic {
namespace {

/**
 * The seeding of k-means++: each item is drawn with probability proportional to its squared distance to the nearest
 * labelled or drawn one; the first, with nothing labelled, uniformly; items that equal what is there already only when
 * nothing else is left. Softer than the core set, which goes for the outliers.
 * Score and reason "novelty": that distance when it was drawn (0 for the first with nothing labelled), so scores need
 * not fall from pick to pick.
 */
class KMeansPlusPlus : public QueryStrategy {
 public:
    explicit KMeansPlusPlus(StrategyInfo info) : m_info(std::move(info)) {}

    const StrategyInfo& info() const override { return m_info; }

    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override {
        if (const auto checked = checkPool(input); !checked) return checked.error();
        if (const auto checked = checkFeatures(input); !checked) return checked.error();
        Selection selection;
        std::vector<std::size_t> open = usableRows(input, selection.leftOut);
        // The draws walk along this list, so its order must not be the pool's.
        const std::vector<double> keys = tieKeys(input.pool, seed);
        std::sort(open.begin(), open.end(), [&keys](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
        const std::size_t wanted = std::min(count, open.size());
        geometry::NearestCentres centres(*input.poolFeatures);
        if (input.labelledFeatures && !centres.addAll(*input.labelledFeatures, job)) return Job::stopped();
        Rng rng(seed, "k-means++");
        while (selection.picks.size() < wanted) {
            const std::size_t place = rng.weighted(weightsOf(open, centres.squared()));
            const std::size_t chosen = open[place];
            selection.picks.push_back(describe(chosen, centres.squared()[chosen]));
            open[place] = open.back();
            open.pop_back();
            if (!centres.add(input.poolFeatures->row(chosen), job)) return Job::stopped();
            job.report("Choosing", static_cast<std::int64_t>(selection.picks.size()),
                       static_cast<std::int64_t>(wanted));
        }
        return selection;
    }

 private:
    /** Squared distances; all 0, which draws uniformly, while there is no centre. */
    static std::vector<double> weightsOf(const std::vector<std::size_t>& open, const std::vector<float>& squared) {
        std::vector<double> weights;
        weights.reserve(open.size());
        for (const std::size_t i : open) {
            weights.push_back(std::isfinite(squared[i]) ? static_cast<double>(squared[i]) : 0.0);
        }
        return weights;
    }

    static Pick describe(std::size_t index, float squared) {
        const double novelty = std::isfinite(squared) ? std::sqrt(static_cast<double>(squared)) : 0.0;
        return {index, novelty, {{kNovelty.name, novelty}}, false};
    }

    StrategyInfo m_info;
};

}  // namespace

std::unique_ptr<QueryStrategy> makeKMeansPlusPlus() {
    StrategyInfo info;
    info.name = "kmeans++";
    info.title = "k-means++";
    info.sentence = "Draws items by chance, the more likely the less they are like anything labelled or drawn before.";
    info.source = "Arthur and Vassilvitskii 2007, k-means++: the advantages of careful seeding";
    info.needsFeatures = true;
    info.tasks = {TaskKind::Detect, TaskKind::Classify};
    info.reasons = {kNovelty};
    return std::make_unique<KMeansPlusPlus>(std::move(info));
}

}  // namespace querent::select::classic

#include "engine/select/classic/terms.h"
#include "engine/select/geometry/farthest_first.h"
#include "engine/select/geometry/nearest_centres.h"
#include "engine/select/geometry/rows.h"
#include "engine/select/input_check.h"
#include "engine/select/strategy.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace querent::select::classic {
namespace {

constexpr Term kToLabelled{"to labelled", translatable("Reasons", "Distance to labelled"),
                           translatable("Reasons", "How far the item is from those already labelled.")};

/**
 * k-center greedy: again and again the item that is farthest from all that is labelled or chosen. With nothing labelled
 * the first is drawn by chance. Labelled rows that are not finite are left out.
 * Score and reason "novelty": that distance, at the moment of choosing, so that scores fall from pick to pick (a first
 * item drawn by chance gets its distance to the second). Reason "to labelled": distance to the nearest labelled item
 * alone, where there is one.
 * Cost: (labelled + count) * pool * features at most; see FarthestFirst.
 */
class CoreSet : public QueryStrategy {
 public:
    explicit CoreSet(StrategyInfo info) : m_info(std::move(info)) {}

    const StrategyInfo& info() const override { return m_info; }

    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override {
        if (const auto checked = checkPool(input); !checked) return checked.error();
        if (const auto checked = checkFeatures(input); !checked) return checked.error();
        Selection selection;
        std::vector<std::size_t> open = usableRows(input, selection.leftOut);
        const std::size_t wanted = std::min(count, open.size());
        geometry::NearestCentres centres(*input.poolFeatures);
        if (input.labelledFeatures && !centres.addAll(*input.labelledFeatures, job)) return Job::stopped();
        const std::vector<float>& toLabelled = centres.squared();
        const std::vector<double> keys = tieKeys(input.pool, seed);
        const Matrix& points = *input.poolFeatures;
        const auto squared = [&points](std::size_t item, std::size_t centre, float limit) {
            return geometry::squaredDistance(points.row(item), points.row(centre), limit);
        };
        geometry::FarthestFirst farthest(squared, std::move(open), toLabelled, keys);
        while (selection.picks.size() < wanted) {
            const auto chosen = farthest.take(job);
            if (!chosen) return Job::stopped();
            selection.picks.push_back(describe(*chosen, farthest.nearest(*chosen), toLabelled[*chosen]));
            job.report("Choosing", static_cast<std::int64_t>(selection.picks.size()),
                       static_cast<std::int64_t>(wanted));
        }
        geometry::settleFirst(selection.picks);
        return selection;
    }

 private:
    static Pick describe(std::size_t index, float squared, float toLabelled) {
        const double novelty = std::sqrt(static_cast<double>(squared));
        Pick pick{index, novelty, {{kNovelty.name, novelty}}, false};
        if (std::isfinite(toLabelled)) {
            pick.reasons.push_back({kToLabelled.name, std::sqrt(static_cast<double>(toLabelled))});
        }
        return pick;
    }

    StrategyInfo m_info;
};

}  // namespace

std::unique_ptr<QueryStrategy> makeCoreSet() {
    StrategyInfo info;
    info.name = "coreset";
    info.title = "Core set";
    info.sentence = "Asks about the items that are least like anything labelled so far, and unlike each other.";
    info.source = "Sener and Savarese 2018, Active learning for convolutional neural networks: a core-set approach";
    info.needsFeatures = true;
    info.tasks = {TaskKind::Detect, TaskKind::Classify};
    info.reasons = {kNovelty, kToLabelled};
    return std::make_unique<CoreSet>(std::move(info));
}

}  // namespace querent::select::classic

#include "engine/select/classic.h"
#include "engine/select/input_check.h"
#include "engine/select/nearest_centres.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace querent::select {
namespace {

/**
 * k-center greedy: again and again the item that is farthest from all that is labelled or chosen. With nothing labelled
 * the first is drawn by chance. Labelled rows that are not finite are left out.
 * Score and reason "novelty": that distance, at the moment of choosing, so that scores fall from pick to pick (a first
 * item drawn by chance gets its distance to the second). Reason "to labelled": distance to the nearest labelled item
 * alone, where there is one.
 * Cost: (labelled + count) * pool * features.
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
        std::vector<std::size_t> open = usableRows(input, selection.setAside);
        const std::size_t wanted = std::min(count, open.size());
        NearestCentres centres(*input.poolFeatures);
        if (input.labelledFeatures && !centres.addAll(*input.labelledFeatures, job)) return Job::stopped();
        const std::vector<float> toLabelled = centres.squared();
        const std::vector<double> keys = tieKeys(input.pool, seed);
        while (selection.picks.size() < wanted) {
            const std::size_t place = farthest(open, centres.squared(), keys);
            const std::size_t chosen = open[place];
            selection.picks.push_back(describe(chosen, centres.squared()[chosen], toLabelled[chosen]));
            open[place] = open.back();
            open.pop_back();
            if (!centres.add(input.poolFeatures->row(chosen), job)) return Job::stopped();
            job.report("Choosing", static_cast<std::int64_t>(selection.picks.size()),
                       static_cast<std::int64_t>(wanted));
        }
        settleFirst(selection.picks);
        return selection;
    }

 private:
    /** Place in `open` of the largest distance; of equal ones, the larger key. */
    static std::size_t farthest(const std::vector<std::size_t>& open, const std::vector<float>& squared,
                                const std::vector<double>& keys) {
        std::size_t best = 0;
        for (std::size_t place = 1; place < open.size(); ++place) {
            const float value = squared[open[place]];
            const float most = squared[open[best]];
            if (value > most || (value == most && keys[open[place]] > keys[open[best]])) best = place;
        }
        return best;
    }

    static Pick describe(std::size_t index, float squared, float toLabelled) {
        const double novelty = std::sqrt(static_cast<double>(squared));
        Pick pick{index, novelty, {{"novelty", novelty}}, false};
        if (std::isfinite(toLabelled)) {
            pick.reasons.push_back({"to labelled", std::sqrt(static_cast<double>(toLabelled))});
        }
        return pick;
    }

    /** Gives a first item that was far from nothing a number. */
    static void settleFirst(std::vector<Pick>& picks) {
        if (picks.empty() || std::isfinite(picks[0].score)) return;
        picks[0].score = picks.size() > 1 ? picks[1].score : 0.0;
        picks[0].reasons[0].value = picks[0].score;
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
    return std::make_unique<CoreSet>(std::move(info));
}

}  // namespace querent::select

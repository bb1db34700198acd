#include "engine/select/classic.h"
#include "engine/select/input_check.h"
#include "engine/select/nearest_centres.h"
#include "engine/select/rows.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace querent::select {
namespace {

constexpr std::size_t kRowsBetweenLooks = 1024;  // how often to ask whether the job was cancelled

/**
 * The item that is farthest from all centres, again and again. Adding a centre can only shorten distances, so what is
 * known of an item bounds it from above: an item is compared with the centres it has not met only when that bound could
 * still win. It then meets all of them while its features are in the cache. Distances, picks and the order of equals
 * are those of comparing every item with every centre.
 */
class FarthestFirst {
 public:
    /** `squared`: to the centres that are there already. All are referred to but that. */
    FarthestFirst(const Matrix& points, std::vector<std::size_t> open, std::vector<float> squared,
                  const std::vector<double>& keys)
        : m_points(points), m_open(std::move(open)), m_squared(std::move(squared)), m_keys(keys), m_met(points.rows) {}

    /** Takes the next item, which becomes a centre; at least one is left. Nothing when cancelled. */
    std::optional<std::size_t> take(const Job& job) {
        // A good first candidate spares many others the comparison: what nearly won the last time.
        std::size_t best = std::min(m_runnerUp, m_open.size() - 1);
        meet(m_open[best]);
        m_runnerUp = best;
        for (std::size_t place = 0; place < m_open.size(); ++place) {
            if (place % kRowsBetweenLooks == 0 && job.cancelled()) return std::nullopt;
            if (!beats(m_open[place], m_open[best])) continue;
            meet(m_open[place]);
            if (!beats(m_open[place], m_open[best])) continue;
            m_runnerUp = best;
            best = place;
        }
        const std::size_t item = m_open[best];
        m_open[best] = m_open.back();
        m_open.pop_back();
        m_centres.push_back(item);
        return item;
    }

    /** Of the item taken last: its squared distance when it was taken. */
    float squared(std::size_t item) const { return m_squared[item]; }

 private:
    bool beats(std::size_t a, std::size_t b) const {
        return m_squared[a] > m_squared[b] || (m_squared[a] == m_squared[b] && m_keys[a] > m_keys[b]);
    }

    void meet(std::size_t item) {
        const auto row = m_points.row(item);
        float& nearest = m_squared[item];
        for (std::size_t& next = m_met[item]; next < m_centres.size(); ++next)
            nearest = std::min(nearest, squaredDistance(row, m_points.row(m_centres[next]), nearest));
    }

    const Matrix& m_points;
    std::vector<std::size_t> m_open;
    std::vector<float> m_squared;
    const std::vector<double>& m_keys;
    std::vector<std::size_t> m_met;  // how many of m_centres each item was compared with
    std::vector<std::size_t> m_centres;
    std::size_t m_runnerUp = 0;  // a place in m_open
};

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
        std::vector<std::size_t> open = usableRows(input, selection.setAside);
        const std::size_t wanted = std::min(count, open.size());
        NearestCentres centres(*input.poolFeatures);
        if (input.labelledFeatures && !centres.addAll(*input.labelledFeatures, job)) return Job::stopped();
        const std::vector<float>& toLabelled = centres.squared();
        const std::vector<double> keys = tieKeys(input.pool, seed);
        FarthestFirst farthest(*input.poolFeatures, std::move(open), toLabelled, keys);
        while (selection.picks.size() < wanted) {
            const auto chosen = farthest.take(job);
            if (!chosen) return Job::stopped();
            selection.picks.push_back(describe(*chosen, farthest.squared(*chosen), toLabelled[*chosen]));
            job.report("Choosing", static_cast<std::int64_t>(selection.picks.size()),
                       static_cast<std::int64_t>(wanted));
        }
        settleFirst(selection.picks);
        return selection;
    }

 private:
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

#include "engine/select/classic/terms.h"
#include "engine/select/geometry/farthest_first.h"
#include "engine/select/geometry/graph_sample.h"
#include "engine/select/geometry/nearest_centres.h"
#include "engine/select/geometry/rows.h"
#include "engine/select/input_check.h"
#include "engine/select/strategy.h"
#include "engine/select/tie_keys.h"

#include <cmath>
#include <string>
#include <utility>

namespace querent::select::classic {
namespace {

constexpr double kConfidence = 0.1;  // the likeness that is asked about

constexpr Term kGraphDoubt{
    "graph doubt", translatable("Reasons", "Between known and new"),
    translatable("Reasons", "How near the item is to the border between labelled and open ones.")};
constexpr Term kLikeLabelled{"like labelled", translatable("Reasons", "Like labelled ones"),
                             translatable("Reasons", "How much the item looks like those already labelled.")};

/** What both ways of reading the graph have in common. */
class GraphStrategy : public QueryStrategy {
 public:
    explicit GraphStrategy(StrategyInfo info) : m_info(std::move(info)) {
        m_info.source =
            "Caramalau, Bhattarai and Kim 2021, Sequential graph convolutional network for active learning, "
            "CVPR";
        m_info.needsFeatures = true;
        m_info.tasks = {TaskKind::Detect, TaskKind::Classify};
    }

    const StrategyInfo& info() const override { return m_info; }

    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override {
        if (const auto checked = checkPool(input); !checked) return checked.error();
        if (const auto checked = checkFeatures(input); !checked) return checked.error();
        if (job.cancelled()) return Job::stopped();
        Selection selection;
        const std::vector<std::size_t> open = usableRows(input, selection.leftOut);
        if (open.empty()) return selection;
        const auto view = geometry::lookAtGraph(input, open, seed, job);
        if (!view || !choose(input, *view, open, count, seed, job, selection.picks)) return Job::stopped();
        return selection;
    }

 private:
    /** Fills `picks`; false when cancelled. */
    virtual bool choose(const SelectionInput& input, const geometry::GraphView& view, std::vector<std::size_t> open,
                        std::size_t count, std::uint64_t seed, const Job& job, std::vector<Pick>& picks) const = 0;

    StrategyInfo m_info;
};

/**
 * UncertainGCN: the items of which the graph is nearly, but not quite, sure that they are unlike what is labelled.
 * Score and reason "graph doubt": 1 - |s - 0.1|. Reason "like labelled": s.
 */
class UncertainGcn : public GraphStrategy {
 public:
    using GraphStrategy::GraphStrategy;

 private:
    bool choose(const SelectionInput& input, const geometry::GraphView& view, std::vector<std::size_t> open,
                std::size_t count, std::uint64_t seed, const Job&, std::vector<Pick>& picks) const override {
        for (const std::size_t i : open) {
            const double s = view.likeness[i];
            const double score = 1.0 - std::abs(s - kConfidence);
            picks.push_back({i, score, {{kGraphDoubt.name, score}, {kLikeLabelled.name, s}}, false});
        }
        keepBest(picks, input.pool, count, seed);
        return true;
    }
};

/**
 * CoreGCN: k-centre greedy on what the graph's layers make of the items; the labelled items in the graph are the
 * centres to begin with. Score and reason "novelty": that distance when chosen. Reason "like labelled": s.
 */
class CoreGcn : public GraphStrategy {
 public:
    using GraphStrategy::GraphStrategy;

 private:
    bool choose(const SelectionInput& input, const geometry::GraphView& view, std::vector<std::size_t> open,
                std::size_t count, std::uint64_t seed, const Job& job, std::vector<Pick>& picks) const override {
        const Matrix& points = view.layers;
        geometry::NearestCentres centres(points);
        if (!centres.addAll(view.labelledLayers, job)) return false;
        const std::vector<double> keys = tieKeys(input.pool, seed);
        const std::size_t wanted = std::min(count, open.size());
        const auto squared = [&points](std::size_t item, std::size_t centre, float limit) {
            return geometry::squaredDistance(points.row(item), points.row(centre), limit);
        };
        geometry::FarthestFirst farthest(squared, std::move(open), centres.squared(), keys);
        while (picks.size() < wanted) {
            const auto chosen = farthest.take(job);
            if (!chosen) return false;
            const double novelty = std::sqrt(static_cast<double>(farthest.nearest(*chosen)));
            picks.push_back(
                {*chosen, novelty, {{kNovelty.name, novelty}, {kLikeLabelled.name, view.likeness[*chosen]}}, false});
        }
        geometry::settleFirst(picks);
        return true;
    }
};

}  // namespace

std::unique_ptr<QueryStrategy> makeGcnUncertain() {
    StrategyInfo info;
    info.name = "gcn-uncertain";
    info.title = "Graph (uncertain)";
    info.sentence =
        "Asks about the items that a small network over the likenesses of all items hardly takes for "
        "labelled ones.";
    info.reasons = {kGraphDoubt, kLikeLabelled};
    return std::make_unique<UncertainGcn>(std::move(info));
}

std::unique_ptr<QueryStrategy> makeGcnCore() {
    StrategyInfo info;
    info.name = "gcn-core";
    info.title = "Graph (core set)";
    info.sentence =
        "Asks about the items that are least like anything labelled or chosen in the eyes of a small network "
        "over the likenesses of all items.";
    info.reasons = {kNovelty, kLikeLabelled};
    return std::make_unique<CoreGcn>(std::move(info));
}

}  // namespace querent::select::classic

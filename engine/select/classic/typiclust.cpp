#include "engine/core/rng.h"
#include "engine/select/geometry/lloyd.h"
#include "engine/select/geometry/rows.h"
#include "engine/select/input_check.h"
#include "engine/select/strategy.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace querent::select::classic {
namespace {

constexpr Term kTypicality{"typicality", translatable("Reasons", "Typicality"),
                           translatable("Reasons", "How many other items are like this one.")};
constexpr Term kGroupSize{"group size", translatable("Reasons", "Group"),
                          translatable("Reasons", "How many items are in the group that this one stands for."), 0};

constexpr std::size_t kMostClusters = 500;
constexpr std::size_t kFewest = 5;  // members of a cluster that stands for something
constexpr int kIterations = 20;
constexpr std::size_t kNeighbours = 20;
/** Of a cluster's members so many, by chance, are neighbours to all: the mean of the nearest needs no more. */
constexpr std::size_t kMostCompared = 1000;

/** Items that lie together, as rows of Points. */
struct Cluster {
    std::vector<std::size_t> open;     // those of the pool that are not chosen, the most typical first
    std::vector<std::size_t> members;  // all of them
    std::size_t answered = 0;          // labelled, or chosen by now
    double order = 0.0;                // among clusters of equal size, by chance
};

/** Items of the pool and labelled ones as rows of one list: those of the pool come first, in an order by chance. */
struct Points {
    std::vector<std::size_t> pool;  // [P], the place in the pool of each of the first rows
    Matrix rows;                    // [P + L, D]
};

Points pointsOf(const SelectionInput& input, std::vector<std::size_t> usable, const std::vector<double>& keys) {
    std::sort(usable.begin(), usable.end(), [&keys](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
    Points points;
    points.pool = std::move(usable);
    points.rows = geometry::rowsOf(*input.poolFeatures, points.pool);
    if (!input.labelledFeatures) return points;
    for (std::size_t i = 0; i < input.labelledFeatures->rows; ++i) {
        const auto row = input.labelledFeatures->row(i);
        if (!allFinite(row)) continue;
        points.rows.values.insert(points.rows.values.end(), row.begin(), row.end());
        ++points.rows.rows;
    }
    return points;
}

/**
 * How near its nearest neighbours in the cluster are, (0, 1]: 1 / (1 + their mean distance). A member alone is not
 * typical of anything: 0.
 */
double typicalityOf(const Matrix& rows, std::size_t member, const std::vector<std::size_t>& compared) {
    std::vector<float> squared;
    for (const std::size_t other : compared) {
        if (other == member) continue;
        squared.push_back(
            geometry::squaredDistance(rows.row(member), rows.row(other), std::numeric_limits<float>::infinity()));
    }
    if (squared.empty()) return 0.0;
    const std::size_t count = std::min(kNeighbours, squared.size());
    std::nth_element(squared.begin(), squared.begin() + static_cast<std::ptrdiff_t>(count - 1), squared.end());
    double sum = 0.0;
    for (std::size_t i = 0; i < count; ++i)
        sum += std::sqrt(static_cast<double>(squared[i]));
    return 1.0 / (1.0 + sum / static_cast<double>(count));
}

/**
 * TypiClust: as many clusters of all items as there are labelled ones and questions; from each that nobody has answered
 * for, the largest first, the item whose neighbours are nearest. When every cluster has an answer, those with the
 * fewest go on; those of less than five members, which are mostly odd ones out, come after all others. Made for the
 * first batches, when a network's doubts are worth nothing yet. Score and reason "typicality": see typicalityOf(); the
 * batch is in the order of the clusters, so scores need not fall from pick to pick.
 */
class TypiClust : public QueryStrategy {
 public:
    explicit TypiClust(StrategyInfo info) : m_info(std::move(info)) {}

    const StrategyInfo& info() const override { return m_info; }

    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override {
        if (const auto checked = checkPool(input); !checked) return checked.error();
        if (const auto checked = checkFeatures(input); !checked) return checked.error();
        Selection selection;
        const Points points = pointsOf(input, usableRows(input, selection.leftOut), tieKeys(input.pool, seed));
        const std::size_t wanted = std::min(count, points.pool.size());
        if (wanted == 0) return selection;
        std::vector<double> typicality(points.pool.size());
        Rng rng(seed, "typiclust");
        auto clusters = clustersOf(points, wanted, rng, job);
        if (!clusters || !judge(points, *clusters, typicality, job)) return Job::stopped();
        const auto add = [&](std::size_t row, const Cluster& cluster) {
            selection.picks.push_back(
                {points.pool[row],
                 typicality[row],
                 {{kTypicality.name, typicality[row]}, {kGroupSize.name, static_cast<double>(cluster.members.size())}},
                 false});
        };
        if (!input.judged.empty()) {
            for (const std::size_t item : input.judged)
                judgeOne(item, points, *clusters, add);
            return selection;
        }
        while (selection.picks.size() < wanted) {
            Cluster& next = *std::min_element(clusters->begin(), clusters->end(), before);
            add(next.open.front(), next);
            next.open.erase(next.open.begin());
            ++next.answered;
        }
        return selection;
    }

 private:
    /** Whether a question goes to `a` rather than to `b`: without open members a cluster comes last, and few before. */
    static bool before(const Cluster& a, const Cluster& b) {
        if (a.open.empty() != b.open.empty()) return b.open.empty();
        const bool smallA = a.members.size() < kFewest;
        const bool smallB = b.members.size() < kFewest;
        if (smallA != smallB) return smallB;
        if (a.answered != b.answered) return a.answered < b.answered;
        if (a.members.size() != b.members.size()) return a.members.size() > b.members.size();
        return a.order < b.order;
    }

    static std::optional<std::vector<Cluster>> clustersOf(const Points& points, std::size_t wanted, Rng& rng,
                                                          const Job& job) {
        const std::size_t labelled = points.rows.rows - points.pool.size();
        const std::size_t most = std::min(labelled + wanted, kMostClusters);
        const Job quiet(job.token());  // a progress of its own for each of twenty iterations tells nobody anything
        auto centroids = geometry::seedCentroids(points.rows, Matrix(0, points.rows.cols), most, rng, quiet);
        if (!centroids || !geometry::moveCentroids(points.rows, *centroids, kIterations, quiet)) return std::nullopt;
        const auto nearest = geometry::nearestCentroids(points.rows, *centroids, quiet);
        if (!nearest) return std::nullopt;
        std::vector<Cluster> clusters(centroids->rows);
        for (std::size_t i = 0; i < nearest->size(); ++i) {
            Cluster& cluster = clusters[(*nearest)[i]];
            cluster.members.push_back(i);
            if (i < points.pool.size()) {
                cluster.open.push_back(i);
            } else {
                ++cluster.answered;
            }
        }
        for (Cluster& cluster : clusters)
            cluster.order = rng.uniform();
        return clusters;
    }

    /** Hands the item of the pool to `add`, with its cluster; one that could not be judged is in none. */
    template <typename Add>
    static void judgeOne(std::size_t item, const Points& points, const std::vector<Cluster>& clusters, const Add& add) {
        const auto at = std::find(points.pool.begin(), points.pool.end(), item);
        const auto row = static_cast<std::size_t>(at - points.pool.begin());
        for (const Cluster& cluster : clusters) {
            if (std::find(cluster.open.begin(), cluster.open.end(), row) != cluster.open.end()) add(row, cluster);
        }
    }

    /** Sorts what is open in each cluster. False when cancelled. */
    static bool judge(const Points& points, std::vector<Cluster>& clusters, std::vector<double>& typicality,
                      const Job& job) {
        std::int64_t done = 0;
        for (Cluster& cluster : clusters) {
            const std::vector<std::size_t> compared = spread(cluster.members);
            for (const std::size_t member : cluster.open) {
                if (job.cancelled()) return false;
                typicality[member] = typicalityOf(points.rows, member, compared);
            }
            std::stable_sort(cluster.open.begin(), cluster.open.end(),
                             [&typicality](std::size_t a, std::size_t b) { return typicality[a] > typicality[b]; });
            job.report("Choosing", ++done, static_cast<std::int64_t>(clusters.size()));
        }
        return true;
    }

    /** All of them, or kMostCompared of them at equal steps: their order is by chance. */
    static std::vector<std::size_t> spread(const std::vector<std::size_t>& members) {
        if (members.size() <= kMostCompared) return members;
        std::vector<std::size_t> some;
        for (std::size_t i = 0; i < kMostCompared; ++i)
            some.push_back(members[i * members.size() / kMostCompared]);
        return some;
    }

    StrategyInfo m_info;
};

}  // namespace

std::unique_ptr<QueryStrategy> makeTypiClust() {
    StrategyInfo info;
    info.name = "typiclust";
    info.title = "TypiClust";
    info.sentence = "Asks about the most typical item of each group of alike items, the largest groups first.";
    info.source =
        "Hacohen, Dekel and Weinshall 2022, Active learning on a budget: opposite strategies suit high and "
        "low budgets";
    info.needsFeatures = info.judges = true;
    info.tasks = {TaskKind::Detect, TaskKind::Classify};
    info.reasons = {kTypicality, kGroupSize};
    return std::make_unique<TypiClust>(std::move(info));
}

}  // namespace querent::select::classic

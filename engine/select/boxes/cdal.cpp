#include "engine/select/boxes/cdal.h"

#include "engine/core/matrix.h"
#include "engine/select/boxes/box_features.h"
#include "engine/select/boxes/box_uncertainty.h"
#include "engine/select/boxes/terms.h"
#include "engine/select/geometry/farthest_first.h"
#include "engine/select/input_check.h"
#include "engine/select/strategy.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace querent::select::boxes {
namespace {

constexpr double kLeast = 1e-6;
constexpr std::size_t kItemsBetweenLooks = 256;

constexpr Term kContext{"context", translatable("Reasons", "New surroundings"),
                        translatable("Reasons", "How different classes appear here from how they appear elsewhere.")};

void normalise(std::vector<double>& p) {
    double sum = 0.0;
    for (double& value : p) {
        value = std::max(value, kLeast);
        sum += value;
    }
    for (double& value : p)
        value /= sum;
}

/** Independent yes-or-no answers as one distribution over the classes and none of them. */
template <typename Values>
std::vector<double> withNone(const Values& answers) {
    std::vector<double> p;
    double most = 0.0;
    for (const auto value : answers) {
        p.push_back(std::clamp(static_cast<double>(value), 0.0, 1.0));
        most = std::max(most, p.back());
    }
    p.push_back(1.0 - most);
    normalise(p);
    return p;
}

double entropyOf(const std::vector<double>& p) {
    double sum = 0.0;
    for (const double value : p)
        sum -= value * std::log(value);
    return sum;
}

std::vector<double> boxDistribution(const Detection& box, std::size_t classes) {
    if (!box.classes.empty()) return withNone(box.classes);
    std::vector<double> answers(classes, 0.0);
    if (static_cast<std::size_t>(box.label) < classes) answers[static_cast<std::size_t>(box.label)] = box.score;
    return withNone(answers);
}

/**
 * Distributions as rows, each with its logarithms beside it: [2 (C + 1)]. The divergence is then half a sum of
 * (a - b) (ln a - ln b), every term of which is at least 0, so that equal rows are at exactly 0.
 */
struct Contexts {
    Matrix rows;

    void put(std::size_t i, const std::vector<double>& p) {
        const auto row = rows.row(i);
        for (std::size_t c = 0; c < p.size(); ++c) {
            row[c] = static_cast<float>(p[c]);
            row[p.size() + c] = static_cast<float>(std::log(p[c]));
        }
    }
};

/** The symmetric Kullback-Leibler divergence, (KL(a|b) + KL(b|a)) / 2. Nats. */
float divergence(std::span<const float> a, std::span<const float> b) {
    const std::size_t n = a.size() / 2;
    float sum = 0.0F;
    for (std::size_t c = 0; c < n; ++c)
        sum += (a[c] - b[c]) * (a[n + c] - b[n + c]);
    return 0.5F * sum;
}

/**
 * k-centre greedy on the divergence of what items say about their classes: the core set, with CDAL's contextual
 * distance in the place of the Euclidean one. The other form of the paper, a policy trained by reinforcement, is not
 * here. What is labelled are the centres to begin with; without any, the first item is drawn by chance.
 * Score and reason "context": that distance when chosen. Reason "doubt": the entropy of the item's own distribution.
 */
class Cdal : public QueryStrategy {
 public:
    explicit Cdal(StrategyInfo info) : m_info(std::move(info)) {}

    const StrategyInfo& info() const override { return m_info; }

    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override {
        if (const auto checked = checkPool(input); !checked) return checked.error();
        if (const auto checked = checkPredictions(input); !checked) return checked.error();
        Selection selection;
        Contexts pool{Matrix(input.pool.size(), rowLength(input))};
        std::vector<double> doubts(input.pool.size(), 0.0);
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i < input.pool.size(); ++i) {
            if (i % kItemsBetweenLooks == 0 && job.cancelled()) return Job::stopped();
            const ItemPrediction& prediction = (*input.predictions)[i];
            if (!usable(prediction)) {
                selection.leftOut.push_back(unusableAnswer(input, i));
                continue;
            }
            const std::vector<double> context = contextOf(prediction, input.classes, input.multiLabel);
            doubts[i] = entropyOf(context);
            pool.put(i, context);
            open.push_back(i);
        }
        auto nearest = toLabelled(input, pool, open, job);
        if (!nearest) return nearest.error();
        return choose(input, pool, std::move(open), *nearest, doubts, count, seed, job, std::move(selection));
    }

 private:
    static std::size_t rowLength(const SelectionInput& input) {
        return 2 * (static_cast<std::size_t>(std::max(0, input.classes)) + 1);
    }
    static bool usable(const ItemPrediction& prediction) {
        return allFinite(prediction.probabilities) && finiteBoxes(prediction);
    }

    static bool fits(const ItemPrediction& labelled, const SelectionInput& input) {
        const auto classes = static_cast<std::size_t>(std::max(0, input.classes));
        return labelled.probabilities.size() == input.predictions->front().probabilities.size() &&
               std::all_of(labelled.boxes.begin(), labelled.boxes.end(), [classes](const Detection& box) {
                   return box.classes.empty() || box.classes.size() == classes;
               });
    }

    static Result<std::vector<float>> toLabelled(const SelectionInput& input, const Contexts& pool,
                                                 const std::vector<std::size_t>& open, const Job& job) {
        std::vector<float> nearest(input.pool.size(), std::numeric_limits<float>::infinity());
        Contexts centre{Matrix(1, rowLength(input))};
        for (const ItemPrediction& labelled : input.labelled.predictions) {
            if (job.cancelled()) return Job::stopped();
            if (!usable(labelled) || !fits(labelled, input)) continue;
            centre.put(0, contextOf(labelled, input.classes, input.multiLabel));
            for (const std::size_t i : open)
                nearest[i] = std::min(nearest[i], divergence(pool.rows.row(i), centre.rows.row(0)));
        }
        return nearest;
    }

    static Result<Selection> choose(const SelectionInput& input, const Contexts& pool, std::vector<std::size_t> open,
                                    const std::vector<float>& nearest, const std::vector<double>& doubts,
                                    std::size_t count, std::uint64_t seed, const Job& job, Selection selection) {
        const std::size_t wanted = std::min(count, open.size());
        const std::vector<double> keys = tieKeys(input.pool, seed);
        const auto distance = [&pool](std::size_t item, std::size_t centre, float) {
            return divergence(pool.rows.row(item), pool.rows.row(centre));
        };
        geometry::FarthestFirst farthest(distance, std::move(open), nearest, keys);
        while (selection.picks.size() < wanted) {
            const auto chosen = farthest.take(job);
            if (!chosen) return Job::stopped();
            const auto score = static_cast<double>(farthest.nearest(*chosen));
            selection.picks.push_back(
                {*chosen, score, {{kContext.name, score}, {kDoubt.name, doubts[*chosen]}}, false});
            job.report("Choosing", static_cast<std::int64_t>(selection.picks.size()),
                       static_cast<std::int64_t>(wanted));
        }
        geometry::settleFirst(selection.picks);
        return selection;
    }

    StrategyInfo m_info;
};

}  // namespace

std::vector<double> contextOf(const ItemPrediction& prediction, int classes, bool multiLabel) {
    const auto count = static_cast<std::size_t>(std::max(0, classes));
    if (!prediction.probabilities.empty()) {
        if (multiLabel) return withNone(prediction.probabilities);
        std::vector<double> p(prediction.probabilities.begin(), prediction.probabilities.end());
        p.push_back(0.0);
        normalise(p);
        return p;
    }
    std::vector<double> weighted(count + 1, 0.0);
    std::vector<double> plain(count + 1, 0.0);
    double boxes = 0.0;
    double weights = 0.0;
    for (const Detection& box : prediction.boxes) {
        if (box.score < kScoreFloor) continue;
        const std::vector<double> p = boxDistribution(box, count);
        const double weight = entropyOf(p);
        for (std::size_t c = 0; c <= count; ++c) {
            weighted[c] += weight * p[c];
            plain[c] += p[c];
        }
        weights += weight;
        boxes += 1.0;
    }
    if (boxes == 0.0) return withNone(std::vector<double>(count, kScoreFloor / static_cast<double>(count)));
    std::vector<double>& sum = weights > 0.0 ? weighted : plain;
    for (double& value : sum)
        value /= weights > 0.0 ? weights : boxes;
    normalise(sum);
    return sum;
}

std::unique_ptr<QueryStrategy> makeCdal() {
    StrategyInfo info;
    info.name = "cdal";
    info.title = "CDAL";
    info.sentence =
        "Asks about the items whose mixture of doubtful classes is least like that of anything labelled or chosen.";
    info.source = "Agarwal, Arora, Anand and Arora 2020, Contextual diversity for active learning, ECCV";
    info.needsModel = true;
    info.needsLabelled = true;
    info.tasks = {TaskKind::Detect, TaskKind::Classify};
    info.reasons = {kContext, kDoubt};
    return std::make_unique<Cdal>(std::move(info));
}

}  // namespace querent::select::boxes

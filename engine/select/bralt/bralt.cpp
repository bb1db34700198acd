#include "engine/core/policy_figures.h"
#include "engine/select/bralt/episodes.h"
#include "engine/select/bralt/take_turns.h"
#include "engine/select/geometry/nearest_centres.h"
#include "engine/select/input_check.h"
#include "engine/select/strategy.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

namespace querent::select::bralt {
namespace {

constexpr std::size_t kPoolPerBatch = 10;   // below, groups are too coarse to choose by
constexpr std::size_t kFewestExamples = 8;  // to practise on
constexpr std::size_t kShownPerGroup = 10;  // of the TrustSet that a pick's distance is told to

constexpr Term kExpectedScore{"expected score", translatable("Reasons", "Expected lesson"),
                              translatable("Reasons", "How much an answer is expected to teach the model.")};
constexpr Term kTrustSetDistance{
    "distance to the TrustSet", translatable("Reasons", "Distance to the trust set"),
    translatable("Reasons", "How far the item is from the labelled ones that teach the model most.")};
constexpr Term kLabelsOfClass{
    "labels of its class", translatable("Reasons", "Labels of its class"),
    translatable("Reasons", "How many labelled items the class has that the model sees here."), 0};
constexpr Term kEpisodes{"episodes"};

/** The policy a call begins with. */
struct Start {
    std::optional<Memory> memory;  // nothing: a new policy
    std::string remark;            // why what was remembered is not used
};

Start startOf(std::string_view bytes) {
    if (bytes.empty()) return {};
    auto memory = unpackMemory(bytes);
    if (memory) return {std::move(memory).value(), {}};
    return {std::nullopt, "What BRAL-T had learnt could not be read, so it begins anew: " + memory.error().sentence};
}

std::vector<std::size_t> rowsOfAll(const Items& items) {
    std::vector<std::size_t> rows(items.count());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return rows;
}

/** Why the policy is not to choose, one sentence; empty when it is. */
std::string whyNot(const View& view, std::size_t count) {
    if (view.labelled.count() < kFewestExamples) {
        return "Too little is labelled for BRAL-T to practise on; it takes what it expects to teach most from each "
               "predicted class in turn.";
    }
    if (view.pool.count() < kPoolPerBatch * count) {
        return "The pool is less than ten batches, too small to choose by groups; BRAL-T takes what it expects to "
               "teach most from each predicted class in turn.";
    }
    return {};
}

/**
 * How far each item of the pool is from the nearest item of the TrustSet of what is labelled; 0 without any. Depends on
 * neither the batch nor the rest of the pool, so that a single item is judged as it would be among others.
 */
std::optional<std::vector<double>> toTrustSet(const View& view, std::uint64_t seed, const Job& job) {
    const Examples& labelled = view.labelled;
    std::vector<double> distances(view.pool.count(), 0.0);
    if (labelled.count() == 0) return distances;
    geometry::NearestCentres nearest(view.pool.units);
    for (const std::size_t row : trustSet({labelled.ids, labelled.groups, labelled.scores}, rowsOfAll(labelled),
                                          view.judgement.groups(), kShownPerGroup, seed)) {
        if (!nearest.add(labelled.units.row(row), job)) return std::nullopt;
    }
    for (std::size_t i = 0; i < distances.size(); ++i)
        distances[i] = std::sqrt(static_cast<double>(nearest.squared()[i]));
    return distances;
}

std::vector<std::int64_t> answersPerGroup(const View& view) {
    std::vector<std::int64_t> answers = view.judgement.labelledPerClass;
    answers.push_back(std::count(view.labelled.groups.begin(), view.labelled.groups.end(), view.judgement.classes));
    return answers;
}

class Bralt : public QueryStrategy {
 public:
    explicit Bralt(StrategyInfo info) : m_info(std::move(info)) {}

    const StrategyInfo& info() const override { return m_info; }

    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override {
        if (const auto checked = checkPredictedFeatures(input); !checked) return checked.error();
        if (job.cancelled()) return Job::stopped();
        auto view = viewItems(input, job);
        if (!view) return view.error();
        Selection selection;
        selection.leftOut = std::move(view->leftOut);
        selection.memory = input.memory;
        if (view->unusable > 0) {
            selection.remarks.push_back("Labelled items with a number that is not finite were left out: " +
                                        std::to_string(view->unusable) + ".");
        }
        if (view->pool.count() == 0 || count == 0) return selection;
        const auto rows = choose(*view, input, count, seed, job, selection);
        if (!rows) return rows.error();
        return report(*view, *rows, seed, job, std::move(selection));
    }

 private:
    static Result<std::vector<std::size_t>> choose(const View& view, const SelectionInput& input, std::size_t count,
                                                   std::uint64_t seed, const Job& job, Selection& selection) {
        Start start = startOf(input.memory);
        if (!start.remark.empty()) {
            selection.remarks.push_back(start.remark);
            selection.memory.clear();
        }
        std::string reason = whyNot(view, count);
        const bool ready = input.mayLearn || start.memory.has_value();
        if (reason.empty() && ready) return chooseByPolicy(view, input, count, seed, job, start, selection);
        if (!reason.empty()) selection.remarks.push_back(std::move(reason));
        const auto rows = takeTurns(view.pool, answersPerGroup(view), count, seed, job);
        if (!rows) return Job::stopped();
        return *rows;
    }

    static Result<std::vector<std::size_t>> chooseByPolicy(const View& view, const SelectionInput& input,
                                                           std::size_t count, std::uint64_t seed, const Job& job,
                                                           const Start& start, Selection& selection) {
        policy::PolicyNet policy = start.memory ? start.memory->policy : newPolicy(seed);
        if (input.mayLearn) {
            const PracticeShape shape{count, view.pool.count(), view.judgement.groups()};
            const auto practice = practise(policy, view.labelled, shape, seed, job);
            if (!practice) return practice.error();
            const std::int64_t before = start.memory ? start.memory->episodes : 0;
            selection.memory = packMemory(policy, before + practice->episodes);
            selection.figures = {{kEpisodes.name, static_cast<double>(practice->episodes)},
                                 {kFirstRewardFigure.name, practice->firstReward},
                                 {kLastRewardFigure.name, practice->lastReward},
                                 {kPracticeBaselineFigure.name, practice->baseline}};
        }
        const std::vector<std::size_t> all = rowsOfAll(view.pool);
        const GroupMeans labelled = meansOf(view.labelled, rowsOfAll(view.labelled), view.judgement.groups());
        const auto clusters = clustersOf(view.pool, all, labelled, seed, job);
        if (!clusters) return Job::stopped();
        const auto decisions = decisionsOf(view.pool, all, *clusters, labelled);
        auto rows = fillBatch(*clusters, likeliestParts(policy, decisions), labelled, count);
        const std::vector<double> keys = tieKeys(view.pool.ids, seed);
        std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
            const double x = view.pool.terms[a].expected, y = view.pool.terms[b].expected;
            return x != y ? x > y : keys[a] > keys[b];
        });
        return rows;
    }

    /** Rows as picks with their reasons: the same ones whoever has chosen. */
    static Result<Selection> report(const View& view, const std::vector<std::size_t>& rows, std::uint64_t seed,
                                    const Job& job, Selection selection) {
        const auto distances = toTrustSet(view, seed, job);
        if (!distances) return Job::stopped();
        const auto answers = answersPerGroup(view);
        for (const std::size_t row : rows) {
            const PredictionTerms& terms = view.pool.terms[row];
            const auto known = static_cast<double>(answers[static_cast<std::size_t>(terms.predicted)]);
            selection.picks.push_back({view.rows[row],
                                       terms.expected,
                                       {{kExpectedScore.name, terms.expected},
                                        {kTrustSetDistance.name, (*distances)[row]},
                                        {kLabelsOfClass.name, known}}});
        }
        return selection;
    }

    StrategyInfo m_info;
};

}  // namespace

std::unique_ptr<QueryStrategy> makeBralt() {
    StrategyInfo info;
    info.name = "bral-t";
    info.title = "BRAL-T";
    info.sentence =
        "Our reconstruction of BRAL-T, whose details are not published: a policy that practises on what is labelled "
        "picks groups of items that look like the most instructive ones of each class.";
    info.source = "arXiv 2604.12303 (TrustSet), reconstructed from its abstract and public reviews";
    info.needsModel = true;
    info.needsFeatures = true;
    info.needsLabelled = true;
    info.learns = true;
    info.tasks = {TaskKind::Detect, TaskKind::Classify};
    info.reasons = {kExpectedScore, kTrustSetDistance, kLabelsOfClass};
    info.figures = {kEpisodes, kFirstRewardFigure, kLastRewardFigure, kPracticeBaselineFigure};
    return std::make_unique<Bralt>(std::move(info));
}

}  // namespace querent::select::bralt

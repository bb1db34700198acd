#include "engine/select/mgral/mgral.h"

#include "engine/core/policy_figures.h"
#include "engine/core/rng.h"
#include "engine/select/classic/class_uncertainty.h"
#include "engine/select/input_check.h"
#include "engine/select/mgral/agent_space.h"
#include "engine/select/mgral/memory.h"
#include "engine/select/policy/giving_way.h"
#include "engine/select/policy/item_terms.h"
#include "engine/select/policy/plackett_luce.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

namespace querent::select::mgral {
namespace {

constexpr Term kSelectionScore{"selection score", translatable("Reasons", "Agent's score"),
                               translatable("Reasons", "How much the learned agent wants this item in the batch.")};
constexpr Term kUncertainty{"uncertainty", translatable("Reasons", "Uncertainty"),
                            translatable("Reasons", "How undecided the model is about this item.")};
constexpr Term kProxyRuns{"proxy_runs"};
constexpr Term kTableSize{"table_size"};  // batches that were tried and are remembered

/** The items that are looked at, in an order that is not the pool's. */
struct Candidates {
    std::vector<std::size_t> rows;  // [n], of the pool
    Matrix features;                // [n, D]
    std::vector<double> uncertainty, rarity;
};

Result<void> checkLabels(const SelectionInput& input) {
    for (const ItemPrediction& prediction : *input.predictions) {
        for (const Detection& box : prediction.boxes) {
            if (box.label >= 0 && box.label < input.classes) continue;
            return fail(ErrorCode::InvalidArgument, "A box was predicted with a class that is not there.");
        }
    }
    return {};
}

/** How much a prediction promises of classes that have few answers: the sum of p / (answers + 1). */
double classRarity(std::span<const float> probabilities, std::span<const std::int64_t> answers) {
    double sum = 0.0;
    for (std::size_t c = 0; c < probabilities.size(); ++c)
        sum += static_cast<double>(probabilities[c]) / static_cast<double>(answers[c] + 1);
    return sum;
}

Candidates candidatesOf(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                        const MgralSettings& settings, std::vector<LeftOut>& leftOut) {
    std::vector<std::int64_t> answers = input.labelledPerClass;
    answers.resize(static_cast<std::size_t>(std::max(0, input.classes)), 0);
    std::vector<double> uncertainty(input.pool.size()), rarity(input.pool.size());
    Candidates found;
    for (const std::size_t row : usableRows(input, leftOut)) {
        const ItemPrediction& prediction = (*input.predictions)[row];
        if (prediction.probabilities.empty()) {
            const policy::ItemTerms terms = policy::boxTerms(prediction.boxes, answers);
            uncertainty[row] = terms.entropy;
            rarity[row] = terms.expectedRarity;
        } else {
            uncertainty[row] = classic::classEntropy(prediction.probabilities, input.multiLabel);
            rarity[row] = classRarity(prediction.probabilities, answers);
        }
        if (std::isfinite(uncertainty[row]) && std::isfinite(rarity[row])) {
            found.rows.push_back(row);
        } else {
            leftOut.push_back(unusableAnswer(input, row));
        }
    }
    const std::vector<double> keys = tieKeys(input.pool, seed);
    std::sort(found.rows.begin(), found.rows.end(),
              [&keys](std::size_t a, std::size_t b) { return keys[a] > keys[b]; });
    const std::size_t most = std::max(settings.candidates, 4 * std::min(count, input.pool.size()));
    if (found.rows.size() > most) found.rows.resize(most);
    for (const std::size_t row : found.rows) {
        found.uncertainty.push_back(uncertainty[row]);
        found.rarity.push_back(rarity[row]);
    }
    if (!found.rows.empty()) found.features = agentSpace(*input.poolFeatures, found.rows, settings.features);
    return found;
}

void describe(const MgralOutcome& outcome, Selection& selection) {
    std::string sentence = "MGRAL tried " + std::to_string(outcome.proxyRuns - 1) +
                           " batches on a copy of the model and guessed from them what " +
                           std::to_string(outcome.guesses) + " others would bring";
    if (outcome.extrapolated > 0) {
        sentence += "; " + std::to_string(outcome.extrapolated) + " of these were unlike all that were tried";
    }
    selection.remarks.push_back(sentence + ".");
    selection.figures = {{kFirstRewardFigure.name, outcome.firstReward - outcome.labelsAlone},
                         {kLastRewardFigure.name, outcome.lastReward - outcome.labelsAlone},
                         {kPracticeBaselineFigure.name, outcome.baseline - outcome.labelsAlone},
                         {kPredictedGainFigure.name, outcome.predicted - outcome.labelsAlone},
                         {kProxyRuns.name, static_cast<double>(outcome.proxyRuns)},
                         {kTableSize.name, static_cast<double>(outcome.records)}};
}

/** One call of the strategy: what it is asked, what it goes by, and what it finds. */
struct Call {
    const SelectionInput& input;
    std::size_t count;
    std::uint64_t seed;
    const Job& job;
    const Candidates& candidates;
    MgralMemory& memory;        // learns
    const std::string& search;  // its name
    policy::RunLog& log;
    Selection& selection;
};

class Mgral : public QueryStrategy {
 public:
    Mgral(StrategyInfo info, const MgralSettings& settings) : m_info(std::move(info)), m_settings(settings) {}

    const StrategyInfo& info() const override { return m_info; }

    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override {
        if (const auto checked = checkPredictedFeatures(input); !checked) return checked.error();
        if (const auto checked = checkLabels(input); !checked) return checked.error();
        Selection selection;
        const Candidates candidates = candidatesOf(input, count, seed, m_settings, selection.leftOut);
        if (candidates.rows.empty()) return selection;
        const std::size_t features = candidates.features.cols;
        const LstmAgent fresh(features, features + 1, deriveSeed(seed, "agent"));
        MgralMemory memory = unpackMgral(input.memory, fresh, selection.remarks);
        const std::string search = policy::searchName(input, candidates.features, {}, count, seed);
        policy::RunLog log = memory.trials.begin(search);
        const MgralMemory before = memory;
        const Call call{input, count, seed, job, candidates, memory, search, log, selection};
        auto asked = ask(call);
        if (asked || asked.error().code != ErrorCode::Cancelled || log.values().empty()) return asked;
        Selection stopped;
        stopped.memory = packMgral({before.agent, {before.trials.trials, {search, log.values()}}});
        return stopped;
    }

 private:
    static std::vector<std::size_t> inOrder(std::size_t count) {
        std::vector<std::size_t> order(count);
        std::iota(order.begin(), order.end(), std::size_t{0});
        return order;
    }

    Result<Selection> ask(const Call& call) const {
        const auto chosen = choose(call);
        if (!chosen) return chosen.error();
        return pick(call, *chosen);
    }

    /** The best of these candidates, or the batch of whom the agent gives way to. */
    static Result<Selection> pick(const Call& call, const std::vector<std::size_t>& chosen) {
        Selection& selection = call.selection;
        if (!selection.askedBy.empty()) {
            auto asked = policy::askOther(selection.askedBy, call.input, call.count, call.seed, call.job);
            if (!asked) return asked;
            selection.picks = std::move(asked->picks);
            selection.leftOut = std::move(asked->leftOut);
            return std::move(selection);
        }
        const Candidates& candidates = call.candidates;
        const auto walked = call.memory.agent.forward(candidates.features, inOrder(candidates.rows.size()), call.job);
        if (!walked) return Job::stopped();
        for (const std::size_t i : chosen) {
            const double score = walked->scores[i];
            selection.picks.push_back({candidates.rows[i],
                                       score,
                                       {{kSelectionScore.name, score}, {kUncertainty.name, candidates.uncertainty[i]}},
                                       false});
        }
        keepBest(selection.picks, call.input.pool, call.count, call.seed);
        return std::move(selection);
    }

    /** Candidates to keep the best of: the batch, or all where nothing is to be found out. */
    Result<std::vector<std::size_t>> choose(const Call& call) const {
        std::vector<std::size_t> all = inOrder(call.candidates.rows.size());
        if (!call.input.mayLearn) return all;
        if (!call.input.memory.empty()) call.selection.memory = packMgral(call.memory);
        if (call.count == 0 || call.count >= all.size()) return all;
        if (call.input.proxy == nullptr || !call.input.proxy->ofPool) {
            call.selection.remarks.emplace_back("MGRAL could not try any batch, so it asks for what it scored best.");
            return all;
        }
        auto batch = search(call);
        if (!batch) return batch;
        if (const auto decided = decideWhoAsks(call); !decided) return decided.error();
        // The agent has learnt: begun again, the same search has other runs.
        call.memory.trials.search = {call.search, {}, call.memory.trials.search.trials};
        call.selection.memory = packMgral(call.memory);
        return batch;
    }

    Result<std::vector<std::size_t>> search(const Call& call) const {
        const Candidates& candidates = call.candidates;
        const ProxyOfPool proxy = [&](std::span<const std::size_t> batch, const Job& within) {
            std::vector<std::size_t> rows;
            for (const std::size_t i : batch)
                rows.push_back(candidates.rows[i]);
            return call.log.next([&] { return call.input.proxy->ofPool(rows, within); });
        };
        const ProbePool pool{candidates.features, candidates.uncertainty, candidates.rarity};
        auto outcome = searchBatch(call.memory.agent, pool, call.count, proxy, m_settings,
                                   deriveSeed(call.seed, "search"), call.job);
        if (!outcome) return outcome.error();
        describe(*outcome, call.selection);
        return std::move(outcome->batch);
    }

    /** What the agent would label of these items of validation. */
    policy::TrialChoice agentsChoice(const Call& call, std::span<const std::size_t> items) const {
        if (items.empty()) return {};
        const std::span<const ItemPrediction> holdout = call.input.holdout.predictions;
        Matrix embeddings(items.size(), holdout[items.front()].embedding.size());
        std::vector<std::size_t> rowOf(holdout.size());
        for (std::size_t i = 0; i < items.size(); ++i) {
            const std::vector<float>& embedding = holdout[items[i]].embedding;
            std::copy(embedding.begin(), embedding.end(), embeddings.row(i).begin());
            rowOf[items[i]] = i;
        }
        return
            [&agent = call.memory.agent, features = agentSpace(embeddings, inOrder(items.size()), m_settings.features),
             rowOf = std::move(rowOf)](std::span<const std::size_t> open, std::size_t size,
                                       const Job& job) -> Result<std::vector<std::size_t>> {
                std::vector<std::size_t> rows;
                for (const std::size_t place : open)
                    rows.push_back(rowOf[place]);
                const auto pass = agent.forward(features, rows, job);
                if (!pass) return Job::stopped();
                std::vector<std::size_t> chosen;
                for (const std::size_t k : policy::PlackettLuce(pass->logits).best(size))
                    chosen.push_back(open[k]);
                return chosen;
            };
    }

    /** Decides who asks: the agent, where it is shown to find better items than the rival, or the rival. */
    Result<void> decideWhoAsks(const Call& call) const {
        if (call.input.proxy == nullptr || !call.input.proxy->ofAnswered) return {};
        const policy::TrialSettings& guard = m_settings.guard;
        const std::uint64_t seed = deriveSeed(call.seed, "guard");
        const std::vector<std::size_t> items = policy::trialItems(call.input, guard, Rng(seed, "mgral guard items"));
        const auto fresh = policy::tryOnValidation(agentsChoice(call, items), items, call.input, call.count,
                                                   policy::logged(call.input.proxy->ofAnswered, call.log), guard,
                                                   Rng(seed, "mgral guard"), call.job);
        if (!fresh) return fresh.error();
        policy::TrialMemory& trials = call.memory.trials;
        trials.add(*fresh, guard);
        const policy::TrialVerdict verdict =
            policy::verdictOn(fresh->empty() ? *fresh : trials.trials, "MGRAL's agent", guard);
        if (!verdict.asks) call.selection.askedBy = guard.rival;
        if (!fresh->empty()) call.selection.figures.push_back({kTrialGainFigure.name, verdict.gain.mean});
        call.selection.figures.push_back(policy::gaveWay(call.selection));
        call.selection.remarks.push_back(verdict.remark);
        return {};
    }

    StrategyInfo m_info;
    MgralSettings m_settings;
};

}  // namespace

std::unique_ptr<QueryStrategy> makeMgral(const MgralSettings& settings) {
    StrategyInfo info;
    info.name = "mgral";
    info.title = "MGRAL";
    info.sentence =
        "Tries batches on a copy of the model, without their answers, and learns to choose those that bring most.";
    info.source = "Liang et al. 2023, MeanAP-guided reinforced active learning for object detection, arXiv 2310.08387";
    info.needsModel = true;
    info.needsFeatures = true;
    info.needsHoldout = true;
    info.needsProxy = true;
    info.learns = true;
    info.tasks = {TaskKind::Detect, TaskKind::Classify};
    info.reasons = {kSelectionScore, kUncertainty};
    info.figures = {kFirstRewardFigure, kLastRewardFigure, kPracticeBaselineFigure, kPredictedGainFigure,
                    kProxyRuns,         kTableSize,        kTrialGainFigure,        kGaveWayFigure};
    return std::make_unique<Mgral>(std::move(info), settings);
}

std::unique_ptr<QueryStrategy> makeMgral() {
    return makeMgral(MgralSettings());
}

}  // namespace querent::select::mgral

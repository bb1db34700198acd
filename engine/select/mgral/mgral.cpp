#include "engine/select/mgral/mgral.h"

#include "engine/select/class_uncertainty.h"
#include "engine/select/giving_way.h"
#include "engine/select/input_check.h"
#include "engine/select/mgral/agent_space.h"
#include "engine/select/rl/item_terms.h"
#include "engine/select/rl/number_file.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

namespace querent::select {
namespace {

constexpr int kMemoryVersion = 1;

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
                        const MgralSettings& settings, std::vector<SetAside>& setAside) {
    std::vector<std::int64_t> answers = input.labelledPerClass;
    answers.resize(static_cast<std::size_t>(std::max(0, input.classes)), 0);
    std::vector<double> uncertainty(input.pool.size()), rarity(input.pool.size());
    Candidates found;
    for (const std::size_t row : usableRows(input, setAside)) {
        const ItemPrediction& prediction = (*input.predictions)[row];
        if (prediction.probabilities.empty()) {
            const ItemTerms terms = boxTerms(prediction.boxes, answers);
            uncertainty[row] = terms.entropy;
            rarity[row] = terms.expectedRarity;
        } else {
            uncertainty[row] = classEntropy(prediction.probabilities, input.multiLabel);
            rarity[row] = classRarity(prediction.probabilities, answers);
        }
        if (std::isfinite(uncertainty[row]) && std::isfinite(rarity[row])) {
            found.rows.push_back(row);
        } else {
            setAside.push_back(unusableAnswer(input, row));
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

/** The agent of the last round, or a new one. */
LstmAgent agentFor(const SelectionInput& input, std::size_t features, std::uint64_t seed,
                   std::vector<std::string>& remarks) {
    LstmAgent agent(features, features + 1, deriveSeed(seed, "agent"));
    if (input.memory.empty()) return agent;
    const auto kept = unpackNumbers(input.memory, "mgral", kMemoryVersion);
    if (!kept) {
        remarks.push_back("What MGRAL had learnt cannot be read, so it starts anew. " + kept.error().sentence);
    } else if (kept->line("features") == std::to_string(features) &&
               kept->row("agent").size() == agent.parameters().size()) {
        std::copy(kept->row("agent").begin(), kept->row("agent").end(), agent.parameters().begin());
    } else {
        remarks.emplace_back("The model describes items otherwise than before, so MGRAL starts anew.");
    }
    return agent;
}

std::string packAgent(const LstmAgent& agent) {
    NumberFile file;
    file.lines.emplace_back("features", std::to_string(agent.features()));
    file.rows["agent"] = {agent.parameters().begin(), agent.parameters().end()};
    return packNumbers(file, "mgral", kMemoryVersion);
}

void describe(const MgralOutcome& outcome, Selection& selection) {
    std::string sentence = "MGRAL tried " + std::to_string(outcome.proxyRuns - 1) +
                           " batches on a copy of the model and guessed from them what " +
                           std::to_string(outcome.guesses) + " others would bring";
    if (outcome.extrapolated > 0) {
        sentence += "; " + std::to_string(outcome.extrapolated) + " of these were unlike all that were tried";
    }
    selection.remarks.push_back(sentence + ".");
    selection.figures = {{"first_reward", outcome.firstReward - outcome.labelsAlone},
                         {"last_reward", outcome.lastReward - outcome.labelsAlone},
                         {"baseline", outcome.baseline},
                         {"predicted_gain", outcome.predicted - outcome.labelsAlone},
                         {"proxy_runs", static_cast<double>(outcome.proxyRuns)},
                         {"table_size", static_cast<double>(outcome.records)}};
}

class Mgral : public QueryStrategy {
 public:
    Mgral(StrategyInfo info, const MgralSettings& settings) : m_info(std::move(info)), m_settings(settings) {}

    const StrategyInfo& info() const override { return m_info; }

    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override {
        if (const auto checked = checkPool(input); !checked) return checked.error();
        if (const auto checked = checkPredictions(input); !checked) return checked.error();
        if (const auto checked = checkFeatures(input); !checked) return checked.error();
        if (const auto checked = checkLabels(input); !checked) return checked.error();
        Selection selection;
        const Candidates candidates = candidatesOf(input, count, seed, m_settings, selection.setAside);
        if (candidates.rows.empty()) return selection;
        LstmAgent agent = agentFor(input, candidates.features.cols, seed, selection.remarks);
        const auto chosen = choose(agent, candidates, input, count, seed, job, selection);
        if (!chosen) return chosen.error();
        if (!selection.askedBy.empty()) {
            auto asked = askOther(selection.askedBy, input, count, seed, job);
            if (!asked) return asked;
            selection.picks = std::move(asked->picks);
            selection.setAside = std::move(asked->setAside);
            return selection;
        }
        const auto walked = agent.forward(candidates.features, inOrder(candidates.rows.size()), job);
        if (!walked) return Job::stopped();
        for (const std::size_t i : *chosen) {
            const double score = walked->scores[i];
            selection.picks.push_back({candidates.rows[i],
                                       score,
                                       {{"selection score", score}, {"uncertainty", candidates.uncertainty[i]}},
                                       false});
        }
        keepBest(selection.picks, input.pool, count, seed);
        return selection;
    }

 private:
    static std::vector<std::size_t> inOrder(std::size_t count) {
        std::vector<std::size_t> order(count);
        std::iota(order.begin(), order.end(), std::size_t{0});
        return order;
    }

    /** Rows of the candidates to keep the best of: the batch, or all where nothing is to be found out. */
    Result<std::vector<std::size_t>> choose(LstmAgent& agent, const Candidates& candidates, const SelectionInput& input,
                                            std::size_t count, std::uint64_t seed, const Job& job,
                                            Selection& selection) const {
        const std::vector<std::size_t> all = inOrder(candidates.rows.size());
        if (!input.mayLearn) return all;
        if (!input.memory.empty()) selection.memory = packAgent(agent);
        if (count == 0 || count >= all.size()) return all;
        if (input.proxy == nullptr || !*input.proxy) {
            selection.remarks.emplace_back("MGRAL could not try any batch, so it asks for what it scored best.");
            return all;
        }
        const Proxy proxy = [&](std::span<const std::size_t> batch, const Job& within) {
            std::vector<std::size_t> rows;
            for (const std::size_t i : batch)
                rows.push_back(candidates.rows[i]);
            return (*input.proxy)(rows, within);
        };
        const ProbePool pool{candidates.features, candidates.uncertainty, candidates.rarity};
        auto outcome = searchBatch(agent, pool, count, proxy, m_settings, deriveSeed(seed, "search"), job);
        if (!outcome) return outcome.error();
        describe(*outcome, selection);
        selection.memory = packAgent(agent);
        if (const auto checked = beOnGuard(agent, input, count, seed, job, selection); !checked) return checked.error();
        return std::move(outcome->batch);
    }

    /** Decides who asks: the agent, where it is shown to find better items than the rival, or the rival. */
    Result<void> beOnGuard(const LstmAgent& agent, const SelectionInput& input, std::size_t count, std::uint64_t seed,
                           const Job& job, Selection& selection) const {
        if (input.answeredProxy == nullptr || !*input.answeredProxy) return {};
        const GuardSettings& guard = m_settings.guard;
        const auto gain = compareOnValidation(agent, input, count, m_settings.features, *input.answeredProxy, guard,
                                              deriveSeed(seed, "guard"), job);
        if (!gain) return gain.error();
        if (!gain->has_value()) {
            selection.askedBy = guard.rival;
            selection.remarks.push_back("There are too few validation items to see whether MGRAL helps, so " +
                                        guard.rival + " asks in this round.");
            return {};
        }
        if ((*gain)->low() <= 0.0) selection.askedBy = guard.rival;
        selection.figures.push_back({"rehearsal_gain", (*gain)->mean});
        selection.remarks.push_back("Trial on validation items with their answers: MGRAL's agent is " +
                                    gainText(**gain, guard.rival) + ", so " +
                                    (selection.askedBy.empty() ? "MGRAL" : guard.rival) + " asks in this round.");
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
    return std::make_unique<Mgral>(std::move(info), settings);
}

std::unique_ptr<QueryStrategy> makeMgral() {
    return makeMgral(MgralSettings());
}

}  // namespace querent::select

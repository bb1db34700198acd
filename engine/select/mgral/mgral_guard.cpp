#include "engine/select/mgral/mgral_guard.h"

#include "engine/core/rng.h"
#include "engine/select/giving_way.h"
#include "engine/select/input_check.h"
#include "engine/select/mgral/agent_space.h"
#include "engine/select/rl/plackett_luce.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace querent::select {
namespace {

using Places = std::vector<std::size_t>;  // in the holdout

Places usableHoldout(const AnsweredItems& holdout) {
    Places usable;
    const std::size_t features = holdout.predictions.empty() ? 0 : holdout.predictions.front().embedding.size();
    for (std::size_t i = 0; i < holdout.count(); ++i) {
        const ItemPrediction& prediction = holdout.predictions[i];
        const bool whole = features > 0 && prediction.embedding.size() == features;
        if (whole && finiteRow(prediction.embedding) && finiteRow(prediction.probabilities)) usable.push_back(i);
    }
    return usable;
}

class Trials {
 public:
    Trials(const LstmAgent& agent, const SelectionInput& input, Places usable, std::size_t features,
           const AnsweredProxy& answered, const GuardSettings& settings, std::uint64_t seed)
        : m_agent(agent),
          m_input(input),
          m_usable(std::move(usable)),
          m_answered(answered),
          m_settings(settings),
          m_rng(seed, "mgral guard") {
        Matrix embeddings(m_usable.size(), m_input.holdout.predictions[m_usable.front()].embedding.size());
        Places rows;
        for (std::size_t i = 0; i < m_usable.size(); ++i) {
            const std::vector<float>& embedding = m_input.holdout.predictions[m_usable[i]].embedding;
            std::copy(embedding.begin(), embedding.end(), embeddings.row(i).begin());
            rows.push_back(i);
        }
        m_features = agentSpace(embeddings, rows, features);
    }

    /** What the agent's choice brings beyond the rival's, on one division of the items. */
    Result<double> difference(std::size_t count, const Job& job) {
        Places order(m_usable.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        m_rng.shuffle(order);
        const auto middle = order.begin() + static_cast<std::ptrdiff_t>(order.size() / 2);
        const Places open(order.begin(), middle);
        const Places measured = placesOf({middle, order.end()});
        const std::size_t size = std::clamp<std::size_t>(count, 1, open.size() / 2);
        const auto agents = agentsChoice(open, size, job);
        if (!agents) return agents.error();
        const auto rivals = rivalsChoice(open, size, job);
        if (!rivals) return rivals.error();
        if (*agents == *rivals) return 0.0;
        const auto mine = m_answered(*agents, measured, job);
        if (!mine) return mine;
        const auto theirs = m_answered(*rivals, measured, job);
        if (!theirs) return theirs;
        return *mine - *theirs;
    }

 private:
    Places placesOf(const Places& rows) const {
        Places places;
        for (const std::size_t row : rows)
            places.push_back(m_usable[row]);
        std::sort(places.begin(), places.end());
        return places;
    }

    Result<Places> agentsChoice(const Places& open, std::size_t size, const Job& job) const {
        const auto pass = m_agent.forward(m_features, open, job);
        if (!pass) return Job::stopped();
        Places chosen;
        for (const std::size_t k : PlackettLuce(pass->logits).best(size))
            chosen.push_back(open[k]);
        return placesOf(chosen);
    }

    Result<Places> rivalsChoice(const Places& open, std::size_t size, const Job& job) {
        std::vector<ItemId> items;
        std::vector<ItemPrediction> predictions;
        for (const std::size_t row : open) {
            predictions.push_back(m_input.holdout.predictions[m_usable[row]]);
            items.emplace_back(m_input.holdout.truth[m_usable[row]].item);
        }
        SelectionInput part;
        part.pool = items;
        part.predictions = &predictions;
        part.classes = m_input.classes;
        part.labelledPerClass = m_input.labelledPerClass;
        part.multiLabel = m_input.multiLabel;
        part.task = m_input.task;
        const auto selection = askOther(m_settings.rival, part, size, m_rng(), job);
        if (!selection) return selection.error();
        Places chosen;
        for (const Pick& pick : selection->picks)
            chosen.push_back(open[pick.index]);
        return placesOf(chosen);
    }

    const LstmAgent& m_agent;
    const SelectionInput& m_input;
    Places m_usable;
    const AnsweredProxy& m_answered;
    const GuardSettings& m_settings;
    Rng m_rng;
    Matrix m_features;  // [usable, D]
};

}  // namespace

Result<std::vector<double>> tryOnValidation(const LstmAgent& agent, const SelectionInput& input, std::size_t count,
                                            std::size_t features, const AnsweredProxy& answered,
                                            const GuardSettings& settings, std::uint64_t seed, const Job& job) {
    std::vector<double> differences;
    Places usable = usableHoldout(input.holdout);
    if (usable.size() < settings.fewestItems) return differences;
    Rng(seed, "mgral guard items").shuffle(usable);
    usable.resize(std::min(usable.size(), settings.mostItems));
    Trials trials(agent, input, std::move(usable), features, answered, settings, seed);
    for (int trial = 0; trial < settings.trials; ++trial) {
        job.report("Comparing with " + settings.rival, trial, settings.trials);
        const auto difference = trials.difference(count, job);
        if (!difference) return difference.error();
        differences.push_back(*difference);
    }
    return differences;
}

GuardVerdict verdictOn(std::span<const double> trials, const GuardSettings& settings) {
    const std::string rivalAsks = settings.rival + " asks in this round.";
    if (trials.empty()) {
        return {false, {}, "There are too few validation items to see whether MGRAL helps, so " + rivalAsks};
    }
    GuardVerdict verdict;
    verdict.gain = meanInterval(trials);
    const bool enough = trials.size() >= settings.fewestTrials;
    verdict.agentAsks = enough && verdict.gain.low() > 0.0;
    verdict.remark = "Trials on validation items with their answers (" + std::to_string(trials.size()) +
                     (enough ? "" : " of " + std::to_string(settings.fewestTrials) + " that are needed") +
                     "): MGRAL's agent is " + gainText(verdict.gain, settings.rival) + ", so " +
                     (verdict.agentAsks ? "MGRAL asks in this round." : rivalAsks);
    return verdict;
}

}  // namespace querent::select

#include "engine/select/rlmba/rl_mba.h"

#include "engine/core/policy_figures.h"
#include "engine/select/input_check.h"
#include "engine/select/policy/giving_way.h"
#include "engine/select/policy/modality_weights.h"
#include "engine/select/policy/plackett_luce.h"
#include "engine/select/policy/reward.h"
#include "engine/select/rlmba/guard.h"
#include "engine/select/rlmba/memory.h"
#include "engine/select/rlmba/round_view.h"
#include "engine/select/rlmba/start_policy.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

namespace querent::select::rlmba {
namespace {

constexpr Term kPolicy{
    "policy", translatable("Reasons", "Policy"),
    translatable("Reasons", "How much the learned policy prefers this item; higher is better, and 0 means nothing.")};
constexpr Term kUnifiedScore{
    "unified score", translatable("Reasons", "Doubt and novelty"),
    translatable("Reasons", "Doubt in each medium by its weight, and novelty, in one number.")};
constexpr Term kDiversity{
    "diversity", translatable("Reasons", "Diversity"),
    translatable("Reasons", "How far the item is from what is labelled and from others of its kind.")};
constexpr Term kImageUncertainty{"uncertainty image", translatable("Reasons", "Doubt about the picture"),
                                 translatable("Reasons", "How little the picture alone tells the model.")};
constexpr Term kAudioUncertainty{"uncertainty audio", translatable("Reasons", "Doubt about the sound"),
                                 translatable("Reasons", "How little the sound alone tells the model.")};
constexpr Term kTextUncertainty{"uncertainty text", translatable("Reasons", "Doubt about the text"),
                                translatable("Reasons", "How little the text alone tells the model.")};
constexpr Term kGap{"gap"};  // of each medium: by how much the whole model is better than it is alone

const Term& uncertaintyOf(Modality medium) {
    switch (medium) {
        case Modality::Image:
            return kImageUncertainty;
        case Modality::Audio:
            return kAudioUncertainty;
        case Modality::Text:
            break;
    }
    return kTextUncertainty;
}

std::vector<std::size_t> firstOf(std::size_t count) {
    std::vector<std::size_t> places(count);
    std::iota(places.begin(), places.end(), std::size_t{0});
    return places;
}

/** Where items of the pool are among the candidates; those that are not are left out. */
std::vector<std::size_t> placesOf(const MbaCandidates& candidates, std::span<const std::size_t> items) {
    std::vector<std::size_t> places;
    for (const std::size_t item : items) {
        const auto found = std::find(candidates.rows.begin(), candidates.rows.end(), item);
        if (found != candidates.rows.end()) places.push_back(static_cast<std::size_t>(found - candidates.rows.begin()));
    }
    return places;
}

double mean(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

class RlMba : public QueryStrategy {
 public:
    RlMba(StrategyInfo info, const MbaParts& parts) : m_info(std::move(info)), m_parts(parts) {}

    const StrategyInfo& info() const override { return m_info; }

    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override {
        if (const auto checked = checkPredictedFeatures(input); !checked) return checked.error();
        Selection selection;
        auto memory = remembered(input.memory, selection.remarks);
        if (!memory) return memory.error();
        const MbaCall call{input, count, seed, job, m_parts};
        auto view = viewRound(call);
        if (!view) return view.error();
        if (input.mayLearn && m_parts.policy) {
            const std::string before = packMemory(*memory);
            const auto guarded = decideWhoAsks(*memory, call, *view, selection);
            if (!guarded) return stopped(*memory, before, guarded.error());
        }
        addFigures(*view, selection.figures);
        memory->pending.reset();
        auto chosen = selection.askedBy.empty() ? choose(*view, *memory, input, count, seed)
                                                : policy::askOther(selection.askedBy, input, count, seed, job);
        if (!chosen && input.mayLearn) return stopped(*memory, {}, chosen.error());
        if (!chosen) return chosen;
        selection.picks = std::move(chosen->picks);
        selection.leftOut = std::move(chosen->leftOut);
        selection.figures.insert(selection.figures.end(), chosen->figures.begin(), chosen->figures.end());
        memory->before = view->holdout.metric;
        if (input.mayLearn) selection.memory = packMemory(*memory);
        return selection;
    }

    Result<Lesson> learn(std::string_view bytes, double metric) const override {
        auto memory = unpackMemory(bytes);
        if (!memory) return memory.error();
        // A policy that came in the middle of a round has asked nothing.
        if (!memory->before) return Lesson{std::string(bytes), {}};
        const std::vector<double> others = expectedOfOthers(*memory);
        memory->rewards.push_back(rewardOf(*memory, metric, others));
        const auto advantage = policy::advantageOf(memory->rewards);
        if (!advantage) return advantage.error();
        Lesson lesson;
        lesson.figures = {{kRewardFigure.name, memory->rewards.back()},
                          {kBaselineFigure.name, advantage->baseline},
                          {kAdvantageFigure.name, advantage->value}};
        if (!others.empty()) lesson.figures.push_back({kOthersGainFigure.name, mean(others) - *memory->before});
        if (memory->pending && !memory->pending->chosen.empty()) {
            memory->pending->advantage = advantage->value;
            const policy::Decision decisions[] = {*memory->pending};
            const auto report = policy::reinforce(memory->policy.net, memory->policy.adam, decisions);
            if (!report) return report.error();
            ++memory->policy.history.rounds;
            lesson.figures.push_back({kDrawEntropyFigure.name, report->entropy});
        }
        memory->pending.reset();
        memory->before.reset();
        lesson.memory = packMemory(*memory);
        return lesson;
    }

 private:
    /** A choice that came to nothing: with what was learnt until it was cancelled, where that is anything. */
    static Result<Selection> stopped(const MbaMemory& memory, const std::string& before, const Error& why) {
        Selection selection;
        selection.memory = packMemory(memory);
        if (why.code != ErrorCode::Cancelled || selection.memory == before) return why;
        return selection;
    }

    /** The memory, or a new one with the starting policy where there is none or it cannot be read. */
    static Result<MbaMemory> remembered(std::string_view bytes, std::vector<std::string>& remarks) {
        if (!bytes.empty()) {
            auto memory = unpackMemory(bytes);
            if (memory) return memory;
            remarks.push_back("The project's policy cannot be used (" + memory.error().sentence +
                              "), so selection starts again from the policy that comes with the program.");
        }
        auto start = startPolicy();
        if (!start) return start.error();
        return MbaMemory{std::move(start).value()};
    }

    /** Draws the batch; it becomes the memory's pending decision. */
    Result<Selection> choose(const MbaView& view, MbaMemory& memory, const SelectionInput& input, std::size_t count,
                             std::uint64_t seed) const {
        Selection selection;
        selection.leftOut = view.candidates.leftOut;
        const MbaCandidates& candidates = view.candidates;
        if (candidates.rows.empty() || count == 0) return selection;
        const policy::PlackettLuce batches(memory.policy.net.forward(candidates.values, view.state).logits);
        std::vector<std::size_t> chosen = placesOf(candidates, input.judged);
        if (input.judged.empty()) {
            const bool draws = m_parts.policy && input.mayLearn && input.pool.size() > count;
            Rng rng(seed, "batch");
            // Without a policy: in the order of the candidate set, the largest unified scores first.
            chosen = draws ? batches.sample(count, rng) : firstOf(std::min(count, candidates.rows.size()));
            if (draws) {
                const double entropy = batches.drawEntropy(chosen).value / static_cast<double>(chosen.size());
                selection.figures.push_back({kDrawEntropyFigure.name, entropy});
                memory.pending = policy::Decision{candidates.values, view.state, chosen, 0.0};
            }
        }
        for (const std::size_t k : chosen) {
            const double score = m_parts.policy ? batches.logits()[k] : candidates.scores[k];
            selection.picks.push_back({candidates.rows[k], score, reasonsOf(view, input, k, score), false});
        }
        // Drawn in another order: the batch is shown by preference.
        std::stable_sort(selection.picks.begin(), selection.picks.end(),
                         [](const Pick& a, const Pick& b) { return a.score > b.score; });
        return selection;
    }

    std::vector<Reason> reasonsOf(const MbaView& view, const SelectionInput& input, std::size_t k, double score) const {
        const MbaCandidates& candidates = view.candidates;
        std::vector<Reason> reasons;
        if (m_parts.policy) reasons.push_back({kPolicy.name, score});
        reasons.push_back({kUnifiedScore.name, candidates.scores[k]});
        reasons.push_back({kDiversity.name, candidates.diversity[k]});
        for (std::size_t m = 0; m < std::min(candidates.uncertainties.size(), input.media.size()); ++m) {
            const double uncertainty = candidates.uncertainties[m][k];
            if (!std::isnan(uncertainty)) reasons.push_back({uncertaintyOf(input.media[m]).name, uncertainty});
        }
        return reasons;
    }

    static void addFigures(const MbaView& view, std::vector<Figure>& figures) {
        const std::vector<double> gaps = policy::modalityGaps(view.holdout.top1, view.holdout.metric);
        for (std::size_t m = 0; m < gaps.size(); ++m) {
            figures.push_back({kWeightFigure.name, view.weights[m], static_cast<int>(m)});
            figures.push_back({kGap.name, gaps[m], static_cast<int>(m)});
        }
    }

    /** What classic strategies would have reached, by their curves in rehearsal; empty where nobody knows. */
    std::vector<double> expectedOfOthers(const MbaMemory& memory) const {
        std::vector<double> others;
        for (const double gain : memory.gains) {
            if (m_parts.reward == RewardKind::Relative) others.push_back(std::min(1.0, *memory.before + gain));
        }
        return others;
    }

    double rewardOf(const MbaMemory& memory, double metric, std::span<const double> others) const {
        if (m_parts.reward == RewardKind::Absolute) return policy::absoluteReward(metric);
        return others.empty() ? policy::incrementalReward(metric, *memory.before)
                              : policy::relativeReward(metric, others);
    }

    StrategyInfo m_info;
    MbaParts m_parts;
};

std::unique_ptr<QueryStrategy> make(const std::string& suffix, const std::string& sentence, const MbaParts& parts) {
    StrategyInfo info;
    info.name = "rl-mba" + suffix;
    info.title = "RL-MBA";
    info.sentence = sentence;
    info.source =
        "RL-MBA, CVPR 2026 (modality-balanced acquisition by a learned policy); the policy's shape, its "
        "practice and rehearsal are ours";
    info.needsModel = info.needsFeatures = info.needsLabelled = info.needsHoldout = true;
    info.needsProxy = parts.policy && parts.rehearses;
    info.learns = info.judges = true;
    info.ablation = !suffix.empty();
    info.reasons = {kUnifiedScore, kDiversity, kImageUncertainty, kAudioUncertainty, kTextUncertainty};
    if (parts.policy) info.reasons.insert(info.reasons.begin(), kPolicy);
    info.figures = {kWeightFigure, kGap, kRewardFigure, kBaselineFigure, kAdvantageFigure};
    if (parts.policy) info.figures.push_back(kDrawEntropyFigure);
    if (info.needsProxy) {
        const std::vector<Term> guard = guardFigures();
        info.figures.insert(info.figures.end(), guard.begin(), guard.end());
        if (parts.reward == RewardKind::Relative) info.figures.push_back(kOthersGainFigure);
    }
    info.tasks = {TaskKind::Classify, TaskKind::Detect};
    return std::make_unique<RlMba>(std::move(info), parts);
}

}  // namespace

std::unique_ptr<QueryStrategy> makeRlMba() {
    return make("",
                "A learned policy weighs doubt in each medium, novelty and rarity, and learns from what its questions "
                "have brought.",
                {});
}

std::unique_ptr<QueryStrategy> makeRlMbaWithoutWeights() {
    MbaParts parts;
    parts.weights = false;
    return make("-no-amcb", "RL-MBA with the same weight for every medium.", parts);
}

std::unique_ptr<QueryStrategy> makeRlMbaWithoutEvidence() {
    MbaParts parts;
    parts.evidence = false;
    return make("-no-efda", "RL-MBA with entropies in the place of evidence.", parts);
}

std::unique_ptr<QueryStrategy> makeRlMbaWithoutPolicy() {
    MbaParts parts;
    parts.policy = false;
    return make("-no-policy", "RL-MBA without its policy: the items with the largest unified scores.", parts);
}

std::unique_ptr<QueryStrategy> makeRlMbaWithoutRehearsal() {
    MbaParts parts;
    parts.rehearses = false;
    return make("-no-rehearsal", "RL-MBA with the starting policy and real rounds alone.", parts);
}

std::unique_ptr<QueryStrategy> makeRlMbaAbsolute() {
    MbaParts parts;
    parts.reward = RewardKind::Absolute;
    return make("-absolute", "RL-MBA paid with the accuracy itself.", parts);
}

std::unique_ptr<QueryStrategy> makeRlMbaIncremental() {
    MbaParts parts;
    parts.reward = RewardKind::Incremental;
    return make("-incremental", "RL-MBA paid with what a round has gained.", parts);
}

}  // namespace querent::select::rlmba

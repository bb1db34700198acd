#include "engine/session/suggestion.h"

#include "engine/core/rng.h"
#include "engine/select/controls.h"
#include "engine/select/registry.h"
#include "engine/session/round.h"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

namespace querent::session {
namespace {

Matrix embeddingsOf(const std::vector<ItemPrediction>& predictions) {
    if (predictions.empty()) return {};
    Matrix features(predictions.size(), predictions.front().embedding.size());
    for (std::size_t i = 0; i < predictions.size(); ++i) {
        std::copy(predictions[i].embedding.begin(), predictions[i].embedding.end(), features.row(i).begin());
    }
    return features;
}

std::vector<std::int64_t> answersPerClass(const learning::ItemList& items, int classes) {
    std::vector<std::int64_t> counts(static_cast<std::size_t>(std::max(0, classes)));
    for (const learning::ListedItem& item : items.items()) {
        for (const TrueBox& box : item.truth.boxes) {
            if (!box.crowd) ++counts[static_cast<std::size_t>(box.label)];
        }
        for (const int label : item.truth.labels)
            ++counts[static_cast<std::size_t>(label)];
    }
    return counts;
}

// What the strategy gets to see; owns what SelectionInput points to.
struct View {
    std::vector<ItemId> pool;
    std::vector<ItemPrediction> predictions;
    Matrix poolFeatures;
    Matrix labelledFeatures;
    learning::Seen labelled;
    std::vector<ItemTruth> labelledTruth;
    learning::Seen holdout;
    std::vector<ItemTruth> holdoutTruth;
    std::vector<std::string> setAside;
};

learning::PredictFor purposeOf(const select::StrategyInfo& info) {
    if (info.needsSamples) return learning::PredictFor::Disagreement;
    return info.needsCoalitions ? learning::PredictFor::Contributions : learning::PredictFor::Selecting;
}

bool serves(const select::StrategyInfo& info, const ProjectSettings& settings) {
    if (info.needsSeveralMedia && settings.media.size() < 2) return false;
    return std::find(info.tasks.begin(), info.tasks.end(), settings.task) != info.tasks.end();
}

// What the model sees in items whose answers are known.
Result<void> lookAt(learning::TaskLearner& learner, const RankRequest& request, const learning::ItemList& items,
                    learning::Seen& seen, std::vector<ItemTruth>& truth, const Job& job) {
    if (items.count() == 0) return {};
    auto predicted = learner.predict(request.model, items, learning::PredictFor::Selecting, request.device, job);
    if (!predicted) return predicted.error();
    seen = std::move(predicted).value();
    truth = items.subset(learning::placesSeen(items, seen)).truths();
    return {};
}

// Strategies that learn from rewards say so before anything starts.
Result<void> checkHoldout(const RankRequest& request, const select::StrategyInfo& info) {
    if (!info.needsHoldout || (request.holdout != nullptr && request.holdout->count() > 0)) return {};
    return fail(ErrorCode::InvalidArgument, "The strategy " + info.name +
                                                " learns from what a round brings, so it needs labelled validation "
                                                "items: label some of the split \"val\" first.");
}

Result<View> look(learning::TaskLearner& learner, const RankRequest& request, const select::StrategyInfo& info,
                  const Job& job) {
    View view;
    if (!info.needsModel && !info.needsFeatures) {
        for (const learning::ListedItem& item : request.pool->items())
            view.pool.emplace_back(item.truth.item);
        return view;
    }
    auto seen = learner.predict(request.model, *request.pool, purposeOf(info), request.device, job);
    if (!seen) return seen.error();
    view.predictions = std::move(seen->predictions);
    for (const ItemPrediction& prediction : view.predictions)
        view.pool.emplace_back(prediction.item);
    for (const learning::LeftOut& picture : seen->leftOut)
        view.setAside.push_back(picture.sentence);
    if (info.needsFeatures) view.poolFeatures = embeddingsOf(view.predictions);
    if (info.needsFeatures || info.needsLabelled) {
        const auto looked = lookAt(learner, request, *request.labelled, view.labelled, view.labelledTruth, job);
        if (!looked) return looked.error();
        view.labelledFeatures = embeddingsOf(view.labelled.predictions);
    }
    if (info.needsHoldout) {
        const auto looked = lookAt(learner, request, *request.holdout, view.holdout, view.holdoutTruth, job);
        if (!looked) return looked.error();
    }
    return view;
}

select::SelectionInput inputOf(const View& view, const RankRequest& request) {
    select::SelectionInput input;
    input.pool = view.pool;
    input.predictions = view.predictions.empty() ? nullptr : &view.predictions;
    input.poolFeatures = view.poolFeatures.rows == 0 ? nullptr : &view.poolFeatures;
    input.labelledFeatures = view.labelledFeatures.rows == 0 ? nullptr : &view.labelledFeatures;
    input.classes = request.classes;
    input.multiLabel = request.multiLabel;
    input.labelledPerClass = answersPerClass(*request.labelled, request.classes);
    input.task = request.task;
    input.media = request.media;
    input.labelled = {view.labelled.predictions, view.labelledTruth};
    input.holdout = {view.holdout.predictions, view.holdoutTruth};
    input.progress = request.progress;
    input.memory = request.memory;
    return input;
}

// The items that were seen, in the order in which the strategy knows them.
learning::ItemList seenItems(const std::vector<ItemPrediction>& seen, const learning::ItemList& items) {
    std::unordered_map<std::int64_t, std::size_t> placeOf;
    for (std::size_t i = 0; i < items.count(); ++i)
        placeOf.emplace(items.items()[i].truth.item, i);
    std::vector<std::size_t> places;
    for (const ItemPrediction& prediction : seen)
        places.push_back(placeOf.at(prediction.item));
    return items.subset(places);
}

// What tries batches for a strategy that needs it; made when it is first asked, which not every strategy comes to.
class Proxies {
 public:
    Proxies(learning::TaskLearner& learner, const RankRequest& request, const View& view)
        : m_learner(learner), m_request(request), m_view(view) {}

    select::Proxy ofPool() {
        return [this](std::span<const std::size_t> batch, const Job& job) -> Result<double> {
            if (const auto ready = prepare(job); !ready) return ready.error();
            return m_scores.ofPool(batch, job);
        };
    }

    select::AnsweredProxy ofAnswered() {
        return [this](std::span<const std::size_t> learnt, std::span<const std::size_t> measured,
                      const Job& job) -> Result<double> {
            if (const auto ready = prepare(job); !ready) return ready.error();
            return m_scores.ofAnswered(learnt, measured, job);
        };
    }

 private:
    Result<void> prepare(const Job& job) {
        if (m_scores.ofPool) return {};
        const learning::ItemList pool = seenItems(m_view.predictions, *m_request.pool);
        const learning::ItemList holdout = seenItems(m_view.holdout.predictions, *m_request.holdout);
        auto made = m_learner.proxy({m_request.model, m_request.labelled, &pool, &holdout, m_request.trainingSteps,
                                     m_request.seed, m_request.device},
                                    job);
        if (!made) return made.error();
        m_scores = std::move(made).value();
        return {};
    }

    learning::TaskLearner& m_learner;
    const RankRequest& m_request;
    const View& m_view;
    learning::ProxyScores m_scores;
};

// Whether there is anything to train and to measure proxies on.
bool canTryBatches(const RankRequest& request, const select::StrategyInfo& info) {
    return info.needsProxy && request.labelled->count() > 0 && request.holdout != nullptr &&
           request.holdout->count() > 0 && !request.model.file.empty();
}

std::vector<RoundFigure> figuresOf(const std::vector<select::Figure>& figures) {
    std::vector<RoundFigure> found;
    for (const select::Figure& figure : figures)
        found.push_back({figure.name, figure.value, figure.part});
    return found;
}

std::vector<QueryEntry> entriesOf(const std::vector<select::Pick>& picks, const std::vector<ItemId>& pool) {
    std::vector<QueryEntry> entries;
    for (const select::Pick& pick : picks) {
        QueryEntry entry;
        entry.item = pool[pick.index];
        entry.rank = static_cast<int>(entries.size());
        entry.score = pick.score;
        entry.reasons = pick.reasons;
        entry.control = pick.control;
        entries.push_back(std::move(entry));
    }
    return entries;
}

}  // namespace

Result<void> requireStrategy(const std::string& name, const ProjectSettings& settings) {
    const auto strategy = select::makeStrategy(name);
    if (!strategy) return strategy.error();
    if (serves((*strategy)->info(), settings)) return {};
    const auto& tasks = (*strategy)->info().tasks;
    std::string sentence = "The strategy " + name;
    if (std::find(tasks.begin(), tasks.end(), settings.task) == tasks.end()) {
        sentence += std::string(" is not for projects of the task ") + toText(settings.task) + ".";
    } else {
        sentence += " is for items with several media.";
    }
    return fail(ErrorCode::InvalidArgument, std::move(sentence));
}

Result<Ranking> rank(learning::TaskLearner& learner, const RankRequest& request, const Job& job) {
    auto strategy = select::makeStrategy(request.strategy);
    if (!strategy) return strategy.error();
    const select::StrategyInfo* info = &(*strategy)->info();
    if (request.model.file.empty() && (info->needsModel || info->needsFeatures)) {
        strategy = select::makeStrategy("random");
        if (!strategy) return strategy.error();
        info = &(*strategy)->info();
    }
    if (const auto checked = checkHoldout(request, *info); !checked) return checked.error();
    job.report("Looking at the pool", 0, 0);
    auto view = look(learner, request, *info, job);
    if (!view) return view.error();
    job.report("Choosing", 0, 0);
    select::SelectionInput input = inputOf(*view, request);
    Proxies proxies(learner, request, *view);
    const select::Proxy ofPool = proxies.ofPool();
    const select::AnsweredProxy ofAnswered = proxies.ofAnswered();
    if (canTryBatches(request, *info)) {
        input.proxy = &ofPool;
        input.answeredProxy = &ofAnswered;
    }
    auto selection =
        select::selectWithControls(**strategy, input, request.count, request.controlShare, request.seed, job);
    if (!selection) return selection.error();
    Ranking ranking;
    ranking.strategy = info->name;
    ranking.entries = entriesOf(selection->picks, view->pool);
    ranking.setAside = std::move(view->setAside);
    for (const select::SetAside& aside : selection->setAside)
        ranking.setAside.push_back(aside.sentence);
    ranking.predictions = std::move(view->predictions);
    ranking.remarks = std::move(selection->remarks);
    ranking.memory = std::move(selection->memory);
    ranking.figures = figuresOf(selection->figures);
    return ranking;
}

Result<Lesson> pay(const std::string& strategy, const std::string& memory, double metric) {
    if (memory.empty()) return Lesson();
    const auto paid = select::makeStrategy(strategy);
    if (!paid) return paid.error();
    auto lesson = (*paid)->learn(memory, metric);
    if (!lesson) return lesson.error();
    return Lesson{std::move(lesson->memory), figuresOf(lesson->figures)};
}

namespace {

StrategyChoice choiceOf(const select::StrategyInfo& info) {
    const bool needsModel = info.needsModel || info.needsFeatures;
    return {info.name,         info.title,  info.sentence, info.source, needsModel,
            info.needsHoldout, info.learns, info.ablation, info.tasks};
}

}  // namespace

std::vector<StrategyChoice> allStrategies() {
    std::vector<StrategyChoice> choices;
    for (const select::StrategyInfo& info : select::strategies())
        choices.push_back(choiceOf(info));
    return choices;
}

std::vector<StrategyChoice> strategiesFor(const ProjectSettings& settings) {
    std::vector<StrategyChoice> choices;
    for (const select::StrategyInfo& info : select::strategies()) {
        if (serves(info, settings) && !info.ablation) choices.push_back(choiceOf(info));
    }
    return choices;
}

}  // namespace querent::session

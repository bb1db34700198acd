#include "engine/session/ranking.h"

#include "engine/core/rng.h"
#include "engine/select/controls.h"
#include "engine/select/registry.h"
#include "engine/session/instant/frozen_features.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
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
    learning::PredictedItems labelled;
    std::vector<ItemTruth> labelledTruth;
    learning::PredictedItems holdout;
    std::vector<ItemTruth> holdoutTruth;
    std::vector<LeftOut> leftOut;
};

learning::PredictFor purposeOf(const StrategyInfo& info) {
    if (info.needsSamples) return learning::PredictFor::Disagreement;
    return info.needsCoalitions ? learning::PredictFor::Contributions : learning::PredictFor::Selecting;
}

// What the model sees in items whose answers are known.
Result<void> lookAt(learning::TaskLearner& learner, const RankRequest& request, const learning::ItemList& items,
                    learning::PredictedItems& seen, std::vector<ItemTruth>& truth, const Job& job) {
    if (items.count() == 0) return {};
    auto predicted = learner.predict(request.from.model, items, learning::PredictFor::Selecting, request.device, job);
    if (!predicted) return predicted.error();
    seen = std::move(predicted).value();
    truth = items.subset(learning::placesPredicted(items, seen)).truths();
    return {};
}

// Strategies that learn from rewards say so before anything starts.
Result<void> checkHoldout(const RankRequest& request, const StrategyInfo& info) {
    if (!info.needsHoldout || (request.from.holdout != nullptr && request.from.holdout->count() > 0)) return {};
    return fail(ErrorCode::InvalidArgument, "The strategy " + info.name +
                                                " learns from what a round brings, so it needs labelled validation "
                                                "items: label some of the split \"val\" first.");
}

Result<View> look(learning::TaskLearner& learner, const RankRequest& request, const StrategyInfo& info,
                  const Job& job) {
    View view;
    if (!info.needsModel && !info.needsFeatures) {
        for (const learning::ListedItem& item : request.from.pool->items())
            view.pool.emplace_back(item.truth.item);
        return view;
    }
    auto seen = learner.predict(request.from.model, *request.from.pool, purposeOf(info), request.device, job);
    if (!seen) return seen.error();
    view.predictions = std::move(seen->predictions);
    for (const ItemPrediction& prediction : view.predictions)
        view.pool.emplace_back(prediction.item);
    view.leftOut = std::move(seen->leftOut);
    if (info.needsFeatures) view.poolFeatures = embeddingsOf(view.predictions);
    if (info.needsFeatures || info.needsLabelled) {
        const auto looked = lookAt(learner, request, *request.from.labelled, view.labelled, view.labelledTruth, job);
        if (!looked) return looked.error();
        view.labelledFeatures = embeddingsOf(view.labelled.predictions);
    }
    if (info.needsHoldout) {
        const auto looked = lookAt(learner, request, *request.from.holdout, view.holdout, view.holdoutTruth, job);
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
    input.classes = request.from.classes;
    input.multiLabel = request.multiLabel;
    input.labelledPerClass = answersPerClass(*request.from.labelled, request.from.classes);
    input.task = request.task;
    input.media = request.media;
    input.labelled = {view.labelled.predictions, view.labelledTruth};
    input.holdout = {view.holdout.predictions, view.holdoutTruth};
    input.progress = request.from.progress;
    input.memory = request.from.memory;
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

// What tries batches for a strategy that needs it: made when it is first asked, which not every strategy comes to.
// Learner, request and view outlive it.
Proxy proxyOnDemand(learning::TaskLearner& learner, const RankRequest& request, const View& view) {
    const auto made = std::make_shared<std::optional<Proxy>>();
    const auto prepare = [made, &learner, &request, &view](const Job& job) -> Result<void> {
        if (*made) return {};
        const learning::ItemList pool = seenItems(view.predictions, *request.from.pool);
        const learning::ItemList holdout = seenItems(view.holdout.predictions, *request.from.holdout);
        auto proxy = learner.proxy({request.from.model, request.from.labelled, &pool, &holdout, request.trainingSteps,
                                    request.seed, request.device},
                                   job);
        if (!proxy) return proxy.error();
        *made = std::move(proxy).value();
        return {};
    };
    return {[made, prepare](std::span<const std::size_t> batch, const Job& job) -> Result<double> {
                if (const auto ready = prepare(job); !ready) return ready.error();
                return (*made)->ofPool(batch, job);
            },
            [made, prepare](std::span<const std::size_t> learnt, std::span<const std::size_t> measured,
                            const Job& job) -> Result<double> {
                if (const auto ready = prepare(job); !ready) return ready.error();
                return (*made)->ofAnswered(learnt, measured, job);
            }};
}

// Whether there is anything to train and to measure proxies on.
bool canTryBatches(const RankRequest& request, const StrategyInfo& info) {
    return info.needsProxy && request.from.labelled->count() > 0 && request.from.holdout != nullptr &&
           request.from.holdout->count() > 0 && !request.from.model.file.empty();
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

constexpr const char* kFirstStrategy = "typiclust";
constexpr std::size_t kMostUnseen = 2000;  // of the pool, looked at when somebody waits for the first batch

/** Items by chance, in the list's order, so that at most kMostUnseen of them have never been looked at. */
learning::ItemList withinReach(const learning::ItemList& items, const instant::FeaturePlan& plan, std::uint64_t seed) {
    std::vector<std::size_t> unseen = instant::placesUnseen(items, plan);
    if (unseen.size() <= kMostUnseen) return items;
    Rng rng(seed, "first look");
    const double share = static_cast<double>(kMostUnseen) / static_cast<double>(unseen.size());
    std::vector<std::size_t> kept;
    // By one rule for all items: those that were looked at before are no fair part of the pool by themselves.
    for (std::size_t i = 0; i < items.count(); ++i) {
        if (rng.chance(share)) kept.push_back(i);
    }
    return kept.empty() ? items.subset({unseen.front()}) : items.subset(kept);
}

/** What items look like before there is a model, as a strategy sees it. */
Result<View> lookBeforeAnyModel(const RankRequest& request, const Job& job) {
    const instant::FeaturePlan plan{request.media, request.from.features};
    const learning::ItemList pool = withinReach(*request.from.pool, plan, request.seed);
    std::vector<learning::ListedItem> all = pool.items();
    const auto& labelled = request.from.labelled->items();
    all.insert(all.end(), labelled.begin(), labelled.end());
    auto seen = instant::lookAt(pool.derived(std::move(all)), plan, job);
    if (!seen) return seen.error();
    View view;
    const auto firstLabelled = std::lower_bound(seen->places.begin(), seen->places.end(), pool.count());
    const auto ofPool = static_cast<std::size_t>(firstLabelled - seen->places.begin());
    const std::size_t features = seen->values.cols;
    const auto split = seen->values.values.begin() + static_cast<std::ptrdiff_t>(ofPool * features);
    for (std::size_t i = 0; i < ofPool; ++i)
        view.pool.emplace_back(pool.items()[seen->places[i]].truth.item);
    view.poolFeatures.rows = ofPool;
    view.labelledFeatures.rows = seen->places.size() - ofPool;
    view.poolFeatures.cols = view.labelledFeatures.cols = features;
    view.poolFeatures.values.assign(seen->values.values.begin(), split);
    view.labelledFeatures.values.assign(split, seen->values.values.end());
    view.leftOut = std::move(seen->leftOut);
    if (view.pool.empty()) return fail(ErrorCode::NotFound, "None of the items could be read.");
    return view;
}

/** What the strategy makes of the view, of which the predictions go on with the answer. */
Result<Ranking> choose(const select::QueryStrategy& strategy, View& view, const RankRequest& request,
                       const Proxy* proxy, const Job& job) {
    job.report("Choosing", 0, 0);
    select::SelectionInput input = inputOf(view, request);
    input.proxy = proxy;
    auto selection =
        select::selectWithControls(strategy, input, request.count, request.controlShare, request.seed, job);
    if (!selection) return selection.error();
    Ranking ranking;
    ranking.strategy = strategy.info().name;
    ranking.entries = entriesOf(selection->picks, view.pool);
    ranking.leftOut = std::move(view.leftOut);
    ranking.leftOut.insert(ranking.leftOut.end(), selection->leftOut.begin(), selection->leftOut.end());
    ranking.predictions = std::move(view.predictions);
    ranking.remarks = std::move(selection->remarks);
    ranking.memory = std::move(selection->memory);
    ranking.figures = std::move(selection->figures);
    return ranking;
}

/** See rank(). */
Result<Ranking> rankBeforeAnyModel(const StrategyInfo& wished, const RankRequest& request, const Job& job) {
    auto view = lookBeforeAnyModel(request, job);
    if (!view && view.error().code == ErrorCode::Cancelled) return view.error();
    const char* standIn = wished.needsModel ? kFirstStrategy : wished.name.c_str();
    const auto strategy = select::makeStrategy(view ? standIn : "random");
    if (!strategy) return strategy.error();
    if (view) return choose(**strategy, *view, request, nullptr, job);
    View unseen;
    for (const learning::ListedItem& item : request.from.pool->items())
        unseen.pool.emplace_back(item.truth.item);
    auto ranking = choose(**strategy, unseen, request, nullptr, job);
    if (ranking) ranking->remarks.push_back("The items could not be compared: " + view.error().text());
    return ranking;
}

}  // namespace

RankRequest rankRequest(const ProjectSettings& settings, const RankWish& wish, RankSources sources) {
    RankRequest request;
    request.strategy = wish.strategy.empty() ? settings.strategy : wish.strategy;
    request.count = static_cast<std::size_t>(std::max(1, wish.count > 0 ? wish.count : settings.batchSize));
    request.controlShare = settings.controlShare;
    request.seed = wish.seed;
    request.device = wish.device;
    request.trainingSteps = wish.trainingSteps > 0 ? wish.trainingSteps : settings.trainingSteps;
    request.multiLabel = settings.multiLabel;
    request.task = settings.task;
    request.media = settings.media;
    request.from = std::move(sources);
    return request;
}

Result<Ranking> rank(learning::TaskLearner& learner, const RankRequest& request, const Job& job) {
    const auto strategy = select::makeStrategy(request.strategy);
    if (!strategy) return strategy.error();
    const StrategyInfo& info = (*strategy)->info();
    if (request.from.model.file.empty() && info.waitsForModel()) return rankBeforeAnyModel(info, request, job);
    if (const auto checked = checkHoldout(request, info); !checked) return checked.error();
    job.report("Looking at the pool", 0, 0);
    auto view = look(learner, request, info, job);
    if (!view) return view.error();
    const Proxy proxy = proxyOnDemand(learner, request, *view);
    return choose(**strategy, *view, request, canTryBatches(request, info) ? &proxy : nullptr, job);
}

Result<Lesson> learnFromReward(const std::string& strategy, const std::string& memory, double metric) {
    if (memory.empty()) return Lesson();
    const auto learner = select::makeStrategy(strategy);
    if (!learner) return learner.error();
    return (*learner)->learn(memory, metric);
}

}  // namespace querent::session

#include "engine/session/instant/instant_answers.h"

#include "engine/core/matrix.h"
#include "engine/core/stopwatch.h"
#include "engine/learn/instant/ridge_head.h"
#include "engine/session/learning/snapshot.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>

namespace querent::session::instant {
namespace {

constexpr double kFewestProbability = 0.01;
constexpr std::size_t kFewestAnswers =
    10;  // before them nobody knows how sure the head may be, and it only sways people

/** Every item of the pool, then of the holdout, and nothing of what people said. */
struct AllItems {
    learning::ItemList items;
    std::size_t pool = 0;  // how many of them are the pool's
};

Result<AllItems> allItems(const Project& project) {
    AllItems all;
    std::vector<learning::ListedItem> items;
    for (const Split split : {Split::Train, Split::Val}) {
        auto snapshot = learning::takeSnapshot(project, split, learning::Answers::None);
        if (!snapshot) return snapshot.error();
        items.insert(items.end(), snapshot->items.items().begin(), snapshot->items.items().end());
        if (split == Split::Train) all.pool = items.size();
    }
    all.items = learning::ItemList(std::move(items), project.settings().mel);
    return all;
}

/** How sure the answer is, [0, 1]: between the two best classes, or of the yes or no that is nearest to either. */
float marginOf(std::span<const float> probabilities, bool multiLabel) {
    float best = 0.0F, second = 0.0F, nearest = 1.0F;
    for (const float p : probabilities) {
        nearest = std::min(nearest, std::abs(2.0F * p - 1.0F));
        second = std::max(second, std::min(best, p));
        best = std::max(best, p);
    }
    return multiLabel ? nearest : best - second;
}

}  // namespace

struct InstantAnswers::State {
    struct Learnt {
        std::size_t number = 0;  // RidgeHead::learn()
        std::vector<ClassId> classes;
    };

    mutable std::mutex busy;
    bool multiLabel = false;
    Matrix features;  // [N, K]
    std::unordered_map<ItemId, std::size_t> rows;
    std::size_t pool = 0;          // rows before it are of items that may be learnt from
    std::vector<ClassId> classes;  // in the order of the head's
    std::map<ItemId, Learnt> learnt;
    std::optional<learn::instant::RidgeHead> head;

    /** A class that nobody has met before makes the head a wider one, which learns all again. */
    void meet(std::span<const ClassId> met) {
        bool wider = !head;
        for (const ClassId label : met) {
            if (std::find(classes.begin(), classes.end(), label) != classes.end()) continue;
            classes.push_back(label);
            wider = true;
        }
        if (!wider) return;
        head.emplace(features.cols, std::max(1, static_cast<int>(classes.size())), multiLabel);
        for (auto& [item, answer] : learnt)
            answer.number = head->learn(features.row(rows.at(item)), numbersOf(answer.classes));
    }

    std::vector<int> numbersOf(const std::vector<ClassId>& labels) const {
        std::vector<int> numbers;
        for (const ClassId label : labels)
            numbers.push_back(static_cast<int>(std::find(classes.begin(), classes.end(), label) - classes.begin()));
        return numbers;
    }

    void forget(ItemId item) {
        const auto at = learnt.find(item);
        if (at == learnt.end()) return;
        head->forget(at->second.number);
        learnt.erase(at);
    }

    void learn(ItemId item, std::span<const ClassId> labels) {
        const auto row = rows.find(item);
        if (row == rows.end() || row->second >= pool) return;
        const auto before = learnt.find(item);
        if (before != learnt.end() && std::ranges::equal(before->second.classes, labels)) return;
        forget(item);
        if (labels.empty() && !multiLabel) return;
        meet(labels);
        Learnt answer{0, {labels.begin(), labels.end()}};
        answer.number = head->learn(features.row(row->second), numbersOf(answer.classes));
        learnt.emplace(item, std::move(answer));
    }

    bool canTell() const { return head && learnt.size() >= kFewestAnswers && (multiLabel || classes.size() > 1); }

    /** [n, C] of the items, all of them known. */
    Matrix probabilities(std::span<const ItemId> items) {
        Matrix some(items.size(), features.cols);
        for (std::size_t i = 0; i < items.size(); ++i)
            std::ranges::copy(features.row(rows.at(items[i])), some.row(i).begin());
        return head->probabilities(some);
    }
};

Result<HeadAnswers> answerAtOnce(const learning::ItemList& known, const learning::ItemList& items, int classes,
                                 bool multiLabel, const FeaturePlan& plan, const Job& job) {
    HeadAnswers answers;
    const Stopwatch looking;
    std::vector<learning::ListedItem> all = known.items();
    all.insert(all.end(), items.items().begin(), items.items().end());
    auto found = lookAt(known.derived(std::move(all)), plan, job);
    if (!found) return found.error();
    answers.lookSeconds = looking.seconds();
    const Stopwatch fitting;
    learn::instant::RidgeHead head(found->values.cols, classes, multiLabel);
    const auto first = std::lower_bound(found->places.begin(), found->places.end(), known.count());
    const auto learnt = static_cast<std::size_t>(first - found->places.begin());
    for (std::size_t i = 0; i < learnt; ++i) {
        const std::vector<int> labels = known.truth(found->places[i]).labels;
        if (!labels.empty() || multiLabel) head.learn(found->values.row(i), labels);
    }
    const std::size_t asked = found->places.size() - learnt;
    Matrix rows(asked, found->values.cols);
    std::copy(found->values.values.begin() + static_cast<std::ptrdiff_t>(learnt * rows.cols),
              found->values.values.end(), rows.values.begin());
    const Matrix said = head.probabilities(rows);
    for (std::size_t i = 0; i < asked; ++i) {
        ItemPrediction prediction;
        prediction.item = items.truth(found->places[learnt + i] - known.count()).item;
        prediction.probabilities.assign(said.row(i).begin(), said.row(i).end());
        answers.seen.predictions.push_back(std::move(prediction));
    }
    answers.seen.leftOut = std::move(found->leftOut);
    answers.fitSeconds = fitting.seconds();
    return answers;
}

std::filesystem::path featureCache(const Project& project) {
    return project.sidecar() / "features";
}

InstantAnswers::InstantAnswers(std::unique_ptr<State> state) : m_state(std::move(state)) {}
InstantAnswers::~InstantAnswers() = default;

Result<std::shared_ptr<InstantAnswers>> InstantAnswers::prepare(const Project& project,
                                                                std::optional<SeeingModel> model, const Job& job) {
    const ProjectSettings settings = project.settings();
    const auto all = allItems(project);
    if (!all) return all.error();
    const learning::ItemList& items = all->items;
    if (items.count() == 0) return fail(ErrorCode::NotFound, "The project has no items.");
    FeaturePlan plan{settings.media, {}, std::move(model)};
    if (!project.readOnly()) plan.cache = featureCache(project);
    auto found = lookAt(items, plan, job);
    if (!found) return found.error();
    auto state = std::make_unique<State>();
    state->multiLabel = settings.multiLabel;
    state->features = std::move(found->values);
    for (std::size_t i = 0; i < found->places.size(); ++i)
        state->rows.emplace(ItemId(items.items()[found->places[i]].truth.item), i);
    const auto holdout = std::lower_bound(found->places.begin(), found->places.end(), all->pool);
    state->pool = static_cast<std::size_t>(holdout - found->places.begin());
    // Read last: what was answered while the items were looked at is in it.
    const auto labelled = learning::takeSnapshot(project, Split::Train, learning::Answers::Labels);
    if (!labelled) return labelled.error();
    for (const learning::ListedItem& item : labelled->items.items()) {
        std::vector<ClassId> classes;
        for (const int label : item.truth.labels)
            classes.push_back(labelled->classes[static_cast<std::size_t>(label)].id);
        state->learn(ItemId(item.truth.item), classes);
    }
    return std::shared_ptr<InstantAnswers>(new InstantAnswers(std::move(state)));
}

void InstantAnswers::answer(ItemId item, std::span<const ClassId> classes) {
    const std::scoped_lock lock(m_state->busy);
    m_state->learn(item, classes);
}

void InstantAnswers::takeBack(ItemId item) {
    const std::scoped_lock lock(m_state->busy);
    m_state->forget(item);
}

std::size_t InstantAnswers::answers() const {
    const std::scoped_lock lock(m_state->busy);
    return m_state->learnt.size();
}

std::vector<Prediction> InstantAnswers::predictions(ItemId item) const {
    const std::scoped_lock lock(m_state->busy);
    if (!m_state->canTell() || !m_state->rows.contains(item)) return {};
    const Matrix found = m_state->probabilities(std::span(&item, 1));
    std::vector<Prediction> predictions;
    for (std::size_t c = 0; c < m_state->classes.size(); ++c) {
        const auto p = static_cast<double>(found.at(0, c));
        if (p >= kFewestProbability) predictions.push_back({m_state->classes[c], std::nullopt, p, {}});
    }
    std::stable_sort(predictions.begin(), predictions.end(),
                     [](const Prediction& a, const Prediction& b) { return a.score > b.score; });
    return predictions;
}

std::vector<ItemId> InstantAnswers::byDoubt(std::span<const ItemId> items) const {
    const std::scoped_lock lock(m_state->busy);
    std::vector<ItemId> known;
    for (const ItemId item : items) {
        if (m_state->rows.contains(item)) known.push_back(item);
    }
    if (!m_state->canTell() || known.empty()) return known;
    const Matrix found = m_state->probabilities(known);
    std::vector<std::pair<float, std::size_t>> margins;
    for (std::size_t i = 0; i < known.size(); ++i)
        margins.emplace_back(marginOf(found.row(i), m_state->multiLabel), i);
    std::stable_sort(margins.begin(), margins.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<ItemId> sorted;
    for (const auto& [margin, place] : margins)
        sorted.push_back(known[place]);
    return sorted;
}

}  // namespace querent::session::instant

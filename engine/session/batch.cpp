#include "engine/session/batch.h"

#include "engine/session/project/project_internal.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

namespace querent::session {
namespace {

constexpr double kGhostFloor = 0.1;  // weaker predictions are not worth a row: nobody is shown them
constexpr double kSameObject = 0.6;  // IoU from which two predictions mean one object, whatever their classes

// People answer for an object once: a second guess at its class would only lie on top of the first.
bool meansShown(const Box& box, const std::vector<Prediction>& shown) {
    return std::any_of(shown.begin(), shown.end(),
                       [&](const Prediction& better) { return better.box && iou(*better.box, box) > kSameObject; });
}

// What is offered to people, best first.
std::vector<store::tables::ItemPredictions> ghosts(const std::vector<ItemPrediction>& predictions,
                                                   const std::vector<ClassLabel>& classes) {
    std::vector<store::tables::ItemPredictions> items;
    for (const ItemPrediction& prediction : predictions) {
        store::tables::ItemPredictions item{ItemId(prediction.item), {}};
        for (const Detection& box : prediction.boxes) {
            if (box.score < kGhostFloor || meansShown(box.box, item.predictions)) continue;
            item.predictions.push_back({classes[static_cast<std::size_t>(box.label)].id, box.box, box.score, {}});
        }
        for (std::size_t c = 0; c < prediction.probabilities.size(); ++c) {
            const auto p = static_cast<double>(prediction.probabilities[c]);
            if (p >= kGhostFloor) item.predictions.push_back({classes[c].id, std::nullopt, p, {}});
        }
        std::stable_sort(item.predictions.begin(), item.predictions.end(),
                         [](const Prediction& a, const Prediction& b) { return a.score > b.score; });
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace

Result<void> lookAtBatch(Ranking& ranking, const RankRequest& request, learning::TaskLearner& learner, const Job& job) {
    if (request.from.model.file.empty() || !ranking.predictions.empty()) return {};
    std::unordered_set<std::int64_t> asked;
    for (const QueryEntry& entry : ranking.entries)
        asked.insert(entry.item.value);
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < request.from.pool->count(); ++i) {
        if (asked.contains(request.from.pool->truth(i).item)) places.push_back(i);
    }
    auto seen = learner.predict(request.from.model, request.from.pool->subset(places), learning::PredictFor::Measuring,
                                request.device, job);
    if (!seen) return seen.error();
    ranking.leftOut.insert(ranking.leftOut.end(), seen->leftOut.begin(), seen->leftOut.end());
    ranking.predictions = std::move(seen->predictions);
    return {};
}

Error keepMemory(Project& project, const Ranking& ranking) {
    if (ranking.memory.empty()) return Job::stopped();
    const auto kept =
        project.write([&](store::ProjectFile& file) { return file.policies().set(ranking.strategy, ranking.memory); });
    return kept ? Job::stopped() : kept.error();
}

std::vector<Metric> metricsOf(const std::vector<Figure>& figures, ModelId model) {
    std::vector<Metric> metrics;
    for (const Figure& figure : figures) {
        Metric metric;
        metric.model = model;
        metric.split = Split::Val;
        metric.name = "policy_" + figure.name;
        if (figure.part >= 0) metric.name.append(":").append(std::to_string(figure.part + 1));
        metric.value = metric.low = metric.high = figure.value;
        metrics.push_back(std::move(metric));
    }
    return metrics;
}

Result<void> freeze(Project& project, const RoundRecord& record, const Ranking& ranking,
                    const std::vector<ClassLabel>& classes) {
    return project.write([&](store::ProjectFile& file) -> Result<void> {
        auto transaction = file.begin();
        if (!transaction) return transaction.error();
        const auto started = file.rounds().start(record, ranking.entries);
        if (!started) return started.error();
        if (!ranking.memory.empty()) {
            if (const auto kept = file.policies().set(ranking.strategy, ranking.memory); !kept) return kept;
        }
        if (record.suggestedBy.valid()) {
            const auto stored = file.predictions().replaceAll(record.suggestedBy, ghosts(ranking.predictions, classes));
            if (!stored) return stored;
            const auto figures = metricsOf(ranking.figures, record.suggestedBy);
            if (const auto added = file.models().addMetrics(figures); !added) return added;
        }
        return transaction->commit();
    });
}

}  // namespace querent::session

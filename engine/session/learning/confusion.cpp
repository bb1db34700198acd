#include "engine/session/learning/confusion.h"

#include "engine/learn/metrics/classification.h"

#include <charconv>
#include <string>
#include <string_view>
#include <unordered_map>

namespace querent::session::learning {
namespace {

constexpr std::string_view kName = "confusion:";  // and the id of the class that was predicted

}  // namespace

ClassId predictedOf(const Metric& metric) {
    if (!metric.name.starts_with(kName)) return {};
    const std::string_view digits = std::string_view(metric.name).substr(kName.size());
    std::int64_t id = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), id);
    return ClassId(id);
}

std::vector<Metric> confusionMetrics(std::span<const ItemTruth> truth, std::span<const ItemPrediction> predictions,
                                     const std::vector<ClassLabel>& classes) {
    const auto summary = learn::metrics::evaluateClasses(truth, predictions, static_cast<int>(classes.size()), false);
    if (!summary) return {};
    std::vector<Metric> cells;
    for (std::size_t cell = 0; cell < summary->confusion.size(); ++cell) {
        if (summary->confusion[cell] == 0) continue;
        Metric metric;
        metric.name = kName;
        metric.name += std::to_string(classes[cell % classes.size()].id.value);
        metric.label = classes[cell / classes.size()].id;
        metric.value = metric.low = metric.high = static_cast<double>(summary->confusion[cell]);
        cells.push_back(std::move(metric));
    }
    return cells;
}

std::optional<Confusion> confusionOf(const std::vector<Metric>& metrics, ModelId model, Split split,
                                     const std::vector<ClassLabel>& classes) {
    Confusion found;
    std::unordered_map<ClassId, std::size_t> places;
    for (const ClassLabel& label : classes) {
        if (label.archived) continue;
        places.emplace(label.id, places.size());
        found.classes.push_back(label);
    }
    found.counts.assign(places.size() * places.size(), 0);
    std::int64_t all = 0;
    for (const Metric& metric : metrics) {
        if (metric.model != model || metric.split != split) continue;
        const auto labelled = places.find(metric.label);
        const auto predicted = places.find(predictedOf(metric));
        if (labelled == places.end() || predicted == places.end()) continue;
        const auto count = static_cast<std::int64_t>(metric.value);
        found.counts[labelled->second * places.size() + predicted->second] = count;
        all += count;
    }
    return all > 0 ? std::optional(std::move(found)) : std::nullopt;
}

}  // namespace querent::session::learning

#include "engine/cli/print.h"

#include "engine/cli/console.h"
#include "engine/session/learning/confusion.h"
#include "engine/session/policies.h"

#include <cstdio>
#include <unordered_map>

namespace querent::cli {
namespace {

std::unordered_map<ClassId, std::string> namesOf(const std::vector<ClassLabel>& classes) {
    std::unordered_map<ClassId, std::string> names;
    for (const ClassLabel& label : classes)
        names[label.id] = label.name;
    return names;
}

}  // namespace

void printJson(const nlohmann::json& document) {
    const std::string text = document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
    std::printf("%s\n", text.c_str());
}

nlohmann::json toJson(const std::vector<Metric>& metrics, const std::vector<ClassLabel>& classes) {
    const auto names = namesOf(classes);
    nlohmann::json document = {{"metrics", nlohmann::json::object()},
                               {"per_class", nlohmann::json::object()},
                               {"intervals", nlohmann::json::object()}};
    for (const Metric& metric : metrics) {
        if (session::policyFigure(metric)) continue;  // nothing that was measured
        if (metric.label.valid()) {
            const auto name = names.find(metric.label);
            if (name == names.end()) continue;
            if (const auto predicted = names.find(session::learning::predictedOf(metric)); predicted != names.end()) {
                document["confusion"][name->second][predicted->second] = static_cast<std::int64_t>(metric.value);
                continue;
            }
            document["per_class"][name->second][metric.name] = metric.value;
            if (metric.low != metric.high) {
                document["per_class"][name->second][metric.name + "_interval"] = {metric.low, metric.high};
            }
            continue;
        }
        document["metrics"][metric.name] = metric.value;
        if (metric.low != metric.high) document["intervals"][metric.name] = {metric.low, metric.high};
    }
    return document;
}

void printMetrics(const std::vector<Metric>& metrics, const std::vector<ClassLabel>& classes) {
    const auto names = namesOf(classes);
    for (const Metric& metric : metrics) {
        if (session::learning::predictedOf(metric).valid() || session::policyFigure(metric)) continue;  // no measures
        const auto name = names.find(metric.label);
        const std::string title = shown(metric.name + (name == names.end() ? "" : " " + name->second));
        if (metric.low != metric.high) {
            std::printf("%-28s %.4f  [%.4f, %.4f]\n", title.c_str(), metric.value, metric.low, metric.high);
        } else {
            std::printf("%-28s %.4f\n", title.c_str(), metric.value);
        }
    }
}

nlohmann::json toJson(const std::vector<Reason>& reasons) {
    nlohmann::json document = nlohmann::json::object();
    for (const Reason& reason : reasons)
        document[reason.name] = reason.value;
    return document;
}

}  // namespace querent::cli

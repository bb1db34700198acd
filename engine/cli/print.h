#pragma once

#include "engine/core/records.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace querent::cli {

/** Prints the one JSON document of a `--json` run on stdout. */
void printJson(const nlohmann::json& document);

/**
 * {"metrics": {name: value}, "per_class": {class: {name: value}}, "intervals": {name: [low, high]}}, and in tasks of
 * one class an item "confusion": {labelled: {predicted: count}} without the zeros that were never anything else.
 */
nlohmann::json toJson(const std::vector<Metric>& metrics, const std::vector<ClassLabel>& classes);

/** The metrics as a table for people. */
void printMetrics(const std::vector<Metric>& metrics, const std::vector<ClassLabel>& classes);

nlohmann::json toJson(const std::vector<Reason>& reasons);

}  // namespace querent::cli

#pragma once

#include "engine/core/result.h"
#include "engine/formats/complaints.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace querent::formats::sounds {

/** One selection of a table, its numbers as they are written: times may run over several files. */
struct RavenRow {
    std::int64_t line = 0;
    std::string file;  // Begin Path or else Begin File; empty where the table names none
    double begin = 0.0;
    double end = 0.0;
    std::optional<double> offset;  // seconds from the beginning of `file`
    std::optional<double> low;     // Hz
    std::optional<double> high;
    std::string label;
    std::optional<double> score;
};

/** A selection table: one row a selection, whatever number of views it is listed for. */
struct RavenTable {
    std::vector<RavenRow> rows;
    std::map<std::string, std::int64_t> lost;  // rows that were left out, by their file
};

/** True for a first line that names the columns of a selection table. */
bool isRavenHeader(std::string_view line);

/**
 * Parses a selection table. `labels`: the columns that may hold the class, the best first, lower case; without any of
 * them it is the first column of text that is not one of Raven's own. nullopt and a complaint when there is no header.
 */
std::optional<RavenTable> parseRavenTable(const std::filesystem::path& path, std::string_view text,
                                          const std::vector<std::string>& labels, Complaints& complaints);

}  // namespace querent::formats::sounds

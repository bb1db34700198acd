#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace querent::session::logbook {

/**
 * The log file that people are asked for in bug reports: what the program is and runs on, rounds, imports and exports
 * with their counts, and what went wrong. It names no item, class or file: whatever looks like a path, a file's name or
 * a quotation is replaced by "…". Nothing is written before begin(). All of it is thread-safe and never fails the
 * program.
 */

/** $XDG_STATE_HOME/querent/querent.log, ~/.local/state/querent/querent.log; empty where there is no home. */
std::filesystem::path defaultFile();

constexpr std::size_t kFileBytes = 1 << 20;
constexpr std::size_t kFiles = 3;  // querent.log, querent.1.log, querent.2.log

/**
 * Opens the file, and its folder where that is missing, and writes `headline` as it is. Also takes down unexpected
 * exceptions that end the program.
 * @return false where the file cannot be written; then nothing is kept
 */
bool begin(const std::filesystem::path& file, const std::string& headline, std::size_t fileBytes = kFileBytes);
void end();

/** "line" without what may name a person's data. */
std::string withoutNames(std::string_view line);

void note(std::string_view line);
void warn(std::string_view line);
void error(std::string_view line);
/** A line that holds no names by its nature: versions and devices. */
void noteAsIs(const std::string& line);

}  // namespace querent::session::logbook

#pragma once

#include "engine/core/result.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace querent::select::policy {

/**
 * What learned strategies keep: text lines and rows of numbers, each by a name. As bytes: a line with the kind and the
 * version, the text lines, an empty line, little-endian doubles, and a checksum of all of it. The same content gives
 * the same bytes.
 */
struct NumberFile {
    /** Keys are one word, values one line; in order, a key may come again. */
    std::vector<std::pair<std::string, std::string>> lines;
    std::map<std::string, std::vector<double>> rows;  // names are one word

    /** The first line of this key; empty when there is none. */
    std::string line(std::string_view key) const;
    /** The row of this name; empty when there is none. */
    const std::vector<double>& row(const std::string& name) const;
};

/** @param kind  one word: "policy" */
std::string packNumbers(const NumberFile& file, std::string_view kind, int version);

/**
 * @param path  for the error's sentence alone
 * @return Malformed when these bytes are no file of this kind; Corrupt when some are missing or changed, or a number
 *         is not finite; NewerVersion and Unsupported for other versions
 */
Result<NumberFile> unpackNumbers(std::string_view bytes, std::string_view kind, int version,
                                 const std::filesystem::path& path = {});

}  // namespace querent::select::policy

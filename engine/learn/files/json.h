#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace querent::learn::files {

/**
 * The JSON texts inside model and .safetensors files, which may be a stranger's: exactly one value, at most 32 levels
 * deep, no name twice in an object. Bytes that are no UTF-8 become U+FFFD, for names of files and words of texts may
 * hold such bytes. Empty for anything else; throws nothing.
 */
std::optional<nlohmann::json> parseJson(std::string_view text);

/** On one line, names in order; numbers with as few digits as read back the same, bytes that are no UTF-8 as U+FFFD. */
std::string jsonText(const nlohmann::json& value);

/** The member of an object; null when there is none, or `value` is no object. */
const nlohmann::json* memberOf(const nlohmann::json& value, const char* name);

/** A whole number in [0, 2^53], also one that is written with a point or an exponent. */
std::optional<std::int64_t> wholeNumber(const nlohmann::json& value);

}  // namespace querent::learn::files

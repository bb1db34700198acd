#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace querent::formats::text {

/** How a JSON file is taken apart. */
struct JsonParts {
    /** The member of the file's object whose objects come one by one; empty: the file's object is itself the one. */
    std::string list = {};
    /** Members that are left out wherever they stand, such as a picture inside its label file. */
    std::vector<std::string> passedOver = {};
    bool lines = false;  // the file may hold several documents, one after the other (JSON lines)
    std::int64_t mostBytes = std::int64_t{1} << 30;  // of the file
};

struct JsonOutline {
    bool isList = false;          // the file is a list, and not an object
    bool hasList = false;         // it is one, or has the list that was asked for
    std::int64_t strangers = 0;   // entries of the list that are no objects, and were passed over
    std::int64_t nonNumbers = 0;  // the literals NaN and Infinity, which are given as null
    nlohmann::json rest;          // the other members of the file's object
};

/**
 * Streams a JSON file: calls `sink` with each object of its list, of which only one is in memory at a time. Malformed
 * where the file is no JSON to its end, is nested deeper than 64, or has an object of more than four million values;
 * Unsupported where it is too large.
 */
Result<JsonOutline> streamJson(const std::filesystem::path& path, const JsonParts& parts, const Job& job,
                               const std::function<void(const nlohmann::json&)>& sink);

/** The line on which an object of streamJson() begins, also one inside of another. */
std::int64_t lineOf(const nlohmann::json& object);
/** The member, or null where `object` is no object or has none of the name. */
const nlohmann::json& memberOf(const nlohmann::json& object, const char* name);
/** The member when it is a text, without blanks at its ends; otherwise empty. */
std::string textOf(const nlohmann::json& object, const char* name);
/** The value when it is a finite number. */
std::optional<double> numberOf(const nlohmann::json& value);
/** Numbers of an array of `count` of them, all finite. */
std::optional<std::vector<double>> numbersOf(const nlohmann::json& list, std::size_t count);
/** A width or a height of a picture; 0 when the member is none. */
int sideOf(const nlohmann::json& object, const char* name);

}  // namespace querent::formats::text

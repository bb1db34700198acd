#pragma once

#include "engine/core/result.h"
#include "engine/formats/complaints.h"
#include "engine/formats/format.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace querent::formats::yolo {

/** The names behind YOLO's class numbers, and the file they come from (empty: from the caller). */
struct YoloNames {
    std::map<std::int64_t, std::string> names;  // doubles have the same name under several numbers
    std::filesystem::path source;
};

/** How the writer names a number without a class; readers pass over such names. */
std::string placeholderName(std::int64_t index);

/** data.yaml before classes.txt before obj.names before the caller's names; an Error when there are none at all. */
Result<YoloNames> findYoloNames(const ReadOptions& options, const std::filesystem::path& root, Complaints& complaints);

}  // namespace querent::formats::yolo

#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/formats/complaints.h"
#include "engine/formats/format.h"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace querent::formats::yolo {

/** What data.yaml (or darknet's obj.data and lists) says about a data set. */
struct YoloLayout {
    std::map<std::int64_t, std::string> names;        // doubles have the same name under several numbers
    std::filesystem::path source;                     // the file that the names come from; empty: the caller
    std::filesystem::path config;                     // data.yaml or obj.data; empty where there is none
    std::string path;                                 // data.yaml's `path`: the folder of the data; may be empty
    std::map<Split, std::vector<std::string>> parts;  // folders or lists (.txt) of a split, as they are written
    std::vector<int> keypoints;                       // data.yaml's kpt_shape: how many points, numbers a point
    std::set<std::int64_t> gaps;                      // numbers without a class, which have a name for trainers only
};

/** The entry of data.yaml in which our writer lists the gaps; others pass over it. */
inline constexpr const char* kGapsEntry = "unused";

/**
 * data.yaml before classes.txt before obj.names before the caller's names; an Error when there are no names at all.
 * `root`: the folder of the data as the caller knows it.
 */
Result<YoloLayout> findYoloLayout(const ReadOptions& options, const std::filesystem::path& root,
                                  Complaints& complaints);

}  // namespace querent::formats::yolo

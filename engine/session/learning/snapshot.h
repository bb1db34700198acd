#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/session/learning/item_list.h"
#include "engine/session/project/project.h"

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace querent::session::learning {

/** Where the answers of a snapshot come from. */
enum class Answers {
    Labels,         // what people and imports have said; items that do not train are left out
    LabelsOrTruth,  // the known truth where there are no labels: simulations, and rounds without a person
    None,           // every item, without boxes: the pool as selection sees it
};

/**
 * A copy of a part of the project that does not change while something works on it: items, answers, and the
 * numbering of classes 0..C-1 in the order of their export index. Media that are missing or unreadable are left out
 * and named, and so are items without any other.
 */
struct Snapshot {
    std::vector<ClassLabel> classes;  // by class number
    ItemList items;                   // truth.item is the item's id
    std::vector<std::string> names;   // of the items, in the order of `items`
    std::vector<std::string> leftOut;

    int classCount() const { return static_cast<int>(classes.size()); }
};

/**
 * Copies the items of a split that `wanted` lets through (all without one).
 * @param answers  which boxes they carry; items without known answers are left out unless it is None
 */
Result<Snapshot> takeSnapshot(const Project& project, Split split, Answers answers,
                              const std::function<bool(const ItemRow&)>& wanted = {});

/** Class id to class number, for the classes of a snapshot. */
std::unordered_map<ClassId, int> classNumbers(const std::vector<ClassLabel>& classes);

}  // namespace querent::session::learning

#pragma once

#include "engine/core/annotation.h"
#include "engine/core/ids.h"

#include <span>
#include <string>
#include <vector>

namespace querent::session::project {

class Project;

/** What a list shows of an item beside its row. */
struct ItemGist {
    std::vector<ClassId> classes;       // labels of the whole item, in the order in which they were given
    std::vector<Prediction> predicted;  // the current model's classes of the whole item, best first
    std::string text;                   // the beginning of its first text, UTF-8; empty where it has none
};

/** One gist an item, in the order given; empty for unknown ids. A page of 200 takes a few milliseconds. Any thread. */
std::vector<ItemGist> gistsOf(const Project& project, std::span<const ItemId> items);

}  // namespace querent::session::project

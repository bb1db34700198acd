#pragma once

#include "engine/core/records.h"
#include "engine/session/project/project.h"

#include <optional>

namespace querent::session::project {

/** The edit that gives an unanswered item its known truth; nothing when it has an answer, or no known truth. */
std::optional<Edit> truthAsEdit(Project& project, ItemId item, PersonId author, int round);

/**
 * Whether the answers of the train split are known already: then a round asks about what no round has asked yet, and
 * needs nobody to answer.
 */
bool answersAreKnown(const Project& project);

}  // namespace querent::session::project

#pragma once

#include "engine/session/project/project.h"

#include <filesystem>
#include <memory>

namespace querent::tests {

/** Draws `count` small pictures of bright squares (one to three, two classes by colour) and their boxes as CSV. */
void drawSquares(const std::filesystem::path& folder, int count, std::uint64_t seed = 1);

/** A new project on squares, imported as `as` says ("labels", "truth"); null, with a message, when it fails. */
std::unique_ptr<session::Project> squaresProject(const std::filesystem::path& folder, int count, bool asTruth);

}  // namespace querent::tests

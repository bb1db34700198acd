#pragma once

#include "engine/core/records.h"
#include "engine/session/project/project.h"

#include <QString>

#include <memory>
#include <string>
#include <vector>

namespace querent::app::test {

/** One item of a test project; what is empty or false it has not. */
struct MixedItem {
    bool picture = false;
    double seconds = 0.0;  // of its sound, a tone at 8 kHz; below 0: a file that is no sound
    std::string text;
    std::string label;
};

/**
 * Makes files and a manifest of these items below `folder`, and `folder`/mixed.querent of them; fails the test when it
 * cannot. Items are in the order given. `settings.media` says which media the project is about.
 */
std::unique_ptr<session::Project> makeMixedProject(const QString& folder, const std::vector<MixedItem>& items,
                                                   ProjectSettings settings, const std::vector<std::string>& classes);

}  // namespace querent::app::test

#pragma once

#include "app/bridge/image_convert.h"
#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/session/transfer/transfer.h"

#include <QString>

#include <filesystem>
#include <string>
#include <vector>

namespace querent::app::controllers {

/** What a person wants of a new project. */
struct NewProjectPlan {
    std::filesystem::path file;
    ProjectSettings settings;
    std::vector<std::string> classes;
    session::transfer::ImportRequest data;  // `from` empty: nothing is imported yet
};

/**
 * Creates the project file and imports its data. When the import fails or is cancelled, the new file and its sidecar
 * folder are removed again: nothing of the user's is in them. Refuses a file that exists. Slow; any thread.
 */
Result<session::transfer::ImportReport> createProject(const NewProjectPlan& plan, const Job& job);

/** The first thing that is wrong with the plan as a sentence for people, empty when it is good. Quick. */
QString planProblem(const NewProjectPlan& plan);

}  // namespace querent::app::controllers

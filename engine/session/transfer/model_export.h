#pragma once

#include "engine/core/ids.h"
#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/session/project/project.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace querent::session::transfer {

/** The formats of exportModel(), by the names that people give. */
std::vector<std::string> modelFormats();

struct ModelExport {
    std::string format;
    std::filesystem::path to;
    std::optional<ModelId> model;  // nothing: the current one
    bool overwrite = false;
};

/**
 * Writes a model as a file that other programs read, with the names of its classes and how it wants to be asked
 * (docs/model-files.md). The file is old or new, whole. InvalidArgument for an unknown format and for a file that is
 * there; NotFound without a model; Unsupported for a network that the format cannot hold, and for a model that does
 * not say which classes it knows. Any thread but the window's.
 * @return the model that was written
 */
Result<ModelRecord> exportModel(const Project& project, const ModelExport& request, const Job& job);

}  // namespace querent::session::transfer

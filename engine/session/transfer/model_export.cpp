#include "engine/session/transfer/model_export.h"

#include "engine/learn/classify/classifier_export.h"
#include "engine/learn/detect/detector_export.h"
#include "engine/session/models.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace querent::session::transfer {
namespace {

using learn::portable::ModelFormat;

constexpr std::array<std::pair<const char*, ModelFormat>, 3> kFormats = {{
    {"onnx", ModelFormat::Onnx},
    {"torchscript", ModelFormat::TorchScript},
    {"safetensors", ModelFormat::Safetensors},
}};

Result<ModelFormat> formatOf(const std::string& name) {
    for (const auto& [word, format] : kFormats) {
        if (name == word) return format;
    }
    return fail(ErrorCode::InvalidArgument,
                "Models cannot be written as \"" + name + "\", only as onnx, torchscript or safetensors.");
}

Result<ModelRecord> wantedModel(const Project& project, const std::optional<ModelId>& wanted) {
    if (!wanted) {
        auto current = project.currentModel();
        if (current) return std::move(*current);
        return fail(ErrorCode::NotFound, "The project has no model yet.", project.file());
    }
    for (ModelRecord& model : project.models()) {
        if (model.id == *wanted) return std::move(model);
    }
    return fail(ErrorCode::NotFound, "The project has no model with the number " + std::to_string(wanted->value) + ".",
                project.file());
}

/** What the project knows and the network does not. */
learn::portable::Texts textsOf(const Project& project, const ModelRecord& model) {
    const std::vector<ClassLabel> today = project.classes();
    nlohmann::json names = nlohmann::json::array();
    for (const ClassId id : classesOf(model)) {
        const auto found = std::find_if(today.begin(), today.end(), [&](const ClassLabel& c) { return c.id == id; });
        names.push_back(found == today.end() ? "" : found->name);
    }
    const ProjectSettings settings = project.settings();
    nlohmann::json media = nlohmann::json::array();
    for (const Modality modality : settings.media)
        media.push_back(toText(modality));
    const auto written = [](const nlohmann::json& value) {
        return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    };
    learn::portable::Texts texts = {{"classes", written(names)}, {"media", written(media)}};
    if (settings.task == TaskKind::Detect) texts["score_threshold"] = written(settings.ghostThreshold);
    return texts;
}

}  // namespace

std::vector<std::string> modelFormats() {
    std::vector<std::string> names;
    for (const auto& [word, format] : kFormats)
        names.emplace_back(word);
    return names;
}

Result<ModelRecord> exportModel(const Project& project, const ModelExport& request, const Job& job) {
    const auto format = formatOf(request.format);
    if (!format) return format.error();
    const ProjectSettings settings = project.settings();
    const bool pictures = settings.media == std::vector<Modality>{Modality::Image};
    if (*format != ModelFormat::Safetensors && !pictures) {
        return fail(ErrorCode::Unsupported,
                    "Only models of projects about single pictures can be written as " + request.format +
                        "; those of this project as safetensors.",
                    project.file());
    }
    std::error_code error;
    if (!request.overwrite && std::filesystem::exists(request.to, error))
        return fail(ErrorCode::InvalidArgument, "The file is there already.", request.to);
    auto model = wantedModel(project, request.model);
    if (!model) return model.error();
    const auto use = useOf(project, *model, project.classes());
    if (!use) return use.error();
    const auto write =
        settings.task == TaskKind::Detect ? learn::detect::exportDetector : learn::classify::exportClassifier;
    const auto written = write(use->file, *format, textsOf(project, *model), request.to, job);
    if (!written) return written.error();
    return model;
}

}  // namespace querent::session::transfer

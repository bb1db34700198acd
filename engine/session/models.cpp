#include "engine/session/models.h"

#include "engine/learn/files/renewal.h"
#include "engine/media/hash.h"
#include "engine/session/project/project_internal.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace querent::session {
namespace {

nlohmann::json configOf(const ModelRecord& model) {
    auto config = nlohmann::json::parse(model.config, nullptr, false);
    return config.is_object() ? config : nlohmann::json::object();
}

}  // namespace

std::filesystem::path modelPath(const Project& project, const ModelRecord& model) {
    const std::filesystem::path inside = std::filesystem::path(model.checkpoint).lexically_normal();
    const bool outside = inside.empty() || inside.is_absolute() || *inside.begin() == "..";
    return outside ? std::filesystem::path() : project.sidecar() / inside;
}

std::string startHash(const std::string& backboneWeights, bool startsLearnt) {
    if (startsLearnt) return "nanodet-g";
    if (backboneWeights.empty() || backboneWeights == kNoBackbone) return {};
    return project::valueOr(media::contentHash(backboneWeights), std::string("unreadable"));
}

std::vector<ClassId> classesOf(const ModelRecord& model) {
    std::vector<ClassId> ids;
    const nlohmann::json config = configOf(model);
    const auto found = config.find("class_ids");
    if (found == config.end() || !found->is_array()) return ids;
    for (const nlohmann::json& id : *found) {
        if (!id.is_number_integer()) return {};
        ids.emplace_back(id.get<std::int64_t>());
    }
    return ids;
}

Result<learning::ModelUse> useOf(const Project& project, const ModelRecord& model,
                                 const std::vector<ClassLabel>& today) {
    const std::vector<ClassId> own = classesOf(model);
    if (own.empty()) {
        return fail(ErrorCode::Unsupported, "The model does not say which classes it knows; train a new one.",
                    modelPath(project, model));
    }
    const std::filesystem::path file = modelPath(project, model);
    if (file.empty()) {
        return fail(ErrorCode::NotFound, "The record of the model names a file outside of the project's folder.",
                    project.file());
    }
    // What earlier versions wrote is read where it cannot be written; so this may fail.
    if (!project.readOnly()) static_cast<void>(learn::files::renewModel(file));
    const auto numbers = learning::classNumbers(today);
    learning::ModelUse use{file, {}, static_cast<int>(today.size())};
    for (const ClassId id : own) {
        const auto number = numbers.find(id);
        use.numbers.push_back(number == numbers.end() ? -1 : number->second);
    }
    return use;
}

std::optional<UsableModel> usableModel(const Project& project, const std::vector<ClassLabel>& today) {
    auto model = project.currentModel();
    std::error_code error;
    if (!model || !std::filesystem::is_regular_file(modelPath(project, *model), error)) return std::nullopt;
    auto use = useOf(project, *model, today);
    if (!use || std::all_of(use->numbers.begin(), use->numbers.end(), [](int n) { return n < 0; })) return std::nullopt;
    return UsableModel{std::move(*model), std::move(use).value()};
}

WarmStart warmStartFor(const Project& project, const std::vector<ClassLabel>& today, bool startsLearnt) {
    const auto model = usableModel(project, today);
    if (!model) return {{}, {}, "from scratch"};
    const std::string number = std::to_string(model->record.id.value);
    const nlohmann::json config = configOf(model->record);
    const ProjectSettings settings = project.settings();
    if (config.value("network", "") != settings.networkSize ||
        config.value("backbone_hash", "") != startHash(settings.backboneWeights, startsLearnt)) {
        return {{}, {}, "from scratch: the network has changed since model " + number};
    }
    std::unordered_map<ClassId, int> own;
    for (const ClassId id : classesOf(model->record))
        own.emplace(id, static_cast<int>(own.size()));
    WarmStart start{model->use.file, {}, "from model " + number};
    for (const ClassLabel& label : today) {
        const auto known = own.find(label.id);
        start.classes.push_back(known == own.end() ? -1 : known->second);
    }
    return start;
}

Result<ModelRecord> modelById(const Project& project, ModelId id) {
    for (ModelRecord& model : project.models()) {
        if (model.id == id) return std::move(model);
    }
    return fail(ErrorCode::NotFound, "The round's model is not in the project.", project.file());
}

}  // namespace querent::session

#include "engine/learn/detect/model_file.h"

#include "engine/learn/descent/side_descent.h"
#include "engine/learn/files/json.h"
#include "engine/learn/torch_compat.h"

#include <algorithm>
#include <set>

namespace querent::learn::detect {

Size networkInput(Size wish) {
    const auto fit = [](int side) { return std::clamp((side + 7) / 8 * 8, 64, 4096); };
    return {fit(wish.width), fit(wish.height)};
}

std::string toJson(const DetectorConfig& config, const networks::BackbonePlan& plan) {
    return files::Json(files::Json::Object{
                           {"size", files::Json(config.size)},
                           {"layout", files::Json(plan.layout)},
                           {"classes", files::Json(static_cast<double>(config.classes))},
                           {"width", files::Json(static_cast<double>(config.input.width))},
                           {"height", files::Json(static_cast<double>(config.input.height))},
                           {"torch", files::Json(torchVersion())},
                           {"window_seconds", files::Json(config.windowSeconds)},
                       })
        .text();
}

bool fromJson(const std::string& text, DetectorConfig& config, networks::BackbonePlan& plan) {
    static const std::set<std::string> kLayouts{"small", "resnet18", "resnet34", "resnet50", "script"};
    const std::optional<files::Json> json = files::Json::parse(text);
    if (!json) return false;
    const auto whole = [&json](const char* name, std::int64_t most) -> int {
        const files::Json* member = json->find(name);
        const std::optional<std::int64_t> n = member ? member->count() : std::nullopt;
        return n && *n <= most ? static_cast<int>(*n) : 0;
    };
    const files::Json* size = json->find("size");
    const files::Json* layout = json->find("layout");
    if (!size || !size->string() || !layout || !layout->string() || !kLayouts.contains(*layout->string())) return false;
    config.size = *size->string();
    plan.layout = *layout->string();
    config.classes = whole("classes", 100000);
    config.input = {whole("width", 4096), whole("height", 4096)};
    if (const files::Json* seconds = json->find("window_seconds"))  // models from before there were windows lack it
        config.windowSeconds = seconds->number().value_or(0.0);
    return config.classes > 0 && config.input == networkInput(config.input);
}

Result<void> saveModel(const std::filesystem::path& path, const SavedModel& model) {
    return files::saveArchive(path, {toJson(model.config, model.plan), model.plan.script, model.tensors});
}

Result<SavedModel> loadModel(const std::filesystem::path& path) {
    Result<files::ModelArchive> archive = files::loadArchive(path);
    if (!archive) return archive.error();
    SavedModel model;
    if (!fromJson(archive->config, model.config, model.plan)) return files::notOurModel(path);
    model.plan.script = std::move(archive->script);
    model.tensors = std::move(archive->tensors);
    return model;
}

Result<std::shared_ptr<networks::DetectorNet>> revive(const SavedModel& model) {
    try {
        auto net = std::make_shared<networks::DetectorNet>(model.plan, model.config.classes, Rng(0));
        if (files::fillTensors(*net, model.tensors) != files::tensorsOf(*net).size()) {
            return fail(ErrorCode::Malformed, "The model lacks some of its weights.");
        }
        net->eval();
        return net;
    } catch (const std::exception&) {
        return fail(ErrorCode::Malformed, "The model's network cannot be built.");
    }
}

std::shared_ptr<networks::DetectorSide> reviveSide(const SavedModel& model, const networks::DetectorNet& net) {
    auto side = std::make_shared<networks::DetectorSide>(net.width(), model.config.classes, 0);
    if (!descent::fillSideTensors(*side, model.tensors)) return nullptr;
    side->eval();
    return side;
}

}  // namespace querent::learn::detect

#include "engine/learn/detect/model_file.h"

#include "engine/learn/descent/side_descent.h"
#include "engine/learn/files/json.h"
#include "engine/learn/files/trusted_programs.h"
#include "engine/learn/torch_compat.h"

#include <algorithm>
#include <set>

namespace querent::learn::detect {

namespace {

// Shorter or longer windows of a sound are of no use, and would be without number.
constexpr double kShortestWindow = 0.01;
constexpr double kLongestWindow = 86400.0;

bool possibleWindow(double seconds) {
    return seconds == 0.0 || (seconds >= kShortestWindow && seconds <= kLongestWindow);
}

}  // namespace

Size networkInput(Size wish) {
    const auto fit = [](int side) { return std::clamp((side + 7) / 8 * 8, 64, 4096); };
    return {fit(wish.width), fit(wish.height)};
}

std::string toJson(const DetectorConfig& config, const networks::BackbonePlan& plan) {
    return files::jsonText({{"size", config.size},
                            {"layout", plan.layout},
                            {"classes", config.classes},
                            {"width", config.input.width},
                            {"height", config.input.height},
                            {"torch", torchVersion()},
                            {"window_seconds", config.windowSeconds}});
}

bool fromJson(const std::string& text, DetectorConfig& config, networks::BackbonePlan& plan) {
    static const std::set<std::string> kLayouts{"small",  "resnet18",      "resnet34",     "resnet50",
                                                "script", "nanodet-small", "nanodet-base", "nanodet-large"};
    const std::optional<nlohmann::json> json = files::parseJson(text);
    if (!json) return false;
    const auto whole = [&json](const char* name, std::int64_t most) -> int {
        const nlohmann::json* member = files::memberOf(*json, name);
        const std::optional<std::int64_t> n = member ? files::wholeNumber(*member) : std::nullopt;
        return n && *n <= most ? static_cast<int>(*n) : 0;
    };
    const nlohmann::json* size = files::memberOf(*json, "size");
    const nlohmann::json* layout = files::memberOf(*json, "layout");
    if (!size || !size->is_string() || !layout || !layout->is_string() || !kLayouts.contains(*layout)) return false;
    config.size = *size;
    plan.layout = *layout;
    config.classes = whole("classes", 100000);
    config.input = {whole("width", 4096), whole("height", 4096)};
    // Models from before there were windows lack it.
    const nlohmann::json* seconds = files::memberOf(*json, "window_seconds");
    if (seconds) config.windowSeconds = seconds->is_number() ? seconds->get<double>() : 0.0;
    return config.classes > 0 && config.input == networkInput(config.input) && possibleWindow(config.windowSeconds);
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
    // A network of as many classes as the text says may be far larger than what there are numbers for.
    const auto classes = model.tensors.find("head.classes.bias");
    if (classes == model.tensors.end() || classes->second.numel() != model.config.classes)
        return files::notOurModel(path);
    return model;
}

Result<std::shared_ptr<networks::DetectorNet>> revive(const SavedModel& model) {
    if (model.plan.layout == "script") {
        if (const Result<void> allowed = files::requireTrust(model.plan.script, {}); !allowed) return allowed.error();
    }
    return files::revived(model.tensors, [&] {
        return std::make_shared<networks::DetectorNet>(model.plan, model.config.classes, Rng(0));
    });
}

std::shared_ptr<networks::DetectorSide> reviveSide(const SavedModel& model, const networks::DetectorNet& net) {
    auto side = std::make_shared<networks::DetectorSide>(net.width(), model.config.classes, 0);
    if (!descent::fillSideTensors(*side, model.tensors)) return nullptr;
    side->eval();
    return side;
}

}  // namespace querent::learn::detect

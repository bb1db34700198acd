#include "engine/learn/detect/weights.h"

#include "engine/learn/files/moderate_file.h"
#include "engine/learn/files/start_weights.h"
#include "engine/learn/files/trusted_programs.h"

#include <utility>

namespace querent::learn::detect {

namespace {

/** Which of our layouts a torchvision dictionary fills; empty when none. */
std::string layoutOf(const files::NamedTensors& tensors) {
    if (!tensors.contains("conv1.weight") || !tensors.contains("layer4.1.conv2.weight")) return {};
    if (tensors.contains("layer1.0.conv3.weight")) {
        return tensors.contains("layer3.6.conv1.weight") ? "" : "resnet50";  // with 6 and more it is a ResNet-101
    }
    return tensors.contains("layer3.5.conv1.weight") ? "resnet34" : "resnet18";
}

Result<BackboneStart> scriptStart(std::string bytes, const std::filesystem::path& path) {
    if (const Result<void> allowed = files::requireTrust(bytes, path); !allowed) return allowed.error();
    BackboneStart start{{"script", std::move(bytes)}, {}};
    try {
        networks::makeBackbone(start.plan);
    } catch (const c10::Error&) {
        return fail(ErrorCode::Unsupported, "The TorchScript backbone cannot be run by this LibTorch.", path);
    } catch (const std::exception& problem) {
        return fail(ErrorCode::Unsupported, problem.what(), path);
    }
    return start;
}

}  // namespace

Result<files::NamedTensors> readWeights(const std::filesystem::path& path) {
    if (path.extension() != ".safetensors") return readTorchDictionary(path);
    Result<files::TensorFile> file = files::readTensors(path);
    if (!file) return file.error();
    return floats(std::move(file->tensors));
}

files::NamedTensors floats(files::NamedTensors tensors) {
    for (auto& [name, tensor] : tensors)
        tensor = tensor.to(torch::kFloat);
    return tensors;
}

Result<BackboneStart> backboneStart(const DetectorConfig& config) {
    static const std::map<std::string, std::string> kLayouts{
        {"small", "small"}, {"base", "resnet18"}, {"large", "resnet50"}};
    const auto size = kLayouts.find(config.size);
    if (size == kLayouts.end()) {
        return fail(ErrorCode::InvalidArgument,
                    "The network size \"" + config.size + "\" is not one of small, base, large.");
    }
    const std::filesystem::path& path = config.backboneWeights;
    if (path.empty() && config.startWeights) {
        const Result<files::TensorFile> start = files::startWeights();
        if (!start) return start.error();
        return BackboneStart{{"nanodet-" + config.size, {}}, files::partOf(start->tensors, "backbone.")};
    }
    if (path.empty()) return BackboneStart{{size->second, {}}, {}};
    if (path.extension() != ".safetensors") {
        Result<std::string> bytes = files::readModerate(path);
        if (!bytes) return bytes.error();
        if (files::isProgram(*bytes)) return scriptStart(std::move(*bytes), path);
    }
    Result<files::NamedTensors> tensors = readWeights(path);
    if (!tensors) return tensors.error();
    const std::string layout = layoutOf(*tensors);
    if (layout.empty())
        return fail(ErrorCode::Unsupported, "The weights are not those of a ResNet-18, -34 or -50.", path);
    const bool fits = config.size == "base" ? layout != "resnet50" : config.size == "large" && layout != "resnet18";
    if (!fits) {
        return fail(ErrorCode::InvalidArgument,
                    "The weights are those of a " + layout + ", which the network size \"" + config.size +
                        "\" does not take: base takes ResNet-18 and -34, large takes ResNet-34 and -50.",
                    path);
    }
    return BackboneStart{{layout, {}}, std::move(*tensors)};
}

}  // namespace querent::learn::detect

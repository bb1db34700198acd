#include "engine/learn/model_file.h"

#include "engine/learn/files.h"
#include "engine/learn/json.h"
#include "engine/learn/torch_compat.h"

#include <algorithm>
#include <set>
#include <sstream>

namespace querent::learn {

namespace {

constexpr std::int64_t kFormat = 1;

using TensorDict = c10::Dict<std::string, torch::Tensor>;

torch::Tensor bytesTensor(const std::string& bytes) {
    torch::Tensor t = torch::empty({static_cast<std::int64_t>(bytes.size())}, torch::kUInt8);
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(t.data_ptr<std::uint8_t>()));
    return t;
}

std::string bytesOf(const torch::Tensor& t) {
    const auto* data = reinterpret_cast<const char*>(t.data_ptr<std::uint8_t>());
    return {data, data + t.numel()};
}

Error notOurs(const std::filesystem::path& path) {
    return fail(ErrorCode::Malformed, "The file is not a model of Querent, or it is damaged.", path);
}

}  // namespace

NamedTensors tensorsOf(const torch::nn::Module& module) {
    NamedTensors out;
    const auto add = [&out](const auto& named) {
        if (named.value().is_floating_point()) {
            out[named.key()] = named.value().detach().to(torch::kCPU, torch::kFloat, false, true).contiguous();
        }
    };
    for (const auto& named : module.named_parameters())
        add(named);
    for (const auto& named : module.named_buffers())
        add(named);
    return out;
}

std::size_t fillTensors(torch::nn::Module& module, const NamedTensors& from) {
    const torch::NoGradGuard noGrad;
    std::size_t filled = 0;
    const auto fill = [&](const std::string& name, torch::Tensor to) {
        const auto it = from.find(name);
        if (it == from.end() || it->second.sizes() != to.sizes()) return;
        to.copy_(it->second);
        ++filled;
    };
    for (const auto& named : module.named_parameters())
        fill(named.key(), named.value());
    for (const auto& named : module.named_buffers()) {
        if (named.value().is_floating_point()) fill(named.key(), named.value());
    }
    return filled;
}

Size networkInput(Size wish) {
    const auto fit = [](int side) { return std::clamp((side + 7) / 8 * 8, 64, 4096); };
    return {fit(wish.width), fit(wish.height)};
}

std::string toJson(const DetectorConfig& config, const BackbonePlan& plan) {
    return Json(Json::Object{
                    {"size", Json(config.size)},
                    {"layout", Json(plan.layout)},
                    {"classes", Json(static_cast<double>(config.classes))},
                    {"width", Json(static_cast<double>(config.input.width))},
                    {"height", Json(static_cast<double>(config.input.height))},
                    {"torch", Json(torchVersion())},
                })
        .text();
}

bool fromJson(const std::string& text, DetectorConfig& config, BackbonePlan& plan) {
    static const std::set<std::string> kLayouts{"small", "resnet18", "resnet34", "resnet50", "script"};
    const std::optional<Json> json = Json::parse(text);
    if (!json) return false;
    const auto whole = [&json](const char* name, std::int64_t most) -> int {
        const Json* member = json->find(name);
        const std::optional<std::int64_t> n = member ? member->count() : std::nullopt;
        return n && *n <= most ? static_cast<int>(*n) : 0;
    };
    const Json* size = json->find("size");
    const Json* layout = json->find("layout");
    if (!size || !size->string() || !layout || !layout->string() || !kLayouts.contains(*layout->string())) return false;
    config.size = *size->string();
    plan.layout = *layout->string();
    config.classes = whole("classes", 100000);
    config.input = {whole("width", 4096), whole("height", 4096)};
    return config.classes > 0 && config.input == networkInput(config.input);
}

Result<void> saveModel(const std::filesystem::path& path, const SavedModel& model) {
    try {
        TensorDict tensors;
        for (const auto& [name, tensor] : model.tensors)
            tensors.insert(name, tensor);
        torch::serialize::OutputArchive archive;
        archive.write("querent", torch::IValue(kFormat));
        archive.write("config", torch::IValue(toJson(model.config, model.plan)));
        archive.write("script", torch::IValue(bytesTensor(model.plan.script)));
        archive.write("tensors", torch::IValue(tensors));
        std::ostringstream out;
        archive.save_to(out);
        return replaceWhole(path, out.str());
    } catch (const std::exception&) {
        return fail(ErrorCode::Internal, "The model cannot be packed.", path);
    }
}

Result<SavedModel> loadModel(const std::filesystem::path& path) {
    Result<std::string> bytes = readWhole(path);
    if (!bytes) return bytes.error();
    try {
        torch::serialize::InputArchive archive;
        std::istringstream in(std::move(*bytes));
        archive.load_from(in, torch::Device(torch::kCPU));
        torch::IValue format, config, script, tensors;
        if (!archive.try_read("querent", format) || !format.isInt()) return notOurs(path);
        if (format.toInt() > kFormat) {
            return fail(ErrorCode::NewerVersion, "The model was made by a newer version of Querent.", path);
        }
        archive.read("config", config);
        archive.read("script", script);
        archive.read("tensors", tensors);
        SavedModel model;
        if (!fromJson(config.toStringRef(), model.config, model.plan)) return notOurs(path);
        model.plan.script = bytesOf(script.toTensor());
        for (const auto& entry : tensors.toGenericDict()) {
            model.tensors[entry.key().toStringRef()] = entry.value().toTensor();
        }
        return model;
    } catch (const std::exception&) {
        return notOurs(path);
    }
}

Result<std::shared_ptr<DetectorNet>> revive(const SavedModel& model) {
    try {
        auto net = std::make_shared<DetectorNet>(model.plan, model.config.classes, Rng(0));
        if (fillTensors(*net, model.tensors) != tensorsOf(*net).size()) {
            return fail(ErrorCode::Malformed, "The model lacks some of its weights.");
        }
        net->eval();
        return net;
    } catch (const std::exception&) {
        return fail(ErrorCode::Malformed, "The model's network cannot be built.");
    }
}

}  // namespace querent::learn

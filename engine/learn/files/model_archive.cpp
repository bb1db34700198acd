#include "engine/learn/files/model_archive.h"

#include "engine/learn/files/renewal.h"
#include "engine/learn/files/torch_archive.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <utility>

namespace querent::learn::files {

namespace {

constexpr std::int64_t kOldFormat = 1;  // torch archives
constexpr std::int64_t kFormat = 2;
constexpr const char* kKind = "querent";
constexpr const char* kModel = "model";
constexpr const char* kVersion = "version";
constexpr const char* kConfig = "config";
constexpr const char* kProgram = "program";

torch::Tensor bytesTensor(const std::string& bytes) {
    torch::Tensor t = torch::empty({static_cast<std::int64_t>(bytes.size())}, torch::kUInt8);
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(t.data_ptr<std::uint8_t>()));
    return t;
}

std::string bytesOf(const torch::Tensor& t) {
    const auto* data = reinterpret_cast<const char*>(t.data_ptr<std::uint8_t>());
    return {data, data + t.numel()};
}

Error newerModel(const std::filesystem::path& path) {
    return fail(ErrorCode::NewerVersion, "The model was made by a newer version of Querent.", path);
}

std::optional<std::int64_t> wholeNumber(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/** "querent" (the format's number), "config", "script" and "tensors", as attributes of a module of LibTorch. */
Result<ModelArchive> loadOld(const std::filesystem::path& path) {
    Result<TorchArchive> archive = TorchArchive::open(path);
    const Dict* attributes = archive ? archive->attributes() : nullptr;
    if (!attributes) return notOurModel(path);
    const Value* format = entryOf(*attributes, "querent");
    const Value* config = entryOf(*attributes, "config");
    const Value* script = entryOf(*attributes, "script");
    const Value* tensors = entryOf(*attributes, "tensors");
    if (!format || !format->as<std::int64_t>()) return notOurModel(path);
    if (*format->as<std::int64_t>() > kOldFormat) return newerModel(path);
    if (!config || !config->as<std::string>() || !script || !tensors || !tensors->as<Dict>()) return notOurModel(path);
    try {
        const std::optional<torch::Tensor> program = archive->tensor(*script);
        if (!program || program->scalar_type() != torch::kByte) return notOurModel(path);
        return ModelArchive{*config->as<std::string>(), bytesOf(*program), archive->tensors(*tensors->as<Dict>())};
    } catch (const std::exception&) {
        return notOurModel(path);
    }
}

TensorFile fileOf(const ModelArchive& model) {
    TensorFile file{{{kKind, kModel}, {kVersion, std::to_string(kFormat)}, {kConfig, model.config}}, model.tensors};
    if (!model.script.empty()) file.tensors[kProgram] = bytesTensor(model.script);
    return file;
}

}  // namespace

Error notOurModel(const std::filesystem::path& path) {
    return fail(ErrorCode::Malformed, "The file is not a model of Querent, or it is damaged.", path);
}

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

Result<void> saveArchive(const std::filesystem::path& path, const ModelArchive& model) {
    return writeTensors(path, fileOf(model));
}

Result<ModelArchive> loadArchive(const std::filesystem::path& path) {
    if (isOldModel(path)) return loadOld(path);
    Result<TensorFile> file = readTensors(path);
    if (!file && file.error().code == ErrorCode::NotFound) return file.error();
    if (!file || file->texts[kKind] != kModel) return notOurModel(path);
    const std::optional<std::int64_t> version = wholeNumber(file->texts[kVersion]);
    if (!version) return notOurModel(path);
    if (*version > kFormat) return newerModel(path);
    ModelArchive model{file->texts[kConfig], {}, std::move(file->tensors)};
    if (const auto program = model.tensors.find(kProgram); program != model.tensors.end()) {
        if (program->second.scalar_type() != torch::kByte) return notOurModel(path);
        model.script = bytesOf(program->second);
        model.tensors.erase(program);
    }
    return model;
}

bool isOldModel(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    char mark[2] = {};
    return file.read(mark, sizeof mark) && mark[0] == 'P' && mark[1] == 'K';
}

Result<void> renewModel(const std::filesystem::path& path) {
    if (!isOldModel(path)) return {};
    const Result<ModelArchive> model = loadOld(path);
    return model ? saveArchive(path, *model) : Result<void>(model.error());
}

Result<void> copyModel(const std::filesystem::path& from, const std::filesystem::path& to,
                       const std::map<std::string, std::string>& texts) {
    const Result<ModelArchive> model = loadArchive(from);
    if (!model) return model.error();
    TensorFile file = fileOf(*model);
    file.texts.insert(texts.begin(), texts.end());
    return writeTensors(to, file);
}

}  // namespace querent::learn::files

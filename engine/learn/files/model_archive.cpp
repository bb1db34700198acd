#include "engine/learn/files/model_archive.h"

#include "engine/core/files.h"

#include <algorithm>
#include <sstream>
#include <utility>

namespace querent::learn::files {

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
    try {
        TensorDict tensors;
        for (const auto& [name, tensor] : model.tensors)
            tensors.insert(name, tensor);
        torch::serialize::OutputArchive archive;
        archive.write("querent", torch::IValue(kFormat));
        archive.write("config", torch::IValue(model.config));
        archive.write("script", torch::IValue(bytesTensor(model.script)));
        archive.write("tensors", torch::IValue(tensors));
        std::ostringstream out;
        archive.save_to(out);
        return replaceWhole(path, out.str());
    } catch (const std::exception&) {
        return fail(ErrorCode::Internal, "The model cannot be packed.", path);
    }
}

Result<ModelArchive> loadArchive(const std::filesystem::path& path) {
    Result<std::string> bytes = readWhole(path);
    if (!bytes) return bytes.error();
    try {
        torch::serialize::InputArchive archive;
        std::istringstream in(std::move(*bytes));
        archive.load_from(in, torch::Device(torch::kCPU));
        torch::IValue format, config, script, tensors;
        if (!archive.try_read("querent", format) || !format.isInt()) return notOurModel(path);
        if (format.toInt() > kFormat) {
            return fail(ErrorCode::NewerVersion, "The model was made by a newer version of Querent.", path);
        }
        archive.read("config", config);
        archive.read("script", script);
        archive.read("tensors", tensors);
        ModelArchive model{config.toStringRef(), bytesOf(script.toTensor()), {}};
        for (const auto& entry : tensors.toGenericDict())
            model.tensors[entry.key().toStringRef()] = entry.value().toTensor();
        return model;
    } catch (const std::exception&) {
        return notOurModel(path);
    }
}

}  // namespace querent::learn::files

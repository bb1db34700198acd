#include "engine/core/files.h"
#include "engine/learn/detect/weights.h"
#include "engine/learn/files/json.h"

#include <cstring>

namespace querent::learn::detect {

namespace {

std::optional<torch::ScalarType> typeNamed(const std::string& name) {
    if (name == "F32") return torch::kFloat;
    if (name == "F64") return torch::kDouble;
    if (name == "F16") return torch::kHalf;
    if (name == "BF16") return torch::kBFloat16;
    if (name == "I64") return torch::kLong;
    if (name == "I32") return torch::kInt;
    if (name == "U8") return torch::kByte;
    return std::nullopt;
}

/** One entry of the header; empty when it does not fit the `data` it describes. */
std::optional<torch::Tensor> tensorFrom(const nlohmann::json& entry, std::string_view data) {
    const nlohmann::json* type = files::memberOf(entry, "dtype");
    const nlohmann::json* shape = files::memberOf(entry, "shape");
    const nlohmann::json* offsets = files::memberOf(entry, "data_offsets");
    if (!type || !type->is_string() || !shape || !shape->is_array() || !offsets || !offsets->is_array())
        return std::nullopt;
    const std::optional<torch::ScalarType> scalar = typeNamed(type->get<std::string>());
    if (!scalar || offsets->size() != 2) return std::nullopt;

    std::vector<std::int64_t> sizes;
    std::int64_t bytes = static_cast<std::int64_t>(c10::elementSize(*scalar));
    for (const nlohmann::json& side : *shape) {
        const std::optional<std::int64_t> n = files::wholeNumber(side);
        if (!n || __builtin_mul_overflow(bytes, *n, &bytes)) return std::nullopt;
        sizes.push_back(*n);
    }
    const std::optional<std::int64_t> begin = files::wholeNumber((*offsets)[0]);
    const std::optional<std::int64_t> end = files::wholeNumber((*offsets)[1]);
    if (!begin || !end || *end < *begin || *end - *begin != bytes) return std::nullopt;
    if (*end > static_cast<std::int64_t>(data.size())) return std::nullopt;
    torch::Tensor t = torch::empty(sizes, *scalar);
    if (bytes > 0) std::memcpy(t.data_ptr(), data.data() + *begin, static_cast<std::size_t>(bytes));
    return t.to(torch::kFloat);
}

std::uint64_t littleEndian64(const std::string& bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

}  // namespace

Result<files::NamedTensors> readSafetensors(const std::filesystem::path& path) {
    const auto malformed = [&path](const std::string& sentence) { return fail(ErrorCode::Malformed, sentence, path); };
    const Result<std::string> bytes = readWhole(path);
    if (!bytes) return bytes.error();
    if (bytes->size() < 8) return malformed("The safetensors file has no header.");
    const std::uint64_t length = littleEndian64(*bytes);
    if (length > bytes->size() - 8) return malformed("The safetensors file is cut short within its header.");
    const std::string_view all = *bytes;
    const std::optional<nlohmann::json> header = files::parseJson(all.substr(8, length));
    if (!header || !header->is_object()) return malformed("The header of the safetensors file is not valid JSON.");
    try {
        files::NamedTensors tensors;
        for (const auto& [name, entry] : header->items()) {
            if (name == "__metadata__") continue;
            const std::optional<torch::Tensor> tensor = tensorFrom(entry, all.substr(8 + length));
            if (!tensor) return malformed("The tensor \"" + name + "\" of the safetensors file does not fit its data.");
            tensors[name] = *tensor;
        }
        return tensors;
    } catch (const std::exception&) {
        return malformed("A tensor of the safetensors file cannot be built.");
    }
}

}  // namespace querent::learn::detect

#include "engine/learn/files/torch_archive.h"

#include "engine/learn/files/moderate_file.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace querent::learn::files {

namespace {

constexpr std::int64_t kMostGrowth = 16;  // bytes of memory for one of the file; types widen, weights are shared
constexpr std::size_t kMostSides = 8;
constexpr std::string_view kPickle = "/data.pkl";

const std::map<std::string, torch::ScalarType> kStorages{
    {"torch.FloatStorage", torch::kFloat}, {"torch.DoubleStorage", torch::kDouble},
    {"torch.HalfStorage", torch::kHalf},   {"torch.BFloat16Storage", torch::kBFloat16},
    {"torch.LongStorage", torch::kLong},   {"torch.IntStorage", torch::kInt},
    {"torch.ByteStorage", torch::kByte},   {"torch.BoolStorage", torch::kByte},
};

std::vector<std::int64_t> integers(const Value& value) {
    const Tuple* tuple = value.as<Tuple>();
    TORCH_CHECK(tuple && tuple->elements.size() <= kMostSides, "a shape is no short tuple");
    std::vector<std::int64_t> out;
    for (const Value* element : tuple->elements) {
        TORCH_CHECK(element->as<std::int64_t>(), "a side is no number");
        out.push_back(*element->as<std::int64_t>());
    }
    return out;
}

/** Whether a view of `numbers` stays within them, and is no larger than they are. */
bool fits(const std::vector<std::int64_t>& sizes, const std::vector<std::int64_t>& strides, std::int64_t offset,
          std::int64_t numbers) {
    if (sizes.size() != strides.size() || offset < 0 || offset > numbers) return false;
    if (!std::all_of(sizes.begin(), sizes.end(), [](std::int64_t n) { return n >= 0; })) return false;
    if (!std::all_of(strides.begin(), strides.end(), [](std::int64_t n) { return n >= 0; })) return false;
    if (std::any_of(sizes.begin(), sizes.end(), [](std::int64_t n) { return n == 0; })) {
        return std::all_of(sizes.begin(), sizes.end(), [](std::int64_t n) { return n <= 0xFFFF; });
    }
    std::int64_t count = 1;
    std::int64_t last = offset;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        std::int64_t reach = 0;
        if (__builtin_mul_overflow(count, sizes[i], &count) || count > numbers) return false;
        if (__builtin_mul_overflow(sizes[i] - 1, strides[i], &reach) || reach >= numbers - last) return false;
        last += reach;
    }
    return last < numbers;
}

}  // namespace

const Value* entryOf(const Dict& dictionary, std::string_view name) {
    for (const auto& [key, value] : dictionary.entries) {
        const auto* text = key->as<std::string>();
        if (text && *text == name) return value;
    }
    return nullptr;
}

Result<TorchArchive> TorchArchive::open(const std::filesystem::path& path) {
    const auto malformed = [&path] {
        return fail(ErrorCode::Malformed, "The file is not one that PyTorch saved, or it is damaged.", path);
    };
    Result<std::string> bytes = readModerate(path);
    if (!bytes) return bytes.error();
    if (!bytes->starts_with("PK")) {
        return fail(ErrorCode::Unsupported,
                    "The weights are in the format of PyTorch before 1.6; load and save them once with a newer one.",
                    path);
    }
    TorchArchive archive;
    archive.m_bytes = std::make_unique<const std::string>(std::move(*bytes));
    archive.m_left = static_cast<std::int64_t>(archive.m_bytes->size()) * kMostGrowth;
    archive.m_zip = ZipReader::open(*archive.m_bytes);
    if (!archive.m_zip) return malformed();
    for (const auto& [name, part] : archive.m_zip->parts()) {
        // A folder deep, as all of them have it; a module's constants are in a pickle of another name.
        if (name.ends_with(kPickle) && name.find('/') == name.size() - kPickle.size())
            archive.m_prefix = name.substr(0, name.size() - kPickle.size() + 1);
    }
    const auto pickle = archive.m_zip->part(archive.m_prefix + "data.pkl");
    if (!pickle) return malformed();
    std::optional<Pickle> read = readPickle(*pickle);
    if (!read) return malformed();
    archive.m_pickle = std::move(*read);
    return archive;
}

const Dict* TorchArchive::attributes() const {
    const Object* module = root().as<Object>();
    return module && module->state ? module->state->as<Dict>() : nullptr;
}

void TorchArchive::spend(std::int64_t bytes) {
    TORCH_CHECK(bytes <= m_left, "the tensors take more memory than they have numbers");
    m_left -= bytes;
}

std::optional<torch::Tensor> TorchArchive::tensor(const Value& value) {
    const Call* call = value.as<Call>();
    if (call && call->name == "torch._utils._rebuild_parameter" && !call->arguments.empty())
        call = call->arguments[0]->as<Call>();
    if (!call || call->name != "torch._utils._rebuild_tensor_v2" || call->arguments.size() < 4) return std::nullopt;
    const auto* storage = call->arguments[0]->as<Persistent>();
    const auto* offset = call->arguments[1]->as<std::int64_t>();
    if (!storage || !offset) return std::nullopt;
    const std::vector<std::int64_t> sizes = integers(*call->arguments[2]);
    const std::vector<std::int64_t> strides = integers(*call->arguments[3]);
    const torch::Tensor flat = storageOf(*storage->id);
    TORCH_CHECK(fits(sizes, strides, *offset, flat.numel()), "a tensor reaches over its data");
    const torch::Tensor view = flat.as_strided(sizes, strides, *offset);
    spend(static_cast<std::int64_t>(view.nbytes()));
    return view.clone(torch::MemoryFormat::Contiguous);
}

/** id: ("storage", type, key, device, count). */
torch::Tensor TorchArchive::storageOf(const Value& id) {
    const Tuple* tuple = id.as<Tuple>();
    TORCH_CHECK(tuple && tuple->elements.size() >= 3, "bad storage");
    const auto* type = tuple->elements[1]->as<Global>();
    const auto* key = tuple->elements[2]->as<std::string>();
    TORCH_CHECK(type && key && kStorages.contains(type->name), "bad storage");
    const auto known = m_storages.find(*key);
    if (known != m_storages.end()) return known->second;
    const auto data = m_zip->part(m_prefix + "data/" + *key);
    TORCH_CHECK(data, "a part is missing");
    const torch::ScalarType scalar = kStorages.at(type->name);
    spend(static_cast<std::int64_t>(data->size()));
    torch::Tensor flat = torch::empty({static_cast<std::int64_t>(data->size() / c10::elementSize(scalar))}, scalar);
    if (flat.numel() > 0) std::memcpy(flat.data_ptr(), data->data(), flat.nbytes());
    m_storages[*key] = flat;
    return flat;
}

NamedTensors TorchArchive::tensors(const Dict& dictionary) {
    NamedTensors all;
    for (const auto& [key, value] : dictionary.entries) {
        const auto* name = key->as<std::string>();
        if (!name) continue;
        if (std::optional<torch::Tensor> found = tensor(*value)) all[*name] = *found;
    }
    return all;
}

}  // namespace querent::learn::files

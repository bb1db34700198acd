#include "engine/core/files.h"
#include "engine/learn/detect/weights.h"
#include "engine/learn/files/pickle_reader.h"

#include <caffe2/serialize/inline_container.h>
#include <cstring>
#include <sstream>

namespace querent::learn::detect {

namespace {

using files::Call;
using files::Dict;
using files::Tuple;
using files::Value;

const std::map<std::string, torch::ScalarType> kStorages{
    {"torch.FloatStorage", torch::kFloat}, {"torch.DoubleStorage", torch::kDouble},
    {"torch.HalfStorage", torch::kHalf},   {"torch.BFloat16Storage", torch::kBFloat16},
    {"torch.LongStorage", torch::kLong},   {"torch.IntStorage", torch::kInt},
    {"torch.ByteStorage", torch::kByte},   {"torch.BoolStorage", torch::kBool},
};

/** Turns the calls of a state dictionary into tensors; the data lies in records of its own. */
class Builder {
 public:
    explicit Builder(caffe2::serialize::PyTorchStreamReader& archive) : m_archive(archive) {}

    /** Empty for a value that is not a tensor. Throws when it is one that does not fit its data. */
    std::optional<torch::Tensor> tensor(const files::Value& value) {
        const files::Call* call = value.as<files::Call>();
        if (!call || call->arguments.empty()) return std::nullopt;
        if (call->name == "torch._utils._rebuild_parameter") return tensor(*call->arguments[0]);
        if (call->name != "torch._utils._rebuild_tensor_v2" || call->arguments.size() < 4) return std::nullopt;
        const auto* storage = call->arguments[0]->as<files::Persistent>();
        const auto* offset = call->arguments[1]->as<std::int64_t>();
        if (!storage || !offset) return std::nullopt;
        const std::vector<std::int64_t> sizes = integers(*call->arguments[2]);
        const std::vector<std::int64_t> strides = integers(*call->arguments[3]);
        const torch::Tensor flat = storageOf(*storage->id);
        TORCH_CHECK(sizes.size() == strides.size() && *offset >= 0, "bad shape");
        std::int64_t last = *offset;
        bool empty = false;
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            TORCH_CHECK(sizes[i] >= 0 && strides[i] >= 0 && sizes[i] < (1 << 28) && strides[i] < (1LL << 32),
                        "bad shape");
            empty = empty || sizes[i] == 0;
            last += (sizes[i] - 1) * strides[i];
        }
        TORCH_CHECK(empty || last < flat.numel(), "a tensor reaches over its data");
        return flat.as_strided(sizes, strides, *offset).to(torch::kFloat).contiguous();
    }

 private:
    static std::vector<std::int64_t> integers(const files::Value& value) {
        const files::Tuple* tuple = value.as<files::Tuple>();
        TORCH_CHECK(tuple, "a shape is no tuple");
        std::vector<std::int64_t> out;
        for (const auto& element : tuple->elements) {
            TORCH_CHECK(element->as<std::int64_t>(), "a side is no number");
            out.push_back(*element->as<std::int64_t>());
        }
        return out;
    }

    /** id: ("storage", type, key, device, count). */
    torch::Tensor storageOf(const files::Value& id) {
        const files::Tuple* tuple = id.as<files::Tuple>();
        TORCH_CHECK(tuple && tuple->elements.size() >= 3, "bad storage");
        const auto* type = tuple->elements[1]->as<files::Global>();
        const auto* key = tuple->elements[2]->as<std::string>();
        TORCH_CHECK(type && key && kStorages.contains(type->name), "bad storage");
        const auto known = m_storages.find(*key);
        if (known != m_storages.end()) return known->second;
        auto [data, size] = m_archive.getRecord("data/" + *key);
        const torch::ScalarType scalar = kStorages.at(type->name);
        torch::Tensor flat = torch::empty({static_cast<std::int64_t>(size / c10::elementSize(scalar))}, scalar);
        std::memcpy(flat.data_ptr(), data.get(), flat.nbytes());
        m_storages[*key] = flat;
        return flat;
    }

    caffe2::serialize::PyTorchStreamReader& m_archive;
    std::map<std::string, torch::Tensor> m_storages;
};

/** The dictionary itself, or the one in an entry that training scripts use. */
const files::Dict* stateDictionary(const files::Value& root) {
    const files::Dict* dict = root.as<files::Dict>();
    if (!dict) return nullptr;
    for (const auto& [key, value] : dict->entries) {
        const auto* name = key->as<std::string>();
        if (name && (*name == "state_dict" || *name == "model") && value->as<files::Dict>())
            return value->as<files::Dict>();
    }
    return dict;
}

files::NamedTensors tensorsIn(const files::Dict& dict, Builder& builder) {
    files::NamedTensors tensors;
    for (const auto& [key, value] : dict.entries) {
        const auto* name = key->as<std::string>();
        if (!name) continue;
        if (std::optional<torch::Tensor> tensor = builder.tensor(*value)) tensors[*name] = *tensor;
    }
    return tensors;
}

}  // namespace

Result<files::NamedTensors> readTorchDictionary(const std::filesystem::path& path) {
    Result<std::string> bytes = readWhole(path);
    if (!bytes) return bytes.error();
    if (!bytes->starts_with("PK")) {
        return fail(ErrorCode::Unsupported,
                    "The weights are in the format of PyTorch before 1.6; load and save them once with a newer one.",
                    path);
    }
    try {
        std::istringstream in(std::move(*bytes));
        caffe2::serialize::PyTorchStreamReader archive(&in);
        const auto [data, size] = archive.getRecord("data.pkl");
        const auto root = files::read({static_cast<const char*>(data.get()), size});
        const files::Dict* dict = root ? stateDictionary(**root) : nullptr;
        if (!dict) return fail(ErrorCode::Malformed, "The file holds no dictionary of weights.", path);
        Builder builder(archive);
        return tensorsIn(*dict, builder);
    } catch (const std::exception&) {
        return fail(ErrorCode::Malformed, "The file is not one that PyTorch saved, or it is damaged.", path);
    }
}

}  // namespace querent::learn::detect

#include "engine/learn/detect/weights.h"
#include "engine/learn/files/torch_archive.h"

namespace querent::learn::detect {

namespace {

/** The dictionary itself, or the one in an entry that training scripts use. */
const files::Dict* stateDictionary(const files::Value& root) {
    const files::Dict* dict = root.as<files::Dict>();
    if (!dict) return nullptr;
    for (const char* name : {"state_dict", "model"}) {
        const files::Value* inner = files::entryOf(*dict, name);
        if (inner && inner->as<files::Dict>()) return inner->as<files::Dict>();
    }
    return dict;
}

}  // namespace

Result<files::NamedTensors> readTorchDictionary(const std::filesystem::path& path) {
    Result<files::TorchArchive> archive = files::TorchArchive::open(path);
    if (!archive) return archive.error();
    const files::Dict* dict = stateDictionary(archive->root());
    if (!dict) return fail(ErrorCode::Malformed, "The file holds no dictionary of weights.", path);
    try {
        return floats(archive->tensors(*dict));
    } catch (const std::exception&) {
        return fail(ErrorCode::Malformed, "A tensor of the file does not fit its numbers.", path);
    }
}

}  // namespace querent::learn::detect

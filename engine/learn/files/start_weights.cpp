#include "engine/learn/files/start_weights.h"

#include <system_error>

namespace querent::learn::files {

std::filesystem::path startWeightsFile() {
    std::error_code none;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", none);
    return program.parent_path().parent_path() / "share/querent/weights/nanodet-g.safetensors";
}

Result<TensorFile> startWeights() {
    const std::filesystem::path file = startWeightsFile();
    Result<TensorFile> read = readTensors(file);
    if (!read && read.error().code == ErrorCode::NotFound) {
        return fail(ErrorCode::NotFound,
                    "The start weights that belong to the program are not there. Install it whole, or let networks "
                    "start from nothing (backbone: none).",
                    file);
    }
    if (!read) return read;
    for (auto& [name, tensor] : read->tensors)
        tensor = tensor.to(torch::kFloat);
    // The source's pictures are blue, green, red.
    const auto stem = read->tensors.find("backbone.stem.weight");
    if (stem == read->tensors.end() || stem->second.dim() != 4 || stem->second.size(1) != 3)
        return fail(ErrorCode::Malformed, "The start weights are those of another network.", file);
    stem->second = stem->second.flip(1).contiguous();
    return read;
}

NamedTensors partOf(const NamedTensors& tensors, const std::string& prefix) {
    NamedTensors part;
    for (auto at = tensors.lower_bound(prefix); at != tensors.end() && at->first.starts_with(prefix); ++at)
        part.emplace(at->first.substr(prefix.size()), at->second);
    return part;
}

}  // namespace querent::learn::files

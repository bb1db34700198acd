#include "engine/learn/portable/graph_file.h"

#include "engine/core/files.h"
#include "engine/learn/devices.h"

namespace querent::learn::portable {

Result<void> writeGraph(const std::filesystem::path& to, ModelFormat format, const Graph& graph, const Texts& texts) {
    try {
        switch (format) {
            case ModelFormat::Onnx:
                return replaceWhole(to, onnxOf(graph, texts));
            case ModelFormat::TorchScript:
                return replaceWhole(to, torchScriptOf(graph, texts));
            case ModelFormat::Safetensors:
                break;
        }
    } catch (const std::exception& problem) {
        return errorOf(problem);
    }
    return fail(ErrorCode::Unsupported, "A safetensors file holds numbers and no program.", to);
}

}  // namespace querent::learn::portable

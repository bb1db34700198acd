#pragma once

// Internal: torch inside.

#include "engine/core/result.h"
#include "engine/learn/files/tensor_file.h"

#include <torch/torch.h>

#include <exception>
#include <filesystem>
#include <string>

namespace querent::learn::files {

/** Parameters and floating-point buffers by name, copied to the processor. */
NamedTensors tensorsOf(const torch::nn::Module& module);

/** Copies what has the same name and shape; returns how many tensors of the module were filled. */
std::size_t fillTensors(torch::nn::Module& module, const NamedTensors& from);

/** The network that `make` builds, with all of its weights from a model file and ready to predict; Malformed. */
template <typename Make>
auto revived(const NamedTensors& weights, Make&& make) -> Result<decltype(make())> {
    try {
        auto net = make();
        if (fillTensors(*net, weights) != tensorsOf(*net).size()) {
            return fail(ErrorCode::Malformed, "The model lacks some of its weights.");
        }
        net->eval();
        return net;
    } catch (const std::exception&) {
        return fail(ErrorCode::Malformed, "The model's network cannot be built.");
    }
}

/** What a model file holds, whatever the network: its description, a TorchScript part (or none), its weights. */
struct ModelArchive {
    std::string config;  // JSON
    std::string script;  // bytes
    NamedTensors tensors;
};

/**
 * A .safetensors file (tensor_file.h), whatever its name: the texts "querent", "version" and "config", and the tensors,
 * with the TorchScript part as one of bytes, "program". Old or new, whole.
 */
Result<void> saveArchive(const std::filesystem::path& path, const ModelArchive& model);
/**
 * The same, or the torch archive that earlier versions wrote, of which numbers and texts are read and nothing is run.
 * NotFound, Malformed for a file that is no model of ours, NewerVersion.
 */
Result<ModelArchive> loadArchive(const std::filesystem::path& path);

/** "The file is not a model of Querent, or it is damaged." */
Error notOurModel(const std::filesystem::path& path);

}  // namespace querent::learn::files

#pragma once

// Internal: torch inside.

#include "engine/learn/networks/backbone.h"

#include <torch/script.h>

#include <string>

namespace querent::learn::networks {

/**
 * A TorchScript program as backbone: any network exported with three maps of strides 8, 16 and 32 (a tuple or a list).
 * Its parameters become parameters of this module, dots replaced by underscores, and train like ours.
 */
class ScriptBackbone : public Backbone {
 public:
    /**
     * Runs the program once on an empty picture to learn its channels. Throws when it is no such program, and before
     * anything of it runs when this person has not chosen it (trusted_programs.h).
     */
    explicit ScriptBackbone(const std::string& program);
    std::array<torch::Tensor, 3> forward(torch::Tensor x) override;
    std::array<std::int64_t, 3> channels() const override { return m_channels; }
    void train(bool on = true) override;

 private:
    torch::jit::script::Module m_program;
    std::array<std::int64_t, 3> m_channels{};
};

}  // namespace querent::learn::networks

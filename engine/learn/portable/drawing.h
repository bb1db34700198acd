#pragma once

// Internal: torch inside.

#include "engine/learn/files/tensor_file.h"
#include "engine/learn/portable/graph.h"

#include <array>
#include <string>

namespace querent::learn::portable {

/** A convolution or a linear layer, on its way into a graph. */
struct Affine {
    torch::Tensor weight;  // [out, in, k, k]
    torch::Tensor bias;    // [out]
};

/**
 * Layers of our networks as nodes of a graph, with the tensors that a network in evaluation mode has under these names.
 * Batch norms go into the convolutions before them. Both outlive it. Throws for a name that is not there.
 */
class Drawing {
 public:
    Drawing(Graph& graph, const files::NamedTensors& tensors) : m_graph(graph), m_tensors(tensors) {}

    /** Each channel by itself, (x - mean) * scale. Both have a number a channel. */
    Value normalised(const Value& x, const torch::Tensor& mean, const torch::Tensor& scale);
    Value layer(const Value& x, const Affine& affine, std::int64_t stride = 1) {
        return m_graph.convolution(x, affine.weight, affine.bias, stride);
    }
    /** networks::ConvNorm. */
    Value convNorm(const Value& x, const std::string& name, std::int64_t stride = 1, bool relu = true);
    /** Strides 8, 16 and 32 of the backbone "backbone" below `prefix`, of any layout but "script". */
    std::array<Value, 3> backbone(const Value& x, const std::string& layout, const std::string& prefix);

    const torch::Tensor& tensor(const std::string& name) const { return m_tensors.at(name); }
    /** A layer with a bias; linear ones as convolutions of 1x1. */
    Affine affine(const std::string& name) const;
    /** Scale and offset of a batch norm, [out] each. */
    std::pair<torch::Tensor, torch::Tensor> norm(const std::string& name) const;

 private:
    Value folded(const Value& x, const std::string& convolution, const std::string& norm, std::int64_t stride);
    Value leakyLayer(const Value& x, const std::string& name, std::int64_t stride = 1);
    Value residual(const Value& x, const std::string& name, std::int64_t stride);
    Value crossStage(const Value& x, const std::string& name, std::int64_t stride);
    std::array<Value, 3> small(Value x, const std::string& name);
    std::array<Value, 3> resNet(Value x, const std::string& name);
    std::array<Value, 3> nanoDet(Value x, const std::string& name);
    bool has(const std::string& name) const { return m_tensors.contains(name); }

    Graph& m_graph;
    const files::NamedTensors& m_tensors;
};

}  // namespace querent::learn::portable

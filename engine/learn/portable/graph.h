#pragma once

// Internal: torch inside.

#include <torch/torch.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace querent::learn::portable {

/** What a node of a graph answers: float32, of a fixed size. */
struct Value {
    std::string name;
    std::vector<std::int64_t> shape;
};

using Attribute = std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>>;

/** One operator of ONNX's opset 13, with its names for operator and attributes. */
struct Node {
    std::string op;
    std::vector<std::string> inputs;  // values or constants; empty for one that is left out
    std::string output;
    std::map<std::string, Attribute> attributes;
};

/**
 * A network as a list of operators in the order in which they compute, for files that other programs run. Only
 * operators that OpenCV's dnn knows since 4.6, too; maps are [1, C, H, W]. Its methods add a node and say what it
 * answers; they believe shapes.
 */
class Graph {
 public:
    explicit Graph(std::vector<std::int64_t> inputShape) : m_input{"pictures", std::move(inputShape)} {}

    /** Padded by half of the kernel. weight: [out, in / groups, k, k], bias: [out]. */
    Value convolution(const Value& x, const torch::Tensor& weight, const torch::Tensor& bias, std::int64_t stride = 1,
                      std::int64_t groups = 1);
    Value relu(const Value& x) { return same("Relu", x); }
    Value leaky(const Value& x, double slope) { return same("LeakyRelu", x, {{"alpha", slope}}); }
    Value sigmoid(const Value& x) { return same("Sigmoid", x); }
    Value exponential(const Value& x) { return same("Exp", x); }
    Value root(const Value& x) { return same("Sqrt", x); }
    Value softmax(const Value& x, std::int64_t axis) { return same("Softmax", x, {{"axis", axis}}); }
    /** Each channel by itself, x * scale + offset. Both have a number a channel. */
    Value channelwise(const Value& x, const torch::Tensor& scale, const torch::Tensor& offset);
    /** Made of the operators above: OpenCV 4.6 has none for it that later opsets know. */
    Value clamped(const Value& x, double low, double high);
    /** Each map by itself to a mean of 0 and a variance of 1. */
    Value standardised(const Value& x, double epsilon);
    Value sum(const Value& a, const Value& b) { return add("Add", {a.name, b.name}, a.shape); }
    Value product(const Value& a, const Value& b) { return add("Mul", {a.name, b.name}, a.shape); }
    Value joined(const std::vector<Value>& parts, std::int64_t axis);
    Value largest(const Value& x, std::int64_t kernel, std::int64_t stride, std::int64_t padding);
    Value meanOfMap(const Value& x) { return add("GlobalAveragePool", {x.name}, {1, x.shape[1], 1, 1}); }
    Value largestOfMap(const Value& x) { return add("GlobalMaxPool", {x.name}, {1, x.shape[1], 1, 1}); }
    /** To the height and width of another map, each place from the nearest one before it. */
    Value enlarged(const Value& x, const Value& like);
    Value reshaped(const Value& x, std::vector<std::int64_t> shape);
    Value transposed(const Value& x, const std::vector<std::int64_t>& order);

    Value constant(const torch::Tensor& tensor);
    /** Makes a value an output, under this name. */
    void answer(const std::string& name, const Value& value);

    const Value& input() const { return m_input; }
    const std::vector<Node>& nodes() const { return m_nodes; }
    const std::vector<std::pair<std::string, torch::Tensor>>& constants() const { return m_constants; }
    const std::vector<Value>& outputs() const { return m_outputs; }

 private:
    Value add(const std::string& op, std::vector<std::string> inputs, std::vector<std::int64_t> shape,
              std::map<std::string, Attribute> attributes = {});
    Value same(const std::string& op, const Value& x, std::map<std::string, Attribute> attributes = {}) {
        return add(op, {x.name}, x.shape, std::move(attributes));
    }

    Value m_input;
    std::vector<Node> m_nodes;
    std::vector<std::pair<std::string, torch::Tensor>> m_constants;  // float32 or int64, on the processor
    std::vector<Value> m_outputs;
};

}  // namespace querent::learn::portable

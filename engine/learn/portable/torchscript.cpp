#include "engine/learn/portable/graph_file.h"

#include <torch/script.h>

#include <locale>
#include <sstream>
#include <string>
#include <unordered_map>

namespace querent::learn::portable {

namespace {

std::string written(const std::vector<std::int64_t>& numbers) {
    std::string text = "[";
    for (const std::int64_t number : numbers)
        text += (text.size() > 1 ? ", " : "") + std::to_string(number);
    return text + "]";
}

std::string written(double number) {
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out.precision(17);
    out << std::scientific << number;
    return out.str();
}

/** Nodes as lines of Python. */
class Lines {
 public:
    explicit Lines(const Graph& graph) {
        for (const auto& [name, tensor] : graph.constants())
            m_constants.emplace(name, tensor);
    }

    std::string of(const Node& node) const {
        const auto x = [&](std::size_t i) { return named(node.inputs[i]); };
        const std::string& op = node.op;
        if (op == "Relu") return "torch.relu(" + x(0) + ")";
        if (op == "LeakyRelu") return "torch.leaky_relu(" + x(0) + ", " + written(real(node, "alpha")) + ")";
        if (op == "Sigmoid") return "torch.sigmoid(" + x(0) + ")";
        if (op == "Exp") return "torch.exp(" + x(0) + ")";
        if (op == "Sqrt") return "torch.sqrt(" + x(0) + ")";
        if (op == "Softmax") return "torch.softmax(" + x(0) + ", " + std::to_string(whole(node, "axis")) + ")";
        if (op == "Add") return x(0) + " + " + x(1);
        if (op == "Mul") return x(0) + " * " + x(1);
        if (op == "GlobalAveragePool") return "torch.mean(" + x(0) + ", [2, 3], True)";
        if (op == "GlobalMaxPool") return "torch.amax(" + x(0) + ", [2, 3], True)";
        if (op == "Transpose") return x(0) + ".permute(" + written(sizes(node, "perm")) + ")";
        if (op == "Reshape") return x(0) + ".reshape(" + written(numbers(node.inputs[1])) + ")";
        if (op == "Concat")
            return "torch.cat([" + listed(node.inputs) + "], " + std::to_string(whole(node, "axis")) + ")";
        return longer(node);
    }

 private:
    std::string longer(const Node& node) const {
        const std::string x = named(node.inputs[0]);
        if (node.op == "Resize") {
            const std::vector<std::int64_t> shape = numbers(node.inputs[3]);
            return "torch.upsample_nearest2d(" + x + ", " + written({shape[2], shape[3]}) + ")";
        }
        if (node.op == "InstanceNormalization") {
            return "torch.instance_norm(" + x + ", " + named(node.inputs[1]) + ", " + named(node.inputs[2]) +
                   ", None, None, True, 0.0, " + written(real(node, "epsilon")) + ", False)";
        }
        const std::vector<std::int64_t> pads = sizes(node, "pads");
        const std::string places = written(sizes(node, "strides")) + ", " + written({pads[0], pads[1]});
        if (node.op == "MaxPool")
            return "torch.max_pool2d(" + x + ", " + written(sizes(node, "kernel_shape")) + ", " + places + ")";
        TORCH_CHECK(node.op == "Conv", "There is no TorchScript for ", node.op);
        return "torch.conv2d(" + listed(node.inputs) + ", " + places + ", [1, 1], " +
               std::to_string(whole(node, "group")) + ")";
    }

    std::string named(const std::string& name) const { return m_constants.contains(name) ? "self." + name : name; }
    std::string listed(const std::vector<std::string>& names) const {
        std::string text;
        for (const std::string& name : names)
            text += (text.empty() ? "" : ", ") + named(name);
        return text;
    }
    std::vector<std::int64_t> numbers(const std::string& name) const {
        const torch::Tensor& t = m_constants.at(name);
        return {t.data_ptr<std::int64_t>(), t.data_ptr<std::int64_t>() + t.numel()};
    }
    static std::int64_t whole(const Node& node, const char* name) {
        return std::get<std::int64_t>(node.attributes.at(name));
    }
    static double real(const Node& node, const char* name) { return std::get<double>(node.attributes.at(name)); }
    static const std::vector<std::int64_t>& sizes(const Node& node, const char* name) {
        return std::get<std::vector<std::int64_t>>(node.attributes.at(name));
    }

    std::unordered_map<std::string, torch::Tensor> m_constants;
};

std::string sourceOf(const Graph& graph) {
    const Lines lines(graph);
    std::string source = "def forward(self, " + graph.input().name + "):\n";
    for (const Node& node : graph.nodes())
        source += "    " + node.output + " = " + lines.of(node) + "\n";
    source += "    return ";
    for (const Value& output : graph.outputs())
        source += (&output == &graph.outputs().front() ? "" : ", ") + output.name;
    return source + "\n";
}

}  // namespace

std::string torchScriptOf(const Graph& graph, const Texts& texts) {
    torch::jit::Module module("Querent");
    // Sizes stand in the source.
    for (const auto& [name, tensor] : graph.constants()) {
        if (tensor.is_floating_point()) module.register_buffer(name, tensor);
    }
    module.define(sourceOf(graph));
    module.eval();
    std::ostringstream bytes;
    module.save(bytes, {texts.begin(), texts.end()});
    return std::move(bytes).str();
}

}  // namespace querent::learn::portable

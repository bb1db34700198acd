#include "engine/learn/portable/graph.h"

namespace querent::learn::portable {

namespace {

using Sizes = std::vector<std::int64_t>;

std::int64_t slid(std::int64_t side, std::int64_t kernel, std::int64_t stride, std::int64_t padding) {
    return (side + 2 * padding - kernel) / stride + 1;
}

std::string numbered(char kind, std::size_t number) {
    return std::string(1, kind).append(std::to_string(number));
}

torch::Tensor wholeNumbers(const Sizes& numbers) {
    return torch::tensor(numbers, torch::kLong);
}

}  // namespace

Value Graph::add(const std::string& op, std::vector<std::string> inputs, Sizes shape,
                 std::map<std::string, Attribute> attributes) {
    Value value{numbered('v', m_nodes.size()), std::move(shape)};
    m_nodes.push_back({op, std::move(inputs), value.name, std::move(attributes)});
    return value;
}

Value Graph::constant(const torch::Tensor& tensor) {
    const auto type = tensor.scalar_type() == torch::kLong ? torch::kLong : torch::kFloat;
    Value value{numbered('c', m_constants.size()), tensor.sizes().vec()};
    m_constants.emplace_back(value.name, tensor.detach().to(torch::kCPU, type).contiguous());
    return value;
}

Value Graph::convolution(const Value& x, const torch::Tensor& weight, const torch::Tensor& bias, std::int64_t stride,
                         std::int64_t groups) {
    const std::int64_t kernel = weight.size(2);
    const std::int64_t padding = kernel / 2;
    const Sizes shape = {1, weight.size(0), slid(x.shape[2], kernel, stride, padding),
                         slid(x.shape[3], kernel, stride, padding)};
    return add("Conv", {x.name, constant(weight).name, constant(bias).name}, shape,
               {{"kernel_shape", Sizes{kernel, kernel}},
                {"strides", Sizes{stride, stride}},
                {"pads", Sizes(4, padding)},
                {"group", groups}});
}

Value Graph::channelwise(const Value& x, const torch::Tensor& scale, const torch::Tensor& offset) {
    return convolution(x, scale.reshape({-1, 1, 1, 1}), offset.reshape({-1}), 1, x.shape[1]);
}

Value Graph::clamped(const Value& x, double low, double high) {
    const torch::Tensor ones = torch::ones({x.shape[1]});
    const Value above = relu(channelwise(x, ones, ones * -low));
    const Value missing = relu(channelwise(above, -ones, ones * (high - low)));
    return channelwise(missing, -ones, ones * high);
}

Value Graph::standardised(const Value& x, double epsilon) {
    const std::string ones = constant(torch::ones({x.shape[1]})).name;
    const std::string zeros = constant(torch::zeros({x.shape[1]})).name;
    return add("InstanceNormalization", {x.name, ones, zeros}, x.shape, {{"epsilon", epsilon}});
}

Value Graph::joined(const std::vector<Value>& parts, std::int64_t axis) {
    std::vector<std::string> names;
    Sizes shape = parts.front().shape;
    const auto at = static_cast<std::size_t>(axis);
    shape[at] = 0;
    for (const Value& part : parts) {
        names.push_back(part.name);
        shape[at] += part.shape[at];
    }
    return add("Concat", names, shape, {{"axis", axis}});
}

Value Graph::largest(const Value& x, std::int64_t kernel, std::int64_t stride, std::int64_t padding) {
    const Sizes shape = {1, x.shape[1], slid(x.shape[2], kernel, stride, padding),
                         slid(x.shape[3], kernel, stride, padding)};
    return add(
        "MaxPool", {x.name}, shape,
        {{"kernel_shape", Sizes{kernel, kernel}}, {"strides", Sizes{stride, stride}}, {"pads", Sizes(4, padding)}});
}

Value Graph::enlarged(const Value& x, const Value& like) {
    const Sizes shape = {1, x.shape[1], like.shape[2], like.shape[3]};
    return add("Resize", {x.name, "", "", constant(wholeNumbers(shape)).name}, shape,
               {{"mode", std::string("nearest")},
                {"coordinate_transformation_mode", std::string("asymmetric")},
                {"nearest_mode", std::string("floor")}});
}

Value Graph::reshaped(const Value& x, Sizes shape) {
    const std::string wanted = constant(wholeNumbers(shape)).name;
    return add("Reshape", {x.name, wanted}, std::move(shape));
}

Value Graph::transposed(const Value& x, const Sizes& order) {
    Sizes shape;
    for (const std::int64_t axis : order)
        shape.push_back(x.shape[static_cast<std::size_t>(axis)]);
    return add("Transpose", {x.name}, shape, {{"perm", order}});
}

void Graph::answer(const std::string& name, const Value& value) {
    for (Node& node : m_nodes) {
        if (node.output == value.name) node.output = name;
        for (std::string& input : node.inputs) {
            if (input == value.name) input = name;
        }
    }
    m_outputs.push_back({name, value.shape});
}

}  // namespace querent::learn::portable

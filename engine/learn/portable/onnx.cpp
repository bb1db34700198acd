#include "engine/learn/portable/graph_file.h"

#include <cstring>
#include <string_view>

namespace querent::learn::portable {

namespace {

constexpr std::int64_t kIrVersion = 7;
constexpr std::int64_t kOpset = 13;
enum DataType : std::int64_t { kFloatData = 1, kLongData = 7 };
enum AttributeType : std::int64_t { kFloatAttribute = 1, kIntAttribute = 2, kStringAttribute = 3, kIntsAttribute = 7 };

/** A message of protocol buffers; the numbers of fields are those of onnx.proto. */
class Message {
 public:
    void number(int field, std::int64_t value) {
        key(field, 0);
        varint(static_cast<std::uint64_t>(value));
    }
    void text(int field, std::string_view bytes) {
        key(field, 2);
        varint(bytes.size());
        m_bytes.append(bytes);
    }
    void message(int field, const Message& inner) { text(field, inner.m_bytes); }
    void real(int field, float value) {
        key(field, 5);
        char bytes[sizeof value];
        std::memcpy(bytes, &value, sizeof value);  // little-endian, as all machines that this runs on
        m_bytes.append(bytes, sizeof bytes);
    }
    std::string take() { return std::move(m_bytes); }

 private:
    void key(int field, int kind) { varint(static_cast<std::uint64_t>(field) << 3 | static_cast<std::uint64_t>(kind)); }
    void varint(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7)
            m_bytes.push_back(static_cast<char>(value | 0x80));
        m_bytes.push_back(static_cast<char>(value));
    }

    std::string m_bytes;
};

Message attributeOf(const std::string& name, const Attribute& attribute) {
    Message message;
    message.text(1, name);
    if (const auto* whole = std::get_if<std::int64_t>(&attribute)) {
        message.number(3, *whole);
        message.number(20, kIntAttribute);
    } else if (const auto* real = std::get_if<double>(&attribute)) {
        message.real(2, static_cast<float>(*real));
        message.number(20, kFloatAttribute);
    } else if (const auto* word = std::get_if<std::string>(&attribute)) {
        message.text(4, *word);
        message.number(20, kStringAttribute);
    } else {
        for (const std::int64_t number : std::get<std::vector<std::int64_t>>(attribute))
            message.number(8, number);
        message.number(20, kIntsAttribute);
    }
    return message;
}

Message nodeOf(const Node& node) {
    Message message;
    for (const std::string& input : node.inputs)
        message.text(1, input);
    message.text(2, node.output);
    message.text(3, "n_" + node.output);
    message.text(4, node.op);
    for (const auto& [name, attribute] : node.attributes)
        message.message(5, attributeOf(name, attribute));
    return message;
}

Message tensorOf(const std::string& name, const torch::Tensor& tensor) {
    Message message;
    for (const std::int64_t side : tensor.sizes())
        message.number(1, side);
    message.number(2, tensor.scalar_type() == torch::kLong ? kLongData : kFloatData);
    message.text(8, name);
    message.text(9, {static_cast<const char*>(tensor.data_ptr()), tensor.nbytes()});
    return message;
}

Message describedValue(const Value& value) {
    Message shape;
    for (const std::int64_t side : value.shape) {
        Message dimension;
        dimension.number(1, side);
        shape.message(1, dimension);
    }
    Message tensor;
    tensor.number(1, kFloatData);
    tensor.message(2, shape);
    Message type;
    type.message(1, tensor);
    Message message;
    message.text(1, value.name);
    message.message(2, type);
    return message;
}

Message graphOf(const Graph& graph) {
    Message message;
    for (const Node& node : graph.nodes())
        message.message(1, nodeOf(node));
    message.text(2, "querent");
    for (const auto& [name, tensor] : graph.constants())
        message.message(5, tensorOf(name, tensor));
    message.message(11, describedValue(graph.input()));
    for (const Value& output : graph.outputs())
        message.message(12, describedValue(output));
    return message;
}

}  // namespace

std::string onnxOf(const Graph& graph, const Texts& texts) {
    Message model;
    model.number(1, kIrVersion);
    model.text(2, "Querent");
    model.message(7, graphOf(graph));
    Message opset;
    opset.text(1, "");
    opset.number(2, kOpset);
    model.message(8, opset);
    for (const auto& [name, text] : texts) {
        Message entry;
        entry.text(1, name);
        entry.text(2, text);
        model.message(14, entry);
    }
    return model.take();
}

}  // namespace querent::learn::portable

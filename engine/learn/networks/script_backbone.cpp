#include "engine/learn/networks/script_backbone.h"

#include "engine/learn/files/trusted_programs.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace querent::learn::networks {

namespace {

std::string flatName(std::string name) {
    std::replace(name.begin(), name.end(), '.', '_');
    return name;
}

std::array<torch::Tensor, 3> threeMaps(const torch::jit::IValue& value) {
    std::vector<torch::Tensor> maps;
    if (value.isTensorList()) {
        maps = value.toTensorVector();
    } else if (value.isTuple()) {
        for (const auto& element : value.toTupleRef().elements())
            maps.push_back(element.toTensor());
    }
    if (maps.size() != 3) throw std::runtime_error("The TorchScript backbone does not return three maps.");
    return {maps[0], maps[1], maps[2]};
}

}  // namespace

ScriptBackbone::ScriptBackbone(const std::string& program) {
    // The one place where a program runs, so nothing comes past this, whoever has asked before.
    if (const Result<void> allowed = files::requireTrust(program, {}); !allowed)
        throw std::runtime_error(allowed.error().sentence);
    std::istringstream stream(program);
    m_program = torch::jit::load(stream, torch::kCPU);
    for (const auto& named : m_program.named_parameters())
        register_parameter(flatName(named.name), named.value);
    for (const auto& named : m_program.named_buffers())
        register_buffer(flatName(named.name), named.value);

    const torch::NoGradGuard noGrad;
    m_program.eval();
    const auto maps = threeMaps(m_program.forward({torch::zeros({1, 3, 64, 96})}));
    for (std::size_t i = 0; i < 3; ++i) {
        const std::int64_t stride = 8 << i;
        if (maps[i].dim() != 4 || maps[i].size(2) != 64 / stride || maps[i].size(3) != 96 / stride) {
            throw std::runtime_error("The TorchScript backbone's maps do not have the strides 8, 16 and 32.");
        }
        m_channels[i] = maps[i].size(1);
    }
    m_program.train();
}

std::array<torch::Tensor, 3> ScriptBackbone::forward(torch::Tensor x) {
    auto maps = threeMaps(m_program.forward({stopPoint(x)}));
    for (torch::Tensor& map : maps)
        map = stopPoint(map);
    return maps;
}

void ScriptBackbone::train(bool on) {
    Backbone::train(on);
    m_program.train(on);
}

}  // namespace querent::learn::networks

#include "engine/learn/networks/backbone.h"

#include "engine/learn/networks/layers.h"
#include "engine/learn/networks/nanodet.h"
#include "engine/learn/networks/script_backbone.h"

#include <stdexcept>

namespace querent::learn::networks {

torch::Tensor StopPoint::operator()(const torch::Tensor& x) const {
    if (!m_token.stop_possible()) return x;
    if (m_token.stop_requested()) throw PassStopped{};
    if (x.requires_grad()) {
        x.register_hook([token = m_token](const torch::Tensor&) {
            if (token.stop_requested()) throw PassStopped{};
        });
    }
    return x;
}

std::vector<torch::Tensor> Backbone::early(std::int64_t) const {
    return {};
}

SmallBackbone::SmallBackbone() {
    m_stem = register_module("stem", torch::nn::Sequential(ConvNorm(3, 16, 3, 2)));
    m_stage2 = register_module("stage2", torch::nn::Sequential(BasicBlock(16, 32, 2)));
    m_stage3 = register_module("stage3", torch::nn::Sequential(BasicBlock(32, 64, 2)));
    m_stage4 = register_module("stage4", torch::nn::Sequential(BasicBlock(64, 128, 2)));
    m_stage5 = register_module("stage5", torch::nn::Sequential(BasicBlock(128, 128, 2)));
}

std::array<torch::Tensor, 3> SmallBackbone::forward(torch::Tensor x) {
    x = m_stage2->forward(m_stem->forward(x));
    const torch::Tensor c3 = stopPoint(m_stage3->forward(x));
    const torch::Tensor c4 = m_stage4->forward(c3);
    return {c3, c4, m_stage5->forward(c4)};
}

namespace {

struct ResNetShape {
    std::array<int, 4> blocks;
    bool bottleneck;
};

ResNetShape shapeOf(const std::string& layout) {
    if (layout == "resnet18") return {{2, 2, 2, 2}, false};
    if (layout == "resnet34") return {{3, 4, 6, 3}, false};
    if (layout == "resnet50") return {{3, 4, 6, 3}, true};
    throw std::runtime_error("There is no network layout named \"" + layout + "\".");
}

}  // namespace

ResNet::ResNet(const std::string& layout) {
    const ResNetShape shape = shapeOf(layout);
    m_conv1 = register_module("conv1",
                              torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 64, 7).stride(2).padding(3).bias(false)));
    m_bn1 = register_module("bn1", torch::nn::BatchNorm2d(64));
    std::int64_t in = 64;
    for (std::size_t stage = 0; stage < 4; ++stage) {
        const std::int64_t width = 64 << stage;
        torch::nn::Sequential layer;
        for (int block = 0; block < shape.blocks[stage]; ++block) {
            const std::int64_t stride = block == 0 && stage > 0 ? 2 : 1;
            if (shape.bottleneck) {
                layer->push_back(Bottleneck(in, width, stride));
            } else {
                layer->push_back(BasicBlock(in, width, stride));
            }
            in = shape.bottleneck ? width * 4 : width;
        }
        m_layers[stage] = register_module("layer" + std::to_string(stage + 1), layer);
        if (stage > 0) m_channels[stage - 1] = in;
    }
}

std::array<torch::Tensor, 3> ResNet::forward(torch::Tensor x) {
    x = m_bn1(m_conv1(x)).relu_();
    x = stopPoint(torch::max_pool2d(x, 3, 2, 1));
    std::array<torch::Tensor, 3> maps;
    for (std::size_t stage = 0; stage < 4; ++stage) {
        for (auto& block : *m_layers[stage])
            x = stopPoint(block.forward(x));
        if (stage > 0) maps[stage - 1] = x;
    }
    return maps;
}

bool isNanoDet(const BackbonePlan& plan) {
    return plan.layout.starts_with("nanodet-");
}

std::shared_ptr<Backbone> makeBackbone(const BackbonePlan& plan) {
    if (plan.layout == "small") return std::make_shared<SmallBackbone>();
    if (plan.layout == "script") return std::make_shared<ScriptBackbone>(plan.script);
    if (isNanoDet(plan)) return std::make_shared<NanoDetBackbone>();
    return std::make_shared<ResNet>(plan.layout);
}

}  // namespace querent::learn::networks

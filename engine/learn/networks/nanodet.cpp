#include "engine/learn/networks/nanodet.h"

#include <string>

namespace querent::learn::networks {

namespace F = torch::nn::functional;

namespace {

torch::nn::Conv2d convolution(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride = 1) {
    return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(kernel / 2));
}

torch::Tensor leaky(const torch::Tensor& x) {
    return torch::leaky_relu(x, 0.1);
}

torch::Tensor resized(const torch::Tensor& x, const torch::Tensor& like) {
    return F::interpolate(x, F::InterpolateFuncOptions()
                                 .size(std::vector<std::int64_t>{like.size(2), like.size(3)})
                                 .mode(torch::kBilinear)
                                 .align_corners(false));
}

}  // namespace

torch::Tensor aroundZero(const torch::Tensor& pictures) {
    const torch::Tensor mean = torch::tensor({123.675F, 116.28F, 103.53F}).view({1, 3, 1, 1});
    const torch::Tensor scale = torch::tensor({1 / 58.395F, 1 / 57.12F, 1 / 57.375F}).view({1, 3, 1, 1});
    return (pictures - mean.to(pictures.device())) * scale.to(pictures.device());
}

CrossStageImpl::CrossStageImpl(std::int64_t in, std::int64_t width, std::int64_t stride, int blocks) {
    m_enter = register_module("enter", convolution(in, width, 3, stride));
    std::int64_t wide = width;
    for (int i = 0; i < blocks; ++i) {
        auto block = std::make_shared<torch::nn::Module>();
        const std::int64_t half = width / 2;
        m_narrow.push_back(block->register_module("narrow", convolution(wide, half, 3)));
        m_deep.push_back(block->register_module("deep", convolution(half, half, 3)));
        register_module("block" + std::to_string(i), block);
        wide = 2 * half;
    }
    m_leave = register_module("leave", convolution(wide, width, 3));
}

torch::Tensor CrossStageImpl::forward(const torch::Tensor& x) {
    const torch::Tensor first = leaky(m_enter(x));
    torch::Tensor y = first;
    for (std::size_t i = 0; i < m_narrow.size(); ++i) {
        const torch::Tensor narrow = leaky(m_narrow[i](y));
        y = torch::cat({leaky(m_deep[i](narrow)), narrow}, 1);
    }
    return torch::cat({leaky(m_leave(y)), first}, 1);
}

NanoDetBackbone::NanoDetBackbone() {
    m_stem = register_module("stem", convolution(3, 32, 3, 2));
    constexpr std::array<std::int64_t, 4> kWidths = {32, 64, 128, 256};
    constexpr std::array<int, 4> kBlocks = {1, 2, 2, 3};
    std::int64_t in = 32;
    for (std::size_t i = 0; i < 4; ++i) {
        m_stages[i] =
            register_module("stage" + std::to_string(i + 1), CrossStage(in, kWidths[i], i == 0 ? 1 : 2, kBlocks[i]));
        in = 2 * kWidths[i];
    }
}

std::array<torch::Tensor, 3> NanoDetBackbone::forward(torch::Tensor x) {
    // Half as long again without: oneDNN then turns every map about.
    x = x.contiguous(torch::MemoryFormat::ChannelsLast);
    x = torch::max_pool2d(leaky(m_stem(x)), 3, 2, 1);
    x = stopPoint(m_stages[0](x));
    std::array<torch::Tensor, 3> maps;
    for (std::size_t i = 0; i < 3; ++i) {
        x = stopPoint(m_stages[i + 1](x));
        maps[i] = x;
    }
    return maps;
}

std::vector<torch::Tensor> NanoDetBackbone::early(std::int64_t stride) const {
    std::vector<torch::Tensor> found = m_stem->parameters();
    // Stages end at strides 4, 8, 16 and 32.
    for (std::size_t i = 0; i < m_stages.size() && (4 << i) <= stride; ++i) {
        for (const torch::Tensor& p : m_stages[i]->parameters())
            found.push_back(p);
    }
    return found;
}

NanoDetNet::NanoDetNet(std::int64_t classes) : m_classes(classes) {
    m_backbone = register_module("backbone", std::make_shared<NanoDetBackbone>());
    auto neck = register_module("neck", std::make_shared<torch::nn::Module>());
    auto head = register_module("head", std::make_shared<torch::nn::Module>());
    const std::int64_t width = 128;
    for (std::size_t i = 0; i < 3; ++i) {
        const std::string level = std::to_string(i);
        m_lateral[i] = neck->register_module("lateral" + level, convolution(m_backbone->channels()[i], width, 1));
        m_tower[i] = head->register_module("tower" + level, convolution(width, width, 3));
        m_answer[i] = head->register_module("answer" + level, convolution(width, classes + 4 * kBins, 1));
    }
}

std::array<NanoDetLevel, 3> NanoDetNet::forward(const torch::Tensor& x) {
    auto maps = m_backbone->forward(aroundZero(x));
    for (std::size_t i = 0; i < 3; ++i)
        maps[i] = m_lateral[i](maps[i]);
    for (std::size_t i = 2; i-- > 0;)
        maps[i] = maps[i] + resized(maps[i + 1], maps[i]);
    for (std::size_t i = 1; i < 3; ++i)
        maps[i] = maps[i] + resized(maps[i - 1], maps[i]);
    std::array<NanoDetLevel, 3> levels;
    for (std::size_t i = 0; i < 3; ++i) {
        const torch::Tensor answer = m_answer[i](leaky(m_tower[i](maps[i]))).flatten(2).transpose(1, 2);
        levels[i].classes = answer.slice(2, 0, m_classes).sigmoid();
        levels[i].sides = answer.slice(2, m_classes);
    }
    return levels;
}

}  // namespace querent::learn::networks

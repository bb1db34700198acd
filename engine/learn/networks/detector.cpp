#include "engine/learn/networks/detector.h"

#include "engine/learn/networks/initialise.h"

#include <cmath>
#include <utility>

namespace querent::learn::networks {

namespace F = torch::nn::functional;

NeckImpl::NeckImpl(const std::array<std::int64_t, 3>& in, std::int64_t width) {
    for (std::size_t i = 0; i < 3; ++i) {
        m_lateral[i] = register_module("lateral" + std::to_string(i), ConvNorm(in[i], width, 1, 1, false));
        m_smooth[i] = register_module("smooth" + std::to_string(i), ConvNorm(width, width, 3));
    }
}

std::array<torch::Tensor, 3> NeckImpl::forward(const std::array<torch::Tensor, 3>& maps) {
    std::array<torch::Tensor, 3> out;
    torch::Tensor above;
    for (std::size_t i = 3; i-- > 0;) {
        torch::Tensor here = m_lateral[i](maps[i]);
        if (above.defined()) {
            const std::vector<std::int64_t> size{here.size(2), here.size(3)};
            here = here + F::interpolate(above, F::InterpolateFuncOptions().size(size).mode(torch::kNearest));
        }
        above = here;
        out[i] = m_smooth[i](here);
    }
    return out;
}

HeadImpl::HeadImpl(std::int64_t width, int classes, int depth) : m_classCount(classes) {
    for (int i = 0; i < depth; ++i) {
        m_classTower->push_back(ConvNorm(width, width, 3));
        m_boxTower->push_back(ConvNorm(width, width, 3));
    }
    register_module("class_tower", m_classTower);
    register_module("box_tower", m_boxTower);
    const auto last = [width](std::int64_t out) {
        return torch::nn::Conv2d(torch::nn::Conv2dOptions(width, out, 3).padding(1));
    };
    m_classes = register_module("classes", last(classes));
    m_boxes = register_module("boxes", last(4));
    m_quality = register_module("quality", last(1));
    m_scales = register_parameter("scales", torch::ones({3}));
}

DetectorOutput HeadImpl::forward(const std::array<torch::Tensor, 3>& maps) {
    std::vector<torch::Tensor> classes, boxes, quality;
    std::array<torch::Tensor, 3> tower;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto n = maps[i].size(0);
        const auto h = maps[i].size(2);
        const auto w = maps[i].size(3);
        const torch::Tensor forClass = m_classTower->forward(maps[i]);
        tower[i] = forClass;
        const torch::Tensor forBox = m_boxTower->forward(maps[i]);
        classes.push_back(
            m_classes(forClass).permute({0, 2, 3, 1}).reshape({n, h * w, m_classCount}).to(torch::kFloat));
        quality.push_back(m_quality(forBox).reshape({n, h * w}).to(torch::kFloat));

        const double stride = kStrides[i];
        const auto options = maps[i].options().dtype(torch::kFloat);
        const torch::Tensor x = ((torch::arange(w, options) + 0.5) * stride).view({1, w}).expand({h, w}).reshape(-1);
        const torch::Tensor y = ((torch::arange(h, options) + 0.5) * stride).view({h, 1}).expand({h, w}).reshape(-1);
        const torch::Tensor centre = torch::stack({x, y}, 1);  // [h * w, 2]
        const torch::Tensor raw = m_boxes(forBox).permute({0, 2, 3, 1}).reshape({n, h * w, 4}).to(torch::kFloat);
        const torch::Tensor reach =
            torch::exp((raw * m_scales[static_cast<std::int64_t>(i)]).clamp(-6.0, 6.0)) * stride;
        boxes.push_back(torch::cat({centre - reach.slice(2, 0, 2), centre + reach.slice(2, 2, 4)}, 2));
    }
    return {torch::cat(classes, 1), torch::cat(boxes, 1), torch::cat(quality, 1), maps, std::move(tower)};
}

namespace {

// A second layer costs a seventh more time a step and measured no better on small sets (docs/methods.md).
constexpr int kTowerDepth = 1;

std::int64_t neckWidth(const std::string& layout) {
    if (layout == "small" || layout == "nanodet-small") return 64;
    return layout == "resnet50" || layout == "nanodet-large" ? 192 : 128;
}

}  // namespace

DetectorNet::DetectorNet(const BackbonePlan& plan, int classes, Rng rng) : m_width(neckWidth(plan.layout)) {
    m_backbone = register_module("backbone", makeBackbone(plan));
    m_neck = register_module("neck", Neck(m_backbone->channels(), m_width));
    m_head = register_module("head", Head(m_width, classes, kTowerDepth));
    // The statistics of ImageNet: what pretrained backbones expect, and as good as any other for the rest.
    m_mean = register_buffer("mean", torch::tensor({123.675F, 116.28F, 103.53F}).view({1, 3, 1, 1}));
    m_scale = register_buffer("scale", torch::tensor({1 / 58.395F, 1 / 57.12F, 1 / 57.375F}).view({1, 3, 1, 1}));
    if (plan.layout != "script") initialiseConvolutions(*m_backbone, rng);
    initialiseConvolutions(*m_neck, rng);
    initialiseHead(*m_head, rng);
}

std::array<torch::Tensor, 3> DetectorNet::features(const torch::Tensor& x) {
    auto maps = m_neck(backboneMaps(x));
    for (torch::Tensor& map : maps)
        map = m_backbone->stopPoint(map);
    return maps;
}

std::array<torch::Tensor, 3> DetectorNet::backboneMaps(const torch::Tensor& x) {
    return m_backbone->forward((x - m_mean) * m_scale);
}

DetectorOutput DetectorNet::forwardFrom(const std::array<torch::Tensor, 3>& maps) {
    return m_head(m_neck(maps));
}

DetectorOutput DetectorNet::forward(const torch::Tensor& x) {
    return m_head(features(x));
}

std::pair<DetectorOutput, torch::Tensor> DetectorNet::forwardWithEmbedding(const torch::Tensor& x) {
    const auto maps = features(x);
    std::vector<torch::Tensor> means;
    for (const torch::Tensor& map : maps)
        means.push_back(map.mean({2, 3}).to(torch::kFloat));
    return {m_head(maps), torch::cat(means, 1)};
}

}  // namespace querent::learn::networks

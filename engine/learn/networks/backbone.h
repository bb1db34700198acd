#pragma once

// Internal: torch inside.

#include "engine/core/result.h"

#include <torch/torch.h>

#include <array>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace querent::learn::networks {

/** Thrown inside a pass that was asked to stop; never leaves the module. */
struct PassStopped {};

/** Lets long passes stop between stages, forwards and backwards. */
class StopPoint {
 public:
    void listenTo(std::stop_token token) { m_token = std::move(token); }
    /** x itself; throws PassStopped when somebody wants the pass to end, now or when the gradient comes back. */
    torch::Tensor operator()(const torch::Tensor& x) const;

 private:
    std::stop_token m_token;
};

/** Maps pictures [N, 3, H, W] to features of strides 8, 16 and 32: [N, C_i, ceil(H/s), ceil(W/s)]. */
class Backbone : public torch::nn::Module {
 public:
    virtual std::array<torch::Tensor, 3> forward(torch::Tensor x) = 0;
    virtual std::array<std::int64_t, 3> channels() const = 0;
    /** What makes the maps of strides up to `stride`: edges and textures, which training may leave as they are. */
    virtual std::vector<torch::Tensor> early(std::int64_t stride) const;
    StopPoint stopPoint;
};

/** Five residual stages of stride 2 each: 16, 32, 64, 128 and 128 channels. */
class SmallBackbone : public Backbone {
 public:
    SmallBackbone();
    std::array<torch::Tensor, 3> forward(torch::Tensor x) override;
    std::array<std::int64_t, 3> channels() const override { return {64, 128, 128}; }

 private:
    torch::nn::Sequential m_stem, m_stage2, m_stage3, m_stage4, m_stage5;
};

/** ResNet (He et al. 2016) without its classifier, its names those of torchvision. Layout: "resnet18", "-34", "-50". */
class ResNet : public Backbone {
 public:
    explicit ResNet(const std::string& layout);
    std::array<torch::Tensor, 3> forward(torch::Tensor x) override;
    std::array<std::int64_t, 3> channels() const override { return m_channels; }

 private:
    torch::nn::Conv2d m_conv1{nullptr};
    torch::nn::BatchNorm2d m_bn1{nullptr};
    std::array<torch::nn::Sequential, 4> m_layers{nullptr, nullptr, nullptr, nullptr};
    std::array<std::int64_t, 3> m_channels{};
};

/**
 * What builds a backbone again: a layout, or a TorchScript program carried along in full, so that a saved model does
 * not depend on the file it began with.
 */
struct BackbonePlan {
    /** "small", "resnet18", "resnet34", "resnet50", "script", or NanoDet's: "nanodet-small", "-base", "-large". */
    std::string layout = "small";
    std::string script;  // the program's bytes when the layout is "script"
};

/** The layout of the start weights that come with the program; the rest of its name is the size of what comes after. */
bool isNanoDet(const BackbonePlan& plan);

/** Throws c10::Error for a script that is none, std::runtime_error for one whose maps do not fit. */
std::shared_ptr<Backbone> makeBackbone(const BackbonePlan& plan);

}  // namespace querent::learn::networks

#pragma once

// Internal: torch inside.

#include <torch/torch.h>

namespace querent::learn::networks {

/** Convolution without bias, batch norm, ReLU; "same" padding. */
class ConvNormImpl : public torch::nn::Module {
 public:
    ConvNormImpl(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride = 1, bool relu = true);
    torch::Tensor forward(const torch::Tensor& x);

 private:
    torch::nn::Conv2d m_conv{nullptr};
    torch::nn::BatchNorm2d m_norm{nullptr};
    bool m_relu;
};
TORCH_MODULE(ConvNorm);

/** Two 3x3 convolutions around a shortcut (He et al. 2016, Fig. 5 left). Names as in torchvision. */
class BasicBlockImpl : public torch::nn::Module {
 public:
    BasicBlockImpl(std::int64_t in, std::int64_t out, std::int64_t stride);
    torch::Tensor forward(const torch::Tensor& x);

 private:
    torch::nn::Conv2d m_conv1{nullptr}, m_conv2{nullptr};
    torch::nn::BatchNorm2d m_bn1{nullptr}, m_bn2{nullptr};
    torch::nn::Sequential m_downsample{nullptr};
};
TORCH_MODULE(BasicBlock);

/** 1x1, 3x3, 1x1 to four times the width, around a shortcut; the stride is in the 3x3 as in torchvision. */
class BottleneckImpl : public torch::nn::Module {
 public:
    BottleneckImpl(std::int64_t in, std::int64_t width, std::int64_t stride);
    torch::Tensor forward(const torch::Tensor& x);

 private:
    torch::nn::Conv2d m_conv1{nullptr}, m_conv2{nullptr}, m_conv3{nullptr};
    torch::nn::BatchNorm2d m_bn1{nullptr}, m_bn2{nullptr}, m_bn3{nullptr};
    torch::nn::Sequential m_downsample{nullptr};
};
TORCH_MODULE(Bottleneck);

}  // namespace querent::learn::networks

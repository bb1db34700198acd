#include "engine/learn/networks/layers.h"

namespace querent::learn::networks {

namespace {

torch::nn::Conv2d plainConv(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride) {
    return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(kernel / 2).bias(false));
}

torch::nn::Sequential shortcut(std::int64_t in, std::int64_t out, std::int64_t stride) {
    if (in == out && stride == 1) return nullptr;
    return torch::nn::Sequential(plainConv(in, out, 1, stride), torch::nn::BatchNorm2d(out));
}

}  // namespace

ConvNormImpl::ConvNormImpl(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride, bool relu)
    : m_relu(relu) {
    m_conv = register_module("conv", plainConv(in, out, kernel, stride));
    m_norm = register_module("norm", torch::nn::BatchNorm2d(out));
}

torch::Tensor ConvNormImpl::forward(const torch::Tensor& x) {
    const torch::Tensor y = m_norm(m_conv(x));
    return m_relu ? y.relu_() : y;
}

BasicBlockImpl::BasicBlockImpl(std::int64_t in, std::int64_t out, std::int64_t stride) {
    m_conv1 = register_module("conv1", plainConv(in, out, 3, stride));
    m_bn1 = register_module("bn1", torch::nn::BatchNorm2d(out));
    m_conv2 = register_module("conv2", plainConv(out, out, 3, 1));
    m_bn2 = register_module("bn2", torch::nn::BatchNorm2d(out));
    m_downsample = shortcut(in, out, stride);
    if (m_downsample) register_module("downsample", m_downsample);
}

torch::Tensor BasicBlockImpl::forward(const torch::Tensor& x) {
    torch::Tensor y = m_bn1(m_conv1(x)).relu_();
    y = m_bn2(m_conv2(y));
    return y.add_(m_downsample ? m_downsample->forward(x) : x).relu_();
}

BottleneckImpl::BottleneckImpl(std::int64_t in, std::int64_t width, std::int64_t stride) {
    const std::int64_t out = width * 4;
    m_conv1 = register_module("conv1", plainConv(in, width, 1, 1));
    m_bn1 = register_module("bn1", torch::nn::BatchNorm2d(width));
    m_conv2 = register_module("conv2", plainConv(width, width, 3, stride));
    m_bn2 = register_module("bn2", torch::nn::BatchNorm2d(width));
    m_conv3 = register_module("conv3", plainConv(width, out, 1, 1));
    m_bn3 = register_module("bn3", torch::nn::BatchNorm2d(out));
    m_downsample = shortcut(in, out, stride);
    if (m_downsample) register_module("downsample", m_downsample);
}

torch::Tensor BottleneckImpl::forward(const torch::Tensor& x) {
    torch::Tensor y = m_bn1(m_conv1(x)).relu_();
    y = m_bn2(m_conv2(y)).relu_();
    y = m_bn3(m_conv3(y));
    return y.add_(m_downsample ? m_downsample->forward(x) : x).relu_();
}

}  // namespace querent::learn::networks

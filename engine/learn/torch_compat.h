#pragma once

// Internal. What differs between LibTorch 1.13 and 2.x lives here and nowhere else.

#include <torch/torch.h>
#include <torch/version.h>

#include <ATen/autocast_mode.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <string>

#define QUERENT_TORCH_AT_LEAST(major, minor) \
    (TORCH_VERSION_MAJOR > (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

namespace querent::learn {

inline std::string torchVersion() {
    return std::to_string(TORCH_VERSION_MAJOR) + "." + std::to_string(TORCH_VERSION_MINOR) + "." +
           std::to_string(TORCH_VERSION_PATCH);
}

/** bfloat16 keeps the range of a float, so no loss scaling is needed; older cards have no fast one and stay at 32 bits.
 */
inline bool cudaHasBfloat16() {
    return at::detail::getCUDAHooks().supportsBFloat16ConvolutionWithCuDNNv8();
}

/** Whether the processor multiplies in bfloat16: then oneDNN does, at twice the speed. */
inline bool processorHasBfloat16() {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bf16") != 0;
#else
    return false;
#endif
}

/**
 * Mixed precision for as long as it lives: convolutions and products in bfloat16, where the device is fast at that.
 * Does nothing elsewhere, and when it is not wanted.
 */
class AutocastScope {
 public:
    AutocastScope(const torch::Device& device, bool wanted)
        : m_on(wanted && (device.is_cuda() ? cudaHasBfloat16() : processorHasBfloat16())), m_cuda(device.is_cuda()) {
        if (m_on) switchTo(true);
    }
    ~AutocastScope() {
        if (!m_on) return;
        switchTo(false);
        at::autocast::clear_cache();
    }
    AutocastScope(const AutocastScope&) = delete;
    AutocastScope& operator=(const AutocastScope&) = delete;

 private:
    void switchTo(bool on) const {
#if QUERENT_TORCH_AT_LEAST(2, 4)
        const at::DeviceType type = m_cuda ? at::kCUDA : at::kCPU;
        at::autocast::set_autocast_dtype(type, at::kBFloat16);
        at::autocast::set_autocast_enabled(type, on);
#else
        if (m_cuda) {
            at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
            at::autocast::set_enabled(on);
        } else {
            at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
            at::autocast::set_cpu_enabled(on);
        }
#endif
    }
    bool m_on;
    bool m_cuda;
};

}  // namespace querent::learn

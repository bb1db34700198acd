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

/** Mixed precision on CUDA for as long as it lives; does nothing when `on` is false. */
class AutocastScope {
 public:
    explicit AutocastScope(bool on) : m_on(on) {
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
    static void switchTo(bool on) {
#if QUERENT_TORCH_AT_LEAST(2, 4)
        at::autocast::set_autocast_dtype(at::kCUDA, at::kBFloat16);
        at::autocast::set_autocast_enabled(at::kCUDA, on);
#else
        at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
        at::autocast::set_enabled(on);
#endif
    }
    bool m_on;
};

}  // namespace querent::learn

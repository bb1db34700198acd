#include "engine/learn/blas.h"

#include "engine/learn/matrix_check.h"
#include "engine/learn/torch_compat.h"

#include <algorithm>
#include <cstdio>
#include <dlfcn.h>
#include <filesystem>
#include <memory>
#include <set>

namespace querent::learn {

namespace {

/** Gives LibTorch its number of threads back at the end. */
class ThreadCount {
 public:
    ThreadCount() = default;
    ~ThreadCount() { torch::set_num_threads(before); }
    ThreadCount(const ThreadCount&) = delete;
    ThreadCount& operator=(const ThreadCount&) = delete;
    const int before = torch::get_num_threads();
};

std::string answerOf(void* library, const char* function) {
    // The only way from a symbol to a function that POSIX has.
    const auto ask = reinterpret_cast<const char* (*)()>(dlsym(library, function));
    const char* answer = ask == nullptr ? nullptr : ask();
    return answer == nullptr ? std::string() : answer;
}

/** The name by the questions that only one of the libraries answers, or else by the folder that Debian gives it. */
std::string nameOf(void* library, const std::string& file) {
    if (const std::string config = answerOf(library, "openblas_get_config"); !config.empty()) {
        // "OpenBLAS 0.3.21 NO_LAPACK DYNAMIC_ARCH ..."
        const std::size_t version = config.find(' ', config.find(' ') + 1);
        const std::string kernels = answerOf(library, "openblas_get_corename");
        return config.substr(0, version) + (kernels.empty() ? "" : " with kernels for " + kernels);
    }
    if (const std::string version = answerOf(library, "bli_info_get_version_str"); !version.empty())
        return "BLIS " + version;
    if (file.find("/atlas/") != std::string::npos) return "ATLAS";
    if (file.find("/blas/") != std::string::npos) return "the reference BLAS, a slow one";
    return "a BLAS that does not say its name";
}

}  // namespace

std::string blasInUse() {
    void* const product = dlsym(RTLD_DEFAULT, "sgemm_");
    Dl_info found{};
    if (product == nullptr || dladdr(product, &found) == 0 || found.dli_fname == nullptr)
        return "a BLAS that is a part of LibTorch";
    std::error_code unresolved;
    const std::filesystem::path real = std::filesystem::canonical(found.dli_fname, unresolved);
    const std::string file = unresolved ? std::string(found.dli_fname) : real.string();
    const std::unique_ptr<void, int (*)(void*)> library(dlopen(found.dli_fname, RTLD_LAZY | RTLD_NOLOAD), &dlclose);
    return nameOf(library ? library.get() : RTLD_DEFAULT, file) + " (" + file + ")";
}

std::string torchInUse() {
    return "LibTorch " + torchVersion();
}

Result<std::string> checkBlas() {
    const ThreadCount threads;
    const std::string library = blasInUse();
    double worst = 0.0;
    for (const int count : std::set<int>{1, std::max(2, threads.before)}) {
        torch::set_num_threads(count);
        const Result<double> share =
            compareProducts([](const torch::Tensor& a, const torch::Tensor& b) { return torch::mm(a, b); });
        if (!share) {
            return fail(ErrorCode::Internal,
                        share.error().sentence + " Matrices are multiplied by " + library +
                            ", which does not work on this processor; choose another with \"sudo update-alternatives "
                            "--config libblas.so.3-x86_64-linux-gnu\".");
        }
        worst = std::max(worst, *share);
    }
    char text[80];
    std::snprintf(text, sizeof text, "products of matrices within %.2f of what rounding explains\n", worst);
    return "BLAS: " + library + "\n" + text;
}

}  // namespace querent::learn

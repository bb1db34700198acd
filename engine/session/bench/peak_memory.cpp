#include "engine/session/bench/peak_memory.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace querent::session::bench {
namespace {

std::optional<std::int64_t> bytesOf(const std::string& name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (!line.starts_with(name + ":")) continue;
        std::int64_t kilobytes = 0;
        std::istringstream(line.substr(name.size() + 1)) >> kilobytes;
        return kilobytes * 1024;
    }
    return std::nullopt;
}

bool forgetPeak() {
    std::ofstream control("/proc/self/clear_refs");
    return static_cast<bool>(control << "5" << std::flush);
}

}  // namespace

PeakMemory::PeakMemory() {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
    if (forgetPeak()) m_before = bytesOf("VmRSS");
}

std::optional<std::int64_t> PeakMemory::risen() const {
    const std::optional<std::int64_t> peak = bytesOf("VmHWM");
    if (!m_before || !peak) return std::nullopt;
    return std::max<std::int64_t>(0, *peak - *m_before);
}

}  // namespace querent::session::bench

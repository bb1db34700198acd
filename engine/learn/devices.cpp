#include "engine/learn/devices.h"

#include "engine/learn/detector_config.h"

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <new>
#include <string_view>
#include <thread>

namespace querent::learn {

namespace {

/**
 * A second team of OpenMP threads, idle for as long as the program runs. Between two operations the threads of a team
 * wait for one another by spinning, a third of a million rounds as GCC's library has it; where another program has one
 * of the cores, everybody spins for a thread that is not running, and training is many times slower than on one
 * thread. The library spins a thousand rounds only, and then sleeps, once a program has more threads in its teams than
 * there are cores (its manual, GOMP_SPINCOUNT). With this team there are. On cores of its own a detector trains a third
 * slower that way, so it is for machines that are busy.
 */
class IdleTeam {
 public:
    IdleTeam() {
        m_thread = std::jthread([this](const std::stop_token& stop) {
            torch::zeros({1 << 20}).add_(1.0);  // large enough for torch to divide it among a team
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, stop, [] { return false; });
        });
    }

 private:
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::jthread m_thread;
};

/** Whether other programs have kept a good part of the cores busy for the last minute. */
bool othersWork(int cores) {
    double load = 0.0;
    return ::getloadavg(&load, 1) == 1 && load > 0.6 * cores;
}

}  // namespace

void setThreads(int threads) {
    static std::once_flag once;
    std::call_once(once, [threads] {
        // What the user has set for every OpenMP program holds for this one: libraries have read it already.
        if (threads <= 0 && std::getenv("OMP_NUM_THREADS") != nullptr) return;
        const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
        // Convolutions of this size gain nothing from more than eight.
        const int fitting = std::clamp(cores > 4 ? cores - 1 : cores, 1, 8);
        torch::set_num_threads(threads > 0 ? threads : fitting);
        if (torch::get_num_threads() > 1 && othersWork(cores)) static const IdleTeam team;
    });
}

Result<torch::Device> deviceFor(const std::string& wish) {
    if (wish == "cpu") return torch::Device(torch::kCPU);
    const int count = torch::cuda::is_available() ? static_cast<int>(torch::cuda::device_count()) : 0;
    if (wish == "auto" || wish.empty()) {
        return count > 0 ? torch::Device(torch::kCUDA, 0) : torch::Device(torch::kCPU);
    }
    int index = 0;
    if (wish != "cuda") {
        constexpr std::string_view kPrefix = "cuda:";
        const char* begin = wish.data() + std::min(wish.size(), kPrefix.size());
        const char* end = wish.data() + wish.size();
        if (!wish.starts_with(kPrefix) || std::from_chars(begin, end, index).ptr != end || begin == end || index < 0) {
            return fail(ErrorCode::InvalidArgument,
                        "The device \"" + wish + "\" is not one of auto, cpu, cuda, cuda:N.");
        }
    }
    if (index >= count) {
        return fail(ErrorCode::Unsupported, count == 0 ? "This machine or this build has no CUDA device."
                                                       : "There is no CUDA device " + std::to_string(index) + ".");
    }
    return torch::Device(torch::kCUDA, static_cast<torch::DeviceIndex>(index));
}

std::string nameOf(const torch::Device& device) {
    return device.is_cuda() ? "cuda:" + std::to_string(std::max<int>(0, device.index())) : "cpu";
}

std::string resolvedDevice(const std::string& wish) {
    const Result<torch::Device> device = deviceFor(wish);
    return device ? nameOf(*device) : "cpu";
}

bool isOutOfMemory(const std::exception& problem) {
    if (dynamic_cast<const std::bad_alloc*>(&problem)) return true;
    const std::string_view text = problem.what();
    return text.find("out of memory") != std::string_view::npos ||
           text.find("can't allocate memory") != std::string_view::npos ||
           text.find("not enough memory") != std::string_view::npos;
}

Error errorOf(const std::exception& problem) {
    if (isOutOfMemory(problem)) return fail(ErrorCode::OutOfMemory, "There is not enough memory for this network.");
    const std::string text = problem.what();
    return fail(ErrorCode::Internal, "LibTorch: " + text.substr(0, text.find('\n')));
}

}  // namespace querent::learn

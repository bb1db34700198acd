#include "engine/cli/console.h"

#include "engine/session/logbook/logbook.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <stop_token>
#include <string>
#include <thread>
#include <unistd.h>

namespace querent::cli {
namespace {

std::stop_source& interruption() {
    static std::stop_source source;
    return source;
}

volatile std::sig_atomic_t g_interrupted = 0;

void onSignal(int) {
    g_interrupted = 1;
}

// Turns the flag that a signal handler may set into a stop request, which it may not make.
std::jthread watcher() {
    return std::jthread([](const std::stop_token& end) {
        while (!end.stop_requested()) {
            if (g_interrupted != 0) interruption().request_stop();
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    });
}

void watchSignals() {
    std::signal(SIGINT, onSignal);
    std::signal(SIGTERM, onSignal);
    static const std::jthread kWatcher = watcher();
}

class ProgressLine {
 public:
    void show(const Progress& progress) {
        const auto now = std::chrono::steady_clock::now();
        const bool changed = progress.phase != m_phase;
        const auto pause = m_terminal ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000);
        if (!changed && now - m_last < pause) return;
        m_phase = progress.phase;
        m_last = now;
        if (m_terminal) {
            std::fprintf(stderr, "\r\033[K%s%s", progress.phase.c_str(), amount(progress).c_str());
            std::fflush(stderr);
        } else {
            std::fprintf(stderr, "%s%s\n", progress.phase.c_str(), amount(progress).c_str());
        }
    }

    void end() const {
        if (m_terminal && !m_phase.empty()) std::fprintf(stderr, "\r\033[K");
    }

 private:
    static std::string amount(const Progress& progress) {
        if (progress.total <= 0) return progress.done > 0 ? " " + std::to_string(progress.done) : "";
        return " " + std::to_string(progress.done) + " of " + std::to_string(progress.total);
    }

    bool m_terminal = ::isatty(STDERR_FILENO) == 1;
    std::string m_phase;
    std::chrono::steady_clock::time_point m_last;
};

ProgressLine& progressLine() {
    static ProgressLine line;
    return line;
}

}  // namespace

Console::Console()
    : m_job(interruption().get_token(), [](const Progress& progress) { progressLine().show(progress); }) {
    watchSignals();
}

void Console::watchInChild() {
    watcher().detach();  // until the process ends by _exit()
}

void Console::endProgress() const {
    progressLine().end();
}

std::function<void(const std::string&)> Console::note() const {
    return [](const std::string& sentence) {
        progressLine().end();
        std::fprintf(stderr, "%s\n", sentence.c_str());
        session::logbook::warn(sentence);
    };
}

int Console::failed(const Error& error) const {
    endProgress();
    std::fprintf(stderr, "%s\n", error.text().c_str());
    session::logbook::error(error.sentence);
    if (error.code == ErrorCode::Cancelled) return kInterrupted;
    return error.code == ErrorCode::Internal ? kInternal : kAtFault;
}

Result<std::unique_ptr<session::Project>> openForWriting(const std::string& file) {
    return session::project::Project::open(file, session::project::OpenMode::ReadWrite);
}

Result<std::unique_ptr<session::Project>> openForReading(const std::string& file) {
    return session::project::Project::open(file, session::project::OpenMode::BestEffort);
}

}  // namespace querent::cli

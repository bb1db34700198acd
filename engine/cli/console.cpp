#include "engine/cli/console.h"

#include "engine/session/logbook/logbook.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <stop_token>
#include <string>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

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
    session::project::stopLongQuestionsOn(interruption().get_token());
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
        std::fprintf(stderr, "%s\n", shown(sentence).c_str());
        session::logbook::warn(sentence);
    };
}

int Console::failed(const Error& error) const {
    endProgress();
    std::fprintf(stderr, "%s\n", shown(error.text()).c_str());
    session::logbook::error(error.sentence);
    if (error.code == ErrorCode::Cancelled) return kInterrupted;
    return error.code == ErrorCode::Internal ? kInternal : kAtFault;
}

namespace {

// What the ends of projects had to tell: they are closed before the status is known.
std::vector<Error> g_endings;

Result<OpenProject> open(const std::string& file, session::project::OpenMode mode) {
    auto project = session::project::Project::open(file, mode);
    if (!project) return project.error();
    if (mode != session::project::OpenMode::Repair) {
        for (const std::string& problem : (*project)->openingProblems())
            std::fprintf(stderr, "%s\n", shown(problem).c_str());
    }
    return OpenProject(std::move(project).value().release());
}

}  // namespace

void Closer::operator()(session::Project* project) const {
    if (const auto closed = project->close(); !closed) g_endings.push_back(closed.error());
    if (const std::string problem = project->backupProblem(); !problem.empty())
        std::fprintf(stderr, "The automatic backup could not be made: %s\n", shown(problem).c_str());
    delete project;
}

Result<OpenProject> openForWriting(const std::string& file) {
    return open(file, session::project::OpenMode::ReadWrite);
}

Result<OpenProject> openForReading(const std::string& file) {
    return open(file, session::project::OpenMode::BestEffort);
}

Result<OpenProject> openForRepair(const std::string& file) {
    return open(file, session::project::OpenMode::Repair);
}

int endOf(int status, const Console& console) {
    console.endProgress();
    std::cout.flush();
    errno = 0;
    const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good();
    if (!written && status == kDone) {
        const std::string reason = errno != 0 ? ": " + std::system_category().message(errno) : std::string();
        status = console.failed(fail(ErrorCode::Io, "The output could not be written" + reason + "."));
    }
    for (const Error& error : g_endings)
        status = std::max(status, console.failed(error));
    return status;
}

std::string shown(const std::string& text) {
    std::string safe;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\0');
        const bool second = byte == 0xc2 && next >= 0x80 && next < 0xa0;  // U+0080 to U+009F: terminals obey them too
        if (byte >= 0x20 && byte != 0x7f && !second) {
            safe += text[i];
            continue;
        }
        std::array<char, 8> code{};
        std::snprintf(code.data(), code.size(), "\\x%02x", second ? next : byte);
        safe += code.data();
        if (second) ++i;
    }
    return safe;
}

}  // namespace querent::cli

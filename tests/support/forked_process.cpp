#include "tests/support/forked_process.h"

#include <csignal>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace querent::tests {
namespace {

std::string contentsOf(std::FILE* file) {
    std::string text;
    char block[4096];
    std::rewind(file);
    for (std::size_t count = 0; (count = std::fread(block, 1, sizeof block, file)) > 0;)
        text.append(block, count);
    return text;
}

}  // namespace

std::string Ended::text() const {
    return (signal != 0 ? "signal " + std::to_string(signal) : "status " + std::to_string(status)) + ": " + err + out;
}

ForkedProcess::ForkedProcess(const std::function<int()>& body, unsigned seconds)
    : m_out(std::tmpfile()), m_err(std::tmpfile()) {
    std::fflush(nullptr);
    m_id = ::fork();
    if (m_id != 0) return;
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::alarm(seconds);
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTERM, SIGINT})
        ::signal(signal, SIG_DFL);  // the test program's own handlers would print, and wait for its threads
    ::dup2(::fileno(m_out), STDOUT_FILENO);
    ::dup2(::fileno(m_err), STDERR_FILENO);
    const int status = body();
    std::fflush(nullptr);
    ::_exit(status);
}

ForkedProcess::~ForkedProcess() {
    if (m_id > 0) {
        ::kill(m_id, SIGKILL);
        wait();
    }
    std::fclose(m_out);
    std::fclose(m_err);
}

Ended ForkedProcess::wait() {
    Ended ended;
    int status = 0;
    if (::waitpid(std::exchange(m_id, -1), &status, 0) > 0) {
        if (WIFEXITED(status)) ended.status = WEXITSTATUS(status);
        if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
    }
    ended.out = contentsOf(m_out);
    ended.err = contentsOf(m_err);
    return ended;
}

}  // namespace querent::tests

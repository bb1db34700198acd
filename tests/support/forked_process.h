#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <sys/types.h>

namespace querent::tests {

/** How a process ended, and what it printed. */
struct Ended {
    int status = -1;  // of its exit; -1 when a signal ended it
    int signal = 0;
    std::string out;
    std::string err;

    /** "status 1: sentence", for a test's own sentences. */
    std::string text() const;
};

/**
 * Runs a function in another process, whose exit status is its answer. Nothing is loaded anew, which with LibTorch
 * costs a second; so whoever forks must not have started torch's threads.
 */
class ForkedProcess {
 public:
    /** A process that takes longer than `seconds` is ended by SIGALRM. */
    explicit ForkedProcess(const std::function<int()>& body, unsigned seconds = 120);
    ForkedProcess(const ForkedProcess&) = delete;
    ForkedProcess& operator=(const ForkedProcess&) = delete;
    ~ForkedProcess();

    pid_t id() const { return m_id; }
    Ended wait();

 private:
    pid_t m_id = -1;
    std::FILE* m_out;
    std::FILE* m_err;
};

}  // namespace querent::tests

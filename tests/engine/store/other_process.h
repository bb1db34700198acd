#pragma once

#include <functional>
#include <sys/wait.h>
#include <unistd.h>

namespace querent::store::test {

/** Runs `body` in another process, which ends with its answer by _exit(): the test's own objects are not its to
 * destroy. */
inline pid_t forked(const std::function<int()>& body) {
    const pid_t child = fork();
    if (child == 0) _exit(body());
    return child;
}

/** Waits for the process; -1 where a signal ended it. */
inline int exitCodeOf(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace querent::store::test

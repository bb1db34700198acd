#include "engine/session/thread_priority.h"

#ifdef __linux__
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace querent::session {

void lowerPriorityOfThisThread([[maybe_unused]] int niceness) {
#ifdef __linux__
    const auto thread = static_cast<id_t>(::syscall(SYS_gettid));
    ::setpriority(PRIO_PROCESS, thread, niceness);
#endif
}

}  // namespace querent::session

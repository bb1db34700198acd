#include "engine/core/standard_streams.h"

#include <fcntl.h>
#include <initializer_list>
#include <unistd.h>

namespace querent {

void keepStandardStreams() {
    // A new descriptor gets the lowest free number; the wrong direction makes every use of it fail.
    for (const int wanted : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(wanted, F_GETFD) != -1) continue;
        const int opened = ::open("/dev/null", wanted == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        if (opened >= 0 && opened != wanted) ::close(opened);
    }
}

}  // namespace querent

#include "engine/session/durable_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace querent::session {
namespace {

Error failedTo(const char* what, const std::filesystem::path& file) {
    const ErrorCode code = errno == ENOSPC ? ErrorCode::DiskFull : ErrorCode::Io;
    return fail(code, std::string("The file cannot be ") + what + ": " + std::strerror(errno) + ".", file);
}

}  // namespace

Result<void> writeDurably(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::path temporary = file;
    temporary += '.';
    temporary += std::to_string(::getpid());
    temporary += ".tmp";
    const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor < 0) return failedTo("made", temporary);
    std::size_t written = 0;
    bool good = true;
    while (good && written < text.size()) {
        const ssize_t count = ::write(descriptor, text.data() + written, text.size() - written);
        good = count > 0;
        written += good ? static_cast<std::size_t>(count) : 0;
    }
    good = good && ::fsync(descriptor) == 0;
    Result<void> result;
    if (!good) result = failedTo("written", temporary);
    ::close(descriptor);
    if (good && ::rename(temporary.c_str(), file.c_str()) != 0) result = failedTo("renamed", file);
    if (!result) ::unlink(temporary.c_str());
    return result;
}

}  // namespace querent::session

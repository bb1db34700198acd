#include "engine/session/programs.h"

#include "engine/learn/files/moderate_file.h"
#include "engine/learn/files/trusted_programs.h"

namespace querent::session {

Result<bool> isUntrustedProgram(const std::filesystem::path& file) {
    const Result<std::string> bytes = learn::files::readModerate(file);
    if (!bytes) return bytes.error();
    return learn::files::isProgram(*bytes) && !learn::files::isTrusted(*bytes);
}

std::string programWarning(const std::filesystem::path& file) {
    return file.filename().string() +
           " is a TorchScript program, not a file of numbers: when it runs it can do whatever you can do on this "
           "machine, such as read, change and delete your files. Let it run only when you know who made it.";
}

Result<void> trustProgram(const std::filesystem::path& file) {
    const Result<std::string> bytes = learn::files::readModerate(file);
    if (!bytes) return bytes.error();
    if (!learn::files::isProgram(*bytes))
        return fail(ErrorCode::InvalidArgument, "The file is no TorchScript program.", file);
    return learn::files::trust(*bytes, file);
}

}  // namespace querent::session

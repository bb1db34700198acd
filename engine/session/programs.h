#pragma once

#include "engine/core/result.h"

#include <filesystem>
#include <string>

namespace querent::session {

/**
 * Whether a file is a TorchScript program that this person has not let run on this machine yet: then it is not run,
 * and whoever chooses it is to be asked first. NotFound, Io, Unsupported above 4 GiB. Reads the whole file: for worker
 * threads.
 */
Result<bool> isUntrustedProgram(const std::filesystem::path& file);

/** "FILE is a TorchScript program, not a file of numbers: ..." What letting it run means; two sentences. */
std::string programWarning(const std::filesystem::path& file);

/**
 * Remembers, in this person's own settings and by the file's bytes, that the program may run: now, and in models that
 * are trained with it. InvalidArgument for a file that is no program, NotFound, Io, DiskFull, ReadOnly.
 */
Result<void> trustProgram(const std::filesystem::path& file);

}  // namespace querent::session

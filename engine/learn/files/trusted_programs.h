#pragma once

#include "engine/core/result.h"

#include <filesystem>
#include <string_view>

namespace querent::learn::files {

// TorchScript files are programs. Querent runs one only when this person chose this very file on this machine, however
// it comes here: by a project's settings, or within a model. What they chose is kept among their own settings, by the
// SHA-256 of its bytes, never in a project.

/** Whether these bytes are a TorchScript archive: code, not numbers alone. */
bool isProgram(std::string_view bytes);

/** $XDG_CONFIG_HOME/querent/trusted-programs.json, ~/.config/querent/...; empty where there is no home. */
std::filesystem::path trustedProgramsFile();

/** Whether this person lets these bytes run. Nothing is trusted where the list cannot be read. Any thread. */
bool isTrusted(std::string_view program);

/**
 * Remembers that this person lets the program run, for good.
 * @param chosen  where the file was, for whoever reads the list
 * @return InvalidArgument where there is no home for settings, DiskFull, ReadOnly or Io
 */
Result<void> trust(std::string_view program, const std::filesystem::path& chosen);

/** Unsupported, with a sentence that says what to do, for a program that is not trusted; `path` is where it is. */
Result<void> requireTrust(std::string_view program, const std::filesystem::path& path);

}  // namespace querent::learn::files

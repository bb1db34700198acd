#pragma once

#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace querent {

enum class Durability : std::uint8_t {
    Synced,  // there after a power failure
    Cache,   // may be lost then: it can be made again
};

/** The whole file. NotFound or Io. Any thread. */
Result<std::string> readWhole(const std::filesystem::path& path);

/**
 * Writes under a temporary name in the same folder, syncs, renames, and syncs the folder: the old file or the new one,
 * never a part. DiskFull, ReadOnly or Io; then nothing of the new file is left. Any thread, any process.
 */
Result<void> replaceWhole(const std::filesystem::path& path, std::string_view bytes,
                          Durability durability = Durability::Synced);
Result<void> replaceWhole(const std::filesystem::path& path, std::span<const std::uint8_t> bytes,
                          Durability durability = Durability::Synced);

/**
 * Makes what was written into a file, or renamed in a folder, durable. A folder that cannot be synced, or that may be
 * written but not listed, is no error: some file systems need no such step. DiskFull, ReadOnly or Io.
 */
Result<void> syncToDisk(const std::filesystem::path& path);

/** @param reason  errno of what failed in writing `path`; 0, where the system gave none, counts as EIO */
Error cannotWrite(const std::filesystem::path& path, int reason);

/** The end of every temporary name, so that leftovers of a killed program can be found. */
constexpr const char* kTemporarySuffix = ".tmp";

}  // namespace querent

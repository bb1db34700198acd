#pragma once

#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace querent::media {

/**
 * A regular file opened for reading. Looks at what was opened rather than at the name, and never waits: a pipe or a
 * device under the name of a picture is refused at once. Any number of threads may read at a time.
 */
class InputFile {
 public:
    /** Refuses what is missing, a folder, no regular file, or not readable, each with its own sentence. */
    static Result<InputFile> open(const std::filesystem::path& path);
    ~InputFile();
    InputFile(InputFile&& other) noexcept;
    InputFile& operator=(InputFile&& other) noexcept;

    /** Bytes, when it was opened. */
    std::uint64_t size() const { return m_size; }
    /** The same as long as nobody writes to the file; another for every other file. */
    const std::string& stamp() const { return m_stamp; }
    /** Bytes read from `offset` on into `to`: fewer only at the end of the file, or where it cannot be read. */
    std::size_t readAt(std::uint64_t offset, std::span<std::uint8_t> to) const;

 private:
    InputFile() = default;

    int m_descriptor = -1;
    std::uint64_t m_size = 0;
    std::string m_stamp;
};

/** The whole file, of at most 2 GiB; refuses what InputFile refuses. */
Result<std::vector<std::uint8_t>> readFile(const std::filesystem::path& path);
/** @param path  for errors only */
Result<std::vector<std::uint8_t>> readFile(const InputFile& file, const std::filesystem::path& path);

}  // namespace querent::media

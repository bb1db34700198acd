#pragma once

#include "engine/media/file_io.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace querent::media {

enum class Endian : std::uint8_t { Little, Big };

/**
 * Numbers at places of a file (read in pieces of 4 KB, so a header costs what it weighs) or of memory. Reading past the
 * end gives 0 and sets failed() for good, as streams do: parsers read on and ask once. One thread.
 */
class ByteWindow {
 public:
    explicit ByteWindow(std::span<const std::uint8_t> memory);
    explicit ByteWindow(std::shared_ptr<const InputFile> file);

    std::uint64_t size() const { return m_size; }
    bool failed() const { return m_failed; }
    bool has(std::uint64_t offset, std::uint64_t count) const { return offset <= m_size && count <= m_size - offset; }

    std::uint8_t u8(std::uint64_t offset);
    std::uint16_t u16(std::uint64_t offset, Endian endian);
    std::uint32_t u24(std::uint64_t offset, Endian endian);
    std::uint32_t u32(std::uint64_t offset, Endian endian);
    std::uint64_t u64(std::uint64_t offset, Endian endian);
    /** A stretch of any length; false where it does not lie in the file whole. */
    bool copy(std::uint64_t offset, std::span<std::uint8_t> to);
    /** True when exactly these bytes (at most 16) stand there; past the end is "no", not a failure. */
    bool matches(std::uint64_t offset, std::string_view bytes);

 private:
    std::uint64_t number(std::uint64_t offset, int count, Endian endian);
    const std::uint8_t* at(std::uint64_t offset, std::size_t count);

    std::span<const std::uint8_t> m_memory;
    std::shared_ptr<const InputFile> m_file;
    std::array<std::uint8_t, 4096> m_piece{};
    std::uint64_t m_pieceStart = 0;
    std::size_t m_pieceSize = 0;
    std::uint64_t m_size = 0;
    bool m_failed = false;
};

}  // namespace querent::media

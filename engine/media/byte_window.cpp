#include "engine/media/byte_window.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace querent::media {

ByteWindow::ByteWindow(std::span<const std::uint8_t> memory) : m_memory(memory), m_size(memory.size()) {}

ByteWindow::ByteWindow(std::shared_ptr<const InputFile> file) : m_file(std::move(file)), m_size(m_file->size()) {}

const std::uint8_t* ByteWindow::at(std::uint64_t offset, std::size_t count) {
    if (!has(offset, count)) return nullptr;
    if (!m_file) return m_memory.data() + offset;
    const bool inside = offset >= m_pieceStart && offset + count <= m_pieceStart + m_pieceSize;
    if (!inside) {
        m_pieceStart = offset;
        m_pieceSize = m_file->readAt(offset, m_piece);
        if (m_pieceSize < count) return nullptr;
    }
    return m_piece.data() + (offset - m_pieceStart);
}

std::uint64_t ByteWindow::number(std::uint64_t offset, int count, Endian endian) {
    const std::uint8_t* bytes = at(offset, static_cast<std::size_t>(count));
    if (bytes == nullptr) {
        m_failed = true;
        return 0;
    }
    std::uint64_t value = 0;
    for (int i = 0; i < count; ++i) {
        const int place = endian == Endian::Big ? i : count - 1 - i;
        value = (value << 8) | bytes[place];
    }
    return value;
}

std::uint8_t ByteWindow::u8(std::uint64_t offset) {
    return static_cast<std::uint8_t>(number(offset, 1, Endian::Big));
}
std::uint16_t ByteWindow::u16(std::uint64_t offset, Endian endian) {
    return static_cast<std::uint16_t>(number(offset, 2, endian));
}
std::uint32_t ByteWindow::u24(std::uint64_t offset, Endian endian) {
    return static_cast<std::uint32_t>(number(offset, 3, endian));
}
std::uint32_t ByteWindow::u32(std::uint64_t offset, Endian endian) {
    return static_cast<std::uint32_t>(number(offset, 4, endian));
}
std::uint64_t ByteWindow::u64(std::uint64_t offset, Endian endian) {
    return number(offset, 8, endian);
}

bool ByteWindow::copy(std::uint64_t offset, std::span<std::uint8_t> to) {
    if (!has(offset, to.size())) return false;
    if (m_file) return m_file->readAt(offset, to) == to.size();
    std::copy_n(m_memory.begin() + static_cast<std::ptrdiff_t>(offset), to.size(), to.begin());
    return true;
}

bool ByteWindow::matches(std::uint64_t offset, std::string_view bytes) {
    const std::uint8_t* found = at(offset, bytes.size());
    return found != nullptr && std::memcmp(found, bytes.data(), bytes.size()) == 0;
}

}  // namespace querent::media

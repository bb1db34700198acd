#include "engine/media/byte_window.h"

#include <algorithm>
#include <cstring>

namespace querent::media {

ByteWindow::ByteWindow(std::span<const std::uint8_t> memory) : m_memory(memory), m_size(memory.size()) {}

ByteWindow::ByteWindow(std::ifstream file) : m_file(std::move(file)) {
    m_file.seekg(0, std::ios::end);
    const std::streamoff end = m_file.tellg();
    m_size = end > 0 ? static_cast<std::uint64_t>(end) : 0;
}

const std::uint8_t* ByteWindow::at(std::uint64_t offset, std::size_t count) {
    if (!has(offset, count)) return nullptr;
    if (!m_memory.empty()) return m_memory.data() + offset;
    const bool inside = offset >= m_pieceStart && offset + count <= m_pieceStart + m_pieceSize;
    if (!inside) {
        m_file.clear();
        m_file.seekg(static_cast<std::streamoff>(offset));
        m_file.read(reinterpret_cast<char*>(m_piece.data()), static_cast<std::streamsize>(m_piece.size()));
        m_pieceStart = offset;
        m_pieceSize = static_cast<std::size_t>(std::max<std::streamsize>(m_file.gcount(), 0));
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

bool ByteWindow::matches(std::uint64_t offset, std::string_view bytes) {
    const std::uint8_t* found = at(offset, bytes.size());
    return found != nullptr && std::memcmp(found, bytes.data(), bytes.size()) == 0;
}

}  // namespace querent::media

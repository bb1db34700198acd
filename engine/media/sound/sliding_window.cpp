#include "engine/media/sound/sliding_window.h"

#include <algorithm>

namespace querent::media::sound {

Result<std::span<const float>> SlidingWindow::at(std::int64_t first, std::size_t count) {
    const std::int64_t end = first + static_cast<std::int64_t>(count);
    if (Result<void> read = readUpTo(end, first); !read) return read.error();
    const std::int64_t there = m_base + static_cast<std::int64_t>(m_samples.size());
    if (first >= m_base && end <= there) {
        return std::span<const float>(m_samples).subspan(static_cast<std::size_t>(first - m_base), count);
    }
    m_padded.assign(count, 0.0F);
    const std::int64_t from = std::max(first, m_base);
    const std::int64_t to = std::min(end, there);
    if (from < to) {
        std::copy_n(m_samples.begin() + (from - m_base), to - from, m_padded.begin() + (from - first));
    }
    return std::span<const float>(m_padded);
}

Result<void> SlidingWindow::readUpTo(std::int64_t end, std::int64_t keepFrom) {
    constexpr std::size_t kPiece = 32768;
    while (!m_ended && m_base + static_cast<std::int64_t>(m_samples.size()) < end) {
        const std::int64_t old = std::clamp<std::int64_t>(keepFrom - m_base, 0, std::ssize(m_samples));
        m_samples.erase(m_samples.begin(), m_samples.begin() + old);
        m_base += old;
        const std::size_t before = m_samples.size();
        m_samples.resize(before + kPiece);
        const Result<std::size_t> got = m_source(std::span(m_samples).subspan(before));
        if (!got) return got.error();
        m_samples.resize(before + *got);
        m_ended = *got < kPiece;
    }
    return {};
}

}  // namespace querent::media::sound

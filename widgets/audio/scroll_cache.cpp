#include "widgets/audio/scroll_cache.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace querent::widgets::audio {

bool ScrollCache::moveTo(std::int64_t first, double framesPerColumn, QSize deviceSize, QRgb background) {
    deviceSize = deviceSize.expandedTo({1, 1});
    if (m_image.size() != deviceSize) {
        m_image = QImage(deviceSize, QImage::Format_RGB32);
        m_image.fill(background);
        m_state.assign(static_cast<std::size_t>(deviceSize.width()), Column::Stale);
        m_first = first;
        m_perColumn = framesPerColumn;
        return true;
    }
    if (m_perColumn != framesPerColumn) {
        stretchTo(first, framesPerColumn, background);
        return true;
    }
    if (first != m_first) shiftBy(first - m_first, background);
    return false;
}

void ScrollCache::invalidate() {
    std::fill(m_state.begin(), m_state.end(), Column::Stale);
}

void ScrollCache::invalidate(double firstFrame, double lastFrame) {
    if (m_state.empty() || m_perColumn <= 0.0) return;
    const double width = static_cast<double>(m_state.size());
    const double from = std::floor(firstFrame / m_perColumn) - static_cast<double>(m_first) - 1.0;
    const double to = std::ceil(lastFrame / m_perColumn) - static_cast<double>(m_first) + 1.0;
    const auto begin = static_cast<std::ptrdiff_t>(std::clamp(from, 0.0, width));
    const auto end = static_cast<std::ptrdiff_t>(std::clamp(to, 0.0, width));
    if (begin < end) std::fill(m_state.begin() + begin, m_state.begin() + end, Column::Stale);
}

void ScrollCache::shiftBy(std::int64_t by, QRgb background) {
    const int width = m_image.width();
    m_first += by;
    if (std::abs(by) >= width) {
        m_image.fill(background);
        return invalidate();
    }
    const int shift = static_cast<int>(by);
    const int kept = width - std::abs(shift);
    const int to = std::max(-shift, 0);
    const int from = std::max(shift, 0);
    const int bare = shift > 0 ? kept : 0;
    for (int y = 0; y < m_image.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(m_image.scanLine(y));
        std::memmove(line + to, line + from, static_cast<std::size_t>(kept) * sizeof(QRgb));
        std::fill_n(line + bare, std::abs(shift), background);
    }
    std::memmove(m_state.data() + to, m_state.data() + from, static_cast<std::size_t>(kept));
    std::fill_n(m_state.begin() + bare, std::abs(shift), Column::Stale);
}

// What was seen stays seen, roughly, while the columns of the new zoom are drawn.
void ScrollCache::stretchTo(std::int64_t first, double framesPerColumn, QRgb background) {
    const QImage old = m_image.copy();
    m_image.fill(background);
    const double scale = m_perColumn / framesPerColumn;
    const double left = static_cast<double>(m_first) * scale - static_cast<double>(first);
    // Only the part in sight: far in, the rest would be a picture of millions of columns.
    const double from = std::max(0.0, -left / scale);
    const double to = std::min<double>(old.width(), (m_image.width() - left) / scale);
    if (from < to) {
        QPainter painter(&m_image);
        painter.drawImage(QRectF(left + from * scale, 0, (to - from) * scale, old.height()), old,
                          QRectF(from, 0, to - from, old.height()));
    }
    m_first = first;
    m_perColumn = framesPerColumn;
    invalidate();
}

ScrollCache::Run ScrollCache::nextStale(int from, int longest) const {
    const auto begin =
        std::find(m_state.begin() + std::min<std::ptrdiff_t>(from, std::ssize(m_state)), m_state.end(), Column::Stale);
    auto end = begin;
    while (end != m_state.end() && *end == Column::Stale && end - begin < longest)
        ++end;
    return {static_cast<int>(begin - m_state.begin()), static_cast<int>(end - m_state.begin())};
}

}  // namespace querent::widgets::audio

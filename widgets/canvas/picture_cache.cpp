#include "widgets/canvas/picture_cache.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace querent::widgets::canvas {

namespace {
// Scaling more pixels than this smoothly takes longer than a frame; the first paint is then a rough one.
constexpr qint64 kSmoothAtOnce = 2'500'000;
constexpr double kShowPixelsFrom = 2.0;  // enlarged further, the picture's own pixels are shown as squares
}  // namespace

void PictureCache::setImage(const QImage& image, Size displaySize) {
    const bool drawable =
        image.format() == QImage::Format_RGB32 || image.format() == QImage::Format_ARGB32_Premultiplied;
    const QImage::Format format = image.hasAlphaChannel() ? QImage::Format_ARGB32_Premultiplied : QImage::Format_RGB32;
    m_image = drawable ? image : image.convertToFormat(format);
    m_image.setDevicePixelRatio(1.0);
    m_display = displaySize.empty() ? Size{image.width(), image.height()} : displaySize;
    m_halves.clear();
    m_scaled = {};
    m_rough = true;
}

void PictureCache::clear() {
    m_image = {};
    m_display = {};
    m_halves.clear();
    m_scaled = {};
}

QSize PictureCache::wantedSize(const ViewTransform& view, double deviceRatio) const {
    return {std::max(1, static_cast<int>(std::lround(m_display.width * view.scale() * deviceRatio))),
            std::max(1, static_cast<int>(std::lround(m_display.height * view.scale() * deviceRatio)))};
}

bool PictureCache::paint(QPainter& painter, const ViewTransform& view, double deviceRatio) {
    if (m_image.isNull()) return true;
    const double deviceScale = view.scale() * deviceRatio * m_display.width / m_image.width();
    if (deviceScale >= 1.0) {
        paintEnlarged(painter, view, deviceScale);
        return true;
    }
    const QSize wanted = wantedSize(view, deviceRatio);
    if (m_scaled.isNull()) {
        m_rough = static_cast<qint64>(m_image.width()) * m_image.height() > kSmoothAtOnce;
        m_scaled = QPixmap::fromImage(
            m_image.scaled(wanted, Qt::IgnoreAspectRatio, m_rough ? Qt::FastTransformation : Qt::SmoothTransformation));
    }
    const QRectF target(view.origin(), QSizeF(wanted) / deviceRatio);
    if (m_scaled.size() == wanted) {
        painter.drawPixmap(target, m_scaled, QRectF(QPointF(0, 0), QSizeF(wanted)));
        return !m_rough;
    }
    // Stretch only what is seen: the old pixmap may be much larger than the viewport.
    const Box seen = view.visible();
    const double sx = static_cast<double>(m_scaled.width()) / m_display.width;
    const double sy = static_cast<double>(m_scaled.height()) / m_display.height;
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawPixmap(view.toScreen(seen), m_scaled,
                       QRectF(seen.left * sx, seen.top * sy, seen.width() * sx, seen.height() * sy));
    return false;
}

void PictureCache::paintEnlarged(QPainter& painter, const ViewTransform& view, double deviceScale) const {
    const double sx = static_cast<double>(m_image.width()) / m_display.width;
    const double sy = static_cast<double>(m_image.height()) / m_display.height;
    Box seen = view.visible();
    // Whole source pixels, so that their grid does not shimmer while panning.
    seen = {std::floor(seen.left * sx), std::floor(seen.top * sy), std::ceil(seen.right * sx),
            std::ceil(seen.bottom * sy)};
    seen = seen.clampedTo({m_image.width(), m_image.height()});
    if (seen.empty()) return;
    const Box shown{seen.left / sx, seen.top / sy, seen.right / sx, seen.bottom / sy};
    const bool smooth = deviceScale > 1.001 && deviceScale < kShowPixelsFrom;
    painter.setRenderHint(QPainter::SmoothPixmapTransform, smooth);
    painter.drawImage(view.toScreen(shown), m_image, QRectF(seen.left, seen.top, seen.width(), seen.height()));
}

const QImage& PictureCache::levelFor(QSize wanted) {
    const QImage* best = &m_image;
    std::size_t next = 0;
    while (best->width() >= 2 * wanted.width() && best->height() >= 2 * wanted.height()) {
        if (next == m_halves.size()) {
            m_halves.push_back(best->scaled(std::max(1, best->width() / 2), std::max(1, best->height() / 2),
                                            Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
        }
        best = &m_halves[next++];
    }
    return *best;
}

void PictureCache::sharpen(const ViewTransform& view, double deviceRatio) {
    if (m_image.isNull()) return;
    const QSize wanted = wantedSize(view, deviceRatio);
    if (wanted.width() >= m_image.width() || (m_scaled.size() == wanted && !m_rough)) return;
    m_halves.reserve(16);  // levelFor() keeps a pointer into it
    m_scaled = QPixmap::fromImage(levelFor(wanted).scaled(wanted, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
    m_rough = false;
}

}  // namespace querent::widgets::canvas

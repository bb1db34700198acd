#include "widgets/canvas/box_ink.h"

#include "widgets/canvas/hit_test.h"
#include "widgets/common/theme.h"

#include <QFontMetricsF>
#include <QPainterPath>

#include <array>
#include <cmath>

namespace querent::widgets::canvas {

namespace {

constexpr double kHandle = 9.0;
const QColor kHalo(0, 0, 0, 120);

QFont tagFont(const QFont& base) {
    QFont font = base;
    font.setWeight(QFont::DemiBold);
    font.setPointSizeF(std::max(7.0, font.pointSizeF() * 0.85));
    return font;
}

/** The name gives way where there is no room: score and marks stay. */
QString tagText(const CanvasBox& box, const BoxInk::TagLook& look) {
    QString after;
    if (box.ghost) after += QStringLiteral(" %1").arg(box.score, 0, 'f', 2);
    if (box.difficult) after += QStringLiteral(" ?");
    // A barred circle: in every font, unlike a padlock.
    const QString before = box.locked ? QString::fromUtf8("\xE2\x8A\x98 ") : QString();
    QString name = box.name;
    if (look.maxWidth > 0.0) {
        const QFontMetricsF metrics(tagFont(look.font));
        const double room = look.maxWidth - 10.0 - metrics.horizontalAdvance(before + after);
        name = metrics.elidedText(name, Qt::ElideRight, std::max(room, 0.0));
    }
    return before + name + after;
}

}  // namespace

QRectF snapped(const QRectF& r) {
    const double left = std::round(r.left());
    const double top = std::round(r.top());
    return {left, top, std::max(1.0, std::round(r.right()) - left), std::max(1.0, std::round(r.bottom()) - top)};
}

QColor faded(QColor colour, int alpha) {
    colour.setAlpha(alpha);
    return colour;
}

Qt::BrushStyle patternOf(ClassId label) {
    constexpr std::array kStyles = {Qt::BDiagPattern, Qt::HorPattern,       Qt::FDiagPattern, Qt::Dense6Pattern,
                                    Qt::VerPattern,   Qt::DiagCrossPattern, Qt::CrossPattern, Qt::Dense7Pattern};
    return kStyles[static_cast<std::size_t>(std::abs(label.value)) % kStyles.size()];
}

void paintChip(QPainter& painter, QPointF at, const QString& text, const QColor& swatch, const ChipLook& look) {
    const QFontMetricsF metrics(look.font);
    const double mark = swatch.isValid() ? 16.0 : 0.0;
    QRectF r(at, QSizeF(metrics.horizontalAdvance(text) + mark + 14.0, metrics.height() + 6.0));
    r.moveLeft(std::clamp(r.left(), 2.0, std::max(2.0, look.room.width() - r.width() - 2.0)));
    r.moveTop(std::clamp(r.top(), 2.0, std::max(2.0, look.room.height() - r.height() - 2.0)));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(QColor(255, 255, 255, 60), 1));
    painter.setBrush(QColor(18, 21, 28, 225));
    painter.drawRoundedRect(r, 5, 5);
    if (swatch.isValid()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(swatch);
        painter.drawRoundedRect(QRectF(r.left() + 7, r.center().y() - 5, 10, 10), 2, 2);
    }
    painter.setPen(Qt::white);
    painter.setFont(look.font);
    painter.drawText(r.adjusted(7 + mark, 0, -7, 0), Qt::AlignVCenter | Qt::AlignLeft, text);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void BoxInk::clearCache() {
    m_tags.clear();
    m_dashes.clear();
}

void BoxInk::outline(QPainter& painter, const QRectF& rect, const QColor& colour, const Stroke& stroke) {
    if (stroke.halo) frame(painter, rect.adjusted(-1, -1, 1, 1), stroke.width + 2, kHalo);
    if (stroke.dashed) {
        frame(painter, rect, stroke.width, dashes(colour, 8, 14));
    } else if (stroke.dotted) {
        frame(painter, rect, stroke.width, dashes(colour, 3, 5));
    } else {
        frame(painter, rect, stroke.width, colour);
    }
}

// A diagonal stripe pattern gives even dashes along all four sides, at the price of a plain fill.
const QBrush& BoxInk::dashes(const QColor& colour, int on, int period) {
    const quint64 key = (static_cast<quint64>(colour.rgba()) << 16) | static_cast<quint64>(on * 256 + period);
    const auto found = m_dashes.constFind(key);
    if (found != m_dashes.constEnd()) return *found;
    QImage image(period, period, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    for (int y = 0; y < period; ++y) {
        for (int x = 0; x < period; ++x) {
            if ((x + y) % period < on) image.setPixelColor(x, y, colour);
        }
    }
    return *m_dashes.insert(key, QBrush(image));
}

const QPixmap& BoxInk::tag(const QString& text, const CanvasBox& box, const TagLook& look) {
    const QString key = text + QChar(0) + box.colour.name() + (box.ghost ? QChar('g') : QChar('l'));
    const auto found = m_tags.constFind(key);
    if (found != m_tags.constEnd()) return *found;
    if (m_tags.size() > 1000) m_tags.clear();  // scores make ever new texts
    const QFont font = tagFont(look.font);
    const QFontMetricsF metrics(font);
    const QSizeF size(std::ceil(metrics.horizontalAdvance(text)) + 10, std::ceil(metrics.height()) + 2);
    QPixmap pixmap((size * look.deviceRatio).toSize());
    pixmap.setDevicePixelRatio(look.deviceRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF r(QPointF(0, 0), size);
    const QColor back = box.ghost ? QColor(18, 21, 28, 205) : box.colour;
    QPainterPath path;
    path.addRoundedRect(r.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.fillPath(path, back);
    if (box.ghost) painter.strokePath(path, QPen(box.colour, 1.2, Qt::DashLine));
    painter.setFont(font);
    painter.setPen(box.ghost ? QColor(Qt::white) : common::readableOn(box.colour));
    painter.drawText(r, Qt::AlignCenter, text);
    return *m_tags.insert(key, pixmap);
}

void BoxInk::paintTag(QPainter& painter, const CanvasBox& box, const QRectF& rect, const TagLook& look) {
    const QString text = tagText(box, look);
    if (text.isEmpty()) return;
    const QPixmap& pixmap = tag(text, box, look);
    const double height = pixmap.height() / pixmap.devicePixelRatio();
    // Above the box, or inside where there is no room above.
    const double above = rect.top() - height - 1;
    const double y = above >= look.top ? above : std::max(rect.top() + 2, look.top);
    painter.drawPixmap(QPointF(std::max(rect.left(), look.left), y), pixmap);
}

void BoxInk::paintHandle(QPainter& painter, QPointF at, const QColor& fill) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(common::readableOn(Qt::white), 1));
    painter.setBrush(fill);
    const QRectF square(at.x() - kHandle / 2, at.y() - kHandle / 2, kHandle, kHandle);
    painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void BoxInk::paintHandles(QPainter& painter, const QRectF& r, const QColor& colour) {
    const bool edges = r.width() > 4 * kHandle && r.height() > 4 * kHandle;
    const std::vector<Handle> handles = handlesOf({r.left(), r.top(), r.right(), r.bottom()});
    for (std::size_t i = 0; i < (edges ? handles.size() : 4); ++i)
        paintHandle(painter, {handles[i].x, handles[i].y}, i < 4 ? QColor(Qt::white) : colour);
}

}  // namespace querent::widgets::canvas

#include "widgets/canvas/canvas_painter.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>

namespace querent::widgets {

namespace {

constexpr std::size_t kHaloUpTo = 500;  // boxes; with more, the dark rim only adds to the crowd
constexpr double kTagFrom = 36.0;       // logical pixels; narrower boxes show their name on hover
constexpr double kHandle = 9.0;
const QColor kHalo(0, 0, 0, 120);

// Boxes drawn on whole logical pixels are crisp at every scale of the screen.
QRectF snapped(const QRectF& r) {
    const double left = std::round(r.left());
    const double top = std::round(r.top());
    return {left, top, std::max(1.0, std::round(r.right()) - left), std::max(1.0, std::round(r.bottom()) - top)};
}

// `Ink` is a QColor where it can be: a plain colour takes a much shorter way through QPainter than a brush.
template <typename Ink>
void frame(QPainter& painter, const QRectF& r, double w, const Ink& ink) {
    if (r.width() <= 2 * w || r.height() <= 2 * w) {
        painter.fillRect(r, ink);
        return;
    }
    painter.fillRect(QRectF(r.left(), r.top(), r.width(), w), ink);
    painter.fillRect(QRectF(r.left(), r.bottom() - w, r.width(), w), ink);
    painter.fillRect(QRectF(r.left(), r.top() + w, w, r.height() - 2 * w), ink);
    painter.fillRect(QRectF(r.right() - w, r.top() + w, w, r.height() - 2 * w), ink);
}

Qt::BrushStyle patternOf(ClassId label) {
    constexpr std::array kStyles = {Qt::BDiagPattern, Qt::HorPattern,       Qt::FDiagPattern, Qt::Dense6Pattern,
                                    Qt::VerPattern,   Qt::DiagCrossPattern, Qt::CrossPattern, Qt::Dense7Pattern};
    return kStyles[static_cast<std::size_t>(std::abs(label.value)) % kStyles.size()];
}

QColor faded(QColor colour, int alpha) {
    colour.setAlpha(alpha);
    return colour;
}

void chip(QPainter& painter, QPointF at, const QString& text, const QColor& swatch, const CanvasLook& look) {
    const QFontMetricsF metrics(look.font);
    const double mark = swatch.isValid() ? 16.0 : 0.0;
    QRectF r(at, QSizeF(metrics.horizontalAdvance(text) + mark + 14.0, metrics.height() + 6.0));
    const QSizeF room = look.view.viewport();
    r.moveLeft(std::clamp(r.left(), 2.0, std::max(2.0, room.width() - r.width() - 2.0)));
    r.moveTop(std::clamp(r.top(), 2.0, std::max(2.0, room.height() - r.height() - 2.0)));
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

}  // namespace

void CanvasPainter::clearCache() {
    m_tags.clear();
    m_dashes.clear();
}

bool CanvasPainter::wants(const CanvasBox& box, const CanvasLook& look) const {
    return !box.hidden && (box.ghost ? look.ghosts : look.labels);
}

void CanvasPainter::paintBoxes(QPainter& painter, const CanvasLook& look) {
    const Box seen = [&] {
        const QPointF from = look.view.toPicture(QPointF(-200, -40));
        const QPointF to =
            look.view.toPicture(QPointF(look.view.viewport().width() + 8, look.view.viewport().height() + 40));
        return Box{from.x(), from.y(), to.x(), to.y()};
    }();
    std::vector<const CanvasBox*> shown;
    const auto& boxes = look.state.boxes();
    const auto& order = look.state.byArea();
    for (auto i = order.rbegin(); i != order.rend(); ++i) {
        const CanvasBox& box = boxes[*i];
        const bool onScreen = box.box.right >= seen.left && box.box.left <= seen.right && box.box.bottom >= seen.top &&
                              box.box.top <= seen.bottom;
        if (onScreen && wants(box, look) && !look.state.selected().contains(box.id)) shown.push_back(&box);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const CanvasBox* box : shown)
        paintBox(painter, *box, look, shown.size() <= kHaloUpTo);
    // In a crowd only large boxes carry their name; hover and selection still show every one.
    const double least = shown.size() <= 12 ? 0.0 : shown.size() <= kHaloUpTo ? kTagFrom : 2 * kTagFrom;
    for (const CanvasBox* box : shown) {
        const QRectF rect = snapped(look.view.toScreen(box->box));
        if (rect.width() >= least && rect.height() >= 0.6 * least) paintTag(painter, *box, rect, look);
    }
}

void CanvasPainter::paintBox(QPainter& painter, const CanvasBox& box, const CanvasLook& look, bool halo) {
    const QRectF rect = snapped(look.view.toScreen(box.box));
    if (look.patterns && !box.ghost) painter.fillRect(rect, QBrush(faded(box.colour, 110), patternOf(box.label)));
    outline(painter, rect, box.colour, {2.0, halo && !box.ghost, box.ghost, box.difficult});
}

void CanvasPainter::outline(QPainter& painter, const QRectF& rect, const QColor& colour, const Stroke& stroke) {
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
const QBrush& CanvasPainter::dashes(const QColor& colour, int on, int period) {
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

const QPixmap& CanvasPainter::tag(const QString& text, const QColor& colour, bool ghost, const CanvasLook& look) {
    const QString key = text + QChar(0) + colour.name() + (ghost ? QChar('g') : QChar('l'));
    const auto found = m_tags.constFind(key);
    if (found != m_tags.constEnd()) return *found;
    if (m_tags.size() > 1000) m_tags.clear();  // scores make ever new texts
    QFont font = look.font;
    font.setWeight(QFont::DemiBold);
    font.setPointSizeF(std::max(7.0, font.pointSizeF() * 0.85));
    const QFontMetricsF metrics(font);
    const QSizeF size(std::ceil(metrics.horizontalAdvance(text)) + 10, std::ceil(metrics.height()) + 2);
    QPixmap pixmap((size * look.deviceRatio).toSize());
    pixmap.setDevicePixelRatio(look.deviceRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF r(QPointF(0, 0), size);
    const QColor back = ghost ? QColor(18, 21, 28, 205) : colour;
    QPainterPath path;
    path.addRoundedRect(r.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.fillPath(path, back);
    if (ghost) painter.strokePath(path, QPen(colour, 1.2, Qt::DashLine));
    painter.setFont(font);
    painter.setPen(ghost ? QColor(Qt::white) : readableOn(colour));
    painter.drawText(r, Qt::AlignCenter, text);
    return *m_tags.insert(key, pixmap);
}

void CanvasPainter::paintTag(QPainter& painter, const CanvasBox& box, const QRectF& rect, const CanvasLook& look) {
    QString text = box.name;
    if (box.ghost) text += QStringLiteral(" %1").arg(box.score, 0, 'f', 2);
    if (box.difficult) text += QStringLiteral(" ?");
    if (box.locked)
        text = QString::fromUtf8("\xE2\x8A\x98 ") + text;  // a barred circle: in every font, unlike a padlock
    if (text.isEmpty()) return;
    const QPixmap& pixmap = tag(text, box.colour, box.ghost, look);
    const double height = pixmap.height() / pixmap.devicePixelRatio();
    // Above the box, or inside where there is no room above.
    const double above = rect.top() - height - 1;
    painter.drawPixmap(QPointF(std::max(rect.left(), 0.0), above >= 0 ? above : rect.top() + 2), pixmap);
}

void CanvasPainter::paintHandles(QPainter& painter, const QRectF& r, const QColor& colour) {
    const bool edges = r.width() > 4 * kHandle && r.height() > 4 * kHandle;
    const std::vector<Handle> handles = handlesOf({r.left(), r.top(), r.right(), r.bottom()});
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(readableOn(Qt::white), 1));
    for (std::size_t i = 0; i < (edges ? handles.size() : 4); ++i) {
        const QRectF square(handles[i].x - kHandle / 2, handles[i].y - kHandle / 2, kHandle, kHandle);
        painter.setBrush(i < 4 ? QColor(Qt::white) : colour);
        painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void CanvasPainter::paintSelected(QPainter& painter, const CanvasBox& box, const CanvasLook& look) {
    const QRectF rect = snapped(look.view.toScreen(look.state.shownBox(box)));
    painter.fillRect(rect, faded(box.colour, 46));
    frame(painter, rect.adjusted(-2, -2, 2, 2), 1.0, QColor(0, 0, 0, 170));
    frame(painter, rect.adjusted(-1, -1, 1, 1), 1.0, QColor(Qt::white));
    outline(painter, rect, box.colour, {2.0, false, box.ghost, box.difficult});
    paintTag(painter, box, rect.adjusted(0, -4, 0, 0), look);
    if (!box.locked) paintHandles(painter, rect, box.colour);
}

void CanvasPainter::paintOverlay(QPainter& painter, const CanvasLook& look) {
    painter.setRenderHint(QPainter::Antialiasing, false);
    const CanvasBox* hovered = look.hovered ? look.state.find(look.hovered) : nullptr;
    if (hovered && wants(*hovered, look) && !look.state.selected().contains(hovered->id)) {
        const QRectF rect = snapped(look.view.toScreen(hovered->box));
        painter.fillRect(rect, faded(hovered->colour, 38));
        frame(painter, rect.adjusted(-1, -1, 1, 1), 1.0, QColor(255, 255, 255, 200));
        paintTag(painter, *hovered, rect, look);
    }
    if (look.labels || look.ghosts) {
        for (const CanvasBox& box : look.state.boxes()) {
            if (look.state.selected().contains(box.id) && wants(box, look)) paintSelected(painter, box, look);
        }
    }
    paintDrawing(painter, look);
    if (look.crosshair && look.cursor) paintCrosshair(painter, look);
    paintCursorChips(painter, look);
}

void CanvasPainter::paintDrawing(QPainter& painter, const CanvasLook& look) {
    const CanvasState::Phase phase = look.state.phase();
    if (phase == CanvasState::Phase::Drawing) {
        const QRectF rect = snapped(look.view.toScreen(look.state.drawn()));
        painter.fillRect(rect, faded(look.activeColour, 40));
        outline(painter, rect, look.activeColour, {2.0, true, false, false});
    } else if (phase == CanvasState::Phase::Banding) {
        const QRectF rect = snapped(look.view.toScreen(look.state.band()));
        painter.fillRect(rect, faded(look.theme.accent, 40));
        frame(painter, rect, 1.0, look.theme.accent);
    }
}

void CanvasPainter::paintCrosshair(QPainter& painter, const CanvasLook& look) {
    const double x = std::round(look.cursor->x());
    const double y = std::round(look.cursor->y());
    const QSizeF size = look.view.viewport();
    // Dark beside light: visible on any picture.
    painter.fillRect(QRectF(x, 0, 1, size.height()), QColor(255, 255, 255, 190));
    painter.fillRect(QRectF(x + 1, 0, 1, size.height()), QColor(0, 0, 0, 150));
    painter.fillRect(QRectF(0, y, size.width(), 1), QColor(255, 255, 255, 190));
    painter.fillRect(QRectF(0, y + 1, size.width(), 1), QColor(0, 0, 0, 150));
}

void CanvasPainter::paintCursorChips(QPainter& painter, const CanvasLook& look) {
    if (!look.cursor) return;
    std::optional<Box> live;
    if (look.state.phase() == CanvasState::Phase::Drawing) live = look.state.drawn();
    if (look.state.phase() == CanvasState::Phase::Editing) live = look.state.edited();
    QPointF at = *look.cursor + QPointF(14, 14);
    if (live) {
        const QString text = QStringLiteral("%1 × %2").arg(std::lround(live->width())).arg(std::lround(live->height()));
        const bool drawing = look.state.phase() == CanvasState::Phase::Drawing;
        const QString name =
            drawing && !look.activeName.isEmpty() ? look.activeName + QStringLiteral("   ") : QString();
        chip(painter, at, name + text, drawing ? look.activeColour : QColor(), look);
    } else if (look.classAtCursor && !look.activeName.isEmpty()) {
        chip(painter, at, look.activeName, look.activeColour, look);
    }
}

}  // namespace querent::widgets

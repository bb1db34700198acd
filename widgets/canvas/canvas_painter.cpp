#include "widgets/canvas/canvas_painter.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace querent::widgets::canvas {

namespace {

constexpr std::size_t kHaloUpTo = 500;  // boxes; with more, the dark rim only adds to the crowd
constexpr double kTagFrom = 36.0;       // logical pixels; narrower boxes show their name on hover

}  // namespace

void CanvasPainter::clearCache() {
    m_ink.clearCache();
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
        if (onScreen && look.shows(box) && !look.state.selected().contains(box.id)) shown.push_back(&box);
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
    m_ink.outline(painter, rect, box.colour, {2.0, halo && !box.ghost, box.ghost, box.difficult});
}

void CanvasPainter::paintTag(QPainter& painter, const CanvasBox& box, const QRectF& rect, const CanvasLook& look) {
    m_ink.paintTag(painter, box, rect, {look.font, look.deviceRatio});
}

void CanvasPainter::paintSelected(QPainter& painter, const CanvasBox& box, const CanvasLook& look) {
    const QRectF rect = snapped(look.view.toScreen(look.preview.boxOf(box)));
    painter.fillRect(rect, faded(box.colour, 46));
    frame(painter, rect.adjusted(-2, -2, 2, 2), 1.0, QColor(0, 0, 0, 170));
    frame(painter, rect.adjusted(-1, -1, 1, 1), 1.0, QColor(Qt::white));
    m_ink.outline(painter, rect, box.colour, {2.0, false, box.ghost, box.difficult});
    paintTag(painter, box, rect.adjusted(0, -4, 0, 0), look);
    if (!box.locked) BoxInk::paintHandles(painter, rect, box.colour);
}

void CanvasPainter::paintOverlay(QPainter& painter, const CanvasLook& look) {
    painter.setRenderHint(QPainter::Antialiasing, false);
    if (const CanvasBox* hovered = look.hoveredBox()) {
        const QRectF rect = snapped(look.view.toScreen(hovered->box));
        painter.fillRect(rect, faded(hovered->colour, 38));
        frame(painter, rect.adjusted(-1, -1, 1, 1), 1.0, QColor(255, 255, 255, 200));
        paintTag(painter, *hovered, rect, look);
    }
    if (look.labels || look.ghosts) {
        for (const CanvasBox& box : look.state.boxes()) {
            if (look.state.selected().contains(box.id) && look.shows(box)) paintSelected(painter, box, look);
        }
    }
    paintGesture(painter, look);
    if (look.crosshair && look.cursor) paintCrosshair(painter, look);
    paintCursorChips(painter, look);
}

void CanvasPainter::paintGesture(QPainter& painter, const CanvasLook& look) {
    const QRectF rect = snapped(look.view.toScreen(look.preview.box));
    if (look.draws()) {
        painter.fillRect(rect, faded(look.activeColour, 40));
        m_ink.outline(painter, rect, look.activeColour, {2.0, true, false, false});
    } else if (look.preview.kind == GesturePreview::Kind::Band) {
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
    const QPointF at = *look.cursor + QPointF(14, 14);
    if (look.draws() || look.preview.kind == GesturePreview::Kind::Editing) {
        const Box& live = look.preview.box;
        const QString text = QStringLiteral("%1 × %2").arg(std::lround(live.width())).arg(std::lround(live.height()));
        const bool named = look.draws() && !look.activeName.isEmpty();
        const QString name = named ? look.activeName + QStringLiteral("   ") : QString();
        paintChip(painter, at, name + text, look.draws() ? look.activeColour : QColor(),
                  {look.font, look.view.viewport()});
    } else if (look.classAtCursor && !look.activeName.isEmpty()) {
        paintChip(painter, at, look.activeName, look.activeColour, {look.font, look.view.viewport()});
    }
}

}  // namespace querent::widgets::canvas

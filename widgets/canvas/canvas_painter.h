#pragma once

#include "widgets/canvas/box_ink.h"
#include "widgets/canvas/canvas_state.h"
#include "widgets/canvas/view_transform.h"
#include "widgets/common/theme.h"

#include <QFont>

#include <optional>

class QPainter;

namespace querent::widgets {

/** All that decides how a canvas looks at one moment. */
struct CanvasLook {
    const CanvasState& state;
    const ViewTransform& view;
    const ThemeColours& theme;
    QFont font;
    double deviceRatio = 1.0;
    bool labels = true;
    bool ghosts = true;
    bool patterns = false;
    qint64 hovered = 0;
    bool crosshair = false;           // at `cursor`
    bool classAtCursor = false;       // name of the active class beside the cursor
    std::optional<QPointF> cursor{};  // viewport pixels
    QString activeName{};
    QColor activeColour{};
};

/**
 * Draws boxes. Two layers: paintBoxes() for all that stays while the mouse moves, paintOverlay() for the rest.
 */
class CanvasPainter {
 public:
    /** Boxes that are neither selected nor edited, largest first, so that small ones stay visible. */
    void paintBoxes(QPainter& painter, const CanvasLook& look);
    /** Hover, selection with handles, the gesture in flight, crosshair. */
    void paintOverlay(QPainter& painter, const CanvasLook& look);
    void clearCache();

 private:
    bool wants(const CanvasBox& box, const CanvasLook& look) const;
    void paintBox(QPainter& painter, const CanvasBox& box, const CanvasLook& look, bool halo);
    void paintTag(QPainter& painter, const CanvasBox& box, const QRectF& rect, const CanvasLook& look);
    void paintSelected(QPainter& painter, const CanvasBox& box, const CanvasLook& look);
    void paintDrawing(QPainter& painter, const CanvasLook& look);
    void paintCrosshair(QPainter& painter, const CanvasLook& look);
    void paintCursorChips(QPainter& painter, const CanvasLook& look);

    BoxInk m_ink;
};

}  // namespace querent::widgets

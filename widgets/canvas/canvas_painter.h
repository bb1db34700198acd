#pragma once

#include "widgets/canvas/box_ink.h"
#include "widgets/canvas/view_transform.h"

class QPainter;

namespace querent::widgets::canvas {

/** All that decides how a canvas looks at one moment. */
struct CanvasLook : SurfaceLook {
    const ViewTransform& view;
    bool classAtCursor = false;  // name of the active class beside the cursor
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
    void paintBox(QPainter& painter, const CanvasBox& box, const CanvasLook& look, bool halo);
    void paintTag(QPainter& painter, const CanvasBox& box, const QRectF& rect, const CanvasLook& look);
    void paintSelected(QPainter& painter, const CanvasBox& box, const CanvasLook& look);
    void paintGesture(QPainter& painter, const CanvasLook& look);
    void paintCrosshair(QPainter& painter, const CanvasLook& look);
    void paintCursorChips(QPainter& painter, const CanvasLook& look);

    BoxInk m_ink;
};

}  // namespace querent::widgets::canvas

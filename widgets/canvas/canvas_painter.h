#pragma once

#include "widgets/canvas/canvas_state.h"
#include "widgets/canvas/view_transform.h"
#include "widgets/common/theme.h"

#include <QFont>
#include <QHash>
#include <QPixmap>

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
 * Draws boxes. Two layers: paintBoxes() for all that stays while the mouse moves, paintOverlay() for the rest. Tags are
 * drawn once for each class and kept as pixmaps: text is what would make 2,000 boxes slow.
 */
class CanvasPainter {
 public:
    /** Boxes that are neither selected nor edited, largest first, so that small ones stay visible. */
    void paintBoxes(QPainter& painter, const CanvasLook& look);
    /** Hover, selection with handles, the gesture in flight, crosshair. */
    void paintOverlay(QPainter& painter, const CanvasLook& look);
    void clearCache();

 private:
    struct Stroke {
        double width = 2.0;
        bool halo = true;
        bool dashed = false;
        bool dotted = false;
    };

    bool wants(const CanvasBox& box, const CanvasLook& look) const;
    void outline(QPainter& painter, const QRectF& rect, const QColor& colour, const Stroke& stroke);
    void paintBox(QPainter& painter, const CanvasBox& box, const CanvasLook& look, bool halo);
    void paintTag(QPainter& painter, const CanvasBox& box, const QRectF& rect, const CanvasLook& look);
    void paintSelected(QPainter& painter, const CanvasBox& box, const CanvasLook& look);
    void paintHandles(QPainter& painter, const QRectF& rect, const QColor& colour);
    void paintDrawing(QPainter& painter, const CanvasLook& look);
    void paintCrosshair(QPainter& painter, const CanvasLook& look);
    void paintCursorChips(QPainter& painter, const CanvasLook& look);
    const QPixmap& tag(const QString& text, const QColor& colour, bool ghost, const CanvasLook& look);
    const QBrush& dashes(const QColor& colour, int on, int period);

    QHash<QString, QPixmap> m_tags;
    QHash<quint64, QBrush> m_dashes;
};

}  // namespace querent::widgets

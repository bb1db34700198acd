#pragma once

#include "widgets/canvas/gesture.h"
#include "widgets/common/theme.h"

#include <QBrush>
#include <QFont>
#include <QHash>
#include <QPainter>
#include <QPixmap>
#include <QRectF>

#include <algorithm>

namespace querent::widgets::canvas {

/** `r` on whole logical pixels, at least one wide and high: crisp at every scale of the screen. */
QRectF snapped(const QRectF& r);
QColor faded(QColor colour, int alpha);
/** The hatch of a class, for people who cannot tell the colours apart. */
Qt::BrushStyle patternOf(ClassId label);

/** A frame of width `w` inside `r`. `Ink` is a QColor where it can be: much quicker in QPainter than a brush. */
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

/** What decides, on every surface, how its boxes look at one moment. */
struct SurfaceLook {
    const CanvasState& state;
    const common::ThemeColours& theme;
    QFont font;
    double deviceRatio = 1.0;
    GesturePreview preview{};
    bool labels = true;
    bool ghosts = true;
    bool patterns = false;
    qint64 hovered = 0;
    bool crosshair = false;           // at `cursor`
    std::optional<QPointF> cursor{};  // viewport pixels
    QString activeName{};
    QColor activeColour{};

    bool shows(const CanvasBox& box) const { return !box.hidden && (box.ghost ? ghosts : labels); }
    bool draws() const { return preview.kind == GesturePreview::Kind::Drawing; }
    /** Hovered, and not selected as well. */
    const CanvasBox* hoveredBox() const {
        const CanvasBox* box = hovered ? state.find(hovered) : nullptr;
        return box && shows(*box) && !state.selected().contains(hovered) ? box : nullptr;
    }
};

/** Where a chip is drawn: its font, and the size of the area it must stay inside. */
struct ChipLook {
    QFont font;
    QSizeF room;
};
/** A small dark plate with text beside the cursor; a valid `swatch` puts its colour before the text. */
void paintChip(QPainter& painter, QPointF at, const QString& text, const QColor& swatch, const ChipLook& look);

/**
 * How boxes look, for every view that shows them: rims, dashes, tags, handles; all in logical screen pixels. Tags are
 * drawn once for each text and kept as pixmaps: text is what would make 2,000 boxes slow.
 */
class BoxInk {
 public:
    struct Stroke {
        double width = 2.0;
        bool halo = true;
        bool dashed = false;
        bool dotted = false;
    };
    struct TagLook {
        QFont font;
        double deviceRatio = 1.0;
        double top = 0.0;       // the highest y where a tag may be; above it the tag goes inside the box
        double left = 0.0;      // the least x
        double maxWidth = 0.0;  // longer texts are shortened; 0 = never
    };

    void outline(QPainter& painter, const QRectF& rect, const QColor& colour, const Stroke& stroke);
    /** Class, score of a ghost, and the marks of difficult and locked boxes, above the box where there is room. */
    void paintTag(QPainter& painter, const CanvasBox& box, const QRectF& rect, const TagLook& look);
    /** Four vertices, and four edges where there is room for them. */
    static void paintHandles(QPainter& painter, const QRectF& rect, const QColor& colour);
    /** One handle around `at`. */
    static void paintHandle(QPainter& painter, QPointF at, const QColor& fill);
    void clearCache();

 private:
    const QPixmap& tag(const QString& text, const CanvasBox& box, const TagLook& look);
    const QBrush& dashes(const QColor& colour, int on, int period);

    QHash<QString, QPixmap> m_tags;
    QHash<quint64, QBrush> m_dashes;
};

}  // namespace querent::widgets::canvas

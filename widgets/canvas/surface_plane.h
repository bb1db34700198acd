#pragma once

#include "widgets/canvas/canvas_state.h"
#include "widgets/canvas/hit_test.h"

#include <QString>

#include <optional>
#include <vector>

namespace querent::widgets::canvas {

/**
 * How boxes lie on the screen, and what a drag may make of them: all that a picture and a sound do differently under
 * the same gestures. Points and steps are on the plane, in the units of boxes (picture pixels, or frames and Hz), but
 * for those called `viewport` (logical pixels). Owned by its BoxSurface.
 */
class SurfacePlane {
 public:
    virtual ~SurfacePlane() = default;

    /** False: there is nothing to make gestures on. */
    virtual bool hasMedium() const = 0;
    virtual QPointF toPoint(QPointF viewport) const = 0;
    /** Shown or not; bodies only, and no box before another, where the selection is ignored. */
    virtual std::optional<Hit> hitAt(const CanvasState& state, QPointF viewport, bool ignoreSelection) = 0;
    virtual Box drawn(QPointF from, QPointF to, Qt::KeyboardModifiers keys) const = 0;
    /** All boxes moved together (Body), or each with this part pulled; what cannot go further stops. */
    virtual std::vector<Box> dragged(std::vector<Box> boxes, BoxPart part, QPointF from, QPointF to,
                                     Qt::KeyboardModifiers keys) const = 0;
    /** The same by one key press; an edge stops before its opposite. */
    virtual std::vector<Box> nudged(std::vector<Box> boxes, BoxPart part, QPointF step) const = 0;
    virtual Box band(QPointF from, QPointF to) const = 0;
    virtual bool isInBand(const Box& box, const Box& band) const = 0;
    /** Why a box was not drawn, or not changed: one side is shorter than kSmallestSide. */
    virtual QString tooSmall(bool change) const = 0;
};

}  // namespace querent::widgets::canvas

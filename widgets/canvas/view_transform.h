#pragma once

#include "engine/core/geometry.h"

#include <QPointF>
#include <QRectF>
#include <QSizeF>

namespace querent::widgets::canvas {

/**
 * Maps pixels of the picture to logical pixels of the viewport: screen = origin + scale * picture.
 * A picture smaller than the viewport is centred; a larger one can be pushed at most kOverscroll past its edge, so that
 * handles on the edge of the picture stay reachable. Pure arithmetic, no widget.
 */
class ViewTransform {
 public:
    static constexpr double kMinScale = 0.01;
    static constexpr double kMaxScale = 64.0;
    static constexpr double kOverscroll = 48.0;  // logical pixels
    static constexpr double kFitMargin = 12.0;   // logical pixels around a fitted picture

    void setPicture(Size size);
    void setViewport(QSizeF size);
    Size picture() const { return m_picture; }
    QSizeF viewport() const { return m_viewport; }

    double scale() const { return m_scale; }
    QPointF origin() const { return m_origin; }
    QPointF toScreen(QPointF picture) const { return m_origin + picture * m_scale; }
    QPointF toPicture(QPointF screen) const { return (screen - m_origin) / m_scale; }
    QRectF toScreen(const Box& box) const;
    /** The part of the picture that is on screen, in its pixels; empty when there is none. */
    Box visible() const;
    /** The picture point in the middle of the viewport. */
    QPointF centre() const;

    /** The scale at which the whole picture is seen. Small pictures are enlarged to at most 8 times. */
    double fitScale() const;
    void fit();
    /** Changes the scale and keeps the picture point under `anchor` (screen) where it is. */
    void zoomTo(double scale, QPointF anchor);
    void panBy(QPointF screenDelta);
    void centreOn(QPointF picture);
    /** The smallest pan that brings `box` on screen. */
    void ensureVisible(const Box& box, double margin = 24.0);

 private:
    void settle();

    Size m_picture;
    QSizeF m_viewport{1.0, 1.0};
    double m_scale = 1.0;
    QPointF m_origin;
};

}  // namespace querent::widgets::canvas

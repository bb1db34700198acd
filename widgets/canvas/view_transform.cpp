#include "widgets/canvas/view_transform.h"

#include <algorithm>

namespace querent::widgets::canvas {

namespace {

/** The origin of one axis: centred when the picture fits, else kept within the overscroll. */
double settled(double origin, double length, double viewport) {
    if (length <= viewport) return 0.5 * (viewport - length);
    const double over = std::min(ViewTransform::kOverscroll, 0.25 * viewport);
    return std::clamp(origin, viewport - length - over, over);
}

/** How far a range must move to lie in [0, viewport]; its start wins when it is too long. */
double shiftInto(double from, double to, double viewport) {
    if (from < 0.0 || to - from > viewport) return -from;
    return to > viewport ? viewport - to : 0.0;
}

}  // namespace

void ViewTransform::setPicture(Size size) {
    m_picture = size;
    settle();
}

void ViewTransform::setViewport(QSizeF size) {
    const QPointF middle = centre();
    m_viewport = {std::max(size.width(), 1.0), std::max(size.height(), 1.0)};
    centreOn(middle);
}

QRectF ViewTransform::toScreen(const Box& box) const {
    return {toScreen(QPointF(box.left, box.top)), toScreen(QPointF(box.right, box.bottom))};
}

Box ViewTransform::visible() const {
    const QPointF from = toPicture(QPointF(0, 0));
    const QPointF to = toPicture(QPointF(m_viewport.width(), m_viewport.height()));
    return Box{from.x(), from.y(), to.x(), to.y()}.clampedTo(m_picture);
}

QPointF ViewTransform::centre() const {
    return toPicture(QPointF(0.5 * m_viewport.width(), 0.5 * m_viewport.height()));
}

double ViewTransform::fitScale() const {
    if (m_picture.empty()) return 1.0;
    const double w = std::max(m_viewport.width() - 2 * kFitMargin, 1.0);
    const double h = std::max(m_viewport.height() - 2 * kFitMargin, 1.0);
    return std::clamp(std::min(w / m_picture.width, h / m_picture.height), kMinScale, 8.0);
}

void ViewTransform::fit() {
    m_scale = fitScale();
    settle();
}

void ViewTransform::zoomTo(double scale, QPointF anchor) {
    const QPointF fixed = toPicture(anchor);
    m_scale = std::clamp(scale, kMinScale, kMaxScale);
    m_origin = anchor - fixed * m_scale;
    settle();
}

void ViewTransform::panBy(QPointF screenDelta) {
    m_origin += screenDelta;
    settle();
}

void ViewTransform::centreOn(QPointF picture) {
    m_origin = QPointF(0.5 * m_viewport.width(), 0.5 * m_viewport.height()) - picture * m_scale;
    settle();
}

void ViewTransform::ensureVisible(const Box& box, double margin) {
    const QRectF r = toScreen(box).adjusted(-margin, -margin, margin, margin);
    panBy({shiftInto(r.left(), r.right(), m_viewport.width()), shiftInto(r.top(), r.bottom(), m_viewport.height())});
}

void ViewTransform::settle() {
    m_origin = {settled(m_origin.x(), m_picture.width * m_scale, m_viewport.width()),
                settled(m_origin.y(), m_picture.height * m_scale, m_viewport.height())};
}

}  // namespace querent::widgets::canvas

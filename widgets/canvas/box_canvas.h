#pragma once

#include "widgets/canvas/box_geometry.h"
#include "widgets/canvas/box_surface.h"
#include "widgets/canvas/canvas_painter.h"
#include "widgets/canvas/picture_cache.h"
#include "widgets/canvas/view_transform.h"

#include <QImage>

namespace querent::widgets::canvas {

/** Where the person looks: survives a change of item when the viewport is kept. */
struct CanvasView {
    bool fit = true;
    double scale = 1.0;
    QPointF centre;  // picture pixels
};

/** The pixels of a picture. */
class PicturePlane : public SurfacePlane {
 public:
    ViewTransform view;
    bool clamp = true;  // boxes stay inside the picture

    bool hasMedium() const override { return view.picture().width > 0; }
    QPointF toPoint(QPointF viewport) const override { return view.toPicture(viewport); }
    std::optional<Hit> hitAt(const CanvasState& state, QPointF viewport, bool ignoreSelection) override;
    /** Shift: a square; Alt: from the centre. */
    Box drawn(QPointF from, QPointF to, Qt::KeyboardModifiers keys) const override;
    std::vector<Box> dragged(std::vector<Box> boxes, BoxPart part, QPointF from, QPointF to,
                             Qt::KeyboardModifiers keys) const override;
    std::vector<Box> nudged(std::vector<Box> boxes, BoxPart part, QPointF step) const override;
    Box band(QPointF from, QPointF to) const override;
    bool isInBand(const Box& box, const Box& band) const override;
    QString tooSmall(bool change) const override;

 private:
    DrawRule ruleFor(Qt::KeyboardModifiers keys) const;
};

/**
 * Shows a picture with boxes, in pixels of the picture, and turns mouse and keyboard into completed gestures.
 *
 * Keys handled here besides those of every BoxSurface: arrows (nudge; Shift 10 px, Ctrl bottom-right, Alt top-left; pan
 * when nothing is selected), Space (hold to pan). All other keys go on to the window. Tab takes the boxes under the
 * cursor, or all where there are fewer than two. Drawing: press-drag-release, or click and click again; Shift = square,
 * Alt = from the centre.
 */
class BoxCanvas : public BoxSurface {
    Q_OBJECT

 public:
    explicit BoxCanvas(QWidget* parent = nullptr);

    /**
     * `image` may be a reduced decode of a picture of `displaySize` original pixels; all boxes are in original pixels.
     * Ends any gesture. Fits the picture, or keeps the view when setKeepView(true) and the sizes are equal.
     */
    void setPicture(const QImage& image, Size displaySize);
    /** Replaces the pixels of the same picture by a better decode; view, boxes and gesture stay. */
    void refinePicture(const QImage& image);
    /** No picture: shows the sentence in the middle ("This file is missing."). Boxes are cleared. */
    void clearPicture(const QString& message);
    bool hasPicture() const;
    Size pictureSize() const;

    /** Off: boxes may reach over the edge of the picture. On by default. */
    void setClampToPicture(bool on);

    double zoom() const;  // logical screen pixels for one picture pixel
    CanvasView view() const;
    void setView(const CanvasView& view);
    void ensureVisible(qint64 id) override;

    /** The screen point (viewport, logical pixels) of a picture point, and back. */
    QPointF toViewport(QPointF picture) const;
    QPointF toPicture(QPointF viewport) const;

 public Q_SLOTS:
    void zoomIn() override;
    void zoomOut() override;
    void zoomToActualSize();
    void zoomToFit() override;
    void setZoom(double scale);
    void startKeyboardDraw() override;

 protected:
    Gesture* gestureAt(GesturePoint& at, Qt::MouseButton button) override;
    void clickOnNothing(const GesturePoint& at) override;
    void panBy(QPointF from, QPointF delta) override;
    void zoomBy(double factor, QPointF viewport) override;
    std::vector<qint64> cycleOrder() const override;
    QString description() const override;
    bool wantsKey(const QKeyEvent& event) const override;

    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

 private:
    void viewMoved(bool scaled);
    void syncBars();
    CanvasLook canvasLook() const;
    void renderLayer();
    bool arrowKey(const QKeyEvent& event);
    void moveKeyboardCursor(QPointF delta);

    PicturePlane& m_pixels;  // the plane that the base owns
    ViewTransform& m_view;
    PictureCache m_picture;
    CanvasPainter m_painter;
    bool m_fitted = true;
    bool m_settingBars = false;
    bool m_spaceHeld = false;
    bool m_spaceUsed = false;
    QPointF m_keyboardCursor;  // picture pixels
    QTimer m_sharpenTimer;
};

}  // namespace querent::widgets::canvas

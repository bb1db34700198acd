#pragma once

#include "widgets/canvas/box_surface.h"

#include <QImage>

#include <memory>

namespace querent::widgets {

/** Where the person looks: survives a change of item when the viewport is kept. */
struct CanvasView {
    bool fit = true;
    double scale = 1.0;
    QPointF centre;  // picture pixels
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
    ~BoxCanvas() override;

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
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

 private:
    struct Private;
    Private* const d;  // the inside that the base owns
};

}  // namespace querent::widgets

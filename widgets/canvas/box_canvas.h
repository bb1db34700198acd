#pragma once

#include "engine/core/geometry.h"
#include "widgets/canvas/canvas_box.h"

#include <QAbstractScrollArea>
#include <QImage>
#include <QPair>
#include <QVector>

#include <memory>
#include <optional>
#include <vector>

namespace querent::widgets {

/** Modeless: a drag on nothing draws, a drag on a box edits it. Draw: every drag draws. Select: nothing draws. */
enum class CanvasMode { Modeless, Draw, Select };

/** Where the person looks: survives a change of item when the viewport is kept. */
struct CanvasView {
    bool fit = true;
    double scale = 1.0;
    QPointF centre;  // picture pixels
};

/**
 * Shows a picture with boxes and turns mouse and keyboard into completed gestures.
 *
 * It holds no truth: it draws what setBoxes() last said, draws a running gesture on top, and reports each completed
 * gesture by exactly one signal (boxDrawn, boxesEdited, ghostCorrected). Whoever owns the boxes answers with
 * setBoxes(). An id that disappears while it is being edited ends the gesture without a signal. UI thread only.
 *
 * Keys handled here while it has the focus: arrows (nudge; Shift 10 px, Ctrl bottom-right, Alt top-left; pan when
 * nothing is selected), Tab / Shift+Tab, Esc, Space (hold to pan), the peek key (hold), Enter while drawing. All other
 * keys go on to the window. Drawing: press-drag-release, or click and click again; Shift = square, Alt = from the
 * centre.
 */
class BoxCanvas : public QAbstractScrollArea {
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

    void setBoxes(std::vector<CanvasBox> boxes);
    const std::vector<CanvasBox>& boxes() const;
    /** Ids that are not there are left out. Emits nothing: it is told, not asked. */
    void setSelection(const QVector<qint64>& ids);
    QVector<qint64> selection() const;

    /** The class that new boxes get: shown beside the cursor and used for the box being drawn. */
    void setActiveClass(const QString& name, const QColor& colour, ClassId label);
    void setMode(CanvasMode mode);
    CanvasMode mode() const;
    /** Boxes can be looked at and selected, not changed. */
    void setReadOnly(bool readOnly);
    bool isReadOnly() const;
    void setCrosshair(bool on);
    /** Off: boxes may reach over the edge of the picture. On by default. */
    void setClampToPicture(bool on);
    /** Adds a hatch of its own to each class, for people who cannot tell the colours apart. Off by default. */
    void setClassPatterns(bool on);
    /** Labels and ghosts are drawn and can be hit. */
    void setBoxesVisible(bool visible);
    bool boxesVisible() const;
    void setGhostsVisible(bool visible);
    bool ghostsVisible() const;
    /** Key that hides the boxes while it is held, Qt::Key_H at first, 0 for none. */
    void setPeekKey(int key);
    bool isPeeking() const;

    double zoom() const;  // logical screen pixels for one picture pixel
    CanvasView view() const;
    void setView(const CanvasView& view);
    void setKeepView(bool keep);
    void ensureVisible(qint64 id);

    /** True from the first corner of a box, or the press on one, to its end. */
    bool isGestureRunning() const;
    /** The screen point (viewport, logical pixels) of a picture point, and back. */
    QPointF toViewport(QPointF picture) const;
    QPointF toPicture(QPointF viewport) const;

 public Q_SLOTS:
    void zoomIn();
    void zoomOut();
    void zoomToActualSize();
    void zoomToFit();
    void setZoom(double scale);
    /** Drawing without a mouse: arrows move the crosshair (Shift 10, Ctrl 50 px), Enter places a corner, Esc ends. */
    void startKeyboardDraw();
    void cancelGesture();
    /** Selects the next (1) or previous (-1) box under the cursor, or of all when there is none. */
    void cycleSelection(int step);
    void selectAll();
    void clearSelection();

 Q_SIGNALS:
    void boxDrawn(const querent::Box& box);
    /** New boxes of the labels that changed. `gesture` is "Move" or "Resize". */
    void boxesEdited(const QVector<QPair<qint64, querent::Box>>& newBoxes, const QString& gesture);
    /** A selected ghost was moved or resized: accept it with this box. */
    void ghostCorrected(qint64 id, const querent::Box& box);
    /** Double click on a ghost: accept it as it is. */
    void ghostActivated(qint64 id);
    void boxActivated(qint64 id);  // double click on a label
    void hovered(qint64 id);       // 0 for none
    void selectionChanged(const QVector<qint64>& ids);
    void cursorMoved(double x, double y);  // picture pixels
    void cursorLeft();
    void zoomChanged(double scale);
    /** A gesture that could not be done, and why, in one sentence. */
    void rejected(const QString& sentence);
    void spaceTapped();
    void contextMenuWanted(const QPoint& globalPos, qint64 id);
    void modeChanged(querent::widgets::CanvasMode mode);

 protected:
    bool event(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

 private:
    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace querent::widgets

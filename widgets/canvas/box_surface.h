#pragma once

#include "engine/core/geometry.h"
#include "widgets/canvas/canvas_box.h"

#include <QAbstractScrollArea>
#include <QPair>
#include <QVector>

#include <memory>
#include <vector>

namespace querent::widgets {

/** Modeless: a drag on nothing draws, a drag on a box edits it. Draw: every drag draws. Select: nothing draws. */
enum class CanvasMode { Modeless, Draw, Select };

/**
 * What a picture with boxes (BoxCanvas) and a sound with regions (SoundView) have in common: boxes on the plane of a
 * medium, and mouse and keyboard turned into completed gestures, so that one controller can serve both.
 *
 * It holds no truth: it draws what setBoxes() last said, draws a running gesture on top, and reports each completed
 * gesture by exactly one signal (boxDrawn, boxesEdited, ghostCorrected). Whoever owns the boxes answers with
 * setBoxes(). An id that disappears while it is being edited ends the gesture without a signal. UI thread only.
 *
 * Keys handled here while it has the focus: Tab / Shift+Tab, Esc, the peek key (hold), Enter while drawing.
 */
class BoxSurface : public QAbstractScrollArea {
    Q_OBJECT

 public:
    ~BoxSurface() override;

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
    /** Whether the view stays where it is when the next picture or sound has the shape of this one. */
    void setKeepView(bool keep);
    virtual void ensureVisible(qint64 id) = 0;
    /** True from the first corner of a box, or the press on one, to its end. */
    bool isGestureRunning() const;

 public Q_SLOTS:
    virtual void zoomIn() = 0;
    virtual void zoomOut() = 0;
    virtual void zoomToFit() = 0;
    /** Drawing without a mouse: arrows move the crosshair (Shift 10, Ctrl 50 px), Enter places a corner, Esc ends. */
    virtual void startKeyboardDraw() = 0;
    virtual void cancelGesture();
    /** Selects the next (1) or previous (-1) box in the order that the medium has. */
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
    /** Picture pixels, or frames and Hz; the frequency is NaN on a waveform. */
    void cursorMoved(double x, double y);
    void cursorLeft();
    /** Logical screen pixels for a picture pixel, or for a second of sound. */
    void zoomChanged(double scale);
    /** A gesture that could not be done, and why, in one sentence. */
    void rejected(const QString& sentence);
    void spaceTapped();
    void contextMenuWanted(const QPoint& globalPos, qint64 id);
    void modeChanged(querent::widgets::CanvasMode mode);

 protected:
    struct Inside;
    BoxSurface(std::unique_ptr<Inside> inside, QWidget* parent);

    bool event(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

    const std::unique_ptr<Inside> m_inside;
};

}  // namespace querent::widgets

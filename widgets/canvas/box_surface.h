#pragma once

#include "widgets/canvas/gesture.h"

#include <QAbstractScrollArea>
#include <QPixmap>

#include <memory>
#include <vector>

class QKeyEvent;

namespace querent::widgets::canvas {

struct SurfaceLook;

/** Modeless: a drag on nothing draws, a drag on a box edits it. Draw: every drag draws. Select: nothing draws. */
enum class CanvasMode { Modeless, Draw, Select };

constexpr double kHandleReach = 8.0;  // logical pixels

/** The step of an arrow key, y downwards. */
std::optional<QPointF> directionOf(int key);
/** Without the mark of the number pad. */
Qt::KeyboardModifiers modifiersOf(const QKeyEvent& event);

/** What a person has set on a surface, and whether boxes are hidden for a moment. */
struct SurfaceSettings {
    CanvasMode mode = CanvasMode::Modeless;
    QString activeName;
    QColor activeColour = QColor(0x2f5bd7);
    bool drawable = true;
    bool readOnly = false;
    bool crosshair = true;
    bool patterns = false;
    bool labels = true;
    bool ghosts = true;
    bool keepView = false;
    int peekKey = Qt::Key_H;
    bool peeking = false;

    bool mayChange() const { return !readOnly && drawable; }
    bool showsLabels() const { return labels && !peeking; }
    bool showsGhosts() const { return ghosts && !peeking; }
    bool shows(const CanvasBox& box) const { return box.ghost ? showsGhosts() : showsLabels(); }
};

/**
 * What a picture with boxes (BoxCanvas) and a sound with regions (SoundView) have in common: boxes on the plane of a
 * medium, and mouse and keyboard turned into completed gestures, so that one controller can serve both.
 *
 * It holds no truth: it draws what setBoxes() last said, draws a running gesture on top, and reports each completed
 * gesture by exactly one signal (boxDrawn, boxesEdited, ghostCorrected). Whoever owns the boxes answers with
 * setBoxes(). An id that disappears while it is being edited ends the gesture without a signal. UI thread only.
 *
 * The gestures are objects (gesture.h), of which one has the mouse at a time: gestureAt() says which one a press begins
 * and so how the cursor looks. A box between two clicks waits meanwhile. How boxes lie on the screen and what a drag
 * makes of them is the SurfacePlane's.
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
    void setActiveClass(const QString& name, const QColor& colour);
    void setMode(CanvasMode mode);
    CanvasMode mode() const;
    /** Boxes can be looked at and selected, not changed. */
    void setReadOnly(bool readOnly);
    /** False where items have classes and no boxes: as read-only, and nothing invites to draw. */
    void setDrawable(bool drawable);
    /** By either of the two. */
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
    /** Ends it without a report. */
    void cancelGesture();
    /** A gesture that only waits for a key to be let go (a nudge) ends now and reports itself. */
    void settleGesture();
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
    /** Tab went to this box. */
    void cycledTo(qint64 id);
    /** Picture pixels, or frames and Hz; the frequency is NaN on a waveform. */
    void cursorMoved(double x, double y);
    void cursorLeft();
    /** Logical screen pixels for a picture pixel, or for a second of sound. */
    void zoomChanged(double scale);
    /** A gesture that could not be done, and why, in one sentence. */
    void rejected(const QString& sentence);
    void spaceTapped();
    void contextMenuWanted(const QPoint& globalPos, qint64 id);
    void modeChanged(querent::widgets::canvas::CanvasMode mode);

 protected:
    /** `panCursor`: where a drag pans, as it cannot draw. */
    BoxSurface(std::unique_ptr<SurfacePlane> plane, Qt::CursorShape panCursor, QWidget* parent);

    // What the medium adds.
    /** What a press here begins, null for nothing. It drops the grip where boxes are out of reach. */
    virtual Gesture* gestureAt(GesturePoint& at, Qt::MouseButton button);
    virtual void clickOnNothing(const GesturePoint& at) = 0;
    /** From the place of the press, by viewport pixels. */
    virtual void panBy(QPointF from, QPointF delta) = 0;
    virtual void zoomBy(double factor, QPointF viewport) = 0;
    /** What Tab goes through. */
    virtual std::vector<qint64> cycleOrder() const = 0;
    /** What a screen reader says. */
    virtual QString description() const = 0;
    /** Keys that must come here even where the window has a shortcut on them. */
    virtual bool wantsKey(const QKeyEvent& event) const;
    /** False when Esc had nothing to end. */
    virtual bool escape();
    /** Boxes, selection or view changed. */
    virtual void repaintAll();

    // What it stands on.
    void repaintOverlay();  // cursor or gesture moved
    void select(const QSet<qint64>& ids);
    void setHovered(qint64 id);
    void announce();
    bool canDraw() const;
    GesturePoint pointAt(QPointF viewport, Qt::KeyboardModifiers keys) const;
    void refreshCursor(Qt::KeyboardModifiers keys);
    /** One press of an arrow key moves the selection, or a part of it. False when there is none that can be moved. */
    bool nudge(BoxPart part, QPointF step);
    /** The gesture in flight goes on to where the cursor is: the view has moved under it. */
    void followCursor();
    /** A gesture has the mouse. */
    bool isHeld() const { return m_current != nullptr; }
    /** A button is held on boxes: drawing, editing, or the rubber band. */
    bool holdsBoxes() const;
    bool holds(const Gesture& gesture) const { return m_current == &gesture && gesture.isActing(); }
    SurfaceLook look() const;
    /** Makes the pixmap fit the widget; true when it was drawn for another ratio of pixels. */
    bool fitLayer(double deviceRatio);
    void paintMessage(QPainter& painter, const QString& iconName) const;
    void paintFocus(QPainter& painter) const;

    bool event(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

    const std::unique_ptr<SurfacePlane> m_plane;
    CanvasState m_state;
    SurfaceSettings m_settings;
    QString m_message;                // instead of a medium
    std::optional<QPointF> m_cursor;  // viewport pixels
    qint64 m_hovered = 0;
    QPixmap m_layer;  // all that stays while the mouse moves
    bool m_layerStale = true;

 private:
    friend class Gesture;  // they register themselves, and select, click and repaint

    std::optional<Grip> gripAt(QPointF viewport, bool ignoreSelection = false);
    bool canEdit(const Grip& grip) const;
    Qt::CursorShape cursorShape(Qt::KeyboardModifiers keys);
    void click(const GesturePoint& at, Qt::KeyboardModifiers keys);
    bool isPeek(const QKeyEvent& event) const;

    std::vector<Gesture*> m_gestures;         // all, those of the medium too
    Gesture* m_current = nullptr;             // has the mouse
    Qt::MouseButton m_button = Qt::NoButton;  // that holds it
    Qt::KeyboardModifiers m_keys;             // of the last move

 protected:
    DrawGesture m_draw{*this};
    EditGesture m_edit{*this};
    BandGesture m_band{*this};
    PullGesture m_pan;   // by a drag where nothing can be drawn
    PullGesture m_hold;  // by the press: the middle button
};

}  // namespace querent::widgets::canvas

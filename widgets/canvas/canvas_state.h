#pragma once

#include "widgets/canvas/box_gesture.h"
#include "widgets/canvas/canvas_box.h"

#include <QHash>
#include <QPair>
#include <QSet>
#include <QVector>

#include <optional>
#include <vector>

namespace querent::widgets {

/**
 * The boxes of a canvas, the selection, and the gesture in flight, without any widget:
 *
 *     Idle --press, move--> Drawing | Editing | Banding --release--> Idle
 *
 * A gesture changes nothing but its own preview; finish...() hands out the result and returns to Idle.
 */
class CanvasState {
 public:
    using Phase = GesturePhase;

    // Boxes and selection.
    void setPicture(Size size);
    Size picture() const { return m_picture; }
    void setBoxes(std::vector<CanvasBox> boxes);
    const std::vector<CanvasBox>& boxes() const { return m_boxes; }
    const std::vector<std::size_t>& byArea() const { return m_byArea; }
    const CanvasBox* find(qint64 id) const;
    const QSet<qint64>& selected() const { return m_selected; }
    QVector<qint64> selectedIds() const;  // in the order of the boxes
    /** True when it changed. */
    bool select(const QSet<qint64>& ids);
    /** Ids of selected boxes that can be moved: unlocked labels, or one ghost when nothing else is selected. */
    QVector<qint64> editableSelection() const;

    // The gesture.
    Phase phase() const { return m_phase; }
    void cancel();
    void startDrawing(QPointF anchor);
    void drawTo(QPointF cursor, DrawRule rule);
    const Box& drawn() const { return m_drawn; }
    QPointF anchor() const { return m_anchor; }
    Box finishDrawing();

    void startEditing(const QVector<qint64>& ids, BoxPart part, QPointF press);
    void editTo(QPointF cursor, DrawRule rule);
    void nudgeBy(QPointF delta, NudgeCorner corner, bool clamp);
    BoxPart part() const { return m_part; }
    /** The box of the first edited id as it is now. */
    std::optional<Box> edited() const;
    /** Ids with their new boxes, only those that changed. The new boxes are shown until setBoxes() says otherwise. */
    QVector<QPair<qint64, Box>> finishEditing();

    void startBand(QPointF anchor);
    void bandTo(QPointF cursor);
    const Box& band() const { return m_drawn; }
    std::vector<qint64> finishBand();

    /** The box as it should be drawn now: the preview while it is edited. */
    Box shownBox(const CanvasBox& box) const;
    bool isEdited(qint64 id) const { return m_phase == Phase::Editing && m_edits.contains(id); }

 private:
    struct EditedBox {
        Box before, now;
    };

    Size m_picture;
    std::vector<CanvasBox> m_boxes;
    std::vector<std::size_t> m_byArea;
    QHash<qint64, std::size_t> m_index;
    QSet<qint64> m_selected;

    Phase m_phase = Phase::Idle;
    QPointF m_anchor;
    Box m_drawn;
    BoxPart m_part = BoxPart::Body;
    QVector<qint64> m_editOrder;
    QHash<qint64, EditedBox> m_edits;
};

}  // namespace querent::widgets

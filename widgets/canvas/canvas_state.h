#pragma once

#include "widgets/canvas/canvas_box.h"

#include <QHash>
#include <QPair>
#include <QSet>
#include <QVector>

#include <vector>

namespace querent::widgets::canvas {

/** The boxes of a surface and which of them are selected, without any widget. */
class CanvasState {
 public:
    void setBoxes(std::vector<CanvasBox> boxes);
    const std::vector<CanvasBox>& boxes() const { return m_boxes; }
    /** Indices of boxes(), from the smallest area to the largest. */
    const std::vector<std::size_t>& byArea() const { return m_byArea; }
    const CanvasBox* find(qint64 id) const;
    /** Other places for boxes that are there: what was just done to them, until setBoxes() says otherwise. */
    void moveBoxes(const QVector<QPair<qint64, Box>>& moved);

    const QSet<qint64>& selected() const { return m_selected; }
    QVector<qint64> selectedIds() const;  // in the order of the boxes
    /** True when it changed. */
    bool select(const QSet<qint64>& ids);
    /** Ids of selected boxes that can be moved: unlocked labels, or one ghost when nothing else is selected. */
    QVector<qint64> editableSelection() const;

 private:
    std::vector<CanvasBox> m_boxes;
    std::vector<std::size_t> m_byArea;
    QHash<qint64, std::size_t> m_index;
    QSet<qint64> m_selected;
};

}  // namespace querent::widgets::canvas

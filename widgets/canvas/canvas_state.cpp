#include "widgets/canvas/canvas_state.h"

#include "widgets/canvas/hit_test.h"

#include <utility>

namespace querent::widgets::canvas {

void CanvasState::setBoxes(std::vector<CanvasBox> boxes) {
    m_boxes = std::move(boxes);
    m_byArea = orderByArea(m_boxes);
    m_index.clear();
    for (std::size_t i = 0; i < m_boxes.size(); ++i)
        m_index.insert(m_boxes[i].id, i);
    m_selected.removeIf([this](qint64 id) { return !m_index.contains(id); });
}

const CanvasBox* CanvasState::find(qint64 id) const {
    const auto at = m_index.constFind(id);
    return at == m_index.constEnd() ? nullptr : &m_boxes[*at];
}

QVector<qint64> CanvasState::selectedIds() const {
    QVector<qint64> ids;
    for (const CanvasBox& box : m_boxes) {
        if (m_selected.contains(box.id)) ids << box.id;
    }
    return ids;
}

bool CanvasState::select(const QSet<qint64>& ids) {
    QSet<qint64> known;
    for (const qint64 id : ids) {
        if (m_index.contains(id)) known.insert(id);
    }
    if (known == m_selected) return false;
    m_selected = std::move(known);
    return true;
}

QVector<qint64> CanvasState::editableSelection() const {
    QVector<qint64> labels;
    QVector<qint64> ghosts;
    for (const qint64 id : selectedIds()) {
        const CanvasBox* box = find(id);
        if (box->locked || box->hidden) continue;
        (box->ghost ? ghosts : labels) << id;
    }
    return labels.isEmpty() && ghosts.size() == 1 ? ghosts : labels;
}

void CanvasState::moveBoxes(const QVector<QPair<qint64, Box>>& moved) {
    for (const auto& [id, box] : moved) {
        const auto at = m_index.constFind(id);
        if (at != m_index.constEnd()) m_boxes[*at].box = box;
    }
    m_byArea = orderByArea(m_boxes);
}

}  // namespace querent::widgets::canvas

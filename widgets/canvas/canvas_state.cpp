#include "widgets/canvas/canvas_state.h"

#include <algorithm>
#include <utility>

namespace querent::widgets {

void CanvasState::setPicture(Size size) {
    cancel();
    m_picture = size;
}

void CanvasState::setBoxes(std::vector<CanvasBox> boxes) {
    m_boxes = std::move(boxes);
    m_byArea = orderByArea(m_boxes);
    m_index.clear();
    for (std::size_t i = 0; i < m_boxes.size(); ++i)
        m_index.insert(m_boxes[i].id, i);
    m_selected.removeIf([this](qint64 id) { return !m_index.contains(id); });
    const bool lostOne =
        std::any_of(m_editOrder.begin(), m_editOrder.end(), [this](qint64 id) { return !m_index.contains(id); });
    if (m_phase == Phase::Editing && lostOne) cancel();
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

void CanvasState::cancel() {
    m_phase = Phase::Idle;
    m_edits.clear();
    m_editOrder.clear();
    m_drawn = {};
}

void CanvasState::startDrawing(QPointF anchor) {
    cancel();
    m_phase = Phase::Drawing;
    m_anchor = anchor;
    m_drawn = {anchor.x(), anchor.y(), anchor.x(), anchor.y()};
}

void CanvasState::drawTo(QPointF cursor, DrawRule rule) {
    m_drawn = drawnBox(m_anchor, cursor, m_picture, rule);
}

Box CanvasState::finishDrawing() {
    const Box box = m_drawn;
    cancel();
    return box;
}

void CanvasState::startEditing(const QVector<qint64>& ids, BoxPart part, QPointF press) {
    cancel();
    for (const qint64 id : ids) {
        const CanvasBox* box = find(id);
        if (!box) continue;
        m_editOrder << id;
        m_edits.insert(id, {box->box, box->box});
    }
    m_phase = m_edits.isEmpty() ? Phase::Idle : Phase::Editing;
    m_part = part;
    m_anchor = press;
}

void CanvasState::editTo(QPointF cursor, DrawRule rule) {
    const QPointF delta = cursor - m_anchor;
    if (m_part != BoxPart::Body) {
        EditedBox& edit = m_edits[m_editOrder.front()];
        edit.now = resizedBox(edit.before, m_part, delta, m_picture, rule);
        return;
    }
    std::vector<Box> boxes;
    for (const qint64 id : m_editOrder)
        boxes.push_back(m_edits[id].before);
    boxes = movedBoxes(std::move(boxes), delta, m_picture, rule.clamp);
    for (qsizetype i = 0; i < m_editOrder.size(); ++i)
        m_edits[m_editOrder[i]].now = boxes[static_cast<std::size_t>(i)];
}

void CanvasState::nudgeBy(QPointF delta, NudgeCorner corner, bool clamp) {
    std::vector<Box> boxes;
    for (const qint64 id : m_editOrder)
        boxes.push_back(m_edits[id].now);
    boxes = nudgedBoxes(boxes, corner, delta, m_picture, clamp);
    for (qsizetype i = 0; i < m_editOrder.size(); ++i)
        m_edits[m_editOrder[i]].now = boxes[static_cast<std::size_t>(i)];
}

std::optional<Box> CanvasState::edited() const {
    if (m_phase != Phase::Editing) return std::nullopt;
    return m_edits.value(m_editOrder.front()).now;
}

QVector<QPair<qint64, Box>> CanvasState::finishEditing() {
    QVector<QPair<qint64, Box>> changed;
    for (const qint64 id : std::as_const(m_editOrder)) {
        const EditedBox& edit = m_edits[id];
        if (edit.now == edit.before) continue;
        changed << qMakePair(id, edit.now);
        if (CanvasBox& box = m_boxes[m_index.value(id)]; !box.ghost && !isDegenerate(edit.now)) box.box = edit.now;
    }
    cancel();
    m_byArea = orderByArea(m_boxes);
    return changed;
}

void CanvasState::startBand(QPointF anchor) {
    startDrawing(anchor);
    m_phase = Phase::Banding;
}

void CanvasState::bandTo(QPointF cursor) {
    m_drawn = Box{m_anchor.x(), m_anchor.y(), cursor.x(), cursor.y()}.normalised();
}

std::vector<qint64> CanvasState::finishBand() {
    std::vector<qint64> ids = boxesInside(m_boxes, m_drawn);
    cancel();
    return ids;
}

Box CanvasState::shownBox(const CanvasBox& box) const {
    if (m_phase != Phase::Editing) return box.box;
    const auto edit = m_edits.constFind(box.id);
    return edit == m_edits.constEnd() ? box.box : edit->now;
}

}  // namespace querent::widgets

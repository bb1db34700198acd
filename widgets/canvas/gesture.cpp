#include "widgets/canvas/gesture.h"

#include "widgets/canvas/box_geometry.h"
#include "widgets/canvas/box_surface.h"

#include <QLineF>

#include <algorithm>
#include <utility>

namespace querent::widgets::canvas {

namespace {
constexpr double kDragDistance = 4.0;  // logical pixels; less is a click
constexpr int kKeyRunMs = 400;
}  // namespace

Gesture::Gesture(BoxSurface& surface, Qt::CursorShape before, Qt::CursorShape acting, Start start)
    : m_surface(surface), m_before(before), m_acting(acting), m_start(start) {
    surface.m_gestures.push_back(this);
}

SurfacePlane& Gesture::plane() const {
    return *m_surface.m_plane;
}
CanvasState& Gesture::boxes() const {
    return m_surface.m_state;
}
void Gesture::select(const QSet<qint64>& ids) {
    m_surface.select(ids);
}
void Gesture::repaint() {
    m_surface.repaintAll();
}

void Gesture::press(const GesturePoint& at) {
    m_pressed = true;
    if (isActing()) return;  // at its second corner: the first one stays
    m_from = at;
    m_state = m_start == Start::Press ? State::Acting : State::Preview;
    if (isActing()) begin(at.keys);
}

void Gesture::move(const GesturePoint& to) {
    const bool waits = m_state == State::Preview && m_pressed;
    if (waits && QLineF(m_from.viewport, to.viewport).length() > kDragDistance) {
        m_state = State::Acting;
        begin(to.keys);
    }
    if (isActing()) follow(to);
}

void Gesture::release(const GesturePoint& at) {
    if (!m_pressed) return;
    m_pressed = false;
    if (isActing()) {
        follow(at);
        return finish(at.keys);
    }
    end();
    tap(at.keys);
}

void Gesture::startAt(const GesturePoint& from, GesturePreview::Kind kind) {
    m_from = from;
    m_state = State::Acting;
    m_preview.kind = kind;
    follow(from);
}

void Gesture::end() {
    m_state = State::Idle;
    m_pressed = false;
    m_preview = {};
}

void Gesture::tap(Qt::KeyboardModifiers keys) {
    m_surface.click(m_from, keys);
}

// --- drawing

DrawGesture::DrawGesture(BoxSurface& surface) : Gesture(surface, Qt::CrossCursor, Qt::CrossCursor) {}

void DrawGesture::begin(Qt::KeyboardModifiers) {
    select({});
    if (isActing()) m_preview.kind = GesturePreview::Kind::Drawing;
}

void DrawGesture::follow(const GesturePoint& to) {
    m_preview.box = plane().drawn(from().point, to.point, to.keys);
}

void DrawGesture::finish(Qt::KeyboardModifiers) {
    const Box box = m_preview.box;
    end();
    report(box);
}

void DrawGesture::end() {
    m_byKeys = false;
    Gesture::end();
}

void DrawGesture::report(const Box& box) {
    repaint();
    if (isDegenerate(box)) {
        Q_EMIT surface().rejected(plane().tooSmall(false));
    } else {
        Q_EMIT surface().boxDrawn(box);
    }
}

void DrawGesture::aim(const GesturePoint& at) {
    m_byKeys = true;
    m_aim = at;
    if (isActing()) {
        follow(at);
    } else {
        arm();
    }
}

void DrawGesture::leaveKeys() {
    if (m_byKeys && !isActing()) end();
    m_byKeys = false;
}

void DrawGesture::placeCorner() {
    if (isActing()) return finish({});
    select({});
    placeFirst(m_aim);
}

// --- moving and resizing

EditGesture::EditGesture(BoxSurface& surface) : Gesture(surface, Qt::SizeAllCursor, Qt::SizeAllCursor) {
    m_keyTimer.setSingleShot(true);
    m_keyTimer.setInterval(kKeyRunMs);
    QObject::connect(&m_keyTimer, &QTimer::timeout, &m_keyTimer, [this] { settle(); });
}

bool EditGesture::take(const QVector<qint64>& ids, BoxPart part) {
    m_before.clear();
    for (const qint64 id : ids) {
        if (const CanvasBox* box = boxes().find(id)) m_before << qMakePair(id, box->box);
    }
    m_part = part;
    return !m_before.isEmpty();
}

void EditGesture::show(const std::vector<Box>& now) {
    for (std::size_t i = 0; i < now.size(); ++i)
        m_preview.edited[m_before[static_cast<qsizetype>(i)].first] = now[i];
    m_preview.box = now.front();
}

std::vector<Box> EditGesture::boxesNow() const {
    std::vector<Box> now;
    for (const auto& [id, before] : m_before)
        now.push_back(m_preview.edited.value(id, before));
    return now;
}

void EditGesture::begin(Qt::KeyboardModifiers) {
    const Grip grip = from().grip.value_or(Grip{});
    if (!boxes().selected().contains(grip.id)) select({grip.id});
    const auto ids = grip.part == BoxPart::Body ? boxes().editableSelection() : QVector<qint64>{grip.id};
    if (!isActing() || !take(ids, grip.part)) return end();
    m_preview.kind = GesturePreview::Kind::Editing;
    repaint();
}

void EditGesture::follow(const GesturePoint& to) {
    if (m_byKeys) return;
    std::vector<Box> before;
    for (const auto& edit : std::as_const(m_before))
        before.push_back(edit.second);
    show(plane().dragged(std::move(before), m_part, from().point, to.point, to.keys));
}

void EditGesture::finish(Qt::KeyboardModifiers) {
    const std::vector<Box> now = boxesNow();
    QVector<QPair<qint64, Box>> changed;
    for (qsizetype i = 0; i < m_before.size(); ++i) {
        const Box& box = now[static_cast<std::size_t>(i)];
        if (!(box == m_before[i].second)) changed << qMakePair(m_before[i].first, box);
    }
    end();
    repaint();
    if (changed.isEmpty()) return;
    if (std::any_of(changed.begin(), changed.end(), [](const auto& c) { return isDegenerate(c.second); })) {
        Q_EMIT surface().rejected(plane().tooSmall(true));
        return;
    }
    const CanvasBox* first = boxes().find(changed.front().first);
    if (first && first->ghost) {
        Q_EMIT surface().ghostCorrected(changed.front().first, changed.front().second);
        return;
    }
    boxes().moveBoxes(changed);
    // The words are keys of the undo text, so they are not translated here.
    Q_EMIT surface().boxesEdited(changed, m_part == BoxPart::Body ? QStringLiteral("Move") : QStringLiteral("Resize"));
}

void EditGesture::end() {
    m_keyTimer.stop();
    m_byKeys = false;
    m_before.clear();
    Gesture::end();
}

bool EditGesture::nudge(BoxPart part, QPointF step) {
    if (m_byKeys && part != m_part) settle();
    if (!m_byKeys) {
        if (!take(boxes().editableSelection(), part)) return false;
        m_byKeys = true;
        startAt({}, GesturePreview::Kind::Editing);
    }
    m_keyTimer.start();
    show(plane().nudged(boxesNow(), part, step));
    return true;
}

void EditGesture::settle() {
    if (m_byKeys) finish({});
}

void EditGesture::dropLost() {
    const auto isLost = [this](const auto& edit) { return boxes().find(edit.first) == nullptr; };
    if (isActing() && std::any_of(m_before.begin(), m_before.end(), isLost)) end();
}

// --- the rubber band

BandGesture::BandGesture(BoxSurface& surface) : Gesture(surface, Qt::ArrowCursor, Qt::ArrowCursor) {}

void BandGesture::begin(Qt::KeyboardModifiers keys) {
    if (!(keys & kToggleKeys)) select({});
    if (isActing()) m_preview.kind = GesturePreview::Kind::Band;
}

void BandGesture::follow(const GesturePoint& to) {
    m_preview.box = plane().band(from().point, to.point);
}

void BandGesture::finish(Qt::KeyboardModifiers keys) {
    QSet<qint64> ids = keys & kToggleKeys ? boxes().selected() : QSet<qint64>();
    for (const CanvasBox& box : boxes().boxes()) {
        const bool takes = !box.hidden && !box.locked && !box.ghost;
        if (takes && plane().isInBand(box.box, m_preview.box)) ids.insert(box.id);
    }
    end();
    select(ids);
}

// --- pulling

PullGesture::PullGesture(BoxSurface& surface, Qt::CursorShape before, Qt::CursorShape acting, Start start, Pull pull)
    : Gesture(surface, before, acting, start), m_pull(std::move(pull)) {}

void PullGesture::follow(const GesturePoint& to) {
    if (to.viewport == m_last) return;
    const QPointF before = std::exchange(m_last, to.viewport);
    m_pull(from().viewport, before, to.viewport);
}

}  // namespace querent::widgets::canvas

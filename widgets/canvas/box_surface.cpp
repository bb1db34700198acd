#include "widgets/canvas/box_surface.h"

#include "widgets/canvas/box_ink.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QPainter>

#include <algorithm>
#include <utility>

namespace querent::widgets::canvas {

namespace {

// X11 and Wayland say 0 here for keys that did not come from a keyboard; the letter then has to do.
#if defined(Q_OS_LINUX)
constexpr quint32 kScanCodeOfH = 43;
#else
constexpr quint32 kScanCodeOfH = 0;
#endif

bool isEnter(const QKeyEvent& event) {
    return event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter;
}

bool isTab(const QKeyEvent& event) {
    return event.key() == Qt::Key_Tab || event.key() == Qt::Key_Backtab;
}

Qt::CursorShape shapeFor(BoxPart part) {
    switch (part) {
        case BoxPart::TopLeft:
        case BoxPart::BottomRight:
            return Qt::SizeFDiagCursor;
        case BoxPart::TopRight:
        case BoxPart::BottomLeft:
            return Qt::SizeBDiagCursor;
        case BoxPart::Top:
        case BoxPart::Bottom:
            return Qt::SizeVerCursor;
        case BoxPart::Left:
        case BoxPart::Right:
            return Qt::SizeHorCursor;
        case BoxPart::Body:
            break;
    }
    return Qt::SizeAllCursor;
}

}  // namespace

std::optional<QPointF> directionOf(int key) {
    switch (key) {
        case Qt::Key_Left:
            return QPointF(-1, 0);
        case Qt::Key_Right:
            return QPointF(1, 0);
        case Qt::Key_Up:
            return QPointF(0, -1);
        case Qt::Key_Down:
            return QPointF(0, 1);
        default:
            return std::nullopt;
    }
}

Qt::KeyboardModifiers modifiersOf(const QKeyEvent& event) {
    return event.modifiers() & ~Qt::KeypadModifier;
}

BoxSurface::BoxSurface(std::unique_ptr<SurfacePlane> plane, Qt::CursorShape panCursor, QWidget* parent)
    : QAbstractScrollArea(parent),
      m_plane(std::move(plane)),
      m_pan(*this, panCursor, Qt::ClosedHandCursor, Gesture::Start::Drag,
            [this](QPointF from, QPointF before, QPointF now) { panBy(from, now - before); }),
      m_hold(*this, Qt::OpenHandCursor, Qt::ClosedHandCursor, Gesture::Start::Press,
             [this](QPointF from, QPointF before, QPointF now) { panBy(from, now - before); }) {
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
}

BoxSurface::~BoxSurface() = default;

void BoxSurface::setBoxes(std::vector<CanvasBox> boxes) {
    m_state.setBoxes(std::move(boxes));
    m_edit.dropLost();
    if (m_hovered && !m_state.find(m_hovered)) setHovered(0);
    announce();
    repaintAll();
}

const std::vector<CanvasBox>& BoxSurface::boxes() const {
    return m_state.boxes();
}

void BoxSurface::setSelection(const QVector<qint64>& ids) {
    settleGesture();
    if (m_state.select(QSet<qint64>(ids.begin(), ids.end()))) {
        announce();
        repaintAll();
    }
}

QVector<qint64> BoxSurface::selection() const {
    return m_state.selectedIds();
}

void BoxSurface::setActiveClass(const QString& name, const QColor& colour) {
    m_settings.activeName = name;
    m_settings.activeColour = colour.isValid() ? colour : common::classColour(0);
    repaintOverlay();
}

void BoxSurface::setMode(CanvasMode mode) {
    if (m_settings.mode == mode) return;
    cancelGesture();
    m_settings.mode = mode;
    refreshCursor(Qt::NoModifier);
    repaintOverlay();
    Q_EMIT modeChanged(mode);
}

CanvasMode BoxSurface::mode() const {
    return m_settings.mode;
}

void BoxSurface::setReadOnly(bool readOnly) {
    if (readOnly) cancelGesture();
    m_settings.readOnly = readOnly;
    repaintOverlay();
}

void BoxSurface::setDrawable(bool drawable) {
    cancelGesture();
    m_settings.drawable = drawable;
}

bool BoxSurface::isReadOnly() const {
    return !m_settings.mayChange();
}

void BoxSurface::setCrosshair(bool on) {
    m_settings.crosshair = on;
    repaintOverlay();
}

void BoxSurface::setClassPatterns(bool on) {
    m_settings.patterns = on;
    repaintAll();
}

void BoxSurface::setBoxesVisible(bool visible) {
    m_settings.labels = visible;
    m_settings.ghosts = visible;
    cancelGesture();
    repaintAll();
}

bool BoxSurface::boxesVisible() const {
    return m_settings.labels;
}

void BoxSurface::setGhostsVisible(bool visible) {
    m_settings.ghosts = visible;
    repaintAll();
}

bool BoxSurface::ghostsVisible() const {
    return m_settings.ghosts;
}
void BoxSurface::setPeekKey(int key) {
    m_settings.peekKey = key;
}
bool BoxSurface::isPeeking() const {
    return m_settings.peeking;
}
void BoxSurface::setKeepView(bool keep) {
    m_settings.keepView = keep;
}
bool BoxSurface::isGestureRunning() const {
    return m_draw.isActing() || m_edit.isActing() || m_band.isActing();
}
void BoxSurface::settleGesture() {
    m_edit.settle();
}

void BoxSurface::cycleSelection(int step) {
    const QVector<qint64> now = selection();
    const qint64 next = cycled(cycleOrder(), now.size() == 1 ? now.front() : 0, step);
    if (next == 0) return;
    select({next});
    ensureVisible(next);
    Q_EMIT cycledTo(next);
}

void BoxSurface::selectAll() {
    QSet<qint64> ids;
    for (const CanvasBox& box : boxes()) {
        if (!box.ghost && !box.hidden) ids.insert(box.id);
    }
    select(ids);
}

void BoxSurface::clearSelection() {
    select({});
}

bool BoxSurface::canDraw() const {
    return m_settings.mayChange() && m_settings.mode != CanvasMode::Select;
}

void BoxSurface::select(const QSet<qint64>& ids) {
    settleGesture();
    if (!m_state.select(ids)) return;
    announce();
    repaintAll();
    Q_EMIT selectionChanged(m_state.selectedIds());
}

void BoxSurface::setHovered(qint64 id) {
    if (id == m_hovered) return;
    m_hovered = id;
    Q_EMIT hovered(id);
}

void BoxSurface::announce() {
    if (!m_plane->hasMedium()) return;
    const QString text = description();
    if (text != accessibleDescription()) setAccessibleDescription(text);
}

// --- which gesture

std::optional<Grip> BoxSurface::gripAt(QPointF viewport, bool ignoreSelection) {
    if (!m_settings.showsLabels() && !m_settings.showsGhosts()) return std::nullopt;
    const auto hit = m_plane->hitAt(m_state, viewport, ignoreSelection);
    if (!hit || !m_settings.shows(boxes()[hit->index])) return std::nullopt;
    return Grip{boxes()[hit->index].id, hit->part};
}

// A locked box is part of the background; a ghost must be selected before it can be corrected.
bool BoxSurface::canEdit(const Grip& grip) const {
    const CanvasBox* box = m_state.find(grip.id);
    return m_settings.mayChange() && !box->locked && (!box->ghost || m_state.selected().contains(box->id));
}

Gesture* BoxSurface::gestureAt(GesturePoint& at, Qt::MouseButton button) {
    if (button == Qt::MiddleButton) return &m_hold;
    if (button != Qt::LeftButton) return nullptr;
    const bool drawMode = m_settings.mode == CanvasMode::Draw;
    if (m_draw.isActing() || drawMode) at.grip.reset();
    if (m_draw.isActing()) return &m_draw;  // its second corner
    if (at.grip && canEdit(*at.grip)) return &m_edit;
    if (m_settings.mode == CanvasMode::Select) return &m_band;
    return canDraw() ? static_cast<Gesture*>(&m_draw) : &m_pan;
}

GesturePoint BoxSurface::pointAt(QPointF viewport, Qt::KeyboardModifiers keys) const {
    return {m_plane->toPoint(viewport), viewport, keys};
}

bool BoxSurface::holdsBoxes() const {
    return m_current && m_current->preview().kind != GesturePreview::Kind::Nothing;
}

void BoxSurface::refreshCursor(Qt::KeyboardModifiers keys) {
    if (!m_edit.isActing()) viewport()->setCursor(cursorShape(keys));
}

/** That of the gesture which a press would begin; what is under the cursor is hovered from now on. */
Qt::CursorShape BoxSurface::cursorShape(Qt::KeyboardModifiers keys) {
    if (m_current && m_current->isActing() && m_current != &m_band) return m_current->cursor();
    if (!m_plane->hasMedium() || !m_cursor) return Qt::ArrowCursor;
    GesturePoint here = pointAt(*m_cursor, keys);
    here.grip = gripAt(*m_cursor);
    const Gesture* gesture = gestureAt(here, Qt::LeftButton);
    setHovered(here.grip ? here.grip->id : 0);
    if (!gesture) return Qt::ArrowCursor;
    if (!here.grip) return gesture->cursor();
    const auto [id, part] = *here.grip;
    const bool edits = gesture == &m_edit && (part != BoxPart::Body || m_state.selected().contains(id));
    return edits && !(keys & kToggleKeys) ? shapeFor(part) : Qt::PointingHandCursor;
}

// --- mouse

void BoxSurface::mousePressEvent(QMouseEvent* event) {
    event->accept();
    if (!m_plane->hasMedium()) return;
    setFocus(Qt::MouseFocusReason);
    settleGesture();
    m_cursor = event->position();
    if (event->button() == Qt::RightButton && m_draw.isActing()) cancelGesture();
    if (event->button() == Qt::LeftButton) m_draw.leaveKeys();
    GesturePoint at = pointAt(event->position(), event->modifiers());
    at.grip = gripAt(at.viewport);
    Gesture* gesture = gestureAt(at, event->button());
    // Only a box that has its first corner can wait for another gesture.
    const bool busy = m_current && m_current != &m_draw && m_current->isActing();
    if (gesture && !busy) {
        if (m_current && !m_current->isActing()) m_current->cancel();
        m_current = gesture;
        m_button = event->button();
        gesture->press(at);
    }
    refreshCursor(event->modifiers());
    repaintOverlay();
}

void BoxSurface::mouseMoveEvent(QMouseEvent* event) {
    m_cursor = event->position();
    m_keys = event->modifiers();
    if (!m_plane->hasMedium()) return;
    followCursor();
    refreshCursor(event->modifiers());
    repaintOverlay();
}

void BoxSurface::followCursor() {
    Gesture& gesture = m_current ? *m_current : m_draw;
    if (m_cursor) gesture.move(pointAt(*m_cursor, m_keys));
}

void BoxSurface::mouseReleaseEvent(QMouseEvent* event) {
    event->accept();
    if (!m_current || event->button() != m_button) return;
    m_cursor = event->position();
    std::exchange(m_current, nullptr)->release(pointAt(event->position(), event->modifiers()));
    refreshCursor(event->modifiers());
    repaintAll();
}

void BoxSurface::click(const GesturePoint& at, Qt::KeyboardModifiers keys) {
    if (!at.grip) return clickOnNothing(at);
    QSet<qint64> ids = m_state.selected();
    if (keys & kToggleKeys) {
        if (!ids.remove(at.grip->id)) ids.insert(at.grip->id);
        return select(ids);
    }
    // A drag belongs to the selected box, but a click asks for the smallest one under the cursor.
    const auto smallest = at.grip->part == BoxPart::Body ? gripAt(at.viewport, true) : std::nullopt;
    select({smallest.value_or(*at.grip).id});
}

void BoxSurface::mouseDoubleClickEvent(QMouseEvent* event) {
    const auto grip = m_draw.isActing() ? std::nullopt : gripAt(event->position());
    if (event->button() != Qt::LeftButton || !grip || m_settings.mode == CanvasMode::Draw) {
        mousePressEvent(event);  // the second of two quick corners
        return;
    }
    const bool ghost = m_state.find(grip->id)->ghost;
    if (ghost && m_settings.mayChange()) {
        Q_EMIT ghostActivated(grip->id);
    } else if (!ghost) {
        Q_EMIT boxActivated(grip->id);
    }
}

void BoxSurface::cancelGesture() {
    m_current = nullptr;
    for (Gesture* gesture : m_gestures)
        gesture->cancel();
    repaintAll();
}

bool BoxSurface::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) {
        m_cursor.reset();
        setHovered(0);
        repaintOverlay();
        Q_EMIT cursorLeft();
    } else if (event->type() == QEvent::NativeGesture) {
        const auto* gesture = static_cast<QNativeGestureEvent*>(event);
        if (gesture->gestureType() == Qt::ZoomNativeGesture && m_plane->hasMedium()) {
            zoomBy(1.0 + gesture->value(), gesture->position());
            return true;
        }
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void BoxSurface::contextMenuEvent(QContextMenuEvent* event) {
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const auto grip = byKey ? std::nullopt : gripAt(event->pos());
    qint64 id = grip ? grip->id : 0;
    if (byKey && !m_state.selected().isEmpty()) id = m_state.selectedIds().front();
    if (id && !m_state.selected().contains(id)) select({id});
    Q_EMIT contextMenuWanted(event->globalPos(), id);
}

// --- keys

/** A bare letter also answers by its place, so that it works under a Russian or Greek layout. */
bool BoxSurface::isPeek(const QKeyEvent& event) const {
    if (m_settings.peekKey == 0) return false;
    if (event.key() == m_settings.peekKey) return true;
    const bool latin = event.key() >= Qt::Key_A && event.key() <= Qt::Key_Z;
    return m_settings.peekKey == Qt::Key_H && !latin && kScanCodeOfH != 0 && event.nativeScanCode() == kScanCodeOfH;
}

bool BoxSurface::wantsKey(const QKeyEvent& event) const {
    if (isEnter(event)) return m_draw.isByKeys() || m_draw.isActing();
    if (event.key() == Qt::Key_Escape) {
        return m_draw.isByKeys() || isGestureRunning() || m_settings.mode == CanvasMode::Draw ||
               !m_state.selected().isEmpty();
    }
    if (event.key() == Qt::Key_Space || isPeek(event)) return modifiersOf(event) == Qt::NoModifier;
    return isTab(event);
}

bool BoxSurface::event(QEvent* event) {
    const auto type = event->type();
    if (type == QEvent::ShortcutOverride && wantsKey(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    if (type == QEvent::KeyPress) {
        // QWidget would take Tab for moving the focus.
        auto* key = static_cast<QKeyEvent*>(event);
        const bool plain = !(key->modifiers() & (Qt::ControlModifier | Qt::AltModifier));
        if (plain && m_plane->hasMedium() && isTab(*key)) {
            const bool back = key->key() == Qt::Key_Backtab || (key->modifiers() & Qt::ShiftModifier);
            cycleSelection(back ? -1 : 1);
            key->accept();
            return true;
        }
    }
    return QAbstractScrollArea::event(event);
}

void BoxSurface::keyPressEvent(QKeyEvent* event) {
    event->accept();
    if (event->key() == Qt::Key_Escape && escape()) return;
    if (isEnter(*event) && (m_draw.isByKeys() || m_draw.isActing())) {
        m_draw.placeCorner();
        return repaintOverlay();
    }
    if (!isPeek(*event) || modifiersOf(*event) != Qt::NoModifier) return event->ignore();
    if (event->isAutoRepeat() || m_settings.peeking) return;
    m_settings.peeking = true;
    repaintAll();
}

void BoxSurface::keyReleaseEvent(QKeyEvent* event) {
    event->accept();
    if (event->isAutoRepeat()) return;
    if (directionOf(event->key()) && m_edit.isByKeys()) return settleGesture();
    if (!isPeek(*event) || !m_settings.peeking) return event->ignore();
    m_settings.peeking = false;
    repaintAll();
}

void BoxSurface::focusOutEvent(QFocusEvent* event) {
    settleGesture();
    m_settings.peeking = false;
    repaintAll();
    QAbstractScrollArea::focusOutEvent(event);
}

bool BoxSurface::escape() {
    if (m_draw.isByKeys() || isGestureRunning()) {
        cancelGesture();
        return true;
    }
    if (m_settings.mode == CanvasMode::Draw) {
        setMode(CanvasMode::Modeless);
        return true;
    }
    if (m_state.selected().isEmpty()) return false;
    select({});
    return true;
}

bool BoxSurface::nudge(BoxPart part, QPointF step) {
    if (m_current) return true;  // the mouse has the boxes
    if (!m_settings.mayChange() || !m_edit.nudge(part, step)) return false;
    repaintOverlay();
    return true;
}

// --- painting

void BoxSurface::repaintAll() {
    m_layerStale = true;
    viewport()->update();
}

void BoxSurface::repaintOverlay() {
    viewport()->update();
}

SurfaceLook BoxSurface::look() const {
    SurfaceLook look{m_state, common::Theme::colours(this), font(), viewport()->devicePixelRatioF()};
    for (const Gesture* gesture : std::initializer_list<const Gesture*>{&m_draw, &m_edit, &m_band}) {
        if (gesture->isActing()) look.preview = gesture->preview();
    }
    look.labels = m_settings.showsLabels();
    look.ghosts = m_settings.showsGhosts();
    look.patterns = m_settings.patterns;
    look.hovered = m_hovered;
    look.cursor = m_cursor;
    look.activeName = m_settings.activeName;
    look.activeColour = m_settings.activeColour;
    return look;
}

bool BoxSurface::fitLayer(double deviceRatio) {
    const QSize wanted = (QSizeF(viewport()->size()) * deviceRatio).toSize();
    const bool sameRatio = qFuzzyCompare(m_layer.devicePixelRatio(), deviceRatio);
    m_layerStale = false;
    if (m_layer.size() == wanted && sameRatio) return false;
    m_layer = QPixmap(wanted);
    m_layer.setDevicePixelRatio(deviceRatio);
    return !sameRatio;
}

void BoxSurface::paintMessage(QPainter& painter, const QString& iconName) const {
    const QRect area = viewport()->rect();
    const common::ThemeColours& theme = common::Theme::colours(this);
    constexpr int kIcon = 48;
    common::icon(iconName, theme.textMuted)
        .paint(&painter, QRect(area.center().x() - kIcon / 2, area.center().y() - kIcon - 6, kIcon, kIcon));
    painter.setPen(theme.textMuted);
    painter.drawText(area.adjusted(24, area.height() / 2 + 10, -24, 0),
                     Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, m_message);
}

void BoxSurface::paintFocus(QPainter& painter) const {
    if (!hasFocus()) return;
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(common::Theme::colours(this).accent, 1));
    painter.setBrush(Qt::NoBrush);  // the overlay leaves that of its handles
    painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
}

}  // namespace querent::widgets::canvas

#include "widgets/canvas/box_surface.h"

#include "widgets/canvas/box_surface_p.h"
#include "widgets/common/theme.h"

#include <QPainter>

#include <utility>

namespace querent::widgets {

namespace {
constexpr int kNudgeRunMs = 400;
}

BoxSurface::BoxSurface(std::unique_ptr<Inside> inside, QWidget* parent)
    : QAbstractScrollArea(parent), m_inside(std::move(inside)) {
    m_inside->surface = this;
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    m_inside->nudgeTimer.setSingleShot(true);
    m_inside->nudgeTimer.setInterval(kNudgeRunMs);
    connect(&m_inside->nudgeTimer, &QTimer::timeout, this, [this] { m_inside->finishNudge(); });
}

BoxSurface::~BoxSurface() = default;

void BoxSurface::setBoxes(std::vector<CanvasBox> boxes) {
    m_inside->state.setBoxes(std::move(boxes));
    m_inside->dropLost();
    if (m_inside->nudging && !m_inside->editing()) m_inside->nudging = false;
    if (m_inside->hovered && !m_inside->state.find(m_inside->hovered)) m_inside->setHovered(0);
    m_inside->announce();
    m_inside->repaintAll();
}

const std::vector<CanvasBox>& BoxSurface::boxes() const {
    return m_inside->state.boxes();
}

void BoxSurface::setSelection(const QVector<qint64>& ids) {
    m_inside->finishNudge();
    if (m_inside->state.select(QSet<qint64>(ids.begin(), ids.end()))) {
        m_inside->announce();
        m_inside->repaintAll();
    }
}

QVector<qint64> BoxSurface::selection() const {
    return m_inside->state.selectedIds();
}

void BoxSurface::setActiveClass(const QString& name, const QColor& colour, ClassId) {
    m_inside->activeName = name;
    m_inside->activeColour = colour.isValid() ? colour : classColour(0);
    m_inside->repaintOverlay();
}

void BoxSurface::setMode(CanvasMode mode) {
    if (m_inside->mode == mode) return;
    cancelGesture();
    m_inside->mode = mode;
    m_inside->refreshCursor(Qt::NoModifier);
    m_inside->repaintOverlay();
    Q_EMIT modeChanged(mode);
}

CanvasMode BoxSurface::mode() const {
    return m_inside->mode;
}

void BoxSurface::setReadOnly(bool readOnly) {
    if (readOnly) cancelGesture();
    m_inside->readOnly = readOnly;
    m_inside->repaintOverlay();
}

bool BoxSurface::isReadOnly() const {
    return m_inside->readOnly;
}

void BoxSurface::setCrosshair(bool on) {
    m_inside->crosshair = on;
    m_inside->repaintOverlay();
}

void BoxSurface::setClassPatterns(bool on) {
    m_inside->patterns = on;
    m_inside->repaintAll();
}

void BoxSurface::setBoxesVisible(bool visible) {
    m_inside->labelsVisible = visible;
    m_inside->ghostsVisible = visible;
    cancelGesture();
    m_inside->repaintAll();
}

bool BoxSurface::boxesVisible() const {
    return m_inside->labelsVisible;
}

void BoxSurface::setGhostsVisible(bool visible) {
    m_inside->ghostsVisible = visible;
    m_inside->repaintAll();
}

bool BoxSurface::ghostsVisible() const {
    return m_inside->ghostsVisible;
}
void BoxSurface::setPeekKey(int key) {
    m_inside->peekKey = key;
}
bool BoxSurface::isPeeking() const {
    return m_inside->peeking;
}
void BoxSurface::setKeepView(bool keep) {
    m_inside->keepView = keep;
}
bool BoxSurface::isGestureRunning() const {
    return m_inside->phase() != GesturePhase::Idle;
}

void BoxSurface::cycleSelection(int step) {
    const QVector<qint64> now = selection();
    const qint64 next = cycled(m_inside->cycleOrder(), now.size() == 1 ? now.front() : 0, step);
    if (next == 0) return;
    m_inside->select({next});
    ensureVisible(next);
    m_inside->reached(next);
}

void BoxSurface::selectAll() {
    QSet<qint64> ids;
    for (const CanvasBox& box : boxes()) {
        if (!box.ghost && !box.hidden) ids.insert(box.id);
    }
    m_inside->select(ids);
}

void BoxSurface::clearSelection() {
    m_inside->select({});
}

// --- inside

void BoxSurface::Inside::repaintAll() {
    layerStale = true;
    surface->viewport()->update();
}

void BoxSurface::Inside::repaintOverlay() {
    surface->viewport()->update();
}

void BoxSurface::Inside::paintMessage(QPainter& painter, const QString& iconName) const {
    const QRect area = surface->viewport()->rect();
    const ThemeColours& theme = Theme::colours(surface);
    constexpr int kIcon = 48;
    icon(iconName, theme.textMuted)
        .paint(&painter, QRect(area.center().x() - kIcon / 2, area.center().y() - kIcon - 6, kIcon, kIcon));
    painter.setPen(theme.textMuted);
    painter.drawText(area.adjusted(24, area.height() / 2 + 10, -24, 0),
                     Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, message);
}

void BoxSurface::Inside::paintFocus(QPainter& painter) const {
    if (!surface->hasFocus()) return;
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(Theme::colours(surface).accent, 1));
    painter.setBrush(Qt::NoBrush);  // the overlay leaves that of its handles
    painter.drawRect(surface->viewport()->rect().adjusted(0, 0, -1, -1));
}

void BoxSurface::Inside::select(const QSet<qint64>& ids) {
    finishNudge();
    if (!state.select(ids)) return;
    announce();
    repaintAll();
    Q_EMIT surface->selectionChanged(state.selectedIds());
}

void BoxSurface::Inside::setHovered(qint64 id) {
    if (id == hovered) return;
    hovered = id;
    Q_EMIT surface->hovered(id);
}

void BoxSurface::Inside::announce() {
    if (!hasMedium()) return;
    const QString text = description();
    if (text != surface->accessibleDescription()) surface->setAccessibleDescription(text);
}

}  // namespace querent::widgets

#include "widgets/canvas/box_canvas.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace querent::widgets::canvas {

namespace {

constexpr double kZoomStep = 1.25;
constexpr double kWheelZoom = 1.0015;  // for each eighth of a degree: 1.2 for one notch
constexpr double kPanStep = 48.0;      // logical pixels
constexpr int kSharpenAfterMs = 60;

}  // namespace

// --- the plane

std::optional<Hit> PicturePlane::hitAt(const CanvasState& state, QPointF viewport, bool ignoreSelection) {
    const QSet<qint64> none;
    const HitQuery query{view.toPicture(viewport), kHandleReach / view.scale(), !ignoreSelection};
    return hitTest(state.boxes(), state.byArea(), ignoreSelection ? none : state.selected(), query);
}

DrawRule PicturePlane::ruleFor(Qt::KeyboardModifiers keys) const {
    return {keys.testFlag(Qt::ShiftModifier), keys.testFlag(Qt::AltModifier), clamp};
}

Box PicturePlane::drawn(QPointF from, QPointF to, Qt::KeyboardModifiers keys) const {
    return drawnBox(from, to, view.picture(), ruleFor(keys));
}

std::vector<Box> PicturePlane::dragged(std::vector<Box> boxes, BoxPart part, QPointF from, QPointF to,
                                       Qt::KeyboardModifiers keys) const {
    if (part == BoxPart::Body) return movedBoxes(std::move(boxes), to - from, view.picture(), clamp);
    for (Box& box : boxes)
        box = resizedBox(box, part, to - from, view.picture(), ruleFor(keys));
    return boxes;
}

std::vector<Box> PicturePlane::nudged(std::vector<Box> boxes, BoxPart part, QPointF step) const {
    return nudgedBoxes(boxes, part, step, view.picture(), clamp);
}

Box PicturePlane::band(QPointF from, QPointF to) const {
    return Box{from.x(), from.y(), to.x(), to.y()}.normalised();
}

bool PicturePlane::isInBand(const Box& box, const Box& band) const {
    return box.left >= band.left && box.right <= band.right && box.top >= band.top && box.bottom <= band.bottom;
}

QString PicturePlane::tooSmall(bool change) const {
    return change ? BoxCanvas::tr("The change was not kept: each side needs at least 2 pixels.")
                  : BoxCanvas::tr("The box was not kept: each side needs at least 2 pixels.");
}

// --- the picture

BoxCanvas::BoxCanvas(QWidget* parent)
    : BoxSurface(std::make_unique<PicturePlane>(), Qt::OpenHandCursor, parent),
      m_pixels(static_cast<PicturePlane&>(*m_plane)),
      m_view(m_pixels.view) {
    setMinimumSize(160, 120);
    setObjectName(QStringLiteral("boxCanvas"));
    setAccessibleName(tr("Picture with boxes"));
    m_message = tr("No picture");
    m_sharpenTimer.setSingleShot(true);
    m_sharpenTimer.setInterval(kSharpenAfterMs);
    connect(&m_sharpenTimer, &QTimer::timeout, this, [this] {
        m_picture.sharpen(m_view, viewport()->devicePixelRatioF());
        repaintAll();
    });
}

void BoxCanvas::setPicture(const QImage& image, Size displaySize) {
    if (image.isNull()) {
        clearPicture(tr("This picture cannot be shown."));
        return;
    }
    cancelGesture();
    m_picture.setImage(image, displaySize);
    const Size size = m_picture.displaySize();
    const bool same = size == m_view.picture();
    m_message.clear();
    m_view.setPicture(size);
    if (!(m_settings.keepView && same)) {
        m_fitted = true;
        m_view.fit();
    }
    setHovered(0);
    viewMoved(true);
}

void BoxCanvas::refinePicture(const QImage& image) {
    if (image.isNull() || !hasPicture()) return;
    m_picture.setImage(image, m_picture.displaySize());
    repaintAll();
}

void BoxCanvas::clearPicture(const QString& message) {
    cancelGesture();
    m_picture.clear();
    m_message = message;
    m_state.setBoxes({});
    m_view.setPicture({});
    setHovered(0);
    setAccessibleDescription(message);
    viewMoved(false);
}

bool BoxCanvas::hasPicture() const {
    return m_plane->hasMedium();
}
Size BoxCanvas::pictureSize() const {
    return m_view.picture();
}
void BoxCanvas::setClampToPicture(bool on) {
    m_pixels.clamp = on;
}

// The counts and, for one box, its class and place.
QString BoxCanvas::description() const {
    const QVector<qint64> ids = m_state.selectedIds();
    QString text = tr("%n box(es)", nullptr, static_cast<int>(boxes().size()));
    if (ids.size() == 1) {
        const CanvasBox& box = *m_state.find(ids.front());
        text += tr(", selected: %1 at %2, %3, size %4 by %5")
                    .arg(box.name)
                    .arg(std::lround(box.box.left))
                    .arg(std::lround(box.box.top))
                    .arg(std::lround(box.box.width()))
                    .arg(std::lround(box.box.height()));
    } else if (!ids.isEmpty()) {
        text += tr(", %n selected", nullptr, static_cast<int>(ids.size()));
    }
    return text;
}

// --- what is seen of it

double BoxCanvas::zoom() const {
    return m_view.scale();
}
CanvasView BoxCanvas::view() const {
    return {m_fitted, m_view.scale(), m_view.centre()};
}

void BoxCanvas::setView(const CanvasView& view) {
    m_fitted = view.fit;
    if (view.fit) {
        m_view.fit();
    } else {
        m_view.zoomTo(view.scale, {});
        m_view.centreOn(view.centre);
    }
    viewMoved(true);
}

void BoxCanvas::ensureVisible(qint64 id) {
    const CanvasBox* box = m_state.find(id);
    if (!box) return;
    m_view.ensureVisible(box->box);
    viewMoved(false);
}

QPointF BoxCanvas::toViewport(QPointF picture) const {
    return m_view.toScreen(picture);
}
QPointF BoxCanvas::toPicture(QPointF viewport) const {
    return m_view.toPicture(viewport);
}

void BoxCanvas::zoomIn() {
    setZoom(m_view.scale() * kZoomStep);
}
void BoxCanvas::zoomOut() {
    setZoom(m_view.scale() / kZoomStep);
}
void BoxCanvas::zoomToActualSize() {
    setZoom(1.0 / viewport()->devicePixelRatioF());
}
void BoxCanvas::zoomToFit() {
    setView({});
}

void BoxCanvas::setZoom(double scale) {
    if (!hasPicture()) return;
    m_fitted = false;
    m_view.zoomTo(scale, QRectF(viewport()->rect()).center());
    viewMoved(true);
}

void BoxCanvas::viewMoved(bool scaled) {
    syncBars();
    repaintAll();
    if (scaled) Q_EMIT zoomChanged(m_view.scale());
}

void BoxCanvas::zoomBy(double factor, QPointF viewport) {
    m_fitted = false;
    m_view.zoomTo(m_view.scale() * factor, viewport);
    viewMoved(true);
}

void BoxCanvas::panBy(QPointF, QPointF delta) {
    m_fitted = false;
    m_view.panBy(delta);
    viewMoved(false);
}

void BoxCanvas::syncBars() {
    m_settingBars = true;
    const auto set = [](QScrollBar* bar, double origin, double length, double viewport) {
        const bool fits = length <= viewport;
        const double over = fits ? 0.0 : std::min(ViewTransform::kOverscroll, 0.25 * viewport);
        bar->setRange(0, fits ? 0 : static_cast<int>(std::lround(length + 2 * over - viewport)));
        bar->setPageStep(static_cast<int>(viewport));
        bar->setSingleStep(40);
        bar->setValue(static_cast<int>(std::lround(over - origin)));
    };
    const QSizeF size = m_view.viewport();
    set(horizontalScrollBar(), m_view.origin().x(), m_view.picture().width * m_view.scale(), size.width());
    set(verticalScrollBar(), m_view.origin().y(), m_view.picture().height * m_view.scale(), size.height());
    m_settingBars = false;
}

void BoxCanvas::scrollContentsBy(int dx, int dy) {
    if (m_settingBars) return;
    m_view.panBy(QPointF(dx, dy));
    repaintAll();
}

void BoxCanvas::resizeEvent(QResizeEvent*) {
    m_view.setViewport(viewport()->size());
    if (m_fitted) m_view.fit();
    viewMoved(m_fitted);
}

// --- painting

CanvasLook BoxCanvas::canvasLook() const {
    const bool drawMode = m_settings.mode == CanvasMode::Draw;
    const bool overNothing = m_hovered == 0 && !holds(m_pan) && !holds(m_hold) && !m_spaceHeld;
    const bool invites = drawMode || (m_settings.mode == CanvasMode::Modeless && overNothing);
    const bool draws = m_draw.isActing() || (invites && !isGestureRunning());
    CanvasLook look{BoxSurface::look(), m_view};
    if (m_draw.isByKeys()) look.cursor = m_view.toScreen(m_keyboardCursor);
    look.crosshair = m_draw.isByKeys() || (m_settings.crosshair && m_settings.mayChange() && draws && hasPicture());
    look.classAtCursor = m_draw.isByKeys() || (drawMode && m_settings.mayChange());
    return look;
}

void BoxCanvas::renderLayer() {
    const double ratio = viewport()->devicePixelRatioF();
    if (fitLayer(ratio)) m_painter.clearCache();
    QPainter onLayer(&m_layer);
    onLayer.fillRect(QRectF(QPointF(0, 0), viewport()->size()), common::Theme::colours(this).canvas);
    if (!hasPicture()) return paintMessage(onLayer, QStringLiteral("image"));
    if (!m_picture.paint(onLayer, m_view, ratio)) m_sharpenTimer.start();
    m_painter.paintBoxes(onLayer, canvasLook());
}

void BoxCanvas::paintEvent(QPaintEvent*) {
    if (m_layerStale) renderLayer();
    QPainter painter(viewport());
    painter.drawPixmap(0, 0, m_layer);
    if (hasPicture()) m_painter.paintOverlay(painter, canvasLook());
    paintFocus(painter);
}

void BoxCanvas::changeEvent(QEvent* event) {
    const auto type = event->type();
    if (type == QEvent::PaletteChange || type == QEvent::StyleChange || type == QEvent::FontChange) {
        m_painter.clearCache();
        repaintAll();
    }
    BoxSurface::changeEvent(event);
}

// --- mouse

Gesture* BoxCanvas::gestureAt(GesturePoint& at, Qt::MouseButton button) {
    if (button != Qt::LeftButton || !m_spaceHeld) return BoxSurface::gestureAt(at, button);
    at.grip.reset();
    return &m_hold;
}

void BoxCanvas::clickOnNothing(const GesturePoint& at) {
    if (m_settings.mode != CanvasMode::Draw && !m_state.selected().isEmpty()) return select({});
    if (canDraw()) m_draw.placeFirst(at);
}

void BoxCanvas::mousePressEvent(QMouseEvent* event) {
    BoxSurface::mousePressEvent(event);
    if (holds(m_hold)) m_spaceUsed = true;
}

void BoxCanvas::mouseMoveEvent(QMouseEvent* event) {
    if (hasPicture()) {
        const QPointF at = m_view.toPicture(event->position());
        Q_EMIT cursorMoved(at.x(), at.y());
    }
    BoxSurface::mouseMoveEvent(event);
}

void BoxCanvas::wheelEvent(QWheelEvent* event) {
    event->accept();
    if (!hasPicture()) return;
    const QPoint angle = event->angleDelta();
    if (event->modifiers() & Qt::ControlModifier) return zoomBy(std::pow(kWheelZoom, angle.y()), event->position());
    QPointF delta = event->pixelDelta().isNull() ? QPointF(angle) * 0.5 : QPointF(event->pixelDelta());
    if ((event->modifiers() & Qt::ShiftModifier) && delta.x() == 0.0) delta = {delta.y(), 0.0};
    panBy({}, delta);
}

// --- keys

bool BoxCanvas::wantsKey(const QKeyEvent& event) const {
    if (!directionOf(event.key())) return BoxSurface::wantsKey(event);
    return m_draw.isByKeys() || (m_settings.mayChange() && !m_state.editableSelection().isEmpty());
}

void BoxCanvas::keyPressEvent(QKeyEvent* event) {
    event->accept();
    if (hasPicture() && arrowKey(*event)) return;
    if (event->key() != Qt::Key_Space || event->modifiers() != Qt::NoModifier) return BoxSurface::keyPressEvent(event);
    if (event->isAutoRepeat()) return;
    m_spaceHeld = true;
    m_spaceUsed = false;
    refreshCursor(event->modifiers());
}

void BoxCanvas::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Space || !m_spaceHeld || event->isAutoRepeat())
        return BoxSurface::keyReleaseEvent(event);
    event->accept();
    m_spaceHeld = false;
    refreshCursor(event->modifiers());
    if (!m_spaceUsed) Q_EMIT spaceTapped();
}

void BoxCanvas::focusOutEvent(QFocusEvent* event) {
    m_spaceHeld = false;
    BoxSurface::focusOutEvent(event);
}

bool BoxCanvas::arrowKey(const QKeyEvent& event) {
    const auto direction = directionOf(event.key());
    if (!direction) return false;
    const Qt::KeyboardModifiers keys = modifiersOf(event);
    const double step = keys & Qt::ShiftModifier ? 10.0 : 1.0;
    if (m_draw.isByKeys()) {
        moveKeyboardCursor(*direction * (keys & Qt::ControlModifier ? 50.0 : step));
        return true;
    }
    if (m_settings.mayChange() && !m_state.editableSelection().isEmpty()) {
        const BoxPart part = keys & Qt::ControlModifier ? BoxPart::BottomRight
                             : keys & Qt::AltModifier   ? BoxPart::TopLeft
                                                        : BoxPart::Body;
        nudge(part, *direction * step);
        return true;
    }
    if (keys & (Qt::ControlModifier | Qt::AltModifier)) return false;
    panBy({}, -*direction * kPanStep);
    return true;
}

void BoxCanvas::startKeyboardDraw() {
    if (!hasPicture() || !m_settings.mayChange()) return;
    cancelGesture();
    setFocus(Qt::OtherFocusReason);
    const querent::Box seen = m_view.visible();
    const QPointF mouse = m_cursor ? m_view.toPicture(*m_cursor) : QPointF(-1, -1);
    const bool useMouse = seen.contains(mouse.x(), mouse.y());
    m_keyboardCursor = useMouse ? mouse : QPointF(seen.centreX(), seen.centreY());
    m_keyboardCursor = m_keyboardCursor.toPoint();
    moveKeyboardCursor({});
}

void BoxCanvas::moveKeyboardCursor(QPointF delta) {
    const QPointF to = m_keyboardCursor + delta;
    m_keyboardCursor = {std::clamp(to.x(), 0.0, static_cast<double>(m_view.picture().width)),
                        std::clamp(to.y(), 0.0, static_cast<double>(m_view.picture().height))};
    m_draw.aim({m_keyboardCursor, m_view.toScreen(m_keyboardCursor), {}});
    m_view.ensureVisible({m_keyboardCursor.x(), m_keyboardCursor.y(), m_keyboardCursor.x(), m_keyboardCursor.y()});
    viewMoved(false);
    Q_EMIT cursorMoved(m_keyboardCursor.x(), m_keyboardCursor.y());
}

std::vector<qint64> BoxCanvas::cycleOrder() const {
    std::vector<qint64> ids;
    if (m_cursor) ids = boxesAt(boxes(), m_state.byArea(), m_view.toPicture(*m_cursor));
    if (ids.size() >= 2) return ids;
    ids.clear();
    for (const CanvasBox& box : boxes()) {
        if (!box.hidden && m_settings.shows(box)) ids.push_back(box.id);
    }
    return ids;
}

}  // namespace querent::widgets::canvas

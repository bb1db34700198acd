#include "widgets/canvas/box_canvas.h"

#include "widgets/canvas/box_canvas_p.h"

#include <QAccessible>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace querent::widgets {

namespace {
constexpr double kZoomStep = 1.25;
constexpr int kSharpenAfterMs = 60;
}  // namespace

BoxCanvas::BoxCanvas(QWidget* parent)
    : BoxSurface(std::make_unique<Private>(this), parent), d(static_cast<Private*>(m_inside.get())) {
    setMinimumSize(160, 120);
    setObjectName(QStringLiteral("boxCanvas"));
    setAccessibleName(tr("Picture with boxes"));
    d->message = tr("No picture");
    d->sharpenTimer.setSingleShot(true);
    d->sharpenTimer.setInterval(kSharpenAfterMs);
    connect(&d->sharpenTimer, &QTimer::timeout, this, [this] {
        d->picture.sharpen(d->view, viewport()->devicePixelRatioF());
        d->repaintAll();
    });
}

BoxCanvas::~BoxCanvas() = default;

void BoxCanvas::setPicture(const QImage& image, Size displaySize) {
    if (image.isNull()) {
        clearPicture(tr("This picture cannot be shown."));
        return;
    }
    cancelGesture();
    d->picture.setImage(image, displaySize);
    const Size size = d->picture.displaySize();
    const bool same = size == d->view.picture();
    d->message.clear();
    d->state.setPicture(size);
    d->view.setPicture(size);
    if (!(d->keepView && same)) {
        d->fitted = true;
        d->view.fit();
    }
    d->setHovered(0);
    d->viewMoved(true);
}

void BoxCanvas::refinePicture(const QImage& image) {
    if (image.isNull() || !hasPicture()) return;
    d->picture.setImage(image, d->picture.displaySize());
    d->repaintAll();
}

void BoxCanvas::clearPicture(const QString& message) {
    cancelGesture();
    d->picture.clear();
    d->message = message;
    d->state.setPicture({});
    d->state.setBoxes({});
    d->view.setPicture({});
    d->setHovered(0);
    setAccessibleDescription(message);
    d->viewMoved(false);
}

bool BoxCanvas::hasPicture() const {
    return d->hasMedium();
}
Size BoxCanvas::pictureSize() const {
    return d->view.picture();
}

void BoxCanvas::setClampToPicture(bool on) {
    d->clamp = on;
}

double BoxCanvas::zoom() const {
    return d->view.scale();
}
CanvasView BoxCanvas::view() const {
    return {d->fitted, d->view.scale(), d->view.centre()};
}

void BoxCanvas::setView(const CanvasView& view) {
    d->fitted = view.fit;
    if (view.fit) {
        d->view.fit();
    } else {
        d->view.zoomTo(view.scale, {});
        d->view.centreOn(view.centre);
    }
    d->viewMoved(true);
}

void BoxCanvas::ensureVisible(qint64 id) {
    const CanvasBox* box = d->state.find(id);
    if (!box) return;
    d->view.ensureVisible(box->box);
    d->viewMoved(false);
}

QPointF BoxCanvas::toViewport(QPointF picture) const {
    return d->view.toScreen(picture);
}
QPointF BoxCanvas::toPicture(QPointF viewport) const {
    return d->view.toPicture(viewport);
}

void BoxCanvas::zoomIn() {
    setZoom(d->view.scale() * kZoomStep);
}
void BoxCanvas::zoomOut() {
    setZoom(d->view.scale() / kZoomStep);
}
void BoxCanvas::zoomToActualSize() {
    setZoom(1.0 / viewport()->devicePixelRatioF());
}
void BoxCanvas::zoomToFit() {
    setView({});
}

void BoxCanvas::setZoom(double scale) {
    if (!hasPicture()) return;
    d->fitted = false;
    d->view.zoomTo(scale, QRectF(viewport()->rect()).center());
    d->viewMoved(true);
}

// --- inside

DrawRule BoxCanvas::Private::ruleFor(Qt::KeyboardModifiers keys) const {
    return {keys.testFlag(Qt::ShiftModifier), keys.testFlag(Qt::AltModifier), clamp};
}

void BoxCanvas::Private::viewMoved(bool scaled) {
    syncBars();
    repaintAll();
    if (scaled) Q_EMIT q->zoomChanged(view.scale());
}

void BoxCanvas::Private::zoomBy(double factor, QPointF viewport) {
    fitted = false;
    view.zoomTo(view.scale() * factor, viewport);
    viewMoved(true);
}

void BoxCanvas::Private::panBy(QPointF delta) {
    fitted = false;
    view.panBy(delta);
    viewMoved(false);
}

void BoxCanvas::Private::syncBars() {
    settingBars = true;
    const auto set = [](QScrollBar* bar, double origin, double length, double viewport) {
        const bool fits = length <= viewport;
        const double over = fits ? 0.0 : std::min(ViewTransform::kOverscroll, 0.25 * viewport);
        bar->setRange(0, fits ? 0 : static_cast<int>(std::lround(length + 2 * over - viewport)));
        bar->setPageStep(static_cast<int>(viewport));
        bar->setSingleStep(40);
        bar->setValue(static_cast<int>(std::lround(over - origin)));
    };
    const QSizeF size = view.viewport();
    set(q->horizontalScrollBar(), view.origin().x(), view.picture().width * view.scale(), size.width());
    set(q->verticalScrollBar(), view.origin().y(), view.picture().height * view.scale(), size.height());
    settingBars = false;
}

void BoxCanvas::scrollContentsBy(int dx, int dy) {
    if (d->settingBars) return;
    d->view.panBy(QPointF(dx, dy));
    d->repaintAll();
}

void BoxCanvas::resizeEvent(QResizeEvent*) {
    d->view.setViewport(viewport()->size());
    if (d->fitted) d->view.fit();
    d->viewMoved(d->fitted);
}

CanvasLook BoxCanvas::Private::look() const {
    const bool overNothing = hovered == 0 && press != Press::Pan && !spaceHeld;
    const bool draws =
        !readOnly && (drawing() || mode == CanvasMode::Draw || (mode == CanvasMode::Modeless && overNothing));
    const bool idle = state.phase() == CanvasState::Phase::Idle || drawing();
    CanvasLook look{state, view, Theme::colours(q), q->font(), q->viewport()->devicePixelRatioF()};
    look.labels = showsLabels();
    look.ghosts = showsGhosts();
    look.patterns = patterns;
    look.hovered = hovered;
    look.cursor = keyboardDraw ? std::optional(view.toScreen(keyboardCursor)) : cursor;
    look.crosshair = keyboardDraw || (crosshair && draws && idle && !view.picture().empty());
    look.classAtCursor = keyboardDraw || (mode == CanvasMode::Draw && !readOnly);
    look.activeName = activeName;
    look.activeColour = activeColour;
    return look;
}

void BoxCanvas::Private::renderLayer() {
    const double ratio = q->viewport()->devicePixelRatioF();
    const QSize wanted = (QSizeF(q->viewport()->size()) * ratio).toSize();
    if (layer.size() != wanted || !qFuzzyCompare(layer.devicePixelRatio(), ratio)) {
        if (!qFuzzyCompare(layer.devicePixelRatio(), ratio)) this->painter.clearCache();
        layer = QPixmap(wanted);
        layer.setDevicePixelRatio(ratio);
    }
    QPainter onLayer(&layer);
    onLayer.fillRect(QRectF(QPointF(0, 0), q->viewport()->size()), Theme::colours(q).canvas);
    if (picture.empty()) {
        paintMessage(onLayer, QStringLiteral("image"));
    } else {
        if (!picture.paint(onLayer, view, ratio)) sharpenTimer.start();
        painter.paintBoxes(onLayer, look());
    }
    layerStale = false;
}

void BoxCanvas::paintEvent(QPaintEvent*) {
    if (d->layerStale) d->renderLayer();
    QPainter painter(viewport());
    painter.drawPixmap(0, 0, d->layer);
    if (!d->picture.empty()) d->painter.paintOverlay(painter, d->look());
    d->paintFocus(painter);
}

void BoxCanvas::Private::styleChanged() {
    painter.clearCache();
    repaintAll();
}

// The counts and, for one box, its class and place.
QString BoxCanvas::Private::description() const {
    const QVector<qint64> ids = state.selectedIds();
    QString text = BoxCanvas::tr("%n box(es)", nullptr, static_cast<int>(state.boxes().size()));
    if (ids.size() == 1) {
        const CanvasBox& box = *state.find(ids.front());
        text += BoxCanvas::tr(", selected: %1 at %2, %3, size %4 by %5")
                    .arg(box.name)
                    .arg(std::lround(box.box.left))
                    .arg(std::lround(box.box.top))
                    .arg(std::lround(box.box.width()))
                    .arg(std::lround(box.box.height()));
    } else if (!ids.isEmpty()) {
        text += BoxCanvas::tr(", %n selected", nullptr, static_cast<int>(ids.size()));
    }
    return text;
}

}  // namespace querent::widgets

// What gestures do to regions.

#include "widgets/audio/sound_view_p.h"

#include <algorithm>
#include <cmath>

namespace querent::widgets {

namespace {
constexpr double kLeastZoomBox = 6.0;  // logical pixels
}  // namespace

void SoundView::Private::startDrawing(QPointF from, Qt::KeyboardModifiers keys) {
    gesture.startDrawing(from, timeOnly(pressPane, keys), field());
}

void SoundView::Private::drawTo(QPointF to, Qt::KeyboardModifiers keys) {
    gesture.drawTo(to, timeOnly(pressPane, keys), field());
}

void SoundView::Private::startEditing(const QVector<qint64>& ids, BoxPart part, QPointF from) {
    gesture.startEditing(regionsOf(ids), part, from);
}

void SoundView::Private::editTo(QPointF to, Qt::KeyboardModifiers keys) {
    gesture.editTo(to, timeOnly(pressPane, keys), field());
}

void SoundView::Private::startBand(QPointF from) {
    gesture.startBand(from, timeOnly(pressPane, {}), field());
}

void SoundView::Private::clickOnNothing() {
    const QPointF at = toPoint(pressAt);
    if (mode == CanvasMode::Draw && canDraw()) return startDrawing(at, {});
    select({});
    seekTo(at.x());
}

void SoundView::Private::seekTo(double frame) {
    const auto whole = static_cast<qint64>(std::llround(frame));
    Q_EMIT q->seekRequested(std::clamp<qint64>(whole, 0, shape.frames));
}

void SoundView::Private::showEdited(const QVector<SoundGesture::Region>& changed) {
    std::vector<CanvasBox> boxes = state.boxes();
    for (CanvasBox& box : boxes) {
        for (const auto& [id, now] : changed) {
            if (box.id == id) box.box = now;
        }
    }
    state.setBoxes(std::move(boxes));
}

std::vector<qint64> SoundView::Private::takeBand() {
    const querent::Box band = gesture.finishDrawing();
    std::vector<qint64> ids;
    for (const CanvasBox& box : state.boxes()) {
        const bool inTime = box.box.left >= band.left && box.box.right <= band.right;
        // A region of the whole band is never inside in frequency: its time alone counts.
        const bool inBand =
            isWholeBand(box.box, shape.nyquist()) || (box.box.top >= band.top && box.box.bottom <= band.bottom);
        if (inTime && inBand && !box.hidden && !box.locked && !box.ghost) ids.push_back(box.id);
    }
    return ids;
}

void SoundView::Private::dropLost() {
    if (gesture.lost([this](qint64 id) { return state.find(id) != nullptr; })) gesture.cancel();
}

QString SoundView::Private::tooSmall(bool change) const {
    return change ? SoundView::tr("The change was not kept: a region needs at least 2 frames and 2 Hz.")
                  : SoundView::tr("The region was not kept: it needs at least 2 frames and 2 Hz.");
}

void SoundView::Private::finishZoomBox(QPointF at) {
    zoomArmed = false;
    const QRectF box = QRectF(pressAt, at).normalized() & layout.panes();
    if (box.width() < kLeastZoomBox) return;
    SoundRange wanted = q->range();
    wanted.fit = false;
    wanted.firstFrame = q->toSound(box.topLeft()).x();
    wanted.lastFrame = q->toSound(box.bottomRight()).x();
    const QRectF pitch = box & layout.spectrogram;
    if (pressPane == SoundPane::Spectrogram && pitch.height() >= kLeastZoomBox) {
        wanted.wholeBand = false;
        wanted.lowHz = q->toSound(pitch.bottomLeft()).y();
        wanted.highHz = q->toSound(pitch.topLeft()).y();
    }
    q->setRange(wanted);
}

void SoundView::Private::finishRuler(QPointF at) {
    const double left = layout.panes().left();
    if (!dragging) return seekTo(time.frameAt(at.x() - left));
    Q_EMIT q->loopDrawn(time.wholeFrameAt(std::min(pressAt.x(), at.x()) - left),
                        time.wholeFrameAt(std::max(pressAt.x(), at.x()) - left));
}

void SoundView::cancelGesture() {
    d->edgeTimer.stop();
    d->zoomArmed = false;
    BoxSurface::cancelGesture();
}

void SoundView::startZoomBox() {
    if (!hasSound()) return;
    cancelGesture();
    d->zoomArmed = true;
    d->refreshCursor(Qt::NoModifier);
}

}  // namespace querent::widgets

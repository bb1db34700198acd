// How clicks and drags become gestures on regions.

#include "widgets/audio/sound_view_p.h"
#include "widgets/canvas/box_gesture.h"

#include <algorithm>
#include <cmath>

namespace querent::widgets {

namespace {
const Qt::KeyboardModifiers kToggleKeys = Qt::ShiftModifier | Qt::ControlModifier;
constexpr double kLeastZoomBox = 6.0;  // logical pixels
}  // namespace

void SoundView::Private::startDrag(Qt::KeyboardModifiers keys) {
    if (drawing()) return;  // the second corner of click-click, placed by a drag
    const QPointF from = q->toSound(pressAt);
    if (pressHit && canEdit(*pressHit)) {
        const qint64 id = state.boxes()[pressHit->index].id;
        const BoxPart part = pressHit->part;
        if (!state.selected().contains(id)) select({id});
        const QVector<qint64> ids = part == BoxPart::Body ? state.editableSelection() : QVector<qint64>{id};
        gesture.startEditing(regionsOf(ids), part, from);
        repaintAll();
        return;
    }
    if (mode == CanvasMode::Select) {
        if (!(keys & kToggleKeys)) select({});
        gesture.startBand(from, timeOnly(pressPane, {}), field());
        return;
    }
    if (!canDraw()) {
        press = Press::Pan;
        return;
    }
    select({});
    gesture.startDrawing(from, timeOnly(pressPane, keys), field());
}

void SoundView::Private::click(Qt::KeyboardModifiers keys) {
    if (drawing()) {
        gesture.drawTo(q->toSound(*cursor), timeOnly(pressPane, keys), field());
        finishDrawing();
        return;
    }
    if (mode == CanvasMode::Draw || !pressHit) return clickOnNothing();
    qint64 id = state.boxes()[pressHit->index].id;
    QSet<qint64> ids = state.selected();
    if (keys & kToggleKeys) {
        if (!ids.remove(id)) ids.insert(id);
        return select(ids);
    }
    // A drag belongs to the selected region, but a click asks for the smallest one under the cursor.
    if (pressHit->part == BoxPart::Body) {
        if (const auto smallest = hitAt(pressAt, true)) id = state.boxes()[smallest->index].id;
    }
    select({id});
}

void SoundView::Private::clickOnNothing() {
    if (mode == CanvasMode::Draw && canDraw()) {
        gesture.startDrawing(q->toSound(pressAt), timeOnly(pressPane, {}), field());
        cornerPlaced = true;
        return;
    }
    select({});
    seekTo(q->toSound(pressAt).x());
}

void SoundView::Private::seekTo(double frame) {
    const auto whole = static_cast<qint64>(std::llround(frame));
    Q_EMIT q->seekRequested(std::clamp<qint64>(whole, 0, shape.frames));
}

void SoundView::Private::moveGesture(QPointF at, Qt::KeyboardModifiers keys) {
    const QPointF point = q->toSound(at);
    switch (gesture.phase()) {
        case SoundGesture::Phase::Drawing:
            gesture.drawTo(point, timeOnly(pressPane, keys), field());
            break;
        case SoundGesture::Phase::Editing:
            if (!nudging) gesture.editTo(point, timeOnly(pressPane, keys), field());
            break;
        case SoundGesture::Phase::Banding:
            gesture.drawTo(point, timeOnly(pressPane, {}), field());
            break;
        case SoundGesture::Phase::Idle:
            break;
    }
}

void SoundView::Private::finishGesture(Qt::KeyboardModifiers keys) {
    switch (gesture.phase()) {
        case SoundGesture::Phase::Drawing:
            return finishDrawing();
        case SoundGesture::Phase::Editing:
            // The words are keys of the undo text, so they are not translated here.
            return finishEditing(gesture.part() == BoxPart::Body ? QStringLiteral("Move") : QStringLiteral("Resize"));
        case SoundGesture::Phase::Banding:
            return finishBand(keys);
        case SoundGesture::Phase::Idle:
            return;
    }
}

void SoundView::Private::finishDrawing() {
    cornerPlaced = false;
    keyboardDraw = false;
    const querent::Box box = gesture.finishDrawing();
    repaintAll();
    if (isDegenerate(box)) {
        Q_EMIT q->rejected(SoundView::tr("The region was not kept: it needs at least 2 frames and 2 Hz."));
        return;
    }
    Q_EMIT q->boxDrawn(box);
}

void SoundView::Private::finishEditing(const QString& gestureName) {
    const QVector<SoundGesture::Region> changed = gesture.finishEditing();
    repaintAll();
    if (changed.isEmpty()) return;
    const bool broken =
        std::any_of(changed.begin(), changed.end(), [](const auto& c) { return isDegenerate(c.second); });
    if (broken) {
        Q_EMIT q->rejected(SoundView::tr("The change was not kept: a region needs at least 2 frames and 2 Hz."));
        return;
    }
    const CanvasBox* first = state.find(changed.front().first);
    if (first && first->ghost) {
        Q_EMIT q->ghostCorrected(changed.front().first, changed.front().second);
        return;
    }
    // The new boxes are shown until setBoxes() says otherwise.
    std::vector<CanvasBox> boxes = state.boxes();
    for (CanvasBox& box : boxes) {
        for (const auto& [id, now] : changed) {
            if (box.id == id) box.box = now;
        }
    }
    state.setBoxes(std::move(boxes));
    Q_EMIT q->boxesEdited(changed, gestureName);
}

void SoundView::Private::finishBand(Qt::KeyboardModifiers keys) {
    const querent::Box band = gesture.finishDrawing();
    QSet<qint64> ids = keys & kToggleKeys ? state.selected() : QSet<qint64>();
    for (const CanvasBox& box : state.boxes()) {
        const bool inTime = box.box.left >= band.left && box.box.right <= band.right;
        // A region of the whole band is never inside in frequency: its time alone counts.
        const bool inBand =
            isWholeBand(box.box, shape.nyquist()) || (box.box.top >= band.top && box.box.bottom <= band.bottom);
        if (inTime && inBand && !box.hidden && !box.locked && !box.ghost) ids.insert(box.id);
    }
    select(ids);
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
    d->nudgeTimer.stop();
    d->edgeTimer.stop();
    d->nudging = false;
    d->keyboardDraw = false;
    d->cornerPlaced = false;
    d->dragging = false;
    d->zoomArmed = false;
    d->press = Private::Press::None;
    d->gesture.cancel();
    d->repaintAll();
}

void SoundView::startZoomBox() {
    if (!hasSound()) return;
    cancelGesture();
    d->zoomArmed = true;
    d->refreshCursor(Qt::NoModifier);
}

}  // namespace querent::widgets

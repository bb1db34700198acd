// What of the sound is seen, and where the playhead is.

#include "widgets/audio/sound_view_p.h"

#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace querent::widgets {

namespace {
constexpr double kZoomStep = 1.5;
constexpr int kBurstMs = 700;  // zooms that follow each other so quickly are one step of the way back
constexpr qsizetype kLongestWay = 50;
constexpr int kBarSteps = 1'000'000;  // an hour at 48 kHz, looked at from near, has more pixels than an int
constexpr double kPageTurn = 0.1;     // where the playhead stands after the page is turned
}  // namespace

void SoundView::Private::relayout() {
    const QFontMetricsF metrics(q->font());
    layout = layoutSound(q->viewport()->size(), split, metrics);
    time.setView(layout.panes().width(), paintRatio);
    frequencies.setView(layout.spectrogram.top(), layout.spectrogram.height());
    syncBar();
}

void SoundView::Private::viewMoved(bool zoomed) {
    syncBar();
    repaintAll();
    if (zoomed) Q_EMIT q->zoomChanged(q->zoom());
}

void SoundView::Private::syncBar() {
    settingBars = true;
    QScrollBar* bar = q->horizontalScrollBar();
    const double hidden = static_cast<double>(time.frames()) - time.width() * time.framesPerPixel();
    const double pixels = std::max(hidden / time.framesPerPixel(), 0.0);
    barScale = pixels > kBarSteps ? pixels / kBarSteps : 1.0;
    bar->setRange(0, static_cast<int>(std::lround(pixels / barScale)));
    bar->setPageStep(std::max(1, static_cast<int>(time.width() / barScale)));
    bar->setSingleStep(std::max(1, static_cast<int>(40.0 / barScale)));
    bar->setValue(static_cast<int>(std::lround(time.origin() / time.framesPerPixel() / barScale)));
    settingBars = false;
}

void SoundView::scrollContentsBy(int dx, int) {
    if (d->settingBars || dx == 0) return;
    d->time.scrollTo(horizontalScrollBar()->value() * d->barScale * d->time.framesPerPixel());
    d->repaintAll();
}

void SoundView::resizeEvent(QResizeEvent*) {
    d->relayout();
    d->viewMoved(true);
}

double SoundView::zoom() const {
    return d->shape.rate / d->time.framesPerPixel();
}

SoundRange SoundView::range() const {
    return {d->time.isFitted(),        d->time.firstVisible(),  d->time.lastVisible(),
            d->frequencies.isFitted(), d->frequencies.lowest(), d->frequencies.highest()};
}

void SoundView::Private::show(const SoundRange& range) {
    if (range.fit) {
        time.fit();
    } else {
        time.show(range.firstFrame, range.lastFrame);
    }
    if (range.wholeBand) {
        frequencies.fit();
    } else {
        frequencies.show(range.lowHz, range.highHz);
    }
    viewMoved(true);
}

void SoundView::setRange(const SoundRange& range) {
    d->remember(false);
    d->show(range);
}

void SoundView::ensureVisible(qint64 id) {
    const CanvasBox* box = d->state.find(id);
    if (!box) return;
    d->time.ensureVisible(box->box.left, box->box.right);
    const bool hidden = box->box.bottom <= d->frequencies.lowest() || box->box.top >= d->frequencies.highest();
    if (hidden) d->frequencies.fit();
    d->viewMoved(hidden);
}

void SoundView::Private::remember(bool burst) {
    const bool follows = burst && lastZoom.isValid() && lastZoom.elapsed() < kBurstMs;
    if (burst) {
        lastZoom.start();
    } else {
        lastZoom.invalidate();
    }
    if (follows) return;
    history << q->range();
    if (history.size() > kLongestWay) history.removeFirst();
}

void SoundView::back() {
    d->lastZoom.invalidate();
    if (!d->history.isEmpty()) d->show(d->history.takeLast());
}

void SoundView::Private::zoomTime(double factor, double x) {
    remember(true);
    time.zoomTo(time.framesPerPixel() / factor, x);
    viewMoved(true);
}

void SoundView::Private::zoomBy(double factor, QPointF viewport) {
    zoomTime(factor, viewport.x() - layout.panes().left());
}

void SoundView::zoomIn() {
    d->zoomTime(kZoomStep, 0.5 * d->time.width());
}
void SoundView::zoomOut() {
    d->zoomTime(1.0 / kZoomStep, 0.5 * d->time.width());
}

void SoundView::zoomToFit() {
    SoundRange whole = range();
    whole.fit = true;
    setRange(whole);
}

void SoundView::resetView() {
    setRange({});
}

void SoundView::zoomToSelection() {
    const auto regions = d->regionsOf(selection());
    if (regions.isEmpty()) return;
    SoundRange wanted = range();
    wanted.fit = false;
    wanted.firstFrame = regions.front().second.left;
    wanted.lastFrame = regions.front().second.right;
    for (const auto& [id, box] : regions) {
        wanted.firstFrame = std::min(wanted.firstFrame, box.left);
        wanted.lastFrame = std::max(wanted.lastFrame, box.right);
    }
    const double margin = 0.1 * (wanted.lastFrame - wanted.firstFrame);
    wanted.firstFrame -= margin;
    wanted.lastFrame += margin;
    setRange(wanted);
}

void SoundView::setPlayhead(qint64 frame) {
    frame = std::clamp<qint64>(frame, 0, d->shape.frames);
    if (frame == d->playhead) return;
    const double before = d->layout.panes().left() + d->time.xOf(static_cast<double>(d->playhead));
    d->playhead = frame;
    d->turnPage();
    // Only the two places change: a sound that plays must not cost a whole picture sixty times a second.
    const double after = d->layout.panes().left() + d->time.xOf(static_cast<double>(frame));
    const QRectF all(viewport()->rect());
    for (const double x : {before, after}) {
        const QRectF place = QRectF(x - 8, 0, 17, all.height()) & all;
        if (!place.isEmpty()) viewport()->update(place.toAlignedRect());
    }
}

qint64 SoundView::playhead() const {
    return d->playhead;
}

void SoundView::setFollowPlayhead(bool on) {
    d->follow = on;
}

void SoundView::Private::turnPage() {
    const double x = time.xOf(static_cast<double>(playhead));
    if (!follow || press != Press::None || (x >= 0.0 && x <= time.width())) return;
    time.scrollTo(static_cast<double>(playhead) - kPageTurn * time.width() * time.framesPerPixel());
    viewMoved(false);
}

void SoundView::setLoop(qint64 first, qint64 last) {
    d->loopFirst = std::clamp<qint64>(first, 0, d->shape.frames);
    d->loopLast = std::clamp<qint64>(last, 0, d->shape.frames);
    d->repaintAll();
}

bool SoundView::hasLoop() const {
    return d->loopFirst < d->loopLast;
}

}  // namespace querent::widgets

#include "widgets/audio/sound_view_p.h"

#include <QPainter>

#include <cmath>
#include <limits>

namespace querent::widgets {

namespace {
constexpr double kFrameMs = 8.0;  // for waveform and spectrogram in one frame; what is left comes in the next
}

void SoundView::Private::repaintAll() {
    onWaves.invalidate();
    onSpectrum.invalidate();
    Inside::repaintAll();
}

void SoundView::Private::styleChanged() {
    painter.clearCache();
    relayout();
    repaintAll();
}

void SoundView::Private::soundChanged(qint64 first, qint64 last) {
    waves.invalidate(static_cast<double>(first), static_cast<double>(last));
    spectrum.invalidate(static_cast<double>(first), static_cast<double>(last));
    layerStale = true;
    q->viewport()->update();
}

QStringList SoundView::Private::laneNames() const {
    if (!everyChannel) return {shape.channels > 1 ? SoundView::tr("mix") : QString()};
    if (shape.channels == 1) return {QString()};
    if (shape.channels == 2) return {SoundView::tr("L", "left channel"), SoundView::tr("R", "right channel")};
    QStringList names;
    for (int i = 1; i <= shape.channels; ++i)
        names << QString::number(i);
    return names;
}

SoundSight SoundView::Private::sight() const {
    const bool overNothing = hovered == 0 && press != Press::Pan && press != Press::Splitter;
    const bool idle = gesture.phase() == SoundGesture::Phase::Idle || drawing();
    SoundSight sight{state, gesture, map(), Theme::colours(q), q->font()};
    sight.rate = shape.rate;
    sight.deviceRatio = paintRatio;
    sight.labels = showsLabels();
    sight.ghosts = showsGhosts();
    sight.patterns = patterns;
    sight.timeOnly = !boxesAllowed();
    sight.crosshair = keyboardDraw || (crosshair && idle && overNothing);
    sight.hovered = hovered;
    sight.playhead = playhead;
    sight.loopFirst = loopFirst;
    sight.loopLast = loopLast;
    sight.inPoint = inPoint;
    sight.cursor = keyboardDraw ? std::optional(keyboardCursor) : cursor;
    if (press == Press::ZoomBox && dragging && cursor) {
        QRectF box = QRectF(pressAt, *cursor).normalized() & layout.panes();
        if (pressPane == SoundPane::Waveform) {
            box.setTop(layout.panes().top());
            box.setBottom(layout.panes().bottom());
        }
        sight.zoomBox = box;
    }
    sight.activeName = activeName;
    sight.activeColour = activeColour;
    sight.laneNames = laneNames();
    return sight;
}

/** Brings both pictures up to date as far as a frame's time goes; false when they are not. */
bool SoundView::Private::updateLayers() {
    const ThemeColours& theme = Theme::colours(q);
    waves.setLook({theme.surface, theme.accentText, theme.border, theme.borderStrong, spectrum.look().range.gainDb,
                   everyChannel});
    // A picture of the view, at another ratio than the screen's, is no frame of many: it must be whole.
    const bool frame = qFuzzyCompare(paintRatio, q->viewport()->devicePixelRatioF());
    const PaintBudget budget(frame ? kFrameMs : std::numeric_limits<double>::infinity());
    bool done = true;
    if (!layout.waveform.isEmpty()) done = waves.update(*provider, time, layout.waveform.height(), paintRatio, budget);
    if (!layout.spectrogram.isEmpty()) done = spectrum.update(*provider, time, frequencies, paintRatio, budget) && done;
    return done;
}

void SoundView::Private::renderLayer() {
    const QSize wanted = (QSizeF(q->viewport()->size()) * paintRatio).toSize();
    if (layer.size() != wanted || !qFuzzyCompare(layer.devicePixelRatio(), paintRatio)) {
        painter.clearCache();  // tags are as sharp as the screen
        layer = QPixmap(wanted);
        layer.setDevicePixelRatio(paintRatio);
    }
    QPainter onLayer(&layer);
    layerStale = false;
    if (!q->hasSound()) {
        onLayer.fillRect(QRectF(QPointF(0, 0), q->viewport()->size()), Theme::colours(q).canvas);
        return paintMessage(onLayer, QStringLiteral("sound"));
    }
    const bool done = updateLayers();
    const auto place = [&](const QRectF& pane, const QImage& image) {
        if (!pane.isEmpty()) onLayer.drawImage(QRectF(pane.topLeft(), QSizeF(image.size()) / paintRatio), image);
    };
    place(layout.waveform, waves.image());
    place(layout.spectrogram, spectrum.image());
    painter.paintStill(onLayer, sight());
    if (!done)
        QTimer::singleShot(0, q, [this] {
            layerStale = true;
            q->viewport()->update();
        });
}

void SoundView::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    // Not the screen's ratio: a picture of the widget may be taken at another one.
    const double ratio = painter.deviceTransform().m11();
    if (ratio > 0.0 && !qFuzzyCompare(ratio, d->paintRatio)) {
        d->paintRatio = ratio;
        d->relayout();
        d->layerStale = true;
    }
    if (d->layerStale) d->renderLayer();
    painter.drawPixmap(0, 0, d->layer);
    if (hasSound()) d->painter.paintMoving(painter, d->sight());
    d->paintFocus(painter);
}

}  // namespace querent::widgets

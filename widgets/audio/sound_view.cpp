#include "widgets/audio/sound_view.h"

#include "widgets/audio/sound_view_p.h"

#include <QScrollBar>

#include <algorithm>
#include <bit>
#include <cmath>

namespace querent::widgets {

namespace {
constexpr int kEdgeScrollMs = 25;
}  // namespace

SoundView::SoundView(QWidget* parent)
    : BoxSurface(std::make_unique<Private>(this), parent), d(static_cast<Private*>(m_inside.get())) {
    // The bar stays, so that the picture does not jump when the zoom begins.
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMinimumSize(240, 160);
    setObjectName(QStringLiteral("soundView"));
    setAccessibleName(tr("Sound with regions"));
    d->message = tr("No sound");
    d->edgeTimer.setInterval(kEdgeScrollMs);
    connect(&d->edgeTimer, &QTimer::timeout, this, [this] { d->scrollAtEdge(); });
    d->relayout();
}

SoundView::~SoundView() = default;

void SoundView::Private::detach() {
    q->cancelGesture();
    if (provider) provider->disconnect(q);
    provider = nullptr;
    state.setBoxes({});
    history.clear();
    inPoint.reset();
    zoomArmed = false;
    playhead = loopFirst = loopLast = 0;
    setHovered(0);
}

void SoundView::setProvider(SoundProvider* provider) {
    if (!provider || provider->shape().empty()) return clearSound(tr("This sound cannot be shown."));
    d->detach();
    d->provider = provider;
    connect(provider, &SoundProvider::changed, this, [this](qint64 a, qint64 b) { d->soundChanged(a, b); });
    connect(provider, &QObject::destroyed, this, [this] { clearSound(tr("No sound")); });
    const bool same = d->shape == provider->shape();
    d->shape = provider->shape();
    d->message.clear();
    d->waves.clear();
    d->spectrum.clear();
    if (!(d->keepView && same)) {
        d->time.setSound(d->shape.frames);
        d->frequencies.setSound(d->shape.nyquist());
    }
    d->announce();
    d->viewMoved(true);
}

void SoundView::clearSound(const QString& message) {
    d->detach();
    d->shape = {};
    d->message = message;
    d->time.setSound(0);
    setAccessibleDescription(message);
    d->viewMoved(false);
}

bool SoundView::hasSound() const {
    return d->hasMedium();
}
SoundShape SoundView::shape() const {
    return d->shape;
}

void SoundView::setDrawing(SoundDrawing drawing) {
    cancelGesture();
    d->drawingAllowed = drawing;
    d->inPoint.reset();
    d->repaintAll();
}

SoundDrawing SoundView::drawing() const {
    return d->drawingAllowed;
}

void SoundView::setSplit(double waveformShare) {
    d->split.waveformShare = std::clamp(waveformShare, 0.1, 0.9);
    d->relayout();
    d->repaintAll();
}

double SoundView::split() const {
    return d->split.waveformShare;
}

void SoundView::setWaveformVisible(bool visible) {
    cancelGesture();
    d->split.waveform = visible;
    if (!visible) d->split.spectrogram = true;
    d->relayout();
    d->repaintAll();
}

void SoundView::setSpectrogramVisible(bool visible) {
    cancelGesture();
    d->split.spectrogram = visible;
    if (!visible) d->split.waveform = true;
    d->relayout();
    d->repaintAll();
}

bool SoundView::isWaveformVisible() const {
    return d->split.waveform;
}
bool SoundView::isSpectrogramVisible() const {
    return d->split.spectrogram;
}

void SoundView::setEveryChannel(bool on) {
    d->everyChannel = on;
    d->repaintAll();
}

void SoundView::setSpectrogramChannel(int channel) {
    SpectrogramLook look = d->spectrum.look();
    look.channel = channel;
    d->spectrum.setLook(look);
    d->repaintAll();
}

void SoundView::setColourMap(ColourMap map) {
    SpectrogramLook look = d->spectrum.look();
    look.map = map;
    d->spectrum.setLook(look);
    d->repaintAll();
}

void SoundView::setLevels(const LevelRange& range) {
    SpectrogramLook look = d->spectrum.look();
    look.range = range;
    d->spectrum.setLook(look);
    d->repaintAll();
}

LevelRange SoundView::levels() const {
    return d->spectrum.look().range;
}

void SoundView::setFftSize(int frames) {
    SpectrogramLook look = d->spectrum.look();
    look.fftSize = static_cast<int>(std::bit_ceil(static_cast<unsigned>(std::clamp(frames, 64, 16384))));
    d->spectrum.setLook(look);
    d->repaintAll();
}

int SoundView::fftSize() const {
    return d->spectrum.look().fftSize;
}

void SoundView::setFrequencyScale(FrequencyScale scale) {
    cancelGesture();
    d->frequencies.setScale(scale);
    d->repaintAll();
}

const TimeAxis& SoundView::timeAxis() const {
    return d->time;
}
const FrequencyAxis& SoundView::frequencyAxis() const {
    return d->frequencies;
}
QPointF SoundView::toViewport(QPointF sound) const {
    return d->map().toScreen(sound);
}
QPointF SoundView::toSound(QPointF viewport) const {
    return d->map().toSound(viewport);
}
QRectF SoundView::waveformRect() const {
    return d->layout.waveform;
}
QRectF SoundView::spectrogramRect() const {
    return d->layout.spectrogram;
}
QRectF SoundView::timeRulerRect() const {
    return d->layout.timeRuler;
}

// --- inside

QVector<SoundGesture::Region> SoundView::Private::regionsOf(const QVector<qint64>& ids) const {
    QVector<SoundGesture::Region> regions;
    for (const qint64 id : ids) {
        if (const CanvasBox* box = state.find(id)) regions << SoundGesture::Region(id, box->box);
    }
    return regions;
}

// The counts and, for one region, its class and place.
QString SoundView::Private::description() const {
    const QVector<qint64> ids = state.selectedIds();
    QString text = SoundView::tr("%n region(s)", nullptr, static_cast<int>(state.boxes().size()));
    if (ids.size() == 1) {
        const CanvasBox& box = *state.find(ids.front());
        const TimeFormat format = timeFormatFor(shape.seconds());
        text += SoundView::tr(", selected: %1 from %2 to %3")
                    .arg(box.name, timeText(box.box.left / shape.rate, format, 3),
                         timeText(box.box.right / shape.rate, format, 3));
        if (!isWholeBand(box.box, shape.nyquist()))
            text += SoundView::tr(", %1 to %2").arg(frequencyText(box.box.top), frequencyText(box.box.bottom));
    } else if (!ids.isEmpty()) {
        text += SoundView::tr(", %n selected", nullptr, static_cast<int>(ids.size()));
    }
    return text;
}

}  // namespace querent::widgets

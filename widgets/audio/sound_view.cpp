#include "widgets/audio/sound_view.h"

#include "widgets/audio/sound_provider.h"

#include <QEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace querent::widgets::audio {

namespace {

constexpr int kEdgeScrollMs = 25;
constexpr double kZoomStep = 1.5;
constexpr int kBurstMs = 700;  // zooms that follow each other so quickly are one step of the way back
constexpr qsizetype kLongestWay = 50;
constexpr int kBarSteps = 1'000'000;  // an hour at 48 kHz, looked at from near, has more pixels than an int
constexpr double kPageTurn = 0.1;     // where the playhead stands after the page is turned
constexpr double kFrameMs = 8.0;      // for waveform and spectrogram in one frame; what is left comes in the next

}  // namespace

SoundView::SoundView(QWidget* parent)
    : canvas::BoxSurface(std::make_unique<SoundPlane>(), Qt::ArrowCursor, parent),
      m_sound(static_cast<SoundPlane&>(*m_plane)),
      m_ruler(*this, m_sound),
      m_zoomBox(*this, m_sound),
      m_splitter(*this, Qt::SplitVCursor, Qt::SplitVCursor, canvas::Gesture::Start::Press,
                 [this](QPointF, QPointF, QPointF now) {
                     const QRectF& wave = m_sound.layout.waveform;
                     const double room = wave.height() + m_sound.layout.spectrogram.height();
                     setSplit((now.y() - wave.top()) / std::max(room, 1.0));
                 }),
      m_frequencies(*this, Qt::OpenHandCursor, Qt::ClosedHandCursor, canvas::Gesture::Start::Press,
                    [this](QPointF, QPointF before, QPointF now) {
                        m_sound.frequencies.panBy(now.y() - before.y());
                        viewMoved(false);
                    }) {
    // The bar stays, so that the picture does not jump when the zoom begins.
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMinimumSize(240, 160);
    setObjectName(QStringLiteral("soundView"));
    setAccessibleName(tr("Sound with regions"));
    m_message = tr("No sound");
    m_edgeTimer.setInterval(kEdgeScrollMs);
    connect(&m_edgeTimer, &QTimer::timeout, this, [this] { scrollAtEdge(); });
    relayout();
}

void SoundView::detach() {
    cancelGesture();
    if (m_provider) m_provider->disconnect(this);
    m_provider = nullptr;
    m_state.setBoxes({});
    m_history.clear();
    m_inPoint.reset();
    m_playhead = 0;
    m_loop = {};
    setHovered(0);
}

void SoundView::setProvider(SoundProvider* provider) {
    if (!provider || provider->shape().empty()) return clearSound(tr("This sound cannot be shown."));
    detach();
    m_provider = provider;
    connect(provider, &SoundProvider::changed, this, [this](qint64 a, qint64 b) { soundChanged(a, b); });
    connect(provider, &QObject::destroyed, this, [this] { clearSound(tr("No sound")); });
    const bool same = m_sound.shape == provider->shape();
    m_sound.shape = provider->shape();
    m_message.clear();
    m_waves.clear();
    m_spectrum.clear();
    if (!(m_settings.keepView && same)) {
        m_sound.time.setSound(m_sound.shape.frames);
        m_sound.frequencies.setSound(m_sound.shape.nyquist());
    }
    announce();
    viewMoved(true);
}

void SoundView::clearSound(const QString& message) {
    detach();
    m_sound.shape = {};
    m_message = message;
    m_sound.time.setSound(0);
    setAccessibleDescription(message);
    viewMoved(false);
}

bool SoundView::hasSound() const {
    return m_sound.hasMedium();
}
SoundShape SoundView::shape() const {
    return m_sound.shape;
}

void SoundView::setDrawing(SoundDrawing drawing) {
    setDrawable(drawing != SoundDrawing::Nothing);
    m_sound.timeOnly = drawing != SoundDrawing::Boxes;
    m_inPoint.reset();
}

SoundDrawing SoundView::drawing() const {
    if (!m_settings.drawable) return SoundDrawing::Nothing;
    return m_sound.timeOnly ? SoundDrawing::Times : SoundDrawing::Boxes;
}

void SoundView::setSplit(double waveformShare) {
    m_split.waveformShare = std::clamp(waveformShare, 0.1, 0.9);
    relayout();
    repaintAll();
}

double SoundView::split() const {
    return m_split.waveformShare;
}

void SoundView::setWaveformVisible(bool visible) {
    cancelGesture();
    m_split.waveform = visible;
    if (!visible) m_split.spectrogram = true;
    relayout();
    repaintAll();
}

void SoundView::setSpectrogramVisible(bool visible) {
    cancelGesture();
    m_split.spectrogram = visible;
    if (!visible) m_split.waveform = true;
    relayout();
    repaintAll();
}

bool SoundView::isWaveformVisible() const {
    return m_split.waveform;
}
bool SoundView::isSpectrogramVisible() const {
    return m_split.spectrogram;
}

void SoundView::setEveryChannel(bool on) {
    m_everyChannel = on;
    repaintAll();
}

template <typename Change>
void SoundView::changeSpectrum(Change change) {
    SpectrogramLook look = m_spectrum.look();
    change(look);
    m_spectrum.setLook(look);
    repaintAll();
}

void SoundView::setSpectrogramChannel(int channel) {
    changeSpectrum([channel](SpectrogramLook& look) { look.channel = channel; });
}

void SoundView::setColourMap(ColourMap map) {
    changeSpectrum([map](SpectrogramLook& look) { look.map = map; });
}

void SoundView::setLevels(const LevelRange& range) {
    changeSpectrum([&range](SpectrogramLook& look) { look.range = range; });
}

LevelRange SoundView::levels() const {
    return m_spectrum.look().range;
}

void SoundView::setFftSize(int frames) {
    const auto size = static_cast<int>(std::bit_ceil(static_cast<unsigned>(std::clamp(frames, 64, 16384))));
    changeSpectrum([size](SpectrogramLook& look) { look.fftSize = size; });
}

int SoundView::fftSize() const {
    return m_spectrum.look().fftSize;
}

void SoundView::setFrequencyScale(FrequencyScale scale) {
    cancelGesture();
    m_sound.frequencies.setScale(scale);
    repaintAll();
}

const TimeAxis& SoundView::timeAxis() const {
    return m_sound.time;
}
const FrequencyAxis& SoundView::frequencyAxis() const {
    return m_sound.frequencies;
}
QPointF SoundView::toViewport(QPointF sound) const {
    return m_sound.toViewport(sound);
}
QPointF SoundView::toSound(QPointF viewport) const {
    return m_sound.toPoint(viewport);
}
QRectF SoundView::waveformRect() const {
    return m_sound.layout.waveform;
}
QRectF SoundView::spectrogramRect() const {
    return m_sound.layout.spectrogram;
}
QRectF SoundView::timeRulerRect() const {
    return m_sound.layout.timeRuler;
}

QVector<querent::Box> SoundView::regionsOf(const QVector<qint64>& ids) const {
    QVector<querent::Box> regions;
    for (const qint64 id : ids) {
        if (const canvas::CanvasBox* box = m_state.find(id)) regions << box->box;
    }
    return regions;
}

/** From the first start to the last end; there is one region at least. */
QPair<double, double> SoundView::spanOf(const QVector<querent::Box>& regions) {
    QPair<double, double> span(regions.front().left, regions.front().right);
    for (const querent::Box& region : regions)
        span = {std::min(span.first, region.left), std::max(span.second, region.right)};
    return span;
}

// The counts and, for one region, its class and place.
QString SoundView::description() const {
    const QVector<qint64> ids = m_state.selectedIds();
    QString text = tr("%n region(s)", nullptr, static_cast<int>(boxes().size()));
    if (ids.size() == 1) {
        const canvas::CanvasBox& box = *m_state.find(ids.front());
        const TimeFormat format = timeFormatFor(m_sound.shape.seconds());
        text += tr(", selected: %1 from %2 to %3")
                    .arg(box.name, timeText(box.box.left / m_sound.shape.rate, format, 3),
                         timeText(box.box.right / m_sound.shape.rate, format, 3));
        if (!isWholeBand(box.box, m_sound.shape.nyquist()))
            text += tr(", %1 to %2").arg(frequencyText(box.box.top), frequencyText(box.box.bottom));
    } else if (!ids.isEmpty()) {
        text += tr(", %n selected", nullptr, static_cast<int>(ids.size()));
    }
    return text;
}

// --- what is seen of it

void SoundView::relayout() {
    const QFontMetricsF metrics(font());
    m_sound.layout = layoutSound(viewport()->size(), m_split, metrics);
    m_sound.time.setView(m_sound.layout.panes().width(), m_paintRatio);
    m_sound.frequencies.setView(m_sound.layout.spectrogram.top(), m_sound.layout.spectrogram.height());
    syncBar();
}

void SoundView::viewMoved(bool zoomed) {
    syncBar();
    repaintAll();
    if (zoomed) Q_EMIT zoomChanged(zoom());
}

void SoundView::syncBar() {
    m_settingBar = true;
    QScrollBar* bar = horizontalScrollBar();
    const double hidden =
        static_cast<double>(m_sound.time.frames()) - m_sound.time.width() * m_sound.time.framesPerPixel();
    const double pixels = std::max(hidden / m_sound.time.framesPerPixel(), 0.0);
    m_barScale = pixels > kBarSteps ? pixels / kBarSteps : 1.0;
    bar->setRange(0, static_cast<int>(std::lround(pixels / m_barScale)));
    bar->setPageStep(std::max(1, static_cast<int>(m_sound.time.width() / m_barScale)));
    bar->setSingleStep(std::max(1, static_cast<int>(40.0 / m_barScale)));
    bar->setValue(static_cast<int>(std::lround(m_sound.time.origin() / m_sound.time.framesPerPixel() / m_barScale)));
    m_settingBar = false;
}

void SoundView::scrollContentsBy(int dx, int) {
    if (m_settingBar || dx == 0) return;
    m_sound.time.scrollTo(horizontalScrollBar()->value() * m_barScale * m_sound.time.framesPerPixel());
    repaintAll();
}

void SoundView::resizeEvent(QResizeEvent*) {
    relayout();
    viewMoved(true);
}

double SoundView::zoom() const {
    return m_sound.shape.rate / m_sound.time.framesPerPixel();
}

SoundRange SoundView::range() const {
    return {m_sound.time.isFitted(),        m_sound.time.firstVisible(),  m_sound.time.lastVisible(),
            m_sound.frequencies.isFitted(), m_sound.frequencies.lowest(), m_sound.frequencies.highest()};
}

void SoundView::lookAt(const SoundRange& range) {
    if (range.fit) {
        m_sound.time.fit();
    } else {
        m_sound.time.show(range.firstFrame, range.lastFrame);
    }
    if (range.wholeBand) {
        m_sound.frequencies.fit();
    } else {
        m_sound.frequencies.show(range.lowHz, range.highHz);
    }
    viewMoved(true);
}

void SoundView::setRange(const SoundRange& range) {
    remember(false);
    lookAt(range);
}

void SoundView::ensureVisible(qint64 id) {
    const canvas::CanvasBox* box = m_state.find(id);
    if (!box) return;
    m_sound.time.ensureVisible(box->box.left, box->box.right);
    const bool hidden =
        box->box.bottom <= m_sound.frequencies.lowest() || box->box.top >= m_sound.frequencies.highest();
    if (hidden) m_sound.frequencies.fit();
    viewMoved(hidden);
}

void SoundView::remember(bool burst) {
    const bool follows = burst && m_lastZoom.isValid() && m_lastZoom.elapsed() < kBurstMs;
    if (burst) {
        m_lastZoom.start();
    } else {
        m_lastZoom.invalidate();
    }
    if (follows) return;
    m_history << range();
    if (m_history.size() > kLongestWay) m_history.removeFirst();
}

void SoundView::back() {
    m_lastZoom.invalidate();
    if (!m_history.isEmpty()) lookAt(m_history.takeLast());
}

void SoundView::zoomTime(double factor, double x) {
    remember(true);
    m_sound.time.zoomTo(m_sound.time.framesPerPixel() / factor, x);
    viewMoved(true);
}

void SoundView::zoomBy(double factor, QPointF viewport) {
    zoomTime(factor, viewport.x() - m_sound.layout.panes().left());
}

void SoundView::zoomIn() {
    zoomTime(kZoomStep, 0.5 * m_sound.time.width());
}
void SoundView::zoomOut() {
    zoomTime(1.0 / kZoomStep, 0.5 * m_sound.time.width());
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
    const auto regions = regionsOf(selection());
    if (regions.isEmpty()) return;
    SoundRange wanted = range();
    wanted.fit = false;
    const auto [first, last] = spanOf(regions);
    const double margin = 0.1 * (last - first);
    wanted.firstFrame = first - margin;
    wanted.lastFrame = last + margin;
    setRange(wanted);
}

void SoundView::setPlayhead(qint64 frame) {
    frame = std::clamp<qint64>(frame, 0, m_sound.shape.frames);
    if (frame == m_playhead) return;
    const double before = m_sound.layout.panes().left() + m_sound.time.xOf(static_cast<double>(m_playhead));
    m_playhead = frame;
    turnPage();
    // Only the two places change: a sound that plays must not cost a whole picture sixty times a second.
    const double after = m_sound.layout.panes().left() + m_sound.time.xOf(static_cast<double>(frame));
    const QRectF all(viewport()->rect());
    for (const double x : {before, after}) {
        const QRectF place = QRectF(x - 8, 0, 17, all.height()) & all;
        if (!place.isEmpty()) viewport()->update(place.toAlignedRect());
    }
}

qint64 SoundView::playhead() const {
    return m_playhead;
}

void SoundView::setFollowPlayhead(bool on) {
    m_follow = on;
}

void SoundView::turnPage() {
    const double x = m_sound.time.xOf(static_cast<double>(m_playhead));
    if (!m_follow || isHeld() || (x >= 0.0 && x <= m_sound.time.width())) return;
    m_sound.time.scrollTo(static_cast<double>(m_playhead) -
                          kPageTurn * m_sound.time.width() * m_sound.time.framesPerPixel());
    viewMoved(false);
}

void SoundView::setLoop(qint64 first, qint64 last) {
    const qint64 frames = m_sound.shape.frames;
    m_loop = {std::clamp<qint64>(first, 0, frames), std::clamp<qint64>(last, 0, frames)};
    repaintAll();
}

bool SoundView::hasLoop() const {
    return m_loop.first < m_loop.last;
}

// --- painting

void SoundView::repaintAll() {
    m_sound.invalidate();
    canvas::BoxSurface::repaintAll();
}

void SoundView::changeEvent(QEvent* event) {
    const auto type = event->type();
    if (type == QEvent::PaletteChange || type == QEvent::StyleChange || type == QEvent::FontChange) {
        m_painter.clearCache();
        relayout();
        repaintAll();
    }
    canvas::BoxSurface::changeEvent(event);
}

void SoundView::soundChanged(qint64 first, qint64 last) {
    m_waves.invalidate(static_cast<double>(first), static_cast<double>(last));
    m_spectrum.invalidate(static_cast<double>(first), static_cast<double>(last));
    m_layerStale = true;
    viewport()->update();
}

QStringList SoundView::laneNames() const {
    if (!m_everyChannel) return {m_sound.shape.channels > 1 ? tr("mix") : QString()};
    if (m_sound.shape.channels == 1) return {QString()};
    if (m_sound.shape.channels == 2) return {tr("L", "left channel"), tr("R", "right channel")};
    QStringList names;
    for (int i = 1; i <= m_sound.shape.channels; ++i)
        names << QString::number(i);
    return names;
}

SoundSight SoundView::sight() const {
    const bool overNothing = m_hovered == 0 && !holds(m_pan) && !holds(m_hold) && !holds(m_splitter);
    const bool draws = !isGestureRunning() || m_draw.isActing();
    SoundSight sight{look(), m_sound};
    sight.deviceRatio = m_paintRatio;
    sight.crosshair = m_draw.isByKeys() || (m_settings.crosshair && draws && overNothing);
    sight.playhead = m_playhead;
    sight.loop = m_ruler.isActing() ? m_ruler.loop() : m_loop;
    sight.inPoint = m_inPoint;
    if (m_draw.isByKeys()) sight.cursor = m_keyboardCursor;
    if (m_zoomBox.isActing()) sight.zoomBox = m_zoomBox.box();
    sight.laneNames = laneNames();
    return sight;
}

/** Brings both pictures up to date as far as a frame's time goes; false when they are not. */
bool SoundView::updateLayers() {
    const common::ThemeColours& theme = common::Theme::colours(this);
    m_waves.setLook({theme.surface, theme.accentText, theme.border, theme.borderStrong, m_spectrum.look().range.gainDb,
                     m_everyChannel});
    // A picture of the view, at another ratio than the screen's, is no frame of many: it must be whole.
    const bool frame = qFuzzyCompare(m_paintRatio, viewport()->devicePixelRatioF());
    const PaintBudget budget(frame ? kFrameMs : std::numeric_limits<double>::infinity());
    bool done = true;
    if (!m_sound.layout.waveform.isEmpty())
        done = m_waves.update(*m_provider, m_sound.time, m_sound.layout.waveform.height(), m_paintRatio, budget);
    if (!m_sound.layout.spectrogram.isEmpty())
        done = m_spectrum.update(*m_provider, m_sound.time, m_sound.frequencies, m_paintRatio, budget) && done;
    return done;
}

void SoundView::renderLayer() {
    if (fitLayer(m_paintRatio)) m_painter.clearCache();  // tags are as sharp as the screen
    QPainter onLayer(&m_layer);
    if (!hasSound()) {
        onLayer.fillRect(QRectF(QPointF(0, 0), viewport()->size()), common::Theme::colours(this).canvas);
        return paintMessage(onLayer, QStringLiteral("sound"));
    }
    const bool done = updateLayers();
    const auto place = [&](const QRectF& pane, const QImage& image) {
        if (!pane.isEmpty()) onLayer.drawImage(QRectF(pane.topLeft(), QSizeF(image.size()) / m_paintRatio), image);
    };
    place(m_sound.layout.waveform, m_waves.image());
    place(m_sound.layout.spectrogram, m_spectrum.image());
    m_painter.paintStill(onLayer, sight());
    if (!done)
        QTimer::singleShot(0, this, [this] {
            m_layerStale = true;
            viewport()->update();
        });
}

void SoundView::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    // Not the screen's ratio: a picture of the widget may be taken at another one.
    const double ratio = painter.deviceTransform().m11();
    if (ratio > 0.0 && !qFuzzyCompare(ratio, m_paintRatio)) {
        m_paintRatio = ratio;
        relayout();
        m_layerStale = true;
    }
    if (m_layerStale) renderLayer();
    painter.drawPixmap(0, 0, m_layer);
    if (hasSound()) m_painter.paintMoving(painter, sight());
    paintFocus(painter);
}

}  // namespace querent::widgets::audio

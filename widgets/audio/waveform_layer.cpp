#include "widgets/audio/sound_layers.h"

#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <cmath>
#include <limits>

namespace querent::widgets::audio {

namespace {
constexpr int kPiece = 256;              // columns between two looks at the clock
constexpr double kSamplesFrom = 0.5;     // frames in a device pixel; nearer, single samples are drawn
constexpr double kDotsFrom = 1.0 / 8.0;  // nearer still, each sample has a dot
constexpr Peak kNotKnown{std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::quiet_NaN()};
}  // namespace

double WaveformLayer::Lane::yOf(double sample, double gain) const {
    const double half = 0.5 * (height - 3);
    return top + 1.0 + half * (1.0 - std::clamp(sample * gain, -1.0, 1.0));
}

void WaveformLayer::setLook(const WaveformLook& look) {
    if (look == m_look) return;
    m_look = look;
    m_cache.invalidate();
}

bool WaveformLayer::update(SoundProvider& provider, const TimeAxis& time, double height, double deviceRatio,
                           const PaintBudget& budget) {
    const QSize size = (QSizeF(time.width(), height) * deviceRatio).toSize().expandedTo({1, 1});
    m_cache.moveTo(time.firstDevicePixel(), time.framesPerDevicePixel(), size, m_look.back.rgb());
    const int count = lanes(provider.shape().channels, m_look.everyChannel);
    std::vector<Lane> rows;
    for (int i = 0; i < count; ++i) {
        const int top = size.height() * i / count;
        const bool mixed = count == 1 && !m_look.everyChannel;
        rows.push_back({mixed ? kMixedChannel : i, top, size.height() * (i + 1) / count - top});
    }
    int from = 0;
    for (auto run = m_cache.nextStale(from, kPiece); !run.empty(); run = m_cache.nextStale(from, kPiece)) {
        paintRun(provider, run, rows, deviceRatio);
        from = run.end;
        if (budget.spent()) break;
    }
    return !m_cache.hasStale();
}

void WaveformLayer::paintRun(SoundProvider& provider, ScrollCache::Run run, const std::vector<Lane>& lanes,
                             double deviceRatio) {
    if (m_cache.framesPerColumn() > kSamplesFrom) return paintPeaks(provider, run, lanes, deviceRatio);
    const bool known = paintSamples(provider, run, lanes, deviceRatio);
    for (int column = run.begin; column < run.end; ++column)
        m_cache.mark(column, known ? ScrollCache::Column::Done : ScrollCache::Column::Waiting);
}

/** Columns without a sound in them. */
void WaveformLayer::paintBlank(ScrollCache::Run run, const std::vector<Lane>& lanes, double deviceRatio) {
    QImage& image = m_cache.image();
    const int height = image.height();
    const auto stride = image.bytesPerLine() / static_cast<qsizetype>(sizeof(QRgb));
    auto* const pixels = reinterpret_cast<QRgb*>(image.bits());
    const auto fill = [&](int top, int rows, QRgb colour) {
        for (int y = std::max(top, 0); y < std::min(top + rows, height); ++y)
            std::fill(pixels + y * stride + run.begin, pixels + y * stride + run.end, colour);
    };
    const int thick = std::max(1, static_cast<int>(deviceRatio));
    fill(0, height, m_look.back.rgb());
    for (const Lane& lane : lanes) {
        fill(static_cast<int>(lane.yOf(0.0, 1.0)), thick, m_look.zero.rgb());
        if (lane.top > 0) fill(lane.top, thick, m_look.border.rgb());
    }
}

// Columns that are not known yet keep what they have: nothing, or what was seen there before the zoom changed.
void WaveformLayer::paintPeaks(SoundProvider& provider, ScrollCache::Run run, const std::vector<Lane>& lanes,
                               double deviceRatio) {
    // One more before the run, so that steep stretches join up.
    const int first = std::max(run.begin - 1, 0);
    std::vector<std::vector<Peak>> peaks;
    for (const Lane& lane : lanes) {
        peaks.push_back(
            provider.peaks(lane.channel, m_cache.frameOf(first), m_cache.framesPerColumn(), run.end - first));
        peaks.back().resize(static_cast<std::size_t>(run.end - first), kNotKnown);
    }
    const double frames = static_cast<double>(provider.shape().frames);
    const auto isKnown = [&](int column) {
        const auto i = static_cast<std::size_t>(column - first);
        return m_cache.frameOf(column) >= frames ||
               std::none_of(peaks.begin(), peaks.end(), [&](const auto& of) { return std::isnan(of[i].low); });
    };
    for (int column = run.begin; column < run.end;) {
        const int begin = column;
        const bool known = isKnown(begin);
        while (column < run.end && isKnown(column) == known)
            m_cache.mark(column++, known ? ScrollCache::Column::Done : ScrollCache::Column::Waiting);
        if (!known) continue;
        paintBlank({begin, column}, lanes, deviceRatio);
        for (std::size_t l = 0; l < lanes.size(); ++l)
            paintColumns({begin, column}, lanes[l], std::span(peaks[l]), first);
    }
}

/** `peaks` are those of the columns from `first` on; behind the end of the sound there are none. */
void WaveformLayer::paintColumns(ScrollCache::Run run, const Lane& lane, std::span<const Peak> peaks, int first) {
    const double gain = std::pow(10.0, m_look.gainDb / 20.0);
    const QRgb ink = m_look.ink.rgb();
    QImage& image = m_cache.image();
    const auto stride = image.bytesPerLine() / static_cast<qsizetype>(sizeof(QRgb));
    auto* const pixels = reinterpret_cast<QRgb*>(image.bits());
    for (int column = run.begin; column < run.end; ++column) {
        const auto i = static_cast<std::size_t>(column - first);
        Peak peak = peaks[i];
        if (std::isnan(peak.low)) return;
        if (i > 0 && !std::isnan(peaks[i - 1].low)) {
            peak.low = std::min(peak.low, peaks[i - 1].high);
            peak.high = std::max(peak.high, peaks[i - 1].low);
        }
        const int top = static_cast<int>(lane.yOf(peak.high, gain));
        const int bottom = std::max(static_cast<int>(lane.yOf(peak.low, gain)), top);
        QRgb* out = pixels + top * stride + column;
        for (int y = top; y <= bottom; ++y, out += stride)
            *out = ink;
    }
}

// Sample i stands in the middle of [i, i + 1), so that the edges of regions fall between samples.
bool WaveformLayer::paintSamples(SoundProvider& provider, ScrollCache::Run run, const std::vector<Lane>& lanes,
                                 double deviceRatio) {
    const std::int64_t frames = provider.shape().frames;
    const auto first = std::max<std::int64_t>(static_cast<std::int64_t>(m_cache.frameOf(run.begin)) - 2, 0);
    const auto last = std::min(static_cast<std::int64_t>(m_cache.frameOf(run.end)) + 3, frames);
    std::vector<std::vector<float>> samples;
    for (const Lane& lane : lanes) {
        if (first < last) samples.push_back(provider.samples(lane.channel, first, static_cast<int>(last - first)));
        if (first < last && std::ssize(samples.back()) != last - first) return false;
    }
    paintBlank(run, lanes, deviceRatio);
    for (std::size_t i = 0; i < samples.size(); ++i)
        paintLine(samples[i], first, run, lanes[i], deviceRatio);
    return true;
}

void WaveformLayer::paintLine(const std::vector<float>& samples, std::int64_t first, ScrollCache::Run run,
                              const Lane& lane, double deviceRatio) {
    const double perColumn = m_cache.framesPerColumn();
    const double gain = std::pow(10.0, m_look.gainDb / 20.0);
    const double left = m_cache.frameOf(0);
    QPolygonF line;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double frame = static_cast<double>(first) + static_cast<double>(i) + 0.5;
        line << QPointF((frame - left) / perColumn, lane.yOf(samples[i], gain));
    }
    QPainter painter(&m_cache.image());
    painter.setClipRect(run.begin, lane.top, run.end - run.begin, lane.height);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_look.ink, 1.2 * deviceRatio));
    painter.drawPolyline(line);
    if (perColumn * deviceRatio > kDotsFrom) return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_look.ink);
    for (const QPointF& at : std::as_const(line))
        painter.drawEllipse(at, 2.5 * deviceRatio, 2.5 * deviceRatio);
}

}  // namespace querent::widgets::audio

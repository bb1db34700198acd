#include "widgets/audio/sound_layout.h"

#include <algorithm>
#include <cmath>

namespace querent::widgets::audio {

namespace {
constexpr double kSplitter = 5.0;  // logical pixels
constexpr double kLeastPane = 24.0;
}  // namespace

SoundLayout::Place SoundLayout::at(QPointF p) const {
    if (splitter.contains(p)) return Place::Splitter;
    if (waveform.contains(p)) return Place::Waveform;
    if (spectrogram.contains(p)) return Place::Spectrogram;
    if (timeRuler.contains(p)) return Place::TimeRuler;
    return frequencyRuler.contains(p) ? Place::FrequencyRuler : Place::None;
}

QRectF SoundLayout::panes() const {
    return waveform.united(spectrogram);
}

SoundLayout layoutSound(QSizeF viewport, const SoundSplit& split, const QFontMetricsF& metrics) {
    // Room for the frequency under the cursor, which is written smaller than the font.
    const double left = std::ceil(0.85 * metrics.horizontalAdvance(QStringLiteral("192.00 kHz"))) + 12.0;
    const double top = std::ceil(metrics.height()) + 10.0;
    const double width = std::max(1.0, viewport.width() - left);
    const double height = std::max(1.0, viewport.height() - top);
    SoundLayout out;
    out.timeRuler = {left, 0, width, top};
    if (!split.spectrogram) {
        out.waveform = {left, top, width, height};
        return out;
    }
    double wave = 0.0;
    if (split.waveform) {
        const double room = std::max(height - kSplitter, 2.0);
        wave = std::round(std::clamp(split.waveformShare * room, std::min(kLeastPane, 0.5 * room),
                                     std::max(room - kLeastPane, 0.5 * room)));
        out.waveform = {left, top, width, wave};
        out.splitter = {0, top + wave, viewport.width(), kSplitter};
        wave += kSplitter;
    }
    out.spectrogram = {left, top + wave, width, std::max(1.0, height - wave)};
    out.frequencyRuler = {0, top + wave, left, out.spectrogram.height()};
    return out;
}

}  // namespace querent::widgets::audio

#pragma once

#include <QFontMetricsF>
#include <QRectF>

namespace querent::widgets::audio {

/** The places of a sound view: ruler above, frequencies at the left, waveform over spectrogram. Whole pixels. */
struct SoundLayout {
    enum class Place { None, TimeRuler, FrequencyRuler, Waveform, Spectrogram, Splitter };

    QRectF timeRuler, waveform, splitter, spectrogram, frequencyRuler;

    /** Which place a point belongs to. */
    Place at(QPointF point) const;
    /** Waveform and spectrogram together: where the time axis runs. */
    QRectF panes() const;
};

struct SoundSplit {
    double waveformShare = 0.35;
    bool waveform = true;
    bool spectrogram = true;
};

SoundLayout layoutSound(QSizeF viewport, const SoundSplit& split, const QFontMetricsF& metrics);

}  // namespace querent::widgets::audio

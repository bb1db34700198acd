#pragma once

#include "engine/core/sound.h"
#include "widgets/audio/colour_map.h"

#include <QColor>
#include <QImage>

#include <span>

namespace querent::widgets {

class SoundProvider;
struct SpectrumTile;

struct ThumbnailLook {
    ColourMap map = ColourMap::Viridis;
    LevelRange range{};
    int fftSize = 512;
    double waveformShare = 0.3;  // of the height; 0 = spectrogram only
    QColor back = QColor(0x1c2028);
    QColor ink = QColor(0x8fb0ff);
};

struct SoundPicture {
    QImage image;           // `size` logical pixels at the given ratio
    bool complete = false;  // false: parts were not at hand; ask again when the provider has changed
};

/** The whole sound in a small picture, for strips and grids: waveform over spectrogram. UI thread. */
SoundPicture soundThumbnail(SoundProvider& provider, QSize size, double deviceRatio, const ThumbnailLook& look);

/**
 * The first `columns` columns of a tile in a picture of `size` device pixels, low frequencies at the bottom. Where
 * several levels fall on one pixel, the greatest is shown. Any thread.
 */
QImage spectrogramPicture(const SpectrumTile& tile, int columns, QSize size, const ColourTable& colours);

/** Peaks side by side over the whole of a picture of `size` device pixels. Any thread. */
QImage waveformPicture(std::span<const Peak> peaks, QSize size, const QColor& ink, const QColor& back);

}  // namespace querent::widgets

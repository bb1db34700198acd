#include "widgets/audio/sound_thumbnail.h"

#include "widgets/audio/sound_layers.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

namespace querent::widgets {

namespace {

/** The part of `count` that falls on place `i` of `places`: at least one. */
std::pair<int, int> shareOf(int i, int places, int count) {
    const auto from = static_cast<int>(static_cast<std::int64_t>(i) * count / places);
    const auto to = static_cast<int>(static_cast<std::int64_t>(i + 1) * count / places);
    return {from, std::max(to, from + 1)};
}

}  // namespace

QImage spectrogramPicture(const SpectrumTile& tile, int columns, QSize size, const ColourTable& colours) {
    columns = std::clamp(columns, 0, SpectrumTile::kColumns);
    QImage image(size.expandedTo({1, 1}), QImage::Format_RGB32);
    image.fill(colours.front());
    if (columns == 0 || tile.bins <= 0) return image;
    for (int y = 0; y < image.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        const auto [lowest, above] = shareOf(image.height() - 1 - y, image.height(), tile.bins);
        for (int x = 0; x < image.width(); ++x) {
            const auto [first, behind] = shareOf(x, image.width(), columns);
            std::uint8_t level = 0;
            for (int c = first; c < behind; ++c)
                level = std::max(level, *std::max_element(tile.column(c) + lowest, tile.column(c) + above));
            line[x] = colours[level];
        }
    }
    return image;
}

QImage waveformPicture(std::span<const Peak> peaks, QSize size, const QColor& ink, const QColor& back) {
    QImage image(size.expandedTo({1, 1}), QImage::Format_RGB32);
    image.fill(back);
    if (peaks.empty()) return image;
    const double half = 0.5 * (image.height() - 1);
    const auto yOf = [&](float sample) {
        return static_cast<int>(std::lround(half * (1.0 - std::clamp(static_cast<double>(sample), -1.0, 1.0))));
    };
    for (int x = 0; x < image.width(); ++x) {
        const auto [first, behind] = shareOf(x, image.width(), static_cast<int>(peaks.size()));
        Peak all = peaks[static_cast<std::size_t>(first)];
        for (int i = first; i < behind; ++i) {
            all.low = std::min(all.low, peaks[static_cast<std::size_t>(i)].low);
            all.high = std::max(all.high, peaks[static_cast<std::size_t>(i)].high);
        }
        if (std::isnan(all.low) || std::isnan(all.high)) continue;
        for (int y = yOf(all.high); y <= yOf(all.low); ++y)
            image.setPixel(x, y, ink.rgb());
    }
    return image;
}

SoundPicture soundThumbnail(SoundProvider& provider, QSize size, double deviceRatio, const ThumbnailLook& look) {
    SoundPicture out;
    out.image = QImage(size * deviceRatio, QImage::Format_RGB32);
    out.image.setDevicePixelRatio(deviceRatio);
    out.image.fill(look.back);
    const SoundShape shape = provider.shape();
    if (shape.empty()) return out;
    TimeAxis time;
    time.setView(size.width(), deviceRatio);
    time.setSound(shape.frames);
    const PaintBudget all(std::numeric_limits<double>::infinity());
    const double wave = std::round(std::clamp(look.waveformShare, 0.0, 1.0) * size.height());
    QPainter painter(&out.image);
    out.complete = true;
    if (wave >= 1.0) {
        WaveformLayer layer;
        layer.setLook({look.back, look.ink, look.back, look.back, look.range.gainDb, false});
        layer.update(provider, time, wave, deviceRatio, all);
        out.complete = layer.isComplete();
        painter.drawImage(QRectF(0, 0, size.width(), wave), layer.image());
    }
    if (size.height() - wave < 1.0) return out;
    FrequencyAxis frequencies;
    frequencies.setSound(shape.nyquist());
    frequencies.setView(0, size.height() - wave);
    SpectrogramLayer layer;
    layer.setLook({look.fftSize, kMixedChannel, look.map, look.range});
    layer.update(provider, time, frequencies, deviceRatio, all);
    out.complete = layer.isComplete() && out.complete;
    painter.drawImage(QRectF(0, wave, size.width(), size.height() - wave), layer.image());
    return out;
}

}  // namespace querent::widgets

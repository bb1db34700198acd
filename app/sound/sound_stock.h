#pragma once

#include "engine/core/sound.h"
#include "widgets/audio/sound_provider.h"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace querent::session::sound {
class Sound;
}

namespace querent::app::sound {

/** Samples of a stretch of sound, a lane for each channel and, where there are several, one for their mean. */
struct SampleBlock {
    static constexpr std::int64_t kFrames = 65'536;

    std::vector<std::vector<float>> lanes;  // [lanes, frames]; the last block of a sound is shorter

    /** `channel` may be widgets::audio::kMixedChannel. */
    const std::vector<float>& lane(int channel) const {
        return channel == widgets::audio::kMixedChannel ? lanes.back() : lanes[static_cast<std::size_t>(channel)];
    }
    qsizetype bytes() const;
};

/** How a sound is going to be looked at. */
struct SoundSight {
    double width = 1000.0;                        // logical pixels on which the whole sound is seen
    double deviceRatio = 1.0;                     // device pixels in a logical one
    int fftSize = 0;                              // as spectrumWindow() takes it
    int channel = widgets::audio::kMixedChannel;  // of the spectrogram
};

/** What a worker has made ready before anybody asked for it. */
struct SoundStock {
    std::vector<std::pair<std::int64_t, std::shared_ptr<const SampleBlock>>> blocks;  // index
    std::vector<std::pair<widgets::audio::TileKey, std::shared_ptr<const widgets::audio::SpectrumTile>>> tiles;

    qsizetype bytes() const;
};

/** Block `index` of a sound; null when it cannot be read. Slow; any thread. */
std::shared_ptr<const SampleBlock> readBlock(session::sound::Sound& sound, std::int64_t index);
/** A tile of a spectrogram; null when it cannot be read. Slow; any thread. */
std::shared_ptr<const widgets::audio::SpectrumTile> readTile(session::sound::Sound& sound,
                                                             const widgets::audio::TileKey& key);

/** Frames in a window of the spectrogram: `wanted`, or for 0 the power of two from 256 on nearest to 24 ms. */
int spectrumWindow(int wanted, int rate);

/** Sounds so short are made ready as a whole. */
bool isShort(const SoundShape& shape);
/** All samples and peaks of a short sound and, `withTiles`, its spectrogram as it is going to be seen. Slow. */
SoundStock stockUp(session::sound::Sound& sound, const SoundSight& sight, bool withTiles);

}  // namespace querent::app::sound

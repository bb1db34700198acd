#include "app/sound/sound_stock.h"

#include "engine/session/sound/sound.h"
#include "widgets/audio/sound_layers.h"
#include "widgets/audio/time_axis.h"

#include <algorithm>
#include <numbers>

namespace querent::app::sound {

namespace {

constexpr double kWindowSeconds = 0.024;  // long enough for the pitch of a voice, short enough for its syllables
constexpr std::int64_t kShortSamples = 3'000'000;  // half a minute at 48 kHz in stereo

std::int64_t dividedUp(std::int64_t value, std::int64_t by) {
    return (value + by - 1) / by;
}

}  // namespace

qsizetype SampleBlock::bytes() const {
    qsizetype bytes = 0;
    for (const auto& lane : lanes)
        bytes += static_cast<qsizetype>(lane.size() * sizeof(float));
    return bytes;
}

qsizetype SoundStock::bytes() const {
    qsizetype bytes = 0;
    for (const auto& [index, block] : blocks)
        bytes += block->bytes();
    for (const auto& [key, tile] : tiles)
        bytes += static_cast<qsizetype>(tile->levels.size());
    return bytes;
}

std::shared_ptr<const SampleBlock> readBlock(session::sound::Sound& sound, std::int64_t index) {
    const auto samples = sound.samples(index * SampleBlock::kFrames, SampleBlock::kFrames);
    if (!samples) return nullptr;
    const auto channels = static_cast<std::size_t>(sound.shape().channels);
    const std::size_t frames = samples->size() / channels;
    auto block = std::make_shared<SampleBlock>();
    block->lanes.assign(channels > 1 ? channels + 1 : 1, std::vector<float>(frames));
    const float share = 1.0F / static_cast<float>(channels);
    const float* sample = samples->data();
    for (std::size_t i = 0; i < frames; ++i) {
        float sum = 0.0F;
        for (std::size_t c = 0; c < channels; ++c, ++sample) {
            block->lanes[c][i] = *sample;
            sum += *sample;
        }
        if (channels > 1) block->lanes.back()[i] = sum * share;
    }
    return block;
}

std::shared_ptr<const widgets::audio::SpectrumTile> readTile(session::sound::Sound& sound,
                                                             const widgets::audio::TileKey& key) {
    static_assert(widgets::audio::SpectrumTile::kColumns == session::sound::Sound::kSpectrumColumns);
    auto levels = sound.spectrum({key.fftSize, key.hop, key.channel, key.index});
    if (!levels) return nullptr;
    auto tile = std::make_shared<widgets::audio::SpectrumTile>();
    tile->bins = levels->bins;
    tile->levels = std::move(levels->levels);
    return tile;
}

bool isShort(const SoundShape& shape) {
    return shape.frames * shape.channels <= kShortSamples;
}

int spectrumWindow(int wanted, int rate) {
    if (wanted > 0) return wanted;
    int frames = 256;
    while (frames < 8192 && frames * std::numbers::sqrt2 < kWindowSeconds * rate)
        frames *= 2;
    return frames;
}

SoundStock stockUp(session::sound::Sound& sound, const SoundSight& sight, bool withTiles) {
    SoundStock stock;
    const std::int64_t frames = sound.shape().frames;
    // Sounds that cannot be read to their end show what they have when they are looked at, and say why there.
    if (!sound.build(Job())) return stock;
    for (std::int64_t i = 0; i < dividedUp(frames, SampleBlock::kFrames); ++i) {
        if (auto block = readBlock(sound, i)) stock.blocks.emplace_back(i, std::move(block));
    }
    if (!withTiles) return stock;
    widgets::audio::TimeAxis time;
    time.setView(sight.width, sight.deviceRatio);
    time.setSound(frames);
    const int window = spectrumWindow(sight.fftSize, sound.shape().rate);
    const std::int64_t hop = widgets::audio::SpectrogramLayer::hopFor(time.framesPerDevicePixel(), window);
    const int channel = sight.channel < sound.shape().channels ? sight.channel : widgets::audio::kMixedChannel;
    for (std::int64_t i = 0; i < dividedUp(frames, hop * widgets::audio::SpectrumTile::kColumns); ++i) {
        const widgets::audio::TileKey key{channel, window, hop, i};
        if (auto tile = readTile(sound, key)) stock.tiles.emplace_back(key, std::move(tile));
    }
    return stock;
}

}  // namespace querent::app::sound

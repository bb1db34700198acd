#include "engine/media/sound/spectrum_tiles.h"

#include "engine/media/sound/resample.h"

#include <opencv2/core.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <new>

namespace querent::media::sound {

namespace {

std::int64_t bytesOf(const SpectrumTile& tile) {
    return static_cast<std::int64_t>(tile.levels.size() + sizeof(SpectrumTile));
}

/** Powers to levels: 255 at 1, 0 at the floor. The logarithm of a whole column at once is what makes tiles quick. */
void quantise(std::vector<float>& power, SpectrumTile& tile, int column) {
    for (float& value : power)
        value = std::max(value, 1e-20F);
    cv::Mat row(1, tile.bins, CV_32F, power.data());
    cv::log(row, row);
    constexpr float kDbOfLog = 4.342944819F;  // 10 / ln 10
    constexpr float kLevelsOfDb = -255.0F / SpectrumTiles::kFloorDb;
    std::uint8_t* levels = tile.levels.data() + static_cast<std::size_t>(column) * power.size();
    for (std::size_t b = 0; b < power.size(); ++b) {
        const float level = (power[b] * kDbOfLog - SpectrumTiles::kFloorDb) * kLevelsOfDb;
        levels[b] = static_cast<std::uint8_t>(std::clamp(level, 0.0F, 255.0F) + 0.5F);
    }
}

}  // namespace

std::uint8_t SpectrumTile::at(int bin, int column) const {
    return levels[static_cast<std::size_t>(column) * static_cast<std::size_t>(bins) + static_cast<std::size_t>(bin)];
}

Result<std::shared_ptr<SpectrumTiles>> SpectrumTiles::open(const std::filesystem::path& path, std::int64_t cacheBytes) {
    Result<SoundFile> file = SoundFile::open(path);
    if (!file) return file.error();
    return std::shared_ptr<SpectrumTiles>(new SpectrumTiles(std::move(file).value(), cacheBytes));
}

SpectrumTiles::SpectrumTiles(SoundFile file, std::int64_t cacheBytes)
    : m_shape(file.shape()), m_file(std::move(file)), m_maxBytes(cacheBytes) {}

std::int64_t SpectrumTiles::tileCount(std::int64_t hop) const {
    const std::int64_t frames = hop * kTileColumns;
    return (m_shape.frames + frames - 1) / frames;
}

std::int64_t SpectrumTiles::hopFor(double framesPerPixel) {
    const double clamped = std::clamp(framesPerPixel, 1.0, 0x1.0p30);
    return std::int64_t{1} << static_cast<int>(std::floor(std::log2(clamped)));
}

bool SpectrumTiles::isValid(const TileKey& key) const {
    const bool goodSize =
        key.fftSize >= 256 && key.fftSize <= 8192 && std::has_single_bit(static_cast<unsigned>(key.fftSize));
    const bool goodHop =
        key.hop >= 1 && key.hop <= (std::int64_t{1} << 30) && std::has_single_bit(static_cast<std::uint64_t>(key.hop));
    return goodSize && goodHop && key.channel >= -1 && key.channel < m_shape.channels && key.index >= 0 &&
           key.index < tileCount(key.hop);
}

SpectrumTiles::Tile SpectrumTiles::cached(const TileKey& key) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_index.find(key);
    if (found == m_index.end()) return nullptr;
    m_entries.splice(m_entries.begin(), m_entries, found->second);
    return found->second->tile;
}

Result<SpectrumTiles::Tile> SpectrumTiles::tile(const TileKey& key, const Job& job) {
    if (!isValid(key)) {
        return fail(ErrorCode::InvalidArgument, "There is no such part of the spectrogram.", m_file.path());
    }
    if (Tile found = cached(key)) return found;
    try {
        Result<Tile> made = compute(key, job);
        if (made) keep(key, *made);
        return made;
    } catch (const std::exception&) {  // std::bad_alloc, or cv::Exception: OpenCV's word for the same
        return fail(ErrorCode::OutOfMemory, "There is no memory left for the spectrogram.", m_file.path());
    }
}

Result<SpectrumTiles::Tile> SpectrumTiles::compute(const TileKey& key, const Job& job) {
    const int size = key.fftSize;
    PowerSpectrum spectrum(size, size);
    auto tile = std::make_shared<SpectrumTile>();
    tile->bins = spectrum.bins();
    tile->levels.resize(static_cast<std::size_t>(tile->bins) * kTileColumns);
    const std::int64_t begin = key.index * key.hop * kTileColumns;
    const std::int64_t left = (m_shape.frames - begin + key.hop - 1) / key.hop;
    tile->columns = static_cast<int>(std::min<std::int64_t>(kTileColumns, left));
    const auto windows = std::clamp<std::int64_t>(key.hop / size, 1, kMostWindows);

    // Neighbouring windows overlap or nearly meet: one stretch for all. Otherwise each window is read by itself.
    const bool together = key.hop <= size;
    std::vector<float> samples(static_cast<std::size_t>(together ? size + (tile->columns - 1) * key.hop : size));
    const auto windowAt = [&](std::int64_t column, std::int64_t w) {
        return begin + column * key.hop + (2 * w + 1) * key.hop / (2 * windows) - size / 2;
    };
    if (together) {
        if (Result<void> read = readMono(windowAt(0, 0), key.channel, samples); !read) return read.error();
    }
    std::vector<float> power(static_cast<std::size_t>(spectrum.bins()));
    std::vector<float> loudest(power.size());
    for (int column = 0; column < tile->columns; ++column) {
        if (job.cancelled()) return Job::stopped();
        std::fill(loudest.begin(), loudest.end(), 0.0F);
        for (std::int64_t w = 0; w < windows; ++w) {
            if (!together) {
                if (Result<void> read = readMono(windowAt(column, w), key.channel, samples); !read) return read.error();
            }
            const auto offset = static_cast<std::size_t>(together ? column * key.hop : 0);
            spectrum.compute(std::span(samples).subspan(offset, static_cast<std::size_t>(size)), power);
            for (std::size_t b = 0; b < loudest.size(); ++b)
                loudest[b] = std::max(loudest[b], power[b]);
        }
        quantise(loudest, *tile, column);
    }
    return Tile(std::move(tile));
}

/** Fills `mono` from `firstFrame`, which may lie before the sound; outside it is silence. */
Result<void> SpectrumTiles::readMono(std::int64_t firstFrame, int channel, std::vector<float>& mono) {
    std::fill(mono.begin(), mono.end(), 0.0F);
    const auto channels = static_cast<std::size_t>(m_shape.channels);
    const auto skipped = static_cast<std::size_t>(std::clamp<std::int64_t>(-firstFrame, 0, std::ssize(mono)));
    std::vector<float> frames((mono.size() - skipped) * channels);
    Result<std::int64_t> got = std::int64_t{0};
    {
        const std::lock_guard lock(m_fileMutex);
        got = m_file.readInto(std::max<std::int64_t>(0, firstFrame), frames);
    }
    if (!got) return got.error();
    const auto count = static_cast<std::size_t>(*got);
    const std::span<float> to = std::span(mono).subspan(skipped, count);
    if (channel < 0) {
        mixDown(std::span(frames).first(count * channels), m_shape.channels, to);
        return {};
    }
    for (std::size_t i = 0; i < count; ++i)
        to[i] = frames[i * channels + static_cast<std::size_t>(channel)];
    return {};
}

void SpectrumTiles::keep(const TileKey& key, const Tile& tile) {
    const std::lock_guard lock(m_mutex);
    // Two threads may have worked out the same tile; a tile above the whole budget is not kept.
    if (m_index.contains(key) || bytesOf(*tile) > m_maxBytes) return;
    m_entries.push_front({key, tile});
    m_index[key] = m_entries.begin();
    m_bytes += bytesOf(*tile);
    while (m_bytes > m_maxBytes) {
        m_bytes -= bytesOf(*m_entries.back().tile);
        m_index.erase(m_entries.back().key);
        m_entries.pop_back();
    }
}

std::int64_t SpectrumTiles::bytes() const {
    const std::lock_guard lock(m_mutex);
    return m_bytes;
}

}  // namespace querent::media::sound

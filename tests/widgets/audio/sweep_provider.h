#pragma once

#include "widgets/audio/sound_provider.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <vector>

namespace querent::widgets::test {

/**
 * A sound that is known by its formula: in each channel a sine that sweeps from low to high again and again, getting
 * louder and quieter. Nothing is computed twice. With setSlow(true), tiles are only there after deliver().
 */
class SweepProvider : public audio::SoundProvider {
 public:
    explicit SweepProvider(SoundShape shape, double period = 2.0) : m_shape(shape), m_period(period) {}

    SoundShape shape() const override { return m_shape; }

    std::vector<Peak> peaks(int channel, double firstFrame, double framesPerColumn, int columns) override {
        ++peakCalls;
        peakColumns += columns;
        std::vector<Peak> out(static_cast<std::size_t>(columns));
        for (int i = 0; i < columns; ++i) {
            const double at = firstFrame + (i + 0.5) * framesPerColumn;
            Peak& peak = out[static_cast<std::size_t>(i)];
            const bool known = at >= static_cast<double>(m_knownFrom) && at < static_cast<double>(m_knownTo);
            if (m_slow || !known || at < 0 || at >= static_cast<double>(m_shape.frames)) {
                peak.low = peak.high = std::numeric_limits<float>::quiet_NaN();
                continue;
            }
            peak.high = static_cast<float>(loudness(channel, at / m_shape.rate));
            peak.low = -0.9F * peak.high;
        }
        return out;
    }

    std::vector<float> samples(int channel, std::int64_t firstFrame, int count) override {
        ++sampleCalls;
        std::vector<float> out(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i) {
            const double t = static_cast<double>(firstFrame + i) / m_shape.rate;
            const double within = std::fmod(t, m_period);
            const double slope = (highest() - kLow) / m_period;
            const double phase = 2.0 * M_PI * (kLow * within + 0.5 * slope * within * within);
            out[static_cast<std::size_t>(i)] = static_cast<float>(loudness(channel, t) * std::sin(phase));
        }
        return out;
    }

    std::shared_ptr<const audio::SpectrumTile> tile(const audio::TileKey& key) override {
        ++tileCalls;
        const auto found = m_tiles.find(nameOf(key));
        if (found != m_tiles.end()) return found->second;
        m_wanted[nameOf(key)] = key;
        if (m_slow) return nullptr;
        make(key);
        return m_tiles[nameOf(key)];
    }

    void setSlow(bool slow) { m_slow = slow; }
    /** Only these frames have peaks. */
    void setKnown(std::int64_t from, std::int64_t to) {
        m_knownFrom = from;
        m_knownTo = to;
    }
    std::size_t wishes() const { return m_wanted.size(); }
    /** Does what a worker would have done meanwhile. */
    void deliver() {
        const auto wanted = m_wanted;
        m_slow = false;
        for (const auto& [name, key] : wanted)
            make(key);
        Q_EMIT changed(0, m_shape.frames);
    }
    double frequencyAt(double seconds) const {
        return kLow + (highest() - kLow) * std::fmod(seconds, m_period) / m_period;
    }

    int peakCalls = 0;
    int peakColumns = 0;
    int sampleCalls = 0;
    int tileCalls = 0;
    int made = 0;

 private:
    static constexpr double kLow = 200.0;
    using Name = std::tuple<int, int, std::int64_t, std::int64_t>;

    static Name nameOf(const audio::TileKey& key) { return {key.channel, key.fftSize, key.hop, key.index}; }
    double highest() const { return 0.45 * m_shape.rate; }
    double loudness(int channel, double seconds) const {
        const double beat = 0.5 + 0.5 * std::sin(2.0 * M_PI * seconds / (m_period * (channel == 1 ? 0.7 : 1.3)));
        return 0.08 + 0.8 * beat * beat;
    }

    void make(const audio::TileKey& key) {
        ++made;
        auto tile = std::make_shared<audio::SpectrumTile>();
        tile->bins = key.fftSize / 2 + 1;
        tile->levels.assign(
            static_cast<std::size_t>(audio::SpectrumTile::kColumns) * static_cast<std::size_t>(tile->bins), 0);
        for (int c = 0; c < audio::SpectrumTile::kColumns; ++c) {
            const double frame = static_cast<double>(key.columnFrame(c)) + 0.5 * static_cast<double>(key.hop);
            if (frame >= static_cast<double>(m_shape.frames)) break;
            const double seconds = frame / m_shape.rate;
            const double bin = frequencyAt(seconds) * key.fftSize / m_shape.rate;
            const double loud = 20.0 * std::log10(loudness(key.channel, seconds));
            std::uint8_t* levels = tile->levels.data() + static_cast<std::size_t>(c * tile->bins);
            for (int b = 0; b < tile->bins; ++b) {
                const double noise = -95.0 + 8.0 * std::sin(b * 12.9898 + c * 78.233);
                const double line = loud - 9.0 * std::abs(b - bin);
                const double second = loud - 25.0 - 6.0 * std::abs(b - 2.0 * bin);
                const double db = std::max({noise, line, second});
                levels[b] = static_cast<std::uint8_t>(std::clamp(255.0 * (1.0 + db / 120.0), 0.0, 255.0));
            }
        }
        m_tiles[nameOf(key)] = tile;
        m_wanted.erase(nameOf(key));
    }

    SoundShape m_shape;
    double m_period;
    bool m_slow = false;
    std::int64_t m_knownFrom = 0;
    std::int64_t m_knownTo = std::numeric_limits<std::int64_t>::max();
    std::map<Name, std::shared_ptr<const audio::SpectrumTile>> m_tiles;
    std::map<Name, audio::TileKey> m_wanted;
};

}  // namespace querent::widgets::test

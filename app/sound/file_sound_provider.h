#pragma once

#include "app/sound/sound_stock.h"
#include "widgets/audio/sound_provider.h"

#include <QCache>
#include <QHash>
#include <QSet>
#include <QTimer>

#include <deque>
#include <memory>
#include <stop_token>

namespace querent::app::bridge {
class TaskPool;
}

namespace querent::session::sound {
class Sound;
}

namespace querent::app::sound {

/**
 * A sound file as a SoundView sees it. Whatever is in memory is answered at once; everything else becomes a wish that a
 * pool's worker fulfils, the newest first, and changed() tells when it is there. What is not known yet is left out,
 * never guessed. Owned by the SoundLoader and by whoever shows it; the pools must outlive it. UI thread only.
 */
class FileSoundProvider : public widgets::audio::SoundProvider {
    Q_OBJECT

 public:
    static constexpr std::size_t kMostWishes = 64;  // older ones are dropped: they have scrolled away
    static constexpr qsizetype kTileMegabytes = 64;
    static constexpr qsizetype kSampleMegabytes = 64;

    /** `stock`: what is ready already. */
    FileSoundProvider(std::shared_ptr<session::sound::Sound> sound, bridge::TaskPool& pool, SoundStock stock = {});
    ~FileSoundProvider() override;

    SoundShape shape() const override;
    std::vector<Peak> peaks(int channel, double firstFrame, double framesPerColumn, int columns) override;
    std::vector<float> samples(int channel, std::int64_t firstFrame, int count) override;
    std::shared_ptr<const widgets::audio::SpectrumTile> tile(const widgets::audio::TileKey& key) override;

    const std::shared_ptr<session::sound::Sound>& sound() const { return m_sound; }
    /** Begins, or goes on with, reading the whole sound for its peaks, on a thread of this pool. */
    void build(bridge::TaskPool& pool);
    /** Nobody looks any more: wishes are dropped, building stops, and most of the memory is given back. */
    void rest();
    bool isBuilding() const { return m_building; }
    qsizetype wishes() const { return static_cast<qsizetype>(m_wishes.size() + m_running.size()); }

 Q_SIGNALS:
    /** A part of the sound cannot be read; one sentence, once. */
    void failed(const QString& sentence);
    /** All peaks are known, or reading them has stopped. */
    void built();

 private:
    /** A tile or, with fftSize 0, a block of samples. */
    struct Wish {
        widgets::audio::TileKey key;
        bool isBlock() const { return key.fftSize == 0; }
        bool operator==(const Wish&) const = default;
    };
    friend size_t qHash(const Wish& wish, size_t seed) {
        return qHashMulti(seed, wish.key.channel, wish.key.fftSize, wish.key.hop, wish.key.index);
    }
    struct Known;
    using Block = std::shared_ptr<const SampleBlock>;
    using Tile = std::shared_ptr<const widgets::audio::SpectrumTile>;

    void want(const Wish& wish);
    void pump();
    void fulfil(const Wish& wish, const Block& block, const Tile& tile);
    void askAgainForDropped();
    void keep(const widgets::audio::TileKey& key, const Tile& tile);
    void keep(std::int64_t index, const Block& block);
    const SampleBlock* blockOf(std::int64_t frame);
    Peak peakOf(int channel, std::int64_t first, std::int64_t end);
    std::vector<Peak> peaksOfSamples(int channel, double firstFrame, double framesPerColumn, int columns);
    void tellKnown();
    void endBuild(const QString& problem);
    std::pair<std::int64_t, std::int64_t> framesOf(const Wish& wish) const;

    std::shared_ptr<session::sound::Sound> m_sound;
    bridge::TaskPool& m_pool;
    QCache<Wish, Tile> m_tiles;            // cost in kilobytes
    QCache<std::int64_t, Block> m_blocks;  // the same; by index
    std::deque<Wish> m_wishes;             // newest first
    QSet<Wish> m_running;
    QSet<Wish> m_failed;
    std::vector<Wish> m_dropped;
    bool m_pumpSoon = false;
    bool m_complained = false;

    std::shared_ptr<Known> m_known;  // shared with the thread that builds
    std::stop_source m_stop;
    bool m_building = false;
    bridge::TaskPool* m_buildPool = nullptr;  // null while nobody looks
    QTimer m_tell;
};

}  // namespace querent::app::sound

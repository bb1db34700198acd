#include "app/sound/file_sound_provider.h"

#include "app/bridge/task_pool.h"
#include "engine/session/sound/sound.h"
#include "engine/session/thread_priority.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

namespace querent::app::sound {

namespace {

constexpr int kKilobyte = 1024;
constexpr qsizetype kMegabyte = 1024;  // in kilobytes
constexpr qsizetype kRestingMegabytes = 12;
constexpr int kRunning = 2;   // wishes that are worked on at once
constexpr int kTellMs = 33;   // between two looks at what has been built
constexpr int kNiceness = 5;  // of workers that somebody waits for
constexpr int kBuildNiceness = 10;
constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();

qsizetype kilobytes(qsizetype bytes) {
    return std::max<qsizetype>(1, bytes / kKilobyte);
}

}  // namespace

/** Stretches whose peaks have become known since somebody last looked. */
struct FileSoundProvider::Known {
    std::mutex mutex;
    std::vector<std::pair<std::int64_t, std::int64_t>> stretches;

    void add(std::int64_t first, std::int64_t end) {
        const std::lock_guard lock(mutex);
        if (!stretches.empty() && stretches.back().second == first) {
            stretches.back().second = end;
        } else {
            stretches.emplace_back(first, end);
        }
    }
};

FileSoundProvider::FileSoundProvider(std::shared_ptr<session::sound::Sound> sound, bridge::TaskPool& pool,
                                     SoundStock stock)
    : m_sound(std::move(sound)),
      m_pool(pool),
      m_tiles(kTileMegabytes * kMegabyte),
      m_blocks(kSampleMegabytes * kMegabyte),
      m_known(std::make_shared<Known>()) {
    for (const auto& [key, tile] : stock.tiles)
        keep(key, tile);
    for (const auto& [index, block] : stock.blocks)
        keep(index, block);
    m_tell.setInterval(kTellMs);
    connect(&m_tell, &QTimer::timeout, this, &FileSoundProvider::tellKnown);
}

FileSoundProvider::~FileSoundProvider() {
    m_stop.request_stop();
}

SoundShape FileSoundProvider::shape() const {
    return m_sound->shape();
}

// --- what is asked for

std::vector<Peak> FileSoundProvider::peaks(int channel, double firstFrame, double framesPerColumn, int columns) {
    if (framesPerColumn < static_cast<double>(m_sound->finestColumn()))
        return peaksOfSamples(channel, firstFrame, framesPerColumn, columns);
    auto found = m_sound->peaks(channel, static_cast<std::int64_t>(std::floor(firstFrame)), framesPerColumn, columns);
    if (m_sound->complete()) return found;
    for (int i = 0; i < columns; ++i) {
        const double frame = firstFrame + i * framesPerColumn;
        if (frame < 0.0 || !std::isnan(found[static_cast<std::size_t>(i)].low)) continue;
        if (frame < static_cast<double>(shape().frames)) m_sound->wantFirst(static_cast<std::int64_t>(frame));
        break;
    }
    return found;
}

std::vector<Peak> FileSoundProvider::peaksOfSamples(int channel, double firstFrame, double framesPerColumn,
                                                    int columns) {
    std::vector<Peak> found(static_cast<std::size_t>(std::max(columns, 0)), Peak{kNothing, kNothing});
    for (int i = 0; i < columns; ++i) {
        const double from = firstFrame + i * framesPerColumn;
        const auto first = static_cast<std::int64_t>(std::floor(from));
        const auto end = std::max(static_cast<std::int64_t>(std::ceil(from + framesPerColumn)), first + 1);
        if (end <= 0 || first >= shape().frames) continue;
        found[static_cast<std::size_t>(i)] =
            peakOf(channel, std::max<std::int64_t>(first, 0), std::min(end, shape().frames));
    }
    return found;
}

/** Of the frames [first, end), all inside the sound; NaN while some of them are not at hand, which are wanted then. */
Peak FileSoundProvider::peakOf(int channel, std::int64_t first, std::int64_t end) {
    Peak peak{std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest()};
    bool known = true;
    while (first < end) {
        const std::int64_t begin = first / SampleBlock::kFrames * SampleBlock::kFrames;
        const std::int64_t last = std::min(end, begin + SampleBlock::kFrames);
        const SampleBlock* block = blockOf(first);
        known = known && block;
        if (block) {
            const float* samples = block->lane(channel).data();
            for (std::int64_t i = first - begin; i < last - begin; ++i) {
                peak.low = std::min(peak.low, samples[i]);
                peak.high = std::max(peak.high, samples[i]);
            }
        }
        first = last;
    }
    return known ? peak : Peak{kNothing, kNothing};
}

std::vector<float> FileSoundProvider::samples(int channel, std::int64_t firstFrame, int count) {
    const std::int64_t end = firstFrame + count;
    if (firstFrame < 0 || count <= 0 || end > shape().frames) return {};
    std::vector<float> found;
    bool known = true;
    for (std::int64_t at = firstFrame; at < end;) {
        const std::int64_t begin = at / SampleBlock::kFrames * SampleBlock::kFrames;
        const std::int64_t last = std::min(end, begin + SampleBlock::kFrames);
        if (const SampleBlock* block = blockOf(at)) {
            const auto& lane = block->lane(channel);
            found.insert(found.end(), lane.begin() + (at - begin), lane.begin() + (last - begin));
        } else {
            known = false;
        }
        at = last;
    }
    if (!known) found.clear();
    return found;
}

const SampleBlock* FileSoundProvider::blockOf(std::int64_t frame) {
    const std::int64_t index = frame / SampleBlock::kFrames;
    if (const Block* block = m_blocks.object(index)) return block->get();
    want({{0, 0, 0, index}});
    return nullptr;
}

std::shared_ptr<const widgets::audio::SpectrumTile> FileSoundProvider::tile(const widgets::audio::TileKey& key) {
    if (const Tile* found = m_tiles.object({key})) return *found;
    want({key});
    return nullptr;
}

// --- wishes

void FileSoundProvider::want(const Wish& wish) {
    if (m_running.contains(wish) || m_failed.contains(wish)) return;
    const auto waiting = std::find(m_wishes.begin(), m_wishes.end(), wish);
    if (waiting == m_wishes.begin() && waiting != m_wishes.end()) return;
    if (waiting != m_wishes.end()) m_wishes.erase(waiting);
    m_wishes.push_front(wish);
    if (m_wishes.size() > kMostWishes) {
        m_dropped.push_back(m_wishes.back());
        m_wishes.pop_back();
    }
    // Not at once: while a picture is painted, later wishes of the same picture are still to come.
    if (m_pumpSoon || m_running.size() >= kRunning) return;
    m_pumpSoon = true;
    QMetaObject::invokeMethod(this, &FileSoundProvider::pump, Qt::QueuedConnection);
}

void FileSoundProvider::pump() {
    m_pumpSoon = false;
    while (!m_wishes.empty() && m_running.size() < kRunning) {
        const Wish wish = m_wishes.front();
        m_wishes.pop_front();
        m_running.insert(wish);
        m_pool.run(
            this,
            [sound = m_sound, wish] {
                session::lowerPriorityOfThisThread(kNiceness);
                return wish.isBlock() ? std::pair<Block, Tile>{readBlock(*sound, wish.key.index), nullptr}
                                      : std::pair<Block, Tile>{nullptr, readTile(*sound, wish.key)};
            },
            [this, wish](const std::pair<Block, Tile>& made) { fulfil(wish, made.first, made.second); });
    }
    if (m_wishes.empty() && m_running.isEmpty()) askAgainForDropped();
}

void FileSoundProvider::fulfil(const Wish& wish, const Block& block, const Tile& tile) {
    m_running.remove(wish);
    if (block) keep(wish.key.index, block);
    if (tile) keep(wish.key, tile);
    if (block || tile) {
        const auto [first, last] = framesOf(wish);
        Q_EMIT changed(first, last);
    } else {
        m_failed.insert(wish);
        if (!m_complained) Q_EMIT failed(tr("A part of this sound is damaged and cannot be shown."));
        m_complained = true;
    }
    pump();
}

/** Those that are still in sight are wished for again when the view draws their places. */
void FileSoundProvider::askAgainForDropped() {
    const std::vector<Wish> dropped = std::exchange(m_dropped, {});
    for (const Wish& wish : dropped) {
        const auto [first, last] = framesOf(wish);
        Q_EMIT changed(first, last);
    }
}

std::pair<std::int64_t, std::int64_t> FileSoundProvider::framesOf(const Wish& wish) const {
    const std::int64_t frames =
        wish.isBlock() ? SampleBlock::kFrames : widgets::audio::SpectrumTile::kColumns * wish.key.hop;
    const std::int64_t first = wish.key.index * frames;
    return {first, std::min(first + frames, shape().frames)};
}

void FileSoundProvider::keep(const widgets::audio::TileKey& key, const Tile& tile) {
    m_tiles.insert({key}, new Tile(tile), kilobytes(static_cast<qsizetype>(tile->levels.size())));
}

void FileSoundProvider::keep(std::int64_t index, const Block& block) {
    m_blocks.insert(index, new Block(block), kilobytes(block->bytes()));
}

void FileSoundProvider::rest() {
    m_buildPool = nullptr;
    m_stop.request_stop();
    m_wishes.clear();
    m_dropped.clear();
    for (const qsizetype most : {kRestingMegabytes, kTileMegabytes})
        m_tiles.setMaxCost(most * kMegabyte);
    // A short sound keeps all it has: it is shown again at once.
    if (isShort(shape())) return;
    for (const qsizetype most : {kRestingMegabytes, kSampleMegabytes})
        m_blocks.setMaxCost(most * kMegabyte);
}

// --- peaks of the whole sound

void FileSoundProvider::build(bridge::TaskPool& pool) {
    m_buildPool = &pool;
    if (m_building || m_sound->complete()) return;
    m_building = true;
    m_stop = std::stop_source();
    m_tell.start();
    pool.run(
        this,
        [sound = m_sound, known = m_known, token = m_stop.get_token()] {
            session::lowerPriorityOfThisThread(kBuildNiceness);
            const auto done =
                sound->build(Job(token), [&](std::int64_t first, std::int64_t end) { known->add(first, end); });
            if (done || done.error().code == ErrorCode::Cancelled) return QString();
            return QString::fromStdString(done.error().sentence);
        },
        [this](const QString& problem) { endBuild(problem); });
}

void FileSoundProvider::tellKnown() {
    std::vector<std::pair<std::int64_t, std::int64_t>> stretches;
    {
        const std::lock_guard lock(m_known->mutex);
        stretches.swap(m_known->stretches);
    }
    for (const auto& [first, end] : stretches)
        Q_EMIT changed(first, end);
}

void FileSoundProvider::endBuild(const QString& problem) {
    m_building = false;
    m_tell.stop();
    tellKnown();
    // Somebody looks again before the thread had noticed that nobody did.
    if (m_stop.stop_requested() && m_buildPool) return build(*m_buildPool);
    if (!problem.isEmpty() && !m_complained) {
        m_complained = true;
        Q_EMIT failed(problem);
    }
    Q_EMIT built();
}

}  // namespace querent::app::sound

#include "engine/session/sound/sound.h"

#include "engine/core/paths.h"
#include "engine/media/hash.h"
#include "engine/media/sound/peaks.h"
#include "engine/media/sound/sound_file.h"
#include "engine/media/sound/spectrum_tiles.h"
#include "engine/session/project/project_internal.h"

#include <algorithm>
#include <limits>
#include <mutex>
#include <system_error>
#include <utility>

namespace querent::session::sound {

namespace fs = std::filesystem;

namespace {

/** Shorter sounds are read again in less time than a file is found. */
constexpr std::int64_t kCachedFromSamples = 20'000'000;
/** The oldest cache files go when the folder holds more. */
constexpr std::uintmax_t kCacheBytes = std::uintmax_t{1} << 30;
constexpr const char* kCacheExtension = ".peaks";
/** In place of a content hash: path, size and time tell whether the file is still the same. */
const std::string kByStamp;

const Medium* soundOf(const Item& item) {
    const auto found = std::find_if(item.media.begin(), item.media.end(),
                                    [](const Medium& medium) { return medium.modality == Modality::Audio; });
    return found == item.media.end() ? nullptr : &*found;
}

void trimCache(const fs::path& folder) {
    struct Entry {
        fs::path path;
        fs::file_time_type time;
        std::uintmax_t bytes;
    };
    std::vector<Entry> entries;
    std::uintmax_t total = 0;
    std::error_code problem;
    for (const auto& file : fs::directory_iterator(folder, problem)) {
        if (file.path().extension() != kCacheExtension) continue;
        const std::uintmax_t bytes = file.file_size(problem);
        if (problem) continue;
        entries.push_back({file.path(), file.last_write_time(problem), bytes});
        total += bytes;
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.time < b.time; });
    for (const Entry& entry : entries) {
        if (total <= kCacheBytes) return;
        fs::remove(entry.path, problem);
        total -= entry.bytes;
    }
}

}  // namespace

struct Sound::State {
    fs::path path;
    PeakCache cache;
    std::string problem;
    std::shared_ptr<media::sound::PeakPyramid> pyramid;
    std::shared_ptr<media::sound::SpectrumTiles> tiles;
    std::mutex fileMutex;
    std::optional<media::sound::SoundFile> file;  // guarded by fileMutex
};

Sound::Sound(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Sound::~Sound() = default;

Result<std::shared_ptr<Sound>> Sound::open(const fs::path& path, PeakCache cache) {
    Result<media::sound::SoundFile> file = media::sound::SoundFile::open(path);
    if (!file) return file.error();
    auto pyramid = media::sound::PeakPyramid::open(path);
    if (!pyramid) return pyramid.error();
    // Whoever shows spectrograms keeps them in the form in which they are drawn: once is enough.
    auto tiles = media::sound::SpectrumTiles::open(path, 0);
    if (!tiles) return tiles.error();
    auto state = std::make_unique<State>();
    state->path = path;
    state->problem = file->problem();
    if (file->shape().frames * file->shape().channels >= kCachedFromSamples) state->cache = std::move(cache);
    state->pyramid = *std::move(pyramid);
    state->tiles = *std::move(tiles);
    state->file = *std::move(file);
    return std::shared_ptr<Sound>(new Sound(std::move(state)));
}

const SoundShape& Sound::shape() const {
    return m_state->pyramid->shape();
}

const fs::path& Sound::path() const {
    return m_state->path;
}

const std::string& Sound::problem() const {
    return m_state->problem;
}

Result<void> Sound::build(const Job& job, const KnownListener& listener) {
    if (complete()) return {};
    if (loadPeaks()) {
        if (listener) listener(0, shape().frames);
        return {};
    }
    if (Result<void> built = m_state->pyramid->build(job, listener); !built) return built;
    const PeakCache& cache = m_state->cache;
    if (cache.file.empty() || !cache.write) return {};
    // A cache file that cannot be written costs time later, nothing else.
    if (m_state->pyramid->save(cache.file, kByStamp)) trimCache(cache.file.parent_path());
    return {};
}

bool Sound::loadPeaks() {
    if (complete()) return true;
    return !m_state->cache.file.empty() && m_state->pyramid->load(m_state->cache.file, kByStamp).ok();
}

bool Sound::complete() const {
    return m_state->pyramid->complete();
}

void Sound::wantFirst(std::int64_t frame) {
    m_state->pyramid->wantFirst(frame);
}

std::int64_t Sound::peakBytes() const {
    return m_state->pyramid->bytes();
}

std::int64_t Sound::finestColumn() const {
    return m_state->pyramid->baseFrames();
}

std::vector<Peak> Sound::peaks(int channel, std::int64_t firstFrame, double framesPerColumn, int columns) const {
    constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();
    const auto count = static_cast<std::size_t>(std::max(columns, 0));
    if (m_state->pyramid->needsFile(framesPerColumn)) return std::vector<Peak>(count, Peak{kNothing, kNothing});
    auto found = m_state->pyramid->peaks(channel, firstFrame, framesPerColumn, columns);
    if (!found) return std::vector<Peak>(count, Peak{kNothing, kNothing});
    for (Peak& peak : *found) {
        if (!media::sound::isKnown(peak)) peak = {kNothing, kNothing};
    }
    return *std::move(found);
}

Result<std::vector<float>> Sound::samples(std::int64_t firstFrame, std::int64_t frames) {
    const std::lock_guard lock(m_state->fileMutex);
    return m_state->file->read(firstFrame, frames);
}

Result<SpectrumLevels> Sound::spectrum(const SpectrumWish& wish, const Job& job) {
    static_assert(kSpectrumColumns == media::sound::SpectrumTiles::kTileColumns);
    const auto tile = m_state->tiles->tile({wish.fftSize, wish.hop, wish.channel, wish.index}, job);
    if (!tile) return tile.error();
    return SpectrumLevels{(*tile)->bins, (*tile)->levels};
}

void Sound::noteChange(const SoundShape& expected) {
    if (expected.rate <= 0 || expected == shape() || !m_state->problem.empty()) return;
    m_state->problem = "The file is not the one that was imported: regions may not lie where they were drawn.";
}

Result<std::shared_ptr<Sound>> openSound(const project::Project& project, const Item& item) {
    const Medium* medium = soundOf(item);
    if (medium == nullptr) return fail(ErrorCode::NotFound, "The item has no sound.");
    fs::path folder;
    project.read([&](store::ProjectFile& file) { folder = project::valueOr(file.sources().folder(medium->source)); });
    const fs::path path = folder / pathFromUtf8(medium->path);
    std::error_code problem;
    if (!fs::exists(path, problem)) {
        return fail(ErrorCode::NotFound, "The sound file is not where it was: it has been moved, renamed or deleted.",
                    path);
    }
    const fs::path cache =
        project.sidecar() / "cache" / "peaks" / (media::textHash(media::fileStamp(path)) + kCacheExtension);
    auto sound = Sound::open(path, {cache, !project.readOnly()});
    if (sound) (*sound)->noteChange(medium->sound);
    return sound;
}

}  // namespace querent::session::sound

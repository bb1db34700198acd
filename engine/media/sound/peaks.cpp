#include "engine/media/sound/peaks.h"

#include "engine/media/sound/resample.h"

#include <algorithm>
#include <cmath>
#include <new>

namespace querent::media::sound {

namespace {

constexpr std::int64_t kPieceFrames = 65'536;

std::int64_t dividedUp(std::int64_t value, std::int64_t by) {
    return (value + by - 1) / by;
}

Peak together(const Peak& a, const Peak& b) {
    return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

/** Of `count` samples that stand `step` apart. */
Peak peakOf(const float* samples, std::size_t count, std::size_t step) {
    Peak peak{*samples, *samples};
    for (std::size_t i = 0; i < count; ++i, samples += step) {
        peak.low = std::min(peak.low, *samples);
        peak.high = std::max(peak.high, *samples);
    }
    return peak;
}

/** As mixDown() has it. */
float meanOf(const float* frame, std::size_t channels) {
    float mean = 0.0F;
    mixDown(std::span(frame, channels), static_cast<int>(channels), std::span(&mean, 1));
    return mean;
}

}  // namespace

Result<std::shared_ptr<PeakPyramid>> PeakPyramid::open(const std::filesystem::path& path) {
    Result<SoundFile> file = SoundFile::open(path);
    if (!file) return file.error();
    try {
        return std::shared_ptr<PeakPyramid>(new PeakPyramid(std::move(file).value()));
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "There is no memory left for the waveform.", path);
    }
}

PeakPyramid::PeakPyramid(SoundFile file) : m_path(file.path()), m_shape(file.shape()), m_file(std::move(file)) {
    chooseLevels();
}

void PeakPyramid::chooseLevels() {
    const auto bytesAt = [&](std::int64_t base) {
        const std::int64_t finest = dividedUp(m_shape.frames, base);
        return (finest + finest / (kFactor - 1)) * static_cast<std::int64_t>(lanes() * sizeof(Peak));
    };
    while (bytesAt(m_base) > kMaxBytes - 65'536)  // a little for the levels' last entries, which are begun ones
        m_base *= 2;
    // All of them powers of two: a block is a whole number of entries, or an entry of blocks.
    m_block = std::max(m_base, kPieceFrames);
    m_blockKnown = std::vector<std::atomic<bool>>(static_cast<std::size_t>(dividedUp(m_shape.frames, m_block)));
    for (std::int64_t span = m_base;; span *= kFactor) {
        const std::int64_t count = dividedUp(m_shape.frames, span);
        m_levels.push_back({span, std::vector<Peak>(static_cast<std::size_t>(count) * lanes())});
        if (count <= kFactor) return;
    }
}

std::int64_t PeakPyramid::bytes() const {
    std::size_t entries = 0;
    for (const Level& level : m_levels)
        entries += level.entries.size();
    return static_cast<std::int64_t>(entries * sizeof(Peak));
}

std::size_t PeakPyramid::laneOf(int channel) const {
    if (channel != kMixed) return static_cast<std::size_t>(channel);
    return lanes() - 1;
}

/** The first block that is not known at or behind `from`, and behind the last the first of all. One must be unknown. */
std::size_t PeakPyramid::nextUnknown(std::size_t from) const {
    std::size_t block = std::min(from, m_blockKnown.size() - 1);
    while (m_blockKnown[block].load(std::memory_order_relaxed))
        block = (block + 1) % m_blockKnown.size();
    return block;
}

Result<void> PeakPyramid::build(const Job& job, const KnownListener& listener) {
    Result<SoundFile> file = SoundFile::open(m_path);
    if (!file) return file.error();
    if (file->shape() != m_shape) return fail(ErrorCode::Io, "The sound has changed while it was read.", m_path);
    try {
        std::vector<float> samples;
        std::int64_t wanted = -1;
        std::size_t next = 0;
        while (!complete()) {
            if (job.cancelled()) return Job::stopped();
            const std::int64_t now = m_wanted.load(std::memory_order_relaxed);
            if (now != wanted) next = static_cast<std::size_t>(std::max<std::int64_t>(0, now) / m_block);
            wanted = now;
            const std::size_t block = nextUnknown(next);
            if (Result<void> read = readBlock(*file, block, samples); !read) return read;
            next = block + 1;
            const std::int64_t first = static_cast<std::int64_t>(block) * m_block;
            if (listener) listener(first, std::min(first + m_block, m_shape.frames));
            job.report("Reading", knownFrames(), m_shape.frames);
        }
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "There is no memory left for the waveform.", m_path);
    }
    return {};
}

Result<void> PeakPyramid::readBlock(SoundFile& file, std::size_t block, std::vector<float>& samples) {
    const std::int64_t first = static_cast<std::int64_t>(block) * m_block;
    const std::int64_t frames = std::min(m_block, m_shape.frames - first);
    samples.resize(static_cast<std::size_t>(frames * m_shape.channels));
    const Result<std::int64_t> got = file.readInto(first, samples);
    if (!got) return got.error();
    summarise(samples, first);
    raise(first, first + frames);
    makeKnown(block);
    return {};
}

void PeakPyramid::makeKnown(std::size_t block) {
    const std::int64_t first = static_cast<std::int64_t>(block) * m_block;
    m_blockKnown[block].store(true, std::memory_order_release);
    m_known.fetch_add(std::min(m_block, m_shape.frames - first), std::memory_order_acq_rel);
}

bool PeakPyramid::isKnownRange(std::int64_t first, std::int64_t end) const {
    for (std::int64_t block = first / m_block; block * m_block < end; ++block) {
        if (!m_blockKnown[static_cast<std::size_t>(block)].load(std::memory_order_acquire)) return false;
    }
    return true;
}

/** Fills the base level from samples that begin at one of its entries. */
void PeakPyramid::summarise(const std::vector<float>& samples, std::int64_t firstFrame) {
    const auto channels = static_cast<std::size_t>(m_shape.channels);
    const std::size_t frames = samples.size() / channels;
    const auto base = static_cast<std::size_t>(m_base);
    std::vector<float> mean(channels > 1 ? base : 0);
    Peak* entry = m_levels[0].entries.data() + static_cast<std::size_t>(firstFrame / m_base) * lanes();
    for (std::size_t first = 0; first < frames; first += base, entry += lanes()) {
        const std::size_t count = std::min(frames - first, base);
        const std::span<const float> part = std::span(samples).subspan(first * channels, count * channels);
        for (std::size_t c = 0; c < channels; ++c)
            entry[c] = peakOf(part.data() + c, count, channels);
        if (channels == 1) continue;
        if (channels == 2) {  // by far the most of them
            for (std::size_t i = 0; i < count; ++i)
                mean[i] = 0.5F * (part[2 * i] + part[2 * i + 1]);
        } else {
            mixDown(part, m_shape.channels, std::span(mean).first(count));
        }
        entry[channels] = peakOf(mean.data(), count, 1);
    }
}

/** Fills the upper levels' entries that these frames have made whole; the last ones of the sound may be begun ones. */
void PeakPyramid::raise(std::int64_t fromFrame, std::int64_t toFrame) {
    for (std::size_t l = 1; l < m_levels.size(); ++l) {
        Level& level = m_levels[l];
        const std::vector<Peak>& finer = m_levels[l - 1].entries;
        for (std::int64_t e = fromFrame / level.span; e < dividedUp(toFrame, level.span); ++e) {
            const std::int64_t begin = e * level.span;
            const std::int64_t end = std::min(begin + level.span, m_shape.frames);
            const bool before = begin >= fromFrame || isKnownRange(begin, fromFrame);
            const bool behind = end <= toFrame || isKnownRange(toFrame, end);
            if (!before || !behind) continue;
            const std::size_t first = static_cast<std::size_t>(e * kFactor) * lanes();
            const std::size_t last = std::min(first + kFactor * lanes(), finer.size());
            Peak* entry = level.entries.data() + static_cast<std::size_t>(e) * lanes();
            std::copy_n(finer.data() + first, lanes(), entry);
            for (std::size_t i = first + lanes(); i < last; ++i)
                entry[(i - first) % lanes()] = together(entry[(i - first) % lanes()], finer[i]);
        }
    }
}

PeakPyramid::Range PeakPyramid::framesOf(std::int64_t firstFrame, double framesPerColumn, int column) const {
    // Whole frames and the rest apart: positions stay exact however long the sound is.
    const auto begin = static_cast<std::int64_t>(std::floor(column * framesPerColumn));
    const auto end = static_cast<std::int64_t>(std::ceil((column + 1) * framesPerColumn));
    return {firstFrame + begin, firstFrame + std::max(end, begin + 1)};
}

Result<std::vector<Peak>> PeakPyramid::peaks(int channel, std::int64_t firstFrame, double framesPerColumn,
                                             int columns) const {
    const bool good = channel >= kMixed && channel < m_shape.channels && columns >= 0 && columns <= kMaxColumns &&
                      framesPerColumn > 0.0 && framesPerColumn < 1e12 && std::abs(firstFrame) < (std::int64_t{1} << 60);
    if (!good) return fail(ErrorCode::InvalidArgument, "There is no such stretch of a waveform.", m_path);
    if (needsFile(framesPerColumn)) return fromFile(channel, firstFrame, framesPerColumn, columns);
    const Level* level = &m_levels.front();
    for (const Level& next : m_levels) {
        if (static_cast<double>(next.span) <= framesPerColumn) level = &next;
    }
    std::vector<Peak> found;
    found.reserve(static_cast<std::size_t>(columns));
    for (int c = 0; c < columns; ++c)
        found.push_back(fromLevel(*level, laneOf(channel), framesOf(firstFrame, framesPerColumn, c)));
    return found;
}

Peak PeakPyramid::fromLevel(const Level& level, std::size_t lane, Range frames) const {
    const std::int64_t begin = std::max<std::int64_t>(0, frames.first);
    const std::int64_t end = std::min(frames.end, m_shape.frames);
    if (begin >= end) return kUnknownPeak;
    const std::int64_t first = begin / level.span;
    const std::int64_t last = dividedUp(end, level.span);
    if (!isKnownRange(first * level.span, std::min(last * level.span, m_shape.frames))) return kUnknownPeak;
    const auto at = [&](std::int64_t entry) { return level.entries[static_cast<std::size_t>(entry) * lanes() + lane]; };
    Peak peak = at(first);
    for (std::int64_t entry = first + 1; entry < last; ++entry)
        peak = together(peak, at(entry));
    return peak;
}

Result<std::vector<Peak>> PeakPyramid::fromFile(int channel, std::int64_t firstFrame, double framesPerColumn,
                                                int columns) const {
    std::vector<Peak> found(static_cast<std::size_t>(columns), kUnknownPeak);
    if (columns == 0) return found;
    const std::int64_t begin = std::clamp<std::int64_t>(firstFrame, 0, m_shape.frames);
    const std::int64_t end = std::clamp(framesOf(firstFrame, framesPerColumn, columns - 1).end, begin, m_shape.frames);
    const auto channels = static_cast<std::size_t>(m_shape.channels);
    std::vector<float> samples;
    std::int64_t start = begin;  // of `samples`
    std::int64_t stop = begin;
    const std::lock_guard lock(m_fileMutex);
    for (int c = 0; c < columns; ++c) {
        const Range wanted = framesOf(firstFrame, framesPerColumn, c);
        const std::int64_t last = std::min(wanted.end, end);
        for (std::int64_t frame = std::max(begin, wanted.first); frame < last; ++frame) {
            if (frame >= stop) {  // no column begins before the last frame of the one before it
                Result<std::vector<float>> more = m_file.read(frame, std::min(kPieceFrames, end - frame));
                if (!more) return more.error();
                samples = std::move(more).value();
                start = frame;
                stop = frame + static_cast<std::int64_t>(samples.size() / channels);
            }
            const float* all = samples.data() + static_cast<std::size_t>(frame - start) * channels;
            const float sample = channel == kMixed ? meanOf(all, channels) : all[channel];
            Peak& peak = found[static_cast<std::size_t>(c)];
            peak = isKnown(peak) ? together(peak, {sample, sample}) : Peak{sample, sample};
        }
    }
    return found;
}

}  // namespace querent::media::sound

#include "engine/media/sound/peaks.h"

#include <algorithm>
#include <cmath>
#include <new>

namespace querent::media {

namespace {

constexpr std::int64_t kPieceFrames = 65'536;

std::int64_t dividedUp(std::int64_t value, std::int64_t by) {
    return (value + by - 1) / by;
}

Peak together(const Peak& a, const Peak& b) {
    return {std::min(a.low, b.low), std::max(a.high, b.high)};
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
        return (finest + finest / (kFactor - 1)) * m_shape.channels * static_cast<std::int64_t>(sizeof(Peak));
    };
    while (bytesAt(m_base) > kMaxBytes - 65'536)  // a little for the levels' last entries, which are begun ones
        m_base *= 2;
    for (std::int64_t span = m_base;; span *= kFactor) {
        const std::int64_t count = dividedUp(m_shape.frames, span);
        m_levels.push_back({span, std::vector<Peak>(static_cast<std::size_t>(count * m_shape.channels))});
        if (count <= kFactor) return;
    }
}

std::int64_t PeakPyramid::bytes() const {
    std::size_t entries = 0;
    for (const Level& level : m_levels)
        entries += level.entries.size();
    return static_cast<std::int64_t>(entries * sizeof(Peak));
}

Result<void> PeakPyramid::build(const Job& job) {
    Result<SoundFile> file = SoundFile::open(m_path);
    if (!file) return file.error();
    if (file->shape() != m_shape) return fail(ErrorCode::Io, "The sound has changed while it was read.", m_path);
    // Whole entries of the base level at a time, whatever its span.
    const std::int64_t piece = m_base * std::max<std::int64_t>(1, kPieceFrames / m_base);
    try {
        std::vector<float> samples;
        for (std::int64_t at = knownFrames(); at < m_shape.frames;) {
            if (job.cancelled()) return Job::stopped();
            const std::int64_t frames = std::min(piece, m_shape.frames - at);
            samples.resize(static_cast<std::size_t>(frames * m_shape.channels));
            const Result<std::int64_t> got = file->readInto(at, samples);
            if (!got) return got.error();
            summarise(samples, at);
            raise(at, at + frames);
            at += frames;
            m_known.store(at, std::memory_order_release);
            job.report("Reading", at, m_shape.frames);
        }
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "There is no memory left for the waveform.", m_path);
    }
    return {};
}

/** Fills the base level from samples that begin at one of its entries. */
void PeakPyramid::summarise(const std::vector<float>& samples, std::int64_t firstFrame) {
    const auto channels = static_cast<std::size_t>(m_shape.channels);
    const std::size_t frames = samples.size() / channels;
    const auto base = static_cast<std::size_t>(m_base);
    Peak* entry = m_levels[0].entries.data() + static_cast<std::size_t>(firstFrame / m_base) * channels;
    for (std::size_t first = 0; first < frames; first += base, entry += channels) {
        const std::size_t end = std::min(frames, first + base);
        for (std::size_t c = 0; c < channels; ++c)
            entry[c] = Peak{samples[first * channels + c], samples[first * channels + c]};
        for (std::size_t i = first; i < end; ++i) {
            for (std::size_t c = 0; c < channels; ++c) {
                const float sample = samples[i * channels + c];
                entry[c].low = std::min(entry[c].low, sample);
                entry[c].high = std::max(entry[c].high, sample);
            }
        }
    }
}

/** Fills every entry of the upper levels that ends within the stretch; at the end of the sound also the begun ones. */
void PeakPyramid::raise(std::int64_t fromFrame, std::int64_t toFrame) {
    const auto channels = static_cast<std::size_t>(m_shape.channels);
    for (std::size_t l = 1; l < m_levels.size(); ++l) {
        Level& level = m_levels[l];
        const std::vector<Peak>& finer = m_levels[l - 1].entries;
        const std::int64_t end = toFrame == m_shape.frames ? dividedUp(toFrame, level.span) : toFrame / level.span;
        for (std::int64_t e = fromFrame / level.span; e < end; ++e) {
            const auto first = static_cast<std::size_t>(e * kFactor);
            const std::size_t last = std::min(first + kFactor, finer.size() / channels);
            for (std::size_t c = 0; c < channels; ++c) {
                Peak peak = finer[first * channels + c];
                for (std::size_t i = first + 1; i < last; ++i)
                    peak = together(peak, finer[i * channels + c]);
                level.entries[static_cast<std::size_t>(e) * channels + c] = peak;
            }
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
    const std::int64_t known = knownFrames();
    const bool good = channel >= 0 && channel < m_shape.channels && columns >= 0 && columns <= kMaxColumns &&
                      framesPerColumn > 0.0 && framesPerColumn < 1e12 && std::abs(firstFrame) < (std::int64_t{1} << 60);
    if (!good) return fail(ErrorCode::InvalidArgument, "There is no such stretch of a waveform.", m_path);
    if (framesPerColumn < static_cast<double>(m_base)) return fromFile(channel, firstFrame, framesPerColumn, columns);
    const Level* level = &m_levels.front();
    for (const Level& next : m_levels) {
        if (static_cast<double>(next.span) <= framesPerColumn) level = &next;
    }
    std::vector<Peak> found;
    found.reserve(static_cast<std::size_t>(columns));
    for (int c = 0; c < columns; ++c)
        found.push_back(fromLevel(*level, channel, framesOf(firstFrame, framesPerColumn, c), known));
    return found;
}

Peak PeakPyramid::fromLevel(const Level& level, int channel, Range frames, std::int64_t known) const {
    const std::int64_t begin = std::max<std::int64_t>(0, frames.first);
    const std::int64_t end = std::min(frames.end, m_shape.frames);
    if (begin >= end) return kUnknownPeak;
    const std::int64_t first = begin / level.span;
    const std::int64_t last = dividedUp(end, level.span);
    if (std::min(last * level.span, m_shape.frames) > known) return kUnknownPeak;
    const auto at = [&](std::int64_t entry) {
        return level.entries[static_cast<std::size_t>(entry * m_shape.channels + channel)];
    };
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
            const float sample =
                samples[static_cast<std::size_t>(frame - start) * channels + static_cast<std::size_t>(channel)];
            Peak& peak = found[static_cast<std::size_t>(c)];
            peak = isKnown(peak) ? together(peak, {sample, sample}) : Peak{sample, sample};
        }
    }
    return found;
}

}  // namespace querent::media

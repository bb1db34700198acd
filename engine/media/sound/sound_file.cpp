#include "engine/media/sound/sound_file.h"

#include "engine/media/sound/mpeg_frames.h"
#include "engine/media/sound/ogg_pages.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <new>
#include <sndfile.h>

namespace querent::media::sound {

namespace fs = std::filesystem;

namespace {

/**
 * After a seek libsndfile 1.2 gives Vorbis samples that lack the overlap with the block before: the first of them are
 * wrong. The largest block of Vorbis has 8192 frames.
 */
constexpr std::int64_t kVorbisPreRoll = 8192;
/** No single request may ask for more samples: 4 GiB of floats. */
constexpr std::int64_t kMostSamples = std::int64_t{1} << 30;

Error cannotOpen(const fs::path& path) {
    switch (sf_error(nullptr)) {
        case SF_ERR_UNSUPPORTED_ENCODING:
            return fail(ErrorCode::Unsupported, "The sound is packed in a way that cannot be read.", path);
        case SF_ERR_SYSTEM:
            return fail(ErrorCode::Io, "The file cannot be read.", path);
        default:
            return fail(ErrorCode::Malformed, "The sound is damaged or cut short: its header cannot be read.", path);
    }
}

std::string seconds(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return text;
}

std::string cutShort(const SoundShape& shape, double promisedFrames) {
    std::string sentence = "The file is cut short: ";
    sentence.append(seconds(shape.seconds())).append(" s of sound are there");
    const double promised = promisedFrames / shape.rate;
    // A damaged header can promise years; such a number helps nobody.
    if (promised > 0.0 && promised < 1e6) sentence.append(", ").append(seconds(promised)).append(" s were expected");
    return sentence.append(1, '.');
}

}  // namespace

void SoundFile::Closer::operator()(sf_private_tag* file) const {
    sf_close(file);
}

Result<SoundFile> SoundFile::open(const fs::path& path) {
    const Result<SoundKind> kind = soundKind(path);
    if (!kind) return kind.error();
    SoundFile file(path);
    if (Result<void> opened = file.openHandle(); !opened) return opened.error();
    const SoundShape& shape = file.m_shape;
    if (shape.rate < kLowestRate || shape.rate > kHighestRate) {
        std::string sentence = "The sound has an impossible rate of ";
        sentence.append(std::to_string(shape.rate)).append(" Hz.");
        return fail(ErrorCode::Malformed, std::move(sentence), path);
    }
    if (shape.channels < 1 || shape.channels > kMostChannels) {
        std::string sentence = "The sound has ";
        sentence.append(std::to_string(shape.channels)).append(" channels; 1 to 32 can be read.");
        return fail(ErrorCode::Unsupported, std::move(sentence), path);
    }
    if (Result<void> settled = file.settleLength(*kind); !settled) return settled.error();
    return file;
}

Result<void> SoundFile::openHandle() {
    SF_INFO info{};
    m_file.reset(sf_open(m_path.c_str(), SFM_READ, &info));
    m_position = 0;
    if (!m_file) return cannotOpen(m_path);
    m_shape = SoundShape{info.samplerate, info.channels, info.frames};
    const bool vorbis = (info.format & SF_FORMAT_SUBMASK) == SF_FORMAT_VORBIS;
    m_preRoll = vorbis ? kVorbisPreRoll : 0;
    return {};
}

/** Makes `m_shape.frames` what the file holds, whatever its header says. */
Result<void> SoundFile::settleLength(SoundKind kind) {
    const std::int64_t promised = m_shape.frames;
    double expected = static_cast<double>(promised);
    if (promised > 0 && !hasFrame(promised - 1)) {
        if (Result<void> again = openHandle(); !again) return again.error();
        const std::int64_t found = searchEnd(promised);
        if (Result<void> again = openHandle(); !again) return again.error();
        m_shape.frames = found;
    }
    if (kind == SoundKind::Riff || kind == SoundKind::Aiff) {
        // Here libsndfile counts what is there, and says nothing of what the header promised.
        expected = static_cast<double>(m_shape.frames) / std::max(presentShare(m_path), 1e-12);
    }
    if (m_shape.frames < 1) {
        return fail(ErrorCode::Malformed, "The sound is empty: the file does not hold a single sample.", m_path);
    }
    if (kind == SoundKind::Mpeg) {
        const MpegLength length = mpegLength(m_path);
        if (!length.indexed) return noteUnindexed(length.frames);
    }
    if (kind == SoundKind::Ogg && !endsWithLastPage(m_path)) {
        // No header of Ogg promises a length, and what libsndfile says of a stream without an end differs by version.
        m_problem = cutShort(m_shape, 0.0);
        return {};
    }
    // FLAC may leave its length open; of Ogg, libsndfile does not find it where a tag stands behind the sound.
    const bool open = promised == SF_COUNT_MAX && (kind == SoundKind::Flac || kind == SoundKind::Ogg);
    if (expected >= static_cast<double>(m_shape.frames) + 1.0 && !open) {
        m_problem = cutShort(m_shape, promised == SF_COUNT_MAX ? 0.0 : expected);
    }
    return {};
}

/** libsndfile guesses the length of an mp3 without an index, and reads no further than that. */
Result<void> SoundFile::noteUnindexed(std::int64_t frames) {
    constexpr std::int64_t kSlack = 4 * 1152;  // the decoder's delay and the last frame
    if (frames > m_shape.frames + kSlack) {
        m_problem = "The mp3 has no index and a bit rate that varies: ";
        m_problem.append(seconds(m_shape.seconds())).append(" s of ");
        m_problem.append(seconds(static_cast<double>(frames) / m_shape.rate)).append(" s can be read.");
    }
    return {};
}

bool SoundFile::hasFrame(std::int64_t frame) {
    std::vector<float> one(static_cast<std::size_t>(m_shape.channels));
    m_position = -1;
    return sf_seek(m_file.get(), frame, SEEK_SET) == frame && sf_readf_float(m_file.get(), one.data(), 1) == 1;
}

/** Where the sound really ends: in steps that grow, then by halving. Frames that exist form an unbroken stretch. */
std::int64_t SoundFile::searchEnd(std::int64_t promised) {
    const auto reaches = [&](std::int64_t frame) {
        if (hasFrame(frame)) return true;
        // A decoder that failed, rather than found nothing, need not recover.
        if (sf_error(m_file.get()) != SF_ERR_NO_ERROR && !openHandle()) m_file.reset();
        return false;
    };
    std::int64_t there = -1;
    std::int64_t missing = promised - 1;
    for (std::int64_t step = 1 << 16; there + step < missing && m_file; step *= 2) {
        if (reaches(there + step)) {
            there += step;
        } else {
            missing = there + step;
        }
    }
    while (missing - there > 1 && m_file) {
        const std::int64_t middle = there + (missing - there) / 2;
        (reaches(middle) ? there : missing) = middle;
    }
    return there + 1;
}

bool SoundFile::moveTo(std::int64_t frame) {
    if (frame == m_position) return true;
    // The frames shortly before are decoded anyway; reading on is as good as a seek and cheaper.
    const bool onward = m_position >= 0 && frame > m_position && frame - m_position <= m_preRoll;
    if (!onward) {
        const std::int64_t target = std::max<std::int64_t>(0, frame - m_preRoll);
        m_position = -1;
        if (sf_seek(m_file.get(), target, SEEK_SET) != target) return false;
        m_position = target;
    }
    std::vector<float> dropped(static_cast<std::size_t>((frame - m_position) * m_shape.channels));
    const std::int64_t skip = frame - m_position;
    m_position = -1;
    if (skip > 0 && sf_readf_float(m_file.get(), dropped.data(), skip) != skip) return false;
    m_position = frame;
    return true;
}

Result<std::int64_t> SoundFile::readInto(std::int64_t firstFrame, std::span<float> interleaved) {
    const auto channels = static_cast<std::size_t>(m_shape.channels);
    if (firstFrame < 0 || interleaved.size() % channels != 0) {
        return fail(ErrorCode::InvalidArgument, "A stretch of sound begins at frame 0 or later.", m_path);
    }
    const auto room = static_cast<std::int64_t>(interleaved.size() / channels);
    const std::int64_t wanted = std::min(room, m_shape.frames - firstFrame);
    if (wanted <= 0) return std::int64_t{0};
    if (!m_file || !moveTo(firstFrame)) return damagedAt(firstFrame);
    const std::int64_t got = sf_readf_float(m_file.get(), interleaved.data(), wanted);
    m_position = got == wanted ? firstFrame + got : -1;
    if (got != wanted) return damagedAt(firstFrame + std::max<std::int64_t>(0, got));
    for (float& sample : interleaved.first(static_cast<std::size_t>(got) * channels)) {
        if (std::isfinite(sample)) continue;
        sample = 0.0F;
        ++m_notNumbers;
    }
    return got;
}

Result<std::vector<float>> SoundFile::read(std::int64_t firstFrame, std::int64_t frames) {
    if (firstFrame < 0 || frames < 0) {
        return fail(ErrorCode::InvalidArgument, "A stretch of sound needs a position and a length of 0 or more.",
                    m_path);
    }
    const std::int64_t wanted = std::clamp<std::int64_t>(m_shape.frames - firstFrame, 0, frames);
    if (wanted > kMostSamples / m_shape.channels) {
        return fail(ErrorCode::OutOfMemory, "The stretch of sound is too long to be read at once.", m_path);
    }
    try {
        std::vector<float> samples(static_cast<std::size_t>(wanted * m_shape.channels));
        const Result<std::int64_t> got = readInto(firstFrame, samples);
        if (!got) return got.error();
        return samples;
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "The stretch of sound does not fit into memory.", m_path);
    }
}

Error SoundFile::damagedAt(std::int64_t frame) const {
    std::string sentence = "The sound is damaged and cannot be read at ";
    sentence.append(seconds(static_cast<double>(frame) / m_shape.rate)).append(" s.");
    return fail(ErrorCode::Malformed, std::move(sentence), m_path);
}

Result<SoundShape> probeSound(const fs::path& path) {
    const Result<SoundFile> file = SoundFile::open(path);
    if (!file) return file.error();
    return file->shape();
}

}  // namespace querent::media::sound

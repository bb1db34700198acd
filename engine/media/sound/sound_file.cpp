#include "engine/media/sound/sound_file.h"

#include "engine/media/sound/chain_decoder.h"
#include "engine/media/sound/mpeg_frames.h"
#include "engine/media/sound/ogg_pages.h"
#include "engine/media/sound/packet_decoder.h"
#include "engine/media/sound/sndfile_decoder.h"
#include "engine/media/sound/wave_layout.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <new>
#include <optional>
#include <sndfile.h>

namespace querent::media::sound {

namespace fs = std::filesystem;

namespace {

/** No single request may ask for more samples: 4 GiB of floats. */
constexpr std::int64_t kMostSamples = std::int64_t{1} << 30;

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

/** libsndfile reads the first of several streams in a row and no more. */
Result<std::unique_ptr<Decoder>> oggDecoder(const SoundBytes& bytes, const fs::path& path) {
    const std::vector<std::uint64_t> streams = oggStreams(bytes.file());
    if (streams.size() == 1) return SndfileDecoder::open(bytes, path);
    constexpr std::size_t kMost = 256;  // each keeps a decoder
    std::vector<std::unique_ptr<Decoder>> parts;
    for (std::size_t i = 0; i < std::min(kMost, streams.size()); ++i) {
        const std::uint64_t end = i + 1 < streams.size() ? streams[i + 1] : bytes.size();
        Result<std::unique_ptr<Decoder>> part = SndfileDecoder::open(bytes.part(streams[i], end), path);
        if (!part && i == 0) return part;
        if (!part) break;  // the file was cut short in the header of this one, which its last page tells
        parts.push_back(std::move(part).value());
    }
    return std::unique_ptr<Decoder>(std::make_unique<ChainDecoder>(std::move(parts), streams.size() > kMost));
}

/**
 * libsndfile guesses the length of an mp3 without an index from its first frame, and reads no further than that: too
 * short where small frames follow.
 */
Result<std::unique_ptr<Decoder>> mpegDecoder(const SoundBytes& bytes, const fs::path& path) {
    constexpr std::int64_t kSlack = 4 * 1152;  // the decoder's delay and the last frame
    Result<std::unique_ptr<Decoder>> decoder = SndfileDecoder::open(bytes, path);
    if (!decoder) return decoder;
    ByteWindow window(bytes.file());
    const MpegLength length = mpegLength(window);
    if (length.indexed || length.frames <= (*decoder)->shape().frames + kSlack) return decoder;
    Result<std::unique_ptr<Decoder>> whole = PacketDecoder::open(SoundKind::Mpeg, bytes.file(), path);
    return whole ? std::move(whole) : std::move(decoder);
}

Result<std::unique_ptr<Decoder>> decoderFor(SoundKind kind, const SoundBytes& bytes,
                                            const std::optional<SampleBytes>& samples, const fs::path& path) {
    switch (kind) {
        case SoundKind::Mpeg4:
        case SoundKind::Matroska:
        case SoundKind::WindowsMedia:
        case SoundKind::Aac:
        case SoundKind::Amr:
            return PacketDecoder::open(kind, bytes.file(), path);
        case SoundKind::Riff:
            if (samples && samples->lengthIsWrong) return SndfileDecoder::open(withRightHeader(bytes, *samples), path);
            break;
        case SoundKind::Flac: {
            ByteWindow window(bytes.file());
            return SndfileDecoder::open(bytes.part(behindTags(window), bytes.size()), path);
        }
        case SoundKind::Ogg:
            return oggDecoder(bytes, path);
        case SoundKind::Mpeg:
            return mpegDecoder(bytes, path);
        case SoundKind::Aiff:
        case SoundKind::Other:
            break;
    }
    return SndfileDecoder::open(bytes, path);
}

}  // namespace

SoundFile::SoundFile(fs::path path) : m_path(std::move(path)) {}
SoundFile::~SoundFile() = default;
SoundFile::SoundFile(SoundFile&&) noexcept = default;
SoundFile& SoundFile::operator=(SoundFile&&) noexcept = default;

Result<SoundFile> SoundFile::open(const fs::path& path) {
    Result<InputFile> opened = InputFile::open(path);
    if (!opened) return opened.error();
    const auto input = std::make_shared<const InputFile>(std::move(opened).value());
    const Result<SoundKind> kind = soundKind(input, path);
    if (!kind) return kind.error();
    SoundFile file(path);
    const SoundBytes bytes(input);
    const std::optional<SampleBytes> samples = sampleBytes(bytes);
    Result<std::unique_ptr<Decoder>> decoder = decoderFor(*kind, bytes, samples, path);
    if (!decoder) return decoder.error();
    file.m_decoder = std::move(decoder).value();
    file.m_shape = file.m_decoder->shape();
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
    // Here libsndfile counts what is there, and says nothing of what the header promised.
    const bool less = samples && samples->there < samples->promised;
    const double share = less ? static_cast<double>(samples->there) / static_cast<double>(samples->promised) : 1.0;
    if (Result<void> settled = file.settleLength(*kind, input, share); !settled) return settled.error();
    return file;
}

/** Makes `m_shape.frames` what the file holds, whatever its header says. */
Result<void> SoundFile::settleLength(SoundKind kind, const std::shared_ptr<const InputFile>& input, double share) {
    const std::int64_t promised = m_shape.frames;
    m_shape.frames = framesThere(*m_decoder);
    m_problem = m_decoder->problem();
    if (m_shape.frames < 1) {
        return fail(ErrorCode::Malformed, "The sound is empty: the file does not hold a single sample.", m_path);
    }
    if (!m_problem.empty()) return {};
    if (kind == SoundKind::Mpeg) {
        ByteWindow bytes(input);
        if (!mpegLength(bytes).indexed) return {};  // the length was a guess of libsndfile's, not a promise
    }
    if (kind == SoundKind::Ogg && !endsWithLastPage(*input)) {
        // No header of Ogg promises a length, and what libsndfile says of a stream without an end differs by version.
        m_problem = cutShort(m_shape, 0.0);
        return {};
    }
    const double expected =
        std::max(static_cast<double>(promised), static_cast<double>(m_shape.frames) / std::max(share, 1e-12));
    // FLAC may leave its length open; of Ogg, libsndfile does not find it where a tag stands behind the sound.
    const bool open = promised == SF_COUNT_MAX && (kind == SoundKind::Flac || kind == SoundKind::Ogg);
    if (expected >= static_cast<double>(m_shape.frames) + 1.0 && !open) {
        m_problem = cutShort(m_shape, promised == SF_COUNT_MAX ? 0.0 : expected);
    }
    return {};
}

Result<std::int64_t> SoundFile::readInto(std::int64_t firstFrame, std::span<float> interleaved) {
    const auto channels = static_cast<std::size_t>(m_shape.channels);
    if (firstFrame < 0 || interleaved.size() % channels != 0) {
        return fail(ErrorCode::InvalidArgument, "A stretch of sound begins at frame 0 or later.", m_path);
    }
    const auto room = static_cast<std::int64_t>(interleaved.size() / channels);
    const std::int64_t wanted = std::min(room, m_shape.frames - firstFrame);
    if (wanted <= 0) return std::int64_t{0};
    const std::int64_t got =
        m_decoder->read(firstFrame, interleaved.first(static_cast<std::size_t>(wanted) * channels));
    if (got != wanted) return damagedAt(firstFrame + got);
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

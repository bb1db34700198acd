#include "engine/media/sound/sndfile_decoder.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <sndfile.h>
#include <vector>

namespace querent::media::sound {

namespace {

/**
 * After a seek libsndfile 1.2 gives Vorbis samples that lack the overlap with the block before: the first of them are
 * wrong. The largest block of Vorbis has 8192 frames.
 */
constexpr std::int64_t kVorbisPreRoll = 8192;

Error cannotOpen(const std::filesystem::path& path) {
    switch (sf_error(nullptr)) {
        case SF_ERR_UNSUPPORTED_ENCODING:
            return fail(ErrorCode::Unsupported, "The sound is packed in a way that cannot be read.", path);
        case SF_ERR_SYSTEM:
            return fail(ErrorCode::Io, "The file cannot be read.", path);
        default:
            return fail(ErrorCode::Malformed, "The sound is damaged or cut short: its header cannot be read.", path);
    }
}

}  // namespace

void SndfileDecoder::Closer::operator()(sf_private_tag* file) const {
    sf_close(file);
}

Result<std::unique_ptr<Decoder>> SndfileDecoder::open(SoundBytes bytes, const std::filesystem::path& path) {
    std::unique_ptr<SndfileDecoder> decoder(new SndfileDecoder(std::move(bytes), path));
    if (Result<void> opened = decoder->restart(); !opened) return opened.error();
    return std::unique_ptr<Decoder>(std::move(decoder));
}

Result<void> SndfileDecoder::restart() {
    SF_VIRTUAL_IO io{};
    io.get_filelen = [](void* self) {
        return static_cast<sf_count_t>(static_cast<SndfileDecoder*>(self)->m_bytes.size());
    };
    io.seek = [](sf_count_t offset, int whence, void* self) {
        auto& decoder = *static_cast<SndfileDecoder*>(self);
        const auto size = static_cast<std::int64_t>(decoder.m_bytes.size());
        const std::int64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? decoder.m_byte : size;
        // A damaged header can send it anywhere; behind the end there is nothing to read.
        const std::int64_t most = std::numeric_limits<std::int64_t>::max() - from;
        decoder.m_byte = std::max<std::int64_t>(0, from + std::min<std::int64_t>(offset, most));
        return static_cast<sf_count_t>(decoder.m_byte);
    };
    io.read = [](void* to, sf_count_t count, void* self) {
        auto& decoder = *static_cast<SndfileDecoder*>(self);
        if (count <= 0) return sf_count_t{0};
        const std::span<std::uint8_t> room(static_cast<std::uint8_t*>(to), static_cast<std::size_t>(count));
        const auto got =
            static_cast<std::int64_t>(decoder.m_bytes.readAt(static_cast<std::uint64_t>(decoder.m_byte), room));
        decoder.m_byte += got;
        return static_cast<sf_count_t>(got);
    };
    io.write = [](const void*, sf_count_t, void*) { return sf_count_t{0}; };
    io.tell = [](void* self) { return static_cast<sf_count_t>(static_cast<SndfileDecoder*>(self)->m_byte); };

    m_file.reset();
    m_byte = 0;
    m_position = 0;
    SF_INFO info{};
    m_file.reset(sf_open_virtual(&io, SFM_READ, &info, this));
    if (!m_file || info.channels < 1) return cannotOpen(m_path);
    m_shape = SoundShape{info.samplerate, info.channels, info.frames};
    const bool vorbis = (info.format & SF_FORMAT_SUBMASK) == SF_FORMAT_VORBIS;
    m_preRoll = vorbis ? kVorbisPreRoll : 0;
    return {};
}

bool SndfileDecoder::moveTo(std::int64_t frame) {
    if (frame == m_position) return true;
    // The frames shortly before are decoded anyway; reading on is as good as a seek and cheaper.
    const bool onward = m_position >= 0 && frame > m_position && frame - m_position <= m_preRoll;
    if (!onward) {
        const std::int64_t target = std::max<std::int64_t>(0, frame - m_preRoll);
        m_position = -1;
        if (sf_seek(m_file.get(), target, SEEK_SET) != target) return false;
        m_position = target;
    }
    const std::int64_t skip = frame - m_position;
    std::vector<float> dropped(static_cast<std::size_t>(skip * m_shape.channels));
    m_position = -1;
    if (skip > 0 && sf_readf_float(m_file.get(), dropped.data(), skip) != skip) return false;
    m_position = frame;
    return true;
}

std::int64_t SndfileDecoder::read(std::int64_t first, std::span<float> interleaved) {
    if (!m_file || !moveTo(first)) return 0;
    const auto wanted = static_cast<std::int64_t>(interleaved.size()) / m_shape.channels;
    const std::int64_t got = std::max<std::int64_t>(0, sf_readf_float(m_file.get(), interleaved.data(), wanted));
    m_position = got == wanted ? first + got : -1;
    return got;
}

}  // namespace querent::media::sound

#include "engine/media/sound/packet_reader.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/log.h>
#include <libavutil/mathematics.h>
}

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <utility>

namespace querent::media::sound {

namespace {

/** A file from a stranger is given to no others. */
constexpr const char* kCodecs =
    "aac,aac_latm,alac,opus,vorbis,flac,mp3,mp3float,mp2,mp2float,ac3,eac3,wmav1,wmav2,wmapro,wmalossless,wmavoice,"
    "amrnb,amrwb,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_u8,"
    "pcm_s8,pcm_alaw,pcm_mulaw";
constexpr int kIoBytes = 64 << 10;

const char* demuxerOf(SoundKind kind) {
    switch (kind) {
        case SoundKind::Mpeg4:
            return "mov";
        case SoundKind::Matroska:
            return "matroska";
        case SoundKind::WindowsMedia:
            return "asf";
        case SoundKind::Amr:
            return "amr";
        case SoundKind::Mpeg:
            return "mp3";
        default:
            return "aac";
    }
}

struct FreeFormat {
    void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
};
struct FreeIo {
    void operator()(AVIOContext* io) const {
        av_freep(&io->buffer);
        avio_context_free(&io);
    }
};
struct FreeCodec {
    void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};
struct FreePacket {
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct FreeFrame {
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};

template <typename T>
void interleave(const AVFrame& frame, bool planar, int channels, double scale, double zero, std::vector<float>& to) {
    for (int i = 0; i < frame.nb_samples; ++i) {
        for (int c = 0; c < channels; ++c) {
            const auto* from = reinterpret_cast<const T*>(frame.extended_data[planar ? c : 0]);
            const auto value = static_cast<double>(from[planar ? i : i * channels + c]);
            to.push_back(static_cast<float>((value - zero) * scale));
        }
    }
}

/** False for kinds of samples that no decoder of the list gives. */
bool append(const AVFrame& frame, int channels, std::vector<float>& to) {
    const auto format = static_cast<AVSampleFormat>(frame.format);
    const bool planar = av_sample_fmt_is_planar(format) != 0;
    switch (av_get_packed_sample_fmt(format)) {
        case AV_SAMPLE_FMT_U8:
            interleave<std::uint8_t>(frame, planar, channels, 1.0 / 128, 128.0, to);
            return true;
        case AV_SAMPLE_FMT_S16:
            interleave<std::int16_t>(frame, planar, channels, 1.0 / 32768, 0.0, to);
            return true;
        case AV_SAMPLE_FMT_S32:
            interleave<std::int32_t>(frame, planar, channels, 1.0 / 2147483648.0, 0.0, to);
            return true;
        case AV_SAMPLE_FMT_FLT:
            interleave<float>(frame, planar, channels, 1.0, 0.0, to);
            return true;
        case AV_SAMPLE_FMT_DBL:
            interleave<double>(frame, planar, channels, 1.0, 0.0, to);
            return true;
        default:
            return false;
    }
}

Error damagedHeader(const std::filesystem::path& path) {
    return fail(ErrorCode::Malformed, "The sound is damaged or cut short: its header cannot be read.", path);
}

}  // namespace

struct PacketReader::Parts {
    SoundKind kind = SoundKind::Aac;
    std::shared_ptr<const InputFile> file;
    std::filesystem::path path;
    std::int64_t byte = 0;  // where libavformat reads next
    std::unique_ptr<AVIOContext, FreeIo> io;
    std::unique_ptr<AVFormatContext, FreeFormat> format;  // before `io` goes
    std::unique_ptr<AVCodecContext, FreeCodec> codec;
    std::unique_ptr<AVPacket, FreePacket> packet{av_packet_alloc()};
    std::unique_ptr<AVFrame, FreeFrame> frame{av_frame_alloc()};
    const AVStream* stream = nullptr;
    int rate = 0;
    int channels = 0;
    bool again = false;  // `packet` was put back, and is the next one too

    static int readBytes(void* self, std::uint8_t* to, int count) {
        auto& parts = *static_cast<Parts*>(self);
        const std::size_t got =
            parts.file->readAt(static_cast<std::uint64_t>(parts.byte), {to, static_cast<std::size_t>(count)});
        parts.byte += static_cast<std::int64_t>(got);
        return got == 0 ? AVERROR_EOF : static_cast<int>(got);
    }
    static std::int64_t seekByte(void* self, std::int64_t offset, int whence) {
        auto& parts = *static_cast<Parts*>(self);
        const auto size = static_cast<std::int64_t>(parts.file->size());
        if ((whence & AVSEEK_SIZE) != 0) return size;
        const int plain = whence & ~AVSEEK_FORCE;
        const std::int64_t from = plain == SEEK_SET ? 0 : plain == SEEK_CUR ? parts.byte : size;
        if (offset < -from || offset > size) return AVERROR(EINVAL);
        parts.byte = from + offset;
        return parts.byte;
    }
};

PacketReader::PacketReader(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}
PacketReader::~PacketReader() = default;

Result<std::unique_ptr<PacketReader>> PacketReader::open(SoundKind kind, std::shared_ptr<const InputFile> file,
                                                         const std::filesystem::path& path) {
    // What goes wrong is our Result, not a line on somebody's terminal. Once for the process.
    static const bool quiet = (av_log_set_level(AV_LOG_QUIET), true);
    static_cast<void>(quiet);
    auto parts = std::make_unique<Parts>();
    parts->kind = kind;
    parts->file = std::move(file);
    parts->path = path;
    if (!parts->packet || !parts->frame) return fail(ErrorCode::OutOfMemory, "There is no memory left.", path);
    std::unique_ptr<PacketReader> reader(new PacketReader(std::move(parts)));
    if (Result<void> begun = reader->begin(); !begun) return begun.error();
    return reader;
}

/** Opens the file anew, at its first packet. */
Result<void> PacketReader::begin() {
    Parts& p = *m_parts;
    p.codec.reset();
    p.format.reset();
    p.io.reset();
    p.stream = nullptr;
    p.byte = 0;
    p.again = false;
    auto* buffer = static_cast<std::uint8_t*>(av_malloc(kIoBytes));
    p.io.reset(avio_alloc_context(buffer, kIoBytes, 0, &p, &Parts::readBytes, nullptr, &Parts::seekByte));
    AVFormatContext* context = avformat_alloc_context();
    if (!p.io || context == nullptr) return fail(ErrorCode::OutOfMemory, "There is no memory left.", p.path);
    context->pb = p.io.get();
    context->flags |= AVFMT_FLAG_CUSTOM_IO;
    // Containers can name other files; none of them is opened.
    context->io_open = [](AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
        return AVERROR(EACCES);
    };
    context->codec_whitelist = av_strdup(kCodecs);
    const AVInputFormat* demuxer = av_find_input_format(demuxerOf(p.kind));
    if (demuxer == nullptr) {
        avformat_free_context(context);
        return fail(ErrorCode::Unsupported, "Sounds of this kind cannot be read on this machine.", p.path);
    }
    if (avformat_open_input(&context, nullptr, demuxer, nullptr) < 0) return damagedHeader(p.path);
    p.format.reset(context);
    if (avformat_find_stream_info(context, nullptr) < 0) return damagedHeader(p.path);

    for (unsigned i = 0; i < context->nb_streams; ++i) {
        AVStream* stream = context->streams[i];
        stream->discard = AVDISCARD_ALL;
        const bool cover = (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
        if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !cover)
            return fail(ErrorCode::Malformed, "This is a video file, not a sound.", p.path);
        if (stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO && p.stream == nullptr) p.stream = stream;
    }
    if (p.stream == nullptr) return fail(ErrorCode::Malformed, "There is no sound in the file.", p.path);
    context->streams[p.stream->index]->discard = AVDISCARD_DEFAULT;
    const AVCodec* codec = avcodec_find_decoder(p.stream->codecpar->codec_id);
    if (codec == nullptr)
        return fail(ErrorCode::Unsupported, "The sound is packed in a way that cannot be read.", p.path);
    p.codec.reset(avcodec_alloc_context3(codec));
    if (!p.codec) return fail(ErrorCode::OutOfMemory, "There is no memory left.", p.path);
    if (avcodec_parameters_to_context(p.codec.get(), p.stream->codecpar) < 0) return damagedHeader(p.path);
    p.codec->codec_whitelist = av_strdup(kCodecs);
    p.codec->pkt_timebase = p.stream->time_base;
    p.codec->thread_count = 1;
    p.codec->flags2 |= AV_CODEC_FLAG2_SKIP_MANUAL;  // padding is told, and cut by us
    if (avcodec_open2(p.codec.get(), codec, nullptr) < 0)
        return fail(ErrorCode::Unsupported, "The sound is packed in a way that cannot be read.", p.path);
    return {};
}

const std::filesystem::path& PacketReader::path() const {
    return m_parts->path;
}
const std::string& PacketReader::stamp() const {
    return m_parts->file->stamp();
}
int PacketReader::rate() const {
    return m_parts->rate;
}
int PacketReader::channels() const {
    return m_parts->channels;
}

double PacketReader::promisedSeconds() const {
    // Without a header that says it, libavformat guesses the length from the size of the file.
    const SoundKind kind = m_parts->kind;
    if (kind != SoundKind::Mpeg4 && kind != SoundKind::Matroska && kind != SoundKind::WindowsMedia) return 0.0;
    const AVStream& stream = *m_parts->stream;
    if (stream.duration != AV_NOPTS_VALUE) return static_cast<double>(stream.duration) * av_q2d(stream.time_base);
    const AVFormatContext& format = *m_parts->format;
    return format.duration != AV_NOPTS_VALUE ? static_cast<double>(format.duration) / AV_TIME_BASE : 0.0;
}

std::int64_t PacketReader::playedFrames() const {
    const AVStream& stream = *m_parts->stream;
    if (m_parts->kind != SoundKind::Mpeg4 || stream.duration == AV_NOPTS_VALUE) return 0;
    return av_rescale_q(stream.duration, stream.time_base, {1, std::max(1, m_parts->rate)});
}

bool PacketReader::packetsAreEqual() const {
    const AVCodecID id = m_parts->stream->codecpar->codec_id;
    // With spectral band replication AAC has twice as many frames a packet, once the decoder has found it out.
    constexpr int kLowComplexity = 1;
    return id == AV_CODEC_ID_AAC && m_parts->codec->frame_size == 1024 && m_parts->codec->profile == kLowComplexity;
}

bool PacketReader::next() {
    Parts& p = *m_parts;
    if (std::exchange(p.again, false)) return true;
    do {
        av_packet_unref(p.packet.get());
        if (av_read_frame(p.format.get(), p.packet.get()) < 0) return false;
    } while (p.packet->stream_index != p.stream->index);
    return true;
}

std::int64_t PacketReader::time() const {
    const AVPacket& packet = *m_parts->packet;
    static_assert(kNoTime == AV_NOPTS_VALUE);
    return packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
}

PacketReader::Padding PacketReader::padding() const {
    const AVPacket& packet = *m_parts->packet;
    std::size_t size = 0;
    const std::uint8_t* data = av_packet_get_side_data(&packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
    Padding padding;
    padding.all = (packet.flags & AV_PKT_FLAG_DISCARD) != 0;
    if (data != nullptr && size >= 8) {
        padding.skip = AV_RL32(data);
        padding.spare = AV_RL32(data + 4);
    }
    return padding;
}

PacketSound PacketReader::decode() {
    PacketSound sound;
    sound.damaged = avcodec_send_packet(m_parts->codec.get(), m_parts->packet.get()) < 0;
    receive(sound);
    return sound;
}

PacketSound PacketReader::drain() {
    PacketSound sound;
    if (avcodec_send_packet(m_parts->codec.get(), nullptr) >= 0) receive(sound);
    return sound;
}

void PacketReader::receive(PacketSound& sound) {
    Parts& p = *m_parts;
    while (avcodec_receive_frame(p.codec.get(), p.frame.get()) >= 0) {
        const AVFrame& frame = *p.frame;
        if (p.rate == 0) {
            p.rate = frame.sample_rate;
            p.channels = frame.ch_layout.nb_channels;
        }
        const bool same = frame.sample_rate == p.rate && frame.ch_layout.nb_channels == p.channels;
        if (!same || !append(frame, p.channels, sound.samples)) {
            sound.damaged = true;
            continue;
        }
        if ((frame.flags & AV_FRAME_FLAG_DISCARD) != 0) {
            sound.skip = sound.frames + frame.nb_samples;
        } else if (const AVFrameSideData* cut = av_frame_get_side_data(&frame, AV_FRAME_DATA_SKIP_SAMPLES);
                   cut != nullptr && cut->size >= 8) {
            if (const std::int64_t skip = AV_RL32(cut->data); skip > 0) sound.skip = sound.frames + skip;
            sound.spare = AV_RL32(cut->data + 4);
        }
        sound.frames += frame.nb_samples;
    }
}

bool PacketReader::seek(std::int64_t time, std::size_t number) {
    Parts& p = *m_parts;
    p.again = false;
    avcodec_flush_buffers(p.codec.get());
    if (number > 0 && time != kNoTime &&
        av_seek_frame(p.format.get(), p.stream->index, time, AVSEEK_FLAG_BACKWARD) >= 0) {
        while (next() && this->time() <= time) {
            p.again = this->time() == time;
            if (p.again) return true;
        }
    }
    // It was not where the file's own index has it: from the beginning, then.
    if (!begin()) return false;
    for (std::size_t i = 0; i < number; ++i) {
        if (!next()) return false;
    }
    return true;
}

}  // namespace querent::media::sound

#include "tests/engine/media/sound/packet_fixtures.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
}

#include <algorithm>
#include <cmath>
#include <cstring>

namespace fixtures {

namespace {

/** A file with one stream that is being written. */
class Output {
 public:
    Output(const std::filesystem::path& path, const char* muxer, const char* encoder) {
        const AVCodec* codec = avcodec_find_encoder_by_name(encoder);
        if (codec == nullptr) return;
        if (avformat_alloc_output_context2(&m_format, nullptr, muxer, path.c_str()) < 0) return;
        if (avio_open(&m_format->pb, path.c_str(), AVIO_FLAG_WRITE) < 0) return;
        m_stream = avformat_new_stream(m_format, nullptr);
        codecContext = avcodec_alloc_context3(codec);
        if ((m_format->oformat->flags & AVFMT_GLOBALHEADER) != 0) codecContext->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
        frame = av_frame_alloc();
        m_packet = av_packet_alloc();
    }
    ~Output() {
        av_packet_free(&m_packet);
        av_frame_free(&frame);
        avcodec_free_context(&codecContext);
        if (m_format != nullptr) avio_closep(&m_format->pb);
        avformat_free_context(m_format);
    }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    bool begin() {
        if (codecContext == nullptr || avcodec_open2(codecContext, nullptr, nullptr) < 0) return false;
        avcodec_parameters_from_context(m_stream->codecpar, codecContext);
        m_stream->time_base = codecContext->time_base;
        return avformat_write_header(m_format, nullptr) >= 0;
    }
    bool write(const AVFrame* one) {
        if (avcodec_send_frame(codecContext, one) < 0) return false;
        while (avcodec_receive_packet(codecContext, m_packet) >= 0) {
            av_packet_rescale_ts(m_packet, codecContext->time_base, m_stream->time_base);
            m_packet->stream_index = m_stream->index;
            if (av_interleaved_write_frame(m_format, m_packet) < 0) return false;
        }
        return true;
    }
    bool end() { return write(nullptr) && av_write_trailer(m_format) >= 0; }

    AVCodecContext* codecContext = nullptr;
    AVFrame* frame = nullptr;

 private:
    AVFormatContext* m_format = nullptr;
    AVStream* m_stream = nullptr;
    AVPacket* m_packet = nullptr;
};

void fill(AVFrame& frame, const Packing& packing, const float* from) {
    for (int i = 0; i < frame.nb_samples; ++i) {
        for (int c = 0; c < packing.channels; ++c) {
            const float value = from[i * packing.channels + c];
            if (std::strcmp(packing.format, "s16p") == 0)
                reinterpret_cast<std::int16_t*>(frame.extended_data[c])[i] =
                    static_cast<std::int16_t>(std::lround(value * 32767.0F));
            else if (std::strcmp(packing.format, "fltp") == 0)
                reinterpret_cast<float*>(frame.extended_data[c])[i] = value;
            else
                reinterpret_cast<float*>(frame.extended_data[0])[i * packing.channels + c] = value;
        }
    }
}

}  // namespace

bool writePacked(const std::filesystem::path& path, const Packing& packing, const std::vector<float>& interleaved) {
    Output out(path, packing.muxer, packing.encoder);
    AVCodecContext* codec = out.codecContext;
    if (codec == nullptr) return false;
    codec->sample_rate = packing.rate;
    codec->time_base = {1, packing.rate};
    codec->bit_rate = 128'000;
    codec->sample_fmt = av_get_sample_fmt(packing.format);
    av_channel_layout_default(&codec->ch_layout, packing.channels);
    if (!out.begin()) return false;
    const int step = codec->frame_size > 0 ? codec->frame_size : 1024;
    const auto frames = static_cast<int>(interleaved.size()) / packing.channels;
    for (int at = 0; at < frames; at += step) {
        AVFrame& frame = *out.frame;
        av_frame_unref(&frame);
        frame.nb_samples = std::min(step, frames - at);
        frame.format = codec->sample_fmt;
        frame.sample_rate = packing.rate;
        frame.pts = at;
        av_channel_layout_copy(&frame.ch_layout, &codec->ch_layout);
        if (av_frame_get_buffer(&frame, 0) < 0) return false;
        fill(frame, packing, interleaved.data() + static_cast<std::ptrdiff_t>(at) * packing.channels);
        if (!out.write(&frame)) return false;
    }
    return out.end();
}

bool writeFilm(const std::filesystem::path& path, const char* muxer) {
    Output out(path, muxer, "mpeg4");
    AVCodecContext* codec = out.codecContext;
    if (codec == nullptr) return false;
    codec->width = 64;
    codec->height = 48;
    codec->time_base = {1, 25};
    codec->pix_fmt = AV_PIX_FMT_YUV420P;
    if (!out.begin()) return false;
    for (int i = 0; i < 5; ++i) {
        AVFrame& frame = *out.frame;
        av_frame_unref(&frame);
        frame.format = codec->pix_fmt;
        frame.width = codec->width;
        frame.height = codec->height;
        frame.pts = i;
        if (av_frame_get_buffer(&frame, 0) < 0) return false;
        for (int plane = 0; plane < 3; ++plane)
            std::memset(frame.data[plane], 128,
                        static_cast<std::size_t>(frame.linesize[plane] * (plane == 0 ? 48 : 24)));
        if (!out.write(&frame)) return false;
    }
    return out.end();
}

}  // namespace fixtures

#include "engine/media/gif_picture.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/log.h>
}

#include <cstring>
#include <limits>
#include <memory>

namespace querent::media {

namespace {

constexpr std::uint64_t kHeaderBytes = 13;
constexpr int kPicture = 0x2c;
constexpr int kExtension = 0x21;

struct FreeCodec {
    void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};
struct FreePacket {
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct FreeFrame {
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};

/** Bytes of a table of colours whose size is in the lowest bits of `flags`; none without the highest. */
std::uint64_t tableBytes(int flags) {
    return (flags & 0x80) != 0 ? std::uint64_t{3} << ((flags & 7) + 1) : 0;
}

/** Behind the blocks, each with its length in front, that begin at `at` and end with an empty one. */
std::uint64_t behindBlocks(ByteWindow& bytes, std::uint64_t at) {
    while (bytes.has(at, 1)) {
        const int length = bytes.u8(at);
        at += 1 + static_cast<std::uint64_t>(length);
        if (length == 0) return at;
    }
    return std::numeric_limits<std::uint64_t>::max();
}

/** Where the next picture stands at `at` or behind extensions there; nothing where there is none. */
std::uint64_t nextPicture(ByteWindow& bytes, std::uint64_t at) {
    while (bytes.has(at, 2) && bytes.u8(at) == kExtension)
        at = behindBlocks(bytes, at + 2);
    return bytes.has(at, 10) && bytes.u8(at) == kPicture ? at : std::numeric_limits<std::uint64_t>::max();
}

std::uint64_t behindPicture(ByteWindow& bytes, std::uint64_t at) {
    constexpr std::uint64_t kDescriptor = 10;
    if (!bytes.has(at, kDescriptor)) return std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t data = at + kDescriptor + tableBytes(bytes.u8(at + 9)) + 1;  // and the size of codes
    return bytes.has(data, 1) ? behindBlocks(bytes, data) : std::numeric_limits<std::uint64_t>::max();
}

std::uint64_t firstPicture(ByteWindow& bytes) {
    return bytes.has(0, kHeaderBytes) ? nextPicture(bytes, kHeaderBytes + tableBytes(bytes.u8(10)))
                                      : std::numeric_limits<std::uint64_t>::max();
}

}  // namespace

Result<Header> parseGif(ByteWindow& bytes, const std::filesystem::path&) {
    Header header;
    header.info.format = PictureFormat::Gif;
    header.info.channels = 1;
    header.alpha = Alpha::Straight;
    header.info.storedSize = {bytes.u16(6, Endian::Little), bytes.u16(8, Endian::Little)};
    const std::uint64_t first = firstPicture(bytes);
    const std::uint64_t behind = behindPicture(bytes, first);
    if (bytes.has(behind, 1) && bytes.has(nextPicture(bytes, behind), 1))
        header.info.remark = "The GIF holds several pictures; only the first is used.";
    return header;
}

bool isCompleteGif(ByteWindow& bytes) {
    const std::uint64_t behind = behindPicture(bytes, firstPicture(bytes));
    return behind <= bytes.size();
}

Result<cv::Mat> decodeGif(std::span<const std::uint8_t> bytes, const std::filesystem::path& path) {
    static const bool quiet = (av_log_set_level(AV_LOG_QUIET), true);
    static_cast<void>(quiet);
    const Error damaged = fail(ErrorCode::Malformed, "The picture is damaged and cannot be decoded.", path);
    const AVCodec* codec = avcodec_find_decoder(AV_CODEC_ID_GIF);
    if (codec == nullptr) return fail(ErrorCode::Unsupported, "GIF pictures cannot be read on this machine.", path);
    const std::unique_ptr<AVCodecContext, FreeCodec> context(avcodec_alloc_context3(codec));
    const std::unique_ptr<AVPacket, FreePacket> packet(av_packet_alloc());
    const std::unique_ptr<AVFrame, FreeFrame> frame(av_frame_alloc());
    if (!context || !packet || !frame || bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) / 2 ||
        av_new_packet(packet.get(), static_cast<int>(bytes.size())) < 0)
        return fail(ErrorCode::OutOfMemory, "The picture does not fit into memory.", path);
    std::memcpy(packet->data, bytes.data(), bytes.size());
    packet->flags |= AV_PKT_FLAG_KEY;
    context->thread_count = 1;
    if (avcodec_open2(context.get(), codec, nullptr) < 0) return damaged;
    // It takes the first picture out of what it is given, and lets the rest be.
    if (avcodec_send_packet(context.get(), packet.get()) < 0) return damaged;
    if (avcodec_receive_frame(context.get(), frame.get()) < 0 || frame->format != AV_PIX_FMT_BGRA) return damaged;
    const cv::Mat plane(frame->height, frame->width, CV_8UC4, frame->data[0],
                        static_cast<std::size_t>(frame->linesize[0]));
    return plane.clone();
}

}  // namespace querent::media

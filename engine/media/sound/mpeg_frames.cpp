#include "engine/media/sound/mpeg_frames.h"

#include <optional>

namespace querent::media::sound {

namespace {

struct Frame {
    std::uint64_t bytes = 0;
    std::int64_t samples = 0;
    std::uint64_t indexAt = 0;  // where a Xing or Info tag would stand in the frame
};

// Kilobits a second of MPEG 1 and of MPEG 2 and 2.5, layer III (ISO 11172-3 and 13818-3); 0: free or forbidden.
constexpr int kRates[2][16] = {{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0},
                               {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0}};
constexpr int kSampleRates[4] = {44'100, 48'000, 32'000, 0};

/** The layer III frame at `at`; nothing where there is none. */
std::optional<Frame> frameAt(ByteWindow& file, std::uint64_t at) {
    if (!file.has(at, 4)) return std::nullopt;
    const std::uint32_t head = file.u32(at, Endian::Big);
    const std::uint32_t version = (head >> 19) & 3;  // 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
    const bool layer3 = ((head >> 17) & 3) == 1;
    const int bitRate = kRates[version == 3 ? 0 : 1][(head >> 12) & 15] * 1000;
    const int sampleRate = kSampleRates[(head >> 10) & 3] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
    if ((head >> 21) != 0x7FF || version == 1 || !layer3 || bitRate == 0 || sampleRate == 0) return std::nullopt;
    const bool mono = ((head >> 6) & 3) == 3;
    Frame frame;
    frame.samples = version == 3 ? 1152 : 576;
    const auto padding = static_cast<std::uint64_t>((head >> 9) & 1);
    frame.bytes = static_cast<std::uint64_t>(frame.samples / 8 * bitRate / sampleRate) + padding;
    frame.indexAt = 4 + (version == 3 ? (mono ? 17U : 32U) : (mono ? 9U : 17U));
    return frame;
}

}  // namespace

std::uint64_t behindTags(ByteWindow& file) {
    std::uint64_t at = 0;
    // Their sizes have seven bits a byte.
    while (file.matches(at, "ID3") && file.has(at, 10)) {
        std::uint64_t size = 0;
        for (std::uint64_t i = 6; i < 10; ++i)
            size = (size << 7) | (file.u8(at + i) & 0x7FU);
        at += 10 + size;
    }
    return at;
}

MpegLength mpegLength(ByteWindow& file) {
    MpegLength length;
    std::uint64_t at = behindTags(file);
    if (const std::optional<Frame> first = frameAt(file, at)) {
        const std::uint64_t tag = at + first->indexAt;
        length.indexed = file.matches(tag, "Xing") || file.matches(tag, "Info") || file.matches(at + 36, "VBRI");
    }
    if (length.indexed) return length;
    while (const std::optional<Frame> frame = frameAt(file, at)) {
        if (!file.has(at, frame->bytes)) break;
        length.frames += frame->samples;
        at += frame->bytes;
    }
    return length;
}

}  // namespace querent::media::sound

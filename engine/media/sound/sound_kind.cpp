#include "engine/media/sound/sound_kind.h"

#include "engine/media/byte_window.h"
#include "engine/media/file_io.h"

#include <string>
#include <string_view>
#include <utility>

namespace querent::media::sound {

namespace fs = std::filesystem;

namespace {

/** The header of an MPEG audio frame: eleven set bits, then fields of which some values are forbidden. */
bool isMpegFrame(ByteWindow& file) {
    if (!file.has(0, 4)) return false;
    const std::uint32_t head = file.u32(0, Endian::Big);
    const bool sync = (head >> 21) == 0x7FF;
    const bool version = ((head >> 19) & 3) != 1;
    const bool layer = ((head >> 17) & 3) != 0;  // 0 is AAC in ADTS frames
    const bool bitRate = ((head >> 12) & 15) != 15;
    const bool sampleRate = ((head >> 10) & 3) != 3;
    return sync && version && layer && bitRate && sampleRate;
}

/** Film containers, whatever the name says. An m4a is told apart before. */
bool isVideo(ByteWindow& file) {
    constexpr std::string_view kMatroska = "\x1A\x45\xDF\xA3";
    constexpr std::string_view kProgramStream{"\x00\x00\x01\xBA", 4};
    if (file.matches(0, "RIFF") && file.matches(8, "AVI ")) return true;
    if (file.matches(0, kMatroska) || file.matches(0, kProgramStream) || file.matches(0, "FLV")) return true;
    for (const std::string_view atom : {"ftyp", "moov", "mdat", "wide"}) {
        if (file.matches(4, atom)) return true;
    }
    // The first page of an Ogg film names its video packing.
    return file.matches(0, "OggS") && file.matches(28, "\x80theora");
}

bool isPicture(ByteWindow& file) {
    return file.matches(0, "\xFF\xD8\xFF") || file.matches(0, "\x89PNG") || file.matches(0, "GIF8") ||
           (file.matches(0, "RIFF") && file.matches(8, "WEBP"));
}

bool isWave(ByteWindow& file) {
    const bool riff = file.matches(0, "RIFF") || file.matches(0, "RIFX") || file.matches(0, "RF64");
    return riff && file.matches(8, "WAVE");
}

bool isAiff(ByteWindow& file) {
    return file.matches(0, "FORM") && (file.matches(8, "AIFF") || file.matches(8, "AIFC"));
}

/** Kinds that hold sound and that nobody here can unpack; empty for others. */
std::string foreignSound(ByteWindow& file) {
    constexpr std::string_view kWindowsMedia = "\x30\x26\xB2\x75";
    if (file.matches(4, "ftypM4A") || file.matches(4, "ftypM4B")) {
        return "Sound in an MPEG-4 file (m4a) cannot be read; convert it to wav or flac first.";
    }
    if (file.matches(0, "\xFF\xF1") || file.matches(0, "\xFF\xF9")) {
        return "AAC sound cannot be read; convert it to wav or flac first.";
    }
    if (file.matches(0, kWindowsMedia)) {
        return "Windows Media files cannot be read; convert them to wav or flac first.";
    }
    return {};
}

}  // namespace

Result<SoundKind> soundKind(const fs::path& path) {
    Result<std::ifstream> opened = openFile(path);
    if (!opened) return opened.error();
    ByteWindow file(std::move(opened).value());
    if (file.size() == 0) return fail(ErrorCode::Malformed, "The file is empty.", path);
    if (isWave(file)) return SoundKind::Riff;
    if (isAiff(file)) return SoundKind::Aiff;
    if (file.matches(0, "fLaC")) return SoundKind::Flac;
    if (std::string sentence = foreignSound(file); !sentence.empty()) {
        return fail(ErrorCode::Unsupported, std::move(sentence), path);
    }
    if (isVideo(file)) return fail(ErrorCode::Malformed, "This is a video file, not a sound.", path);
    if (isPicture(file)) return fail(ErrorCode::Malformed, "This is a picture, not a sound.", path);
    if (file.matches(0, "OggS")) return SoundKind::Ogg;
    if (file.matches(0, "ID3") || isMpegFrame(file)) return SoundKind::Mpeg;
    if (file.matches(0, ".snd") || file.matches(0, "caff") || file.matches(0, "riff\x2E\x91\xCF\x11")) {
        return SoundKind::Other;
    }
    return fail(ErrorCode::Malformed, "This is not a sound file that can be read (wav, flac, ogg, opus, mp3, aiff).",
                path);
}

double presentShare(const fs::path& path) {
    Result<std::ifstream> opened = openFile(path);
    if (!opened) return 1.0;
    ByteWindow file(std::move(opened).value());
    const bool aiff = isAiff(file);
    if (!aiff && !isWave(file)) return 1.0;
    const bool big = aiff || file.matches(0, "RIFX");
    const Endian endian = big ? Endian::Big : Endian::Little;
    // Programs that write to a pipe cannot know the length and leave one of these.
    constexpr std::uint64_t kOpenEnd = 0x7FFF0000;
    std::uint64_t at = 12;
    for (int chunk = 0; chunk < 1000 && file.has(at, 8); ++chunk) {
        std::uint64_t size = file.u32(at + 4, endian);
        if (file.matches(at, aiff ? "SSND" : "data")) {
            const bool large = file.matches(0, "RF64") && size == 0xFFFFFFFF && file.matches(12, "ds64");
            if (large) size = file.u64(28, Endian::Little);
            const std::uint64_t there = file.size() - (at + 8);
            if (size == 0 || there >= size || (!large && size >= kOpenEnd)) return 1.0;
            return static_cast<double>(there) / static_cast<double>(size);
        }
        at += 8 + size + (size & 1);
    }
    return 1.0;
}

}  // namespace querent::media::sound

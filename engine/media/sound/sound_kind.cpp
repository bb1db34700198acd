#include "engine/media/sound/sound_kind.h"

#include "engine/media/byte_window.h"
#include "engine/media/sound/mpeg_frames.h"

#include <string_view>

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

/** The header of AAC in ADTS frames: twelve set bits, and the layer 0, which MPEG sound has not. */
bool isAacFrame(ByteWindow& file, std::uint64_t at) {
    return file.has(at, 7) && file.u8(at) == 0xFF && (file.u8(at + 1) & 0xF6) == 0xF0;
}

/** Films, whatever the name says. Those of containers that sounds come in too are found when they are opened. */
bool isFilm(ByteWindow& file) {
    constexpr std::string_view kProgramStream{"\x00\x00\x01\xBA", 4};
    // The first page of an Ogg film names its video packing.
    return (file.matches(0, "RIFF") && file.matches(8, "AVI ")) || file.matches(0, kProgramStream) ||
           file.matches(0, "FLV") || (file.matches(0, "OggS") && file.matches(28, "\x80theora"));
}

bool isMpeg4(ByteWindow& file) {
    for (const std::string_view atom : {"ftyp", "moov", "mdat", "wide"}) {
        if (file.matches(4, atom)) return true;
    }
    return false;
}

bool isPicture(ByteWindow& file) {
    for (const std::string_view brand : {"ftypheic", "ftypheix", "ftypmif1", "ftypavif"}) {
        if (file.matches(4, brand)) return true;
    }
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

}  // namespace

Result<SoundKind> soundKind(const std::shared_ptr<const InputFile>& input, const fs::path& path) {
    constexpr std::string_view kWindowsMedia = "\x30\x26\xB2\x75\x8E\x66\xCF\x11";
    constexpr std::string_view kMatroska = "\x1A\x45\xDF\xA3";
    ByteWindow file(input);
    if (file.size() == 0) return fail(ErrorCode::Malformed, "The file is empty.", path);
    if (isWave(file)) return SoundKind::Riff;
    if (isAiff(file)) return SoundKind::Aiff;
    // Some programs put the tags of an mp3 in front of other kinds too.
    const std::uint64_t start = behindTags(file);
    if (file.matches(start, "fLaC")) return SoundKind::Flac;
    if (isFilm(file)) return fail(ErrorCode::Malformed, "This is a video file, not a sound.", path);
    if (isPicture(file)) return fail(ErrorCode::Malformed, "This is a picture, not a sound.", path);
    if (isMpeg4(file)) return SoundKind::Mpeg4;
    if (file.matches(0, kMatroska)) return SoundKind::Matroska;
    if (file.matches(0, kWindowsMedia)) return SoundKind::WindowsMedia;
    if (isAacFrame(file, start)) return SoundKind::Aac;
    if (file.matches(0, "#!AMR")) return SoundKind::Amr;
    if (file.matches(0, "OggS")) return SoundKind::Ogg;
    if (file.matches(0, "ID3") || isMpegFrame(file)) return SoundKind::Mpeg;
    if (file.matches(0, ".snd") || file.matches(0, "caff") || file.matches(0, "riff\x2E\x91\xCF\x11")) {
        return SoundKind::Other;
    }
    return fail(
        ErrorCode::Malformed,
        "This is not a sound file that can be read (wav, flac, ogg, opus, mp3, m4a, aac, webm, wma, amr, aiff).", path);
}

}  // namespace querent::media::sound

#include "engine/media/header.h"

#include "engine/media/gif_picture.h"
#include "engine/media/heif_picture.h"

#include <string_view>

namespace querent::media {

namespace {

using namespace std::string_view_literals;

/** Pictures that people do have and that are not read: told by name, so that nobody looks for a damaged file. */
const char* knownButUnread(ByteWindow& bytes) {
    if (bytes.matches(4, "jP  ")) return "JPEG 2000";
    if (bytes.matches(0, "8BPS")) return "Photoshop";
    if (bytes.matches(0, "%PDF")) return "PDF";
    if (bytes.matches(0, "<svg")) return "SVG";
    if (bytes.matches(0, "\xff\x0a"sv) || bytes.matches(4, "JXL ")) return "JPEG XL";
    if (bytes.matches(0, "FUJIFILM") || bytes.matches(4, "ftypcrx")) return "raw camera";
    return nullptr;
}

Result<Header> parseKnown(ByteWindow& bytes, const std::filesystem::path& path) {
    if (bytes.matches(0, "\xff\xd8\xff"sv)) return parseJpeg(bytes, path);
    if (bytes.matches(0, "\x89PNG\r\n\x1a\n"sv)) return parsePng(bytes, path);
    if (bytes.matches(0, "RIFF") && bytes.matches(8, "WEBP")) return parseWebp(bytes, path);
    const bool little = bytes.matches(0, "II*\0"sv) || bytes.matches(0, "II+\0"sv);
    if (little || bytes.matches(0, "MM\0*"sv) || bytes.matches(0, "MM\0+"sv)) return parseTiff(bytes, path);
    // "BM" alone could begin a text; the two reserved words and a plausible header size make it a bitmap.
    const bool bitmap = bytes.matches(0, "BM") && bytes.matches(6, "\0\0\0\0"sv) && bytes.matches(15, "\0\0\0"sv);
    if (bitmap) return parseBmp(bytes, path);

    if (bytes.matches(0, "GIF87a") || bytes.matches(0, "GIF89a")) return parseGif(bytes, path);
    if (isHeif(bytes)) return parseHeif(bytes, path);

    if (const char* name = knownButUnread(bytes)) {
        return fail(ErrorCode::Unsupported,
                    std::string("This is a ") + name +
                        " file; only JPEG, PNG, BMP, TIFF, WebP, HEIC, AVIF and GIF pictures are read.",
                    path);
    }
    return fail(ErrorCode::Malformed,
                "The file is not a picture: its content is none of JPEG, PNG, BMP, TIFF, WebP, HEIC, "
                "AVIF and GIF.",
                path);
}

}  // namespace

Result<Header> parseHeader(ByteWindow& bytes, const std::filesystem::path& path) {
    if (bytes.size() == 0) return fail(ErrorCode::Malformed, "The file is empty (0 bytes).", path);
    Result<Header> header = parseKnown(bytes, path);
    if (!header) return header;
    PictureInfo& info = header->info;
    if (bytes.failed()) {
        return fail(ErrorCode::Malformed, "The picture's header ends early: the file was cut short.", path);
    }
    if (info.storedSize.empty()) return fail(ErrorCode::Malformed, "The picture's header is damaged.", path);
    info.size = displaySize(info.storedSize, info.orientation);
    return header;
}

const char* toText(PictureFormat format) {
    switch (format) {
        case PictureFormat::Jpeg:
            return "JPEG";
        case PictureFormat::Png:
            return "PNG";
        case PictureFormat::Bmp:
            return "BMP";
        case PictureFormat::Tiff:
            return "TIFF";
        case PictureFormat::Webp:
            return "WebP";
        case PictureFormat::Heic:
            return "HEIC";
        case PictureFormat::Avif:
            return "AVIF";
        case PictureFormat::Gif:
            return "GIF";
    }
    return "";
}

}  // namespace querent::media

#include "engine/media/picture.h"

#include "engine/media/completeness.h"
#include "engine/media/deep_tiff.h"
#include "engine/media/file_io.h"
#include "engine/media/gif_picture.h"
#include "engine/media/header.h"
#include "engine/media/heif_picture.h"
#include "engine/media/raster_mat.h"

#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace querent::media {

namespace {

constexpr int kMaxJpegReduction = 8;  // libjpeg's own

int reducedLength(int length, int divisor) {
    return length / divisor + (length % divisor != 0 ? 1 : 0);  // a header may say the largest number there is
}

/** The largest power of two that leaves at least `wanted` in both axes; 1 when everything is wanted. */
int reductionFor(Size display, Size wanted) {
    if (wanted.empty()) return 1;
    int divisor = 1;
    while (divisor < (1 << 20) && reducedLength(display.width, divisor * 2) >= wanted.width &&
           reducedLength(display.height, divisor * 2) >= wanted.height &&
           divisor < std::max(display.width, display.height)) {
        divisor *= 2;
    }
    return divisor;
}

int readFlags(const Header& header, int jpegReduction) {
    // Orientation is ours alone: what OpenCV does about it differs between formats and releases.
    int flags = cv::IMREAD_IGNORE_ORIENTATION;
    if (header.alpha != Alpha::None) return cv::IMREAD_UNCHANGED;
    if (jpegReduction == 2) return flags | cv::IMREAD_REDUCED_COLOR_2;
    if (jpegReduction == 4) return flags | cv::IMREAD_REDUCED_COLOR_4;
    if (jpegReduction == 8) return flags | cv::IMREAD_REDUCED_COLOR_8;
    return flags | cv::IMREAD_COLOR;
}

/** OpenCV turns TIFFs whatever the flags say (and differently for 8 and 16 bits), so the copy in memory says 1. */
void neutraliseOrientation(const Header& header, std::vector<std::uint8_t>& bytes) {
    const std::uint64_t at = header.orientationAt;
    if (at == 0 || at + 2 > bytes.size()) return;
    const bool big = header.orientationEndian == Endian::Big;
    bytes[at] = big ? 0 : 1;
    bytes[at + 1] = big ? 1 : 0;
}

template <typename T>
cv::Mat blendedOnWhite(const cv::Mat& source, bool premultiplied) {
    constexpr int kShift = sizeof(T) == 2 ? 8 : 0;
    cv::Mat result(source.rows, source.cols, CV_8UC3);
    for (int y = 0; y < source.rows; ++y) {
        const auto* from = source.ptr<cv::Vec<T, 4>>(y);
        auto* to = result.ptr<cv::Vec3b>(y);
        for (int x = 0; x < source.cols; ++x) {
            const int alpha = from[x][3] >> kShift;
            const int white = (255 - alpha) * 255;
            for (int c = 0; c < 3; ++c) {
                const int colour = (from[x][c] >> kShift) * (premultiplied ? 255 : alpha);
                to[x][c] = static_cast<std::uint8_t>(std::min(255, (colour + white + 127) / 255));
            }
        }
    }
    return result;
}

cv::Mat asBgr(const cv::Mat& decoded, Alpha alpha) {
    const bool premultiplied = alpha == Alpha::Premultiplied;
    if (decoded.type() == CV_8UC4) return blendedOnWhite<std::uint8_t>(decoded, premultiplied);
    if (decoded.type() == CV_16UC4) return blendedOnWhite<std::uint16_t>(decoded, premultiplied);
    cv::Mat eight = decoded;
    if (decoded.depth() == CV_16U) decoded.convertTo(eight, CV_8U, 1.0 / 257.0);
    if (eight.channels() == 1) cv::cvtColor(eight, eight, cv::COLOR_GRAY2BGR);
    return eight;
}

/** EXIF 2.32, tag 0x0112: what has to be done to a stored picture to show it. */
cv::Mat oriented(const cv::Mat& stored, int orientation) {
    cv::Mat shown;
    switch (orientation) {
        case 2:
            cv::flip(stored, shown, 1);
            break;
        case 3:
            cv::rotate(stored, shown, cv::ROTATE_180);
            break;
        case 4:
            cv::flip(stored, shown, 0);
            break;
        case 5:
            cv::transpose(stored, shown);
            break;
        case 6:
            cv::rotate(stored, shown, cv::ROTATE_90_CLOCKWISE);
            break;
        case 7:
            cv::transpose(stored, shown);
            cv::rotate(shown, shown, cv::ROTATE_180);
            break;
        case 8:
            cv::rotate(stored, shown, cv::ROTATE_90_COUNTERCLOCKWISE);
            break;
        default:
            shown = stored;
    }
    return shown;
}

Error tooLarge(Size size, std::int64_t maxPixels, const std::filesystem::path& path) {
    return fail(ErrorCode::Unsupported,
                "The picture has " + std::to_string(size.width) + " x " + std::to_string(size.height) +
                    " pixels, more than the limit of " + std::to_string(maxPixels) + ".",
                path);
}

/** What a decoder takes for a pixel, beside the 3 bytes of the result. */
std::int64_t decodedBytes(const Header& header) {
    const PictureInfo& info = header.info;
    if (header.deep) return 4 * std::min(info.channels, 3) + 3;
    if (header.alpha != Alpha::None) return info.bitDepth > 8 && info.format != PictureFormat::Heic ? 8 : 4;
    return 3;
}

/** By what the picture is divided while a JPEG is read: as often as is wanted, and more where it is too large. */
int jpegReductionFor(const Header& header, int wanted, std::int64_t maxPixels) {
    if (header.info.format != PictureFormat::Jpeg) return 1;
    int reduction = std::min(wanted, kMaxJpegReduction);
    const Size& size = header.info.storedSize;
    while (reduction < kMaxJpegReduction &&
           std::int64_t{reducedLength(size.width, reduction)} * reducedLength(size.height, reduction) > maxPixels)
        reduction *= 2;
    return reduction;
}

/** Whether decoding takes more memory than pictures may. */
bool isTooLarge(const Header& header, int jpegReduction, std::int64_t maxPixels) {
    const Size& size = header.info.storedSize;
    const std::int64_t pixels =
        std::int64_t{reducedLength(size.width, jpegReduction)} * reducedLength(size.height, jpegReduction);
    constexpr std::int64_t kBytesEach = 4;
    constexpr std::int64_t kHeldEach = 6;
    return pixels > maxPixels || pixels * decodedBytes(header) > maxPixels * kBytesEach ||
           header.heldBytes > maxPixels * kHeldEach;
}

Result<cv::Mat> stored(const Header& header, int jpegReduction, std::vector<std::uint8_t>& bytes,
                       const std::filesystem::path& path) {
    switch (header.info.format) {
        case PictureFormat::Heic:
        case PictureFormat::Avif:
            return decodeHeif(bytes, path);
        case PictureFormat::Gif:
            return decodeGif(bytes, path);
        default:
            break;
    }
    if (header.deep) return decodeDeepTiff(bytes, path);
    neutraliseOrientation(header, bytes);
    cv::Mat picture = cv::imdecode(bytes, readFlags(header, jpegReduction));
    if (picture.empty()) return fail(ErrorCode::Malformed, "The picture is damaged and cannot be decoded.", path);
    return picture;
}

Result<Raster> decodeBytes(const Header& header, std::vector<std::uint8_t>& bytes, int jpegReduction, Size wanted,
                           const std::filesystem::path& path) {
    const PictureInfo& info = header.info;
    Result<cv::Mat> decoded = stored(header, jpegReduction, bytes, path);
    if (!decoded) return decoded.error();
    cv::Mat picture = asBgr(std::exchange(*decoded, {}), header.alpha);
    const int reduction = std::max(jpegReduction, reductionFor(info.size, wanted));
    const cv::Size target(reducedLength(info.storedSize.width, reduction),
                          reducedLength(info.storedSize.height, reduction));
    if (picture.size() != target) cv::resize(picture, picture, target, 0, 0, cv::INTER_AREA);
    picture = oriented(picture, info.orientation);
    return rasterFromBgr(picture);
}

}  // namespace

void quietDecoding() {
    // Once for the process: the setting is global, and changing it while others decode would be a race.
    static const bool done = [] {
        cv::setNumThreads(1);
        // What goes wrong is our Result, not a line on somebody's terminal.
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
        return true;
    }();
    static_cast<void>(done);
}

Result<PictureInfo> probe(const std::filesystem::path& path) {
    Result<InputFile> file = InputFile::open(path);
    if (!file) return file.error();
    ByteWindow bytes(std::make_shared<const InputFile>(std::move(file).value()));
    Result<Header> header = parseHeader(bytes, path);
    if (!header) return header.error();
    if (isTooLarge(*header, jpegReductionFor(*header, 1, kMostPixels), kMostPixels))
        return tooLarge(header->info.storedSize, kMostPixels, path);
    return header->info;
}

Result<Raster> decode(const std::filesystem::path& path, const DecodeOptions& options) {
    quietDecoding();
    Result<InputFile> opened = InputFile::open(path);
    if (!opened) return opened.error();
    const auto file = std::make_shared<const InputFile>(std::move(opened).value());
    ByteWindow window(file);
    const Result<Header> header = parseHeader(window, path);
    if (!header) return header.error();
    const int jpegReduction =
        jpegReductionFor(*header, reductionFor(header->info.size, options.wanted), options.maxPixels);
    if (isTooLarge(*header, jpegReduction, options.maxPixels))
        return tooLarge(header->info.storedSize, options.maxPixels, path);
    Result<std::vector<std::uint8_t>> bytes = readFile(*file, path);
    if (!bytes) return bytes.error();
    if (!isComplete(header->info.format, *bytes)) {
        return fail(ErrorCode::Malformed, "The picture ends early: the file was cut short.", path);
    }
    try {
        return decodeBytes(*header, *bytes, jpegReduction, options.wanted, path);
    } catch (const cv::Exception&) {
        return fail(ErrorCode::Malformed, "The picture is damaged and cannot be decoded.", path);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "The picture does not fit into memory.", path);
    }
}

}  // namespace querent::media

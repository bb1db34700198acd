#include "engine/media/resize.h"

#include "engine/core/files.h"
#include "engine/media/picture.h"
#include "engine/media/raster_mat.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace querent::media {

namespace {

Result<void> writeEncoded(const Raster& picture, const std::filesystem::path& path, const char* extension,
                          const std::vector<int>& parameters) {
    if (picture.empty()) return fail(ErrorCode::InvalidArgument, "An empty picture cannot be written.", path);
    quietDecoding();
    std::vector<std::uint8_t> bytes;
    try {
        cv::Mat bgr;
        cv::cvtColor(matOver(picture), bgr, cv::COLOR_RGB2BGR);
        if (!cv::imencode(extension, bgr, bytes, parameters)) {
            return fail(ErrorCode::Internal, "The picture could not be encoded.", path);
        }
    } catch (const cv::Exception&) {
        return fail(ErrorCode::Unsupported, "The picture is too large for this file format.", path);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "The picture does not fit into memory.", path);
    }
    return replaceWhole(path, bytes);
}

}  // namespace

Size fittedSize(Size picture, Size frame) {
    if (picture.empty() || frame.empty()) return {};
    const double scale = std::min(
        {1.0, static_cast<double>(frame.width) / picture.width, static_cast<double>(frame.height) / picture.height});
    const auto scaled = [&](int length) { return std::max(1, static_cast<int>(std::lround(scale * length))); };
    return {scaled(picture.width), scaled(picture.height)};
}

Raster resized(const Raster& picture, Size size) {
    if (picture.empty() || size.empty()) return {};
    if (picture.size == size) return picture;
    quietDecoding();
    Raster result = emptyRaster(size);
    cv::Mat to = matOver(result);
    const bool shrinks = size.width <= picture.size.width && size.height <= picture.size.height;
    cv::resize(matOver(picture), to, to.size(), 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
    return result;
}

Raster cropped(const Raster& picture, const Box& part) {
    const Box inside = part.normalised().clampedTo(picture.size);
    const auto left = static_cast<int>(std::floor(inside.left));
    const auto top = static_cast<int>(std::floor(inside.top));
    const Size size{static_cast<int>(std::ceil(inside.right)) - left, static_cast<int>(std::ceil(inside.bottom)) - top};
    if (size.empty()) return {};
    Raster result = emptyRaster(size);
    for (int y = 0; y < size.height; ++y) {
        const std::size_t row = static_cast<std::size_t>(top + y) * picture.stride();
        const auto from = picture.rgb.begin() + static_cast<std::ptrdiff_t>(row + static_cast<std::size_t>(left) * 3);
        const std::size_t to = static_cast<std::size_t>(y) * result.stride();
        std::copy_n(from, result.stride(), result.rgb.begin() + static_cast<std::ptrdiff_t>(to));
    }
    return result;
}

Result<void> writePng(const Raster& picture, const std::filesystem::path& path) {
    return writeEncoded(picture, path, ".png", {cv::IMWRITE_PNG_COMPRESSION, 6});
}

Result<void> writeJpeg(const Raster& picture, const std::filesystem::path& path, int quality) {
    return writeEncoded(picture, path, ".jpg", {cv::IMWRITE_JPEG_QUALITY, std::clamp(quality, 1, 100)});
}

}  // namespace querent::media

#include "engine/media/heif_picture.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <libheif/heif.h>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace querent::media {

namespace {

struct Free {
    void operator()(heif_context* context) const { heif_context_free(context); }
    void operator()(heif_image_handle* handle) const { heif_image_handle_release(handle); }
    void operator()(heif_image* image) const { heif_image_release(image); }
    void operator()(heif_decoding_options* options) const { heif_decoding_options_free(options); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

/** What libheif sees of a ByteWindow: a file that it can seek in. */
struct Source {
    ByteWindow& bytes;
    std::uint64_t at = 0;
};

heif_reader readerOfWindow() {
    heif_reader reader{};
    reader.reader_api_version = 1;
    reader.get_position = [](void* self) { return static_cast<std::int64_t>(static_cast<Source*>(self)->at); };
    reader.read = [](void* to, std::size_t count, void* self) {
        auto& source = *static_cast<Source*>(self);
        const bool whole = source.bytes.copy(source.at, {static_cast<std::uint8_t*>(to), count});
        source.at += count;
        return whole ? 0 : -1;
    };
    reader.seek = [](std::int64_t position, void* self) {
        static_cast<Source*>(self)->at = static_cast<std::uint64_t>(position);
        return 0;
    };
    reader.wait_for_file_size = [](std::int64_t size, void* self) {
        const bool there = size >= 0 && static_cast<Source*>(self)->bytes.has(0, static_cast<std::uint64_t>(size));
        return there ? heif_reader_grow_status_size_reached : heif_reader_grow_status_size_beyond_eof;
    };
    return reader;
}

Owned<heif_image_handle> mainPicture(heif_context* context) {
    heif_image_handle* handle = nullptr;
    const heif_error problem = heif_context_get_primary_image_handle(context, &handle);
    return Owned<heif_image_handle>(problem.code == heif_error_Ok ? handle : nullptr);
}

Error refusal(const heif_error& problem, const std::filesystem::path& path) {
    if (problem.code == heif_error_Unsupported_filetype || problem.code == heif_error_Unsupported_feature ||
        problem.code == heif_error_Plugin_loading_error) {
        return fail(
            ErrorCode::Unsupported,
            "The picture is packed in a way that cannot be read here: of HEIC and AVIF files, HEVC and AV1 are.", path);
    }
    return fail(ErrorCode::Malformed, "The picture is damaged or cut short and cannot be decoded.", path);
}

}  // namespace

bool isHeif(ByteWindow& bytes) {
    if (!bytes.matches(4, "ftyp")) return false;
    for (const std::string_view brand : {"heic", "heix", "heim", "heis", "mif1", "mif2", "avif", "miaf"}) {
        if (bytes.matches(8, brand)) return true;
    }
    // A burst or a sequence has a picture to show as well, which is named among the brands that follow.
    const bool sequence = bytes.matches(8, "hevc") || bytes.matches(8, "msf1") || bytes.matches(8, "avis");
    const std::uint64_t end = sequence ? std::uint64_t{bytes.u32(0, Endian::Big)} : 0;
    for (std::uint64_t at = 16; at + 4 <= end && at < 128; at += 4) {
        if (bytes.matches(at, "mif1") || bytes.matches(at, "heic") || bytes.matches(at, "avif")) return true;
    }
    return false;
}

Result<Header> parseHeif(ByteWindow& bytes, const std::filesystem::path& path) {
    Header header;
    header.info.format = bytes.matches(8, "avi") ? PictureFormat::Avif : PictureFormat::Heic;
    const Owned<heif_context> context(heif_context_alloc());
    Source source{bytes};
    const heif_reader reader = readerOfWindow();
    const heif_error problem = heif_context_read_from_reader(context.get(), &reader, &source, nullptr);
    if (problem.code != heif_error_Ok) return refusal(problem, path);
    const Owned<heif_image_handle> handle = mainPicture(context.get());
    if (!handle) return header;
    header.info.storedSize = {heif_image_handle_get_width(handle.get()), heif_image_handle_get_height(handle.get())};
    header.info.bitDepth = std::max(8, heif_image_handle_get_luma_bits_per_pixel(handle.get()));
    const bool alpha = heif_image_handle_has_alpha_channel(handle.get()) != 0;
    header.info.channels = alpha ? 4 : 3;
    if (alpha) {
        const bool multiplied = heif_image_handle_is_premultiplied_alpha(handle.get()) != 0;
        header.alpha = multiplied ? Alpha::Premultiplied : Alpha::Straight;
    }
    return header;
}

Result<cv::Mat> decodeHeif(std::span<const std::uint8_t> bytes, const std::filesystem::path& path) {
    const Owned<heif_context> context(heif_context_alloc());
    heif_error problem = heif_context_read_from_memory_without_copy(context.get(), bytes.data(), bytes.size(), nullptr);
    if (problem.code != heif_error_Ok) return refusal(problem, path);
    heif_context_set_max_decoding_threads(context.get(), 0);  // the caller has threads enough
    const Owned<heif_image_handle> handle = mainPicture(context.get());
    if (!handle) return fail(ErrorCode::Malformed, "The picture's header is damaged.", path);
    // What a picture is put together from may say another size than the picture, and take gigabytes.
    const int longest =
        std::max({heif_image_handle_get_width(handle.get()), heif_image_handle_get_height(handle.get()),
                  heif_image_handle_get_ispe_width(handle.get()), heif_image_handle_get_ispe_height(handle.get())});
    heif_context_set_maximum_image_size_limit(context.get(), longest);
    const bool alpha = heif_image_handle_has_alpha_channel(handle.get()) != 0;
    const Owned<heif_decoding_options> options(heif_decoding_options_alloc());
    options->convert_hdr_to_8bit = 1;
    heif_image* decoded = nullptr;
    problem = heif_decode_image(handle.get(), &decoded, heif_colorspace_RGB,
                                alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, options.get());
    if (problem.code != heif_error_Ok) return refusal(problem, path);
    const Owned<heif_image> image(decoded);
    int stride = 0;
    const std::uint8_t* plane = heif_image_get_plane_readonly(image.get(), heif_channel_interleaved, &stride);
    const cv::Size size(heif_image_get_width(image.get(), heif_channel_interleaved),
                        heif_image_get_height(image.get(), heif_channel_interleaved));
    if (plane == nullptr || size.empty()) return refusal(problem, path);
    // OpenCV has no matrix over constant memory; this one is only read.
    const cv::Mat rgb(size, alpha ? CV_8UC4 : CV_8UC3, const_cast<std::uint8_t*>(plane),
                      static_cast<std::size_t>(stride));
    cv::Mat bgr;
    cv::cvtColor(rgb, bgr, alpha ? cv::COLOR_RGBA2BGRA : cv::COLOR_RGB2BGR);
    return bgr;
}

}  // namespace querent::media

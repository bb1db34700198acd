#include "tests/engine/media/picture_fixtures.h"

#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <libheif/heif.h>
#include <string>

namespace fixtures {

namespace fs = std::filesystem;

namespace {

void append(Bytes& to, std::initializer_list<int> values) {
    for (const int value : values)
        to.push_back(static_cast<std::uint8_t>(value));
}

void appendBig32(Bytes& to, std::size_t value) {
    append(to, {static_cast<int>(value >> 24 & 255), static_cast<int>(value >> 16 & 255),
                static_cast<int>(value >> 8 & 255), static_cast<int>(value & 255)});
}

std::uint32_t crcOf(const std::uint8_t* data, std::size_t count) {
    std::uint32_t crc = 0xffffffffU;
    for (std::size_t i = 0; i < count; ++i) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ (0xedb88320U & (0U - (crc & 1U)));
    }
    return ~crc;
}

}  // namespace

cv::Mat quadrants(int width, int height) {
    cv::Mat picture(height, width, CV_8UC3);
    const cv::Rect left(0, 0, width / 2, height / 2);
    picture(left).setTo(cv::Scalar(0, 0, 250));                                    // top left: red
    picture(left + cv::Point(width / 2, 0)).setTo(cv::Scalar(0, 250, 0));          // top right: green
    picture(left + cv::Point(0, height / 2)).setTo(cv::Scalar(250, 0, 0));         // bottom left: blue
    picture(left + cv::Point(width / 2, height / 2)).setTo(cv::Scalar::all(250));  // bottom right: white
    return picture;
}

Bytes encoded(const char* extension, const cv::Mat& picture) {
    Bytes bytes;
    cv::imencode(extension, picture, bytes);
    return bytes;
}

Bytes exif(int orientation, bool bigEndian) {
    Bytes tiff;
    if (bigEndian) {
        append(tiff,
               {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0});
    } else {
        append(tiff,
               {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0});
    }
    return tiff;
}

Bytes jpegWithExif(const Bytes& jpeg, const Bytes& tiff) {
    Bytes result(jpeg.begin(), jpeg.begin() + 2);
    const auto length = static_cast<int>(2 + 6 + tiff.size());
    append(result, {0xff, 0xe1, length >> 8, length & 255, 'E', 'x', 'i', 'f', 0, 0});
    result.insert(result.end(), tiff.begin(), tiff.end());
    result.insert(result.end(), jpeg.begin() + 2, jpeg.end());
    return result;
}

Bytes pngWithChunk(const Bytes& png, const char* name, const Bytes& data) {
    constexpr std::ptrdiff_t kAfterHeader = 33;
    Bytes body(name, name + 4);
    body.insert(body.end(), data.begin(), data.end());
    Bytes chunk;
    appendBig32(chunk, data.size());
    chunk.insert(chunk.end(), body.begin(), body.end());
    appendBig32(chunk, crcOf(body.data(), body.size()));
    Bytes result = png;
    result.insert(result.begin() + kAfterHeader, chunk.begin(), chunk.end());
    return result;
}

Bytes webpWithExif(const Bytes& webp, int width, int height, const Bytes& tiff) {
    Bytes body;
    append(body, {'V', 'P', '8', 'X', 10, 0, 0, 0, 0x08, 0, 0, 0});
    append(body, {(width - 1) & 255, (width - 1) >> 8, 0, (height - 1) & 255, (height - 1) >> 8, 0});
    body.insert(body.end(), webp.begin() + 12, webp.end());
    append(body, {'E', 'X', 'I', 'F', static_cast<int>(tiff.size()), 0, 0, 0});
    body.insert(body.end(), tiff.begin(), tiff.end());
    Bytes result;
    const auto size = static_cast<int>(body.size() + 4);
    append(result, {'R', 'I', 'F', 'F', size & 255, size >> 8 & 255, size >> 16 & 255, 0, 'W', 'E', 'B', 'P'});
    result.insert(result.end(), body.begin(), body.end());
    return result;
}

Bytes tiffWithOrientation(const cv::Mat& picture, int orientation) {
    const auto width = static_cast<int>(picture.cols);
    const auto height = static_cast<int>(picture.rows);
    const bool deep = picture.depth() == CV_16U;
    const auto samples = static_cast<int>(picture.channels());
    const int sampleBytes = deep ? 2 : 1;
    const int pixelBytes = width * height * samples * sampleBytes;
    constexpr int kEntries = 10;
    constexpr int kBitsAt = 8 + 2 + kEntries * 12 + 4;
    const int dataAt = kBitsAt + 2 * samples;
    Bytes file;
    append(file, {'I', 'I', 42, 0, 8, 0, 0, 0, kEntries, 0});
    const auto entry = [&](int tag, int type, int count, int value) {
        append(file,
               {tag & 255, tag >> 8, type, 0, count, 0, 0, 0, value & 255, value >> 8 & 255, value >> 16 & 255, 0});
    };
    entry(256, 3, 1, width);
    entry(257, 3, 1, height);
    entry(258, 3, samples, samples > 2 ? kBitsAt : 8 * sampleBytes);
    entry(259, 3, 1, 1);                     // not compressed
    entry(262, 3, 1, samples == 1 ? 1 : 2);  // grey or RGB
    entry(273, 4, 1, dataAt);
    entry(274, 3, 1, orientation);
    entry(277, 3, 1, samples);
    entry(278, 3, 1, height);
    entry(279, 4, 1, pixelBytes);
    append(file, {0, 0, 0, 0});
    for (int i = 0; i < samples; ++i)
        append(file, {8 * sampleBytes, 0});
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (int c = samples - 1; c >= 0; --c) {  // OpenCV holds BGR
                const int place = x * samples + c;
                const int value = deep ? picture.ptr<std::uint16_t>(y)[place] : picture.ptr<std::uint8_t>(y)[place];
                file.push_back(static_cast<std::uint8_t>(value & 255));
                if (deep) file.push_back(static_cast<std::uint8_t>(value >> 8));
            }
        }
    }
    return file;
}

Bytes heif(const cv::Mat& picture, bool avif, int orientation) {
    heif_context* context = heif_context_alloc();
    heif_encoder* encoder = nullptr;
    const auto packing = avif ? heif_compression_AV1 : heif_compression_HEVC;
    Bytes file;
    if (heif_context_get_encoder_for_format(context, packing, &encoder).code == heif_error_Ok) {
        heif_image* image = nullptr;
        heif_image_create(picture.cols, picture.rows, heif_colorspace_RGB, heif_chroma_interleaved_RGB, &image);
        heif_image_add_plane(image, heif_channel_interleaved, picture.cols, picture.rows, 8);
        int stride = 0;
        std::uint8_t* plane = heif_image_get_plane(image, heif_channel_interleaved, &stride);
        for (int y = 0; y < picture.rows; ++y) {
            for (int x = 0; x < picture.cols; ++x) {
                for (int c = 0; c < 3; ++c)
                    plane[y * stride + x * 3 + c] = picture.at<cv::Vec3b>(y, x)[2 - c];
            }
        }
        heif_encoder_set_lossy_quality(encoder, 90);
        heif_encoding_options* options = heif_encoding_options_alloc();
        options->image_orientation = static_cast<heif_orientation>(orientation);
        heif_image_handle* handle = nullptr;
        if (heif_context_encode_image(context, image, encoder, options, &handle).code == heif_error_Ok) {
            const Bytes tiff = exif(orientation, true);
            heif_context_add_exif_metadata(context, handle, tiff.data(), static_cast<int>(tiff.size()));
            heif_image_handle_release(handle);
            heif_writer writer{};
            writer.writer_api_version = 1;
            writer.write = [](heif_context*, const void* data, std::size_t size, void* to) {
                const auto* bytes = static_cast<const std::uint8_t*>(data);
                static_cast<Bytes*>(to)->assign(bytes, bytes + size);
                return heif_error{heif_error_Ok, heif_suberror_Unspecified, "done"};
            };
            heif_context_write(context, &writer, &file);
        }
        heif_encoding_options_free(options);
        heif_image_release(image);
        heif_encoder_release(encoder);
    }
    heif_context_free(context);
    return file;
}

Bytes gif(int width, int height, const std::vector<int>& greys) {
    constexpr int kClear = 128;
    Bytes file;
    append(file, {'G', 'I', 'F', '8', '9', 'a', width & 255, width >> 8, height & 255, height >> 8, 0xf6, 0, 0});
    for (int i = 0; i < 128; ++i)
        append(file, {2 * i, 2 * i, 2 * i});
    for (const int grey : greys) {
        append(file, {0x21, 0xf9, 4, 0, 10, 0, 0, 0});
        append(file, {0x2c, 0, 0, 0, 0, width & 255, width >> 8, height & 255, height >> 8, 0, 7});
        // Codes of eight bits, as long as the table is cleared before it has more than 256.
        for (int left = width * height; left > 0;) {
            const int count = std::min(left, 100);
            append(file, {count + 1, kClear});
            file.insert(file.end(), static_cast<std::size_t>(count), static_cast<std::uint8_t>(grey / 2));
            left -= count;
        }
        append(file, {1, kClear + 1, 0});
    }
    append(file, {0x3b});
    return file;
}

Bytes tiffOf(int width, int height, const TiffForm& form, const Bytes& pixels) {
    const auto number = [](Bytes& to, std::size_t value, int bytes) {
        for (int i = 0; i < bytes; ++i)
            to.push_back(static_cast<std::uint8_t>(value >> 8 * i & 255));
    };
    constexpr std::size_t kEntries = 10;
    const int place = form.big ? 8 : 4;
    const std::size_t head = form.big ? 16 : 8;
    const std::size_t directory = static_cast<std::size_t>(form.big ? 8 : 2) + kEntries * (form.big ? 20U : 12U) +
                                  static_cast<std::size_t>(place);
    const std::size_t extra = static_cast<std::size_t>(form.samples) * 4;  // bits and kinds of more than one sample
    const std::size_t page = directory + extra + pixels.size();
    Bytes file;
    append(file, {'I', 'I', form.big ? 43 : 42, 0});
    if (form.big) append(file, {8, 0, 0, 0});
    number(file, head, place);
    for (int i = 0; i < form.pages; ++i) {
        const std::size_t begin = head + static_cast<std::size_t>(i) * page;
        const auto entry = [&](std::size_t tag, std::size_t type, std::size_t count, std::size_t value) {
            number(file, tag, 2);
            number(file, type, 2);
            number(file, count, place);
            number(file, value, place);
        };
        const auto samples = static_cast<std::size_t>(form.samples);
        const std::size_t room = form.big ? 4 : 2;
        // As many shorts as samples: in the entry where they fit, all alike.
        const auto shorts = [&](std::size_t tag, int value, std::size_t at) {
            std::size_t inPlace = 0;
            for (std::size_t k = 0; k < std::min(samples, room); ++k)
                inPlace |= static_cast<std::size_t>(value) << 16 * k;
            entry(tag, 3, samples, samples <= room ? inPlace : at);
        };
        number(file, kEntries, form.big ? 8 : 2);
        entry(256, 4, 1, static_cast<std::size_t>(width));
        entry(257, 4, 1, static_cast<std::size_t>(height));
        shorts(258, form.bits, begin + directory);
        entry(259, 3, 1, 1);
        entry(262, 3, 1, 1);
        entry(273, 4, 1, begin + directory + extra);
        entry(277, 3, 1, samples);
        entry(278, 4, 1, static_cast<std::size_t>(height));
        entry(279, 4, 1, pixels.size());
        shorts(339, form.kind, begin + directory + 2 * samples);
        number(file, i + 1 < form.pages ? begin + page : 0, place);
        for (const int value : {form.bits, form.kind}) {
            for (std::size_t k = 0; k < samples; ++k)
                number(file, static_cast<std::size_t>(value), 2);
        }
        file.insert(file.end(), pixels.begin(), pixels.end());
    }
    return file;
}

Bytes cmykJpeg() {
    // Made with ImageMagick: 8 x 8, upper half red, lower half blue, colour space CMYK.
    const std::string hex =
        "ffd8ffee000e41646f626500640000000002ffdb0043000302020302020303030304030304050805050404050a070706080c"
        "0a0c0c0b0a0b0b0d0e12100d0e110e0b0b1016101113141515150c0f171816141812141514ffdb0043010304040504050905"
        "0509140d0b0d1414141414141414141414141414141414141414141414141414141414141414141414141414141414141414"
        "141414141414ffc00014080008000804011100021101031101041100ffc40015000101000000000000000000000000000008"
        "09ffc400181000020300000000000000000000000000001765a4e2ffc4001501010100000000000000000000000000000708"
        "ffc400181100020300000000000000000000000000001865a3e3ffda000e040100021103110400003f0063aa652be80e6721"
        "efc49c17795a752a99ffd9";
    Bytes raw;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        raw.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    return raw;
}

fs::path write(const fs::path& path, const Bytes& bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path;
}

Bytes read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::array<int, 3> at(const querent::Raster& picture, int x, int y) {
    const std::size_t place = static_cast<std::size_t>(y) * picture.stride() + static_cast<std::size_t>(x) * 3;
    return {picture.rgb[place], picture.rgb[place + 1], picture.rgb[place + 2]};
}

bool near(std::array<int, 3> a, std::array<int, 3> b, int tolerance) {
    return std::abs(a[0] - b[0]) <= tolerance && std::abs(a[1] - b[1]) <= tolerance &&
           std::abs(a[2] - b[2]) <= tolerance;
}

}  // namespace fixtures

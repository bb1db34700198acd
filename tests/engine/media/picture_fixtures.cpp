#include "tests/engine/media/picture_fixtures.h"

#include <QFile>
#include <opencv2/imgcodecs.hpp>

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

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

Bytes cmykJpeg() {
    // Made with ImageMagick: 8 x 8, upper half red, lower half blue, colour space CMYK.
    const QByteArray hex =
        "ffd8ffee000e41646f626500640000000002ffdb0043000302020302020303030304030304050805050404050a070706080c"
        "0a0c0c0b0a0b0b0d0e12100d0e110e0b0b1016101113141515150c0f171816141812141514ffdb0043010304040504050905"
        "0509140d0b0d1414141414141414141414141414141414141414141414141414141414141414141414141414141414141414"
        "141414141414ffc00014080008000804011100021101031101041100ffc40015000101000000000000000000000000000008"
        "09ffc400181000020300000000000000000000000000001765a4e2ffc4001501010100000000000000000000000000000708"
        "ffc400181100020300000000000000000000000000001865a3e3ffda000e040100021103110400003f0063aa652be80e6721"
        "efc49c17795a752a99ffd9";
    const QByteArray raw = QByteArray::fromHex(hex);
    return {raw.begin(), raw.end()};
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

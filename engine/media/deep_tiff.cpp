#include "engine/media/deep_tiff.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <tiffio.h>
#include <vector>

namespace querent::media {

namespace {

/** Of one row or one tile: a picture within the limits needs less, whatever a header says of its channels. */
constexpr tmsize_t kMostBytes = tmsize_t{1} << 29;

struct Memory {
    std::span<const std::uint8_t> bytes;
    std::uint64_t at = 0;
};

tmsize_t readMemory(thandle_t handle, void* to, tmsize_t count) {
    auto& memory = *static_cast<Memory*>(handle);
    if (memory.at >= memory.bytes.size()) return 0;
    const std::size_t got = std::min<std::size_t>(static_cast<std::size_t>(count), memory.bytes.size() - memory.at);
    std::memcpy(to, memory.bytes.data() + memory.at, got);
    memory.at += got;
    return static_cast<tmsize_t>(got);
}

toff_t seekMemory(thandle_t handle, toff_t offset, int whence) {
    auto& memory = *static_cast<Memory*>(handle);
    const std::uint64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? memory.at : memory.bytes.size();
    return memory.at = from + offset;
}

struct Closer {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
    void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};

int silent(TIFF*, void*, const char*, const char*, va_list) {
    return 1;
}

std::unique_ptr<TIFF, Closer> openTiff(Memory& memory) {
    const std::unique_ptr<TIFFOpenOptions, Closer> options(TIFFOpenOptionsAlloc());
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), silent, nullptr);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), silent, nullptr);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kMostBytes);
    return std::unique_ptr<TIFF, Closer>(TIFFClientOpenExt(
        "picture", "rm", &memory, readMemory, [](thandle_t, void*, tmsize_t) { return tmsize_t{0}; }, seekMemory,
        [](thandle_t) { return 0; }, [](thandle_t h) { return toff_t{static_cast<Memory*>(h)->bytes.size()}; },
        [](thandle_t, void**, toff_t*) { return 0; }, [](thandle_t, void*, toff_t) {}, options.get()));
}

struct Layout {
    std::uint32_t width = 0, height = 0;
    std::uint16_t bits = 1, kind = SAMPLEFORMAT_UINT, samples = 1, planar = PLANARCONFIG_CONTIG;

    int shown() const { return samples >= 3 ? 3 : 1; }
    bool isReal() const { return kind == SAMPLEFORMAT_IEEEFP; }
    bool isShown() const { return kind == SAMPLEFORMAT_UINT && bits <= 16; }
};

double sampleAt(const Layout& layout, const std::uint8_t* at) {
    const auto as = [&]<typename T>(T value) {
        std::memcpy(&value, at, sizeof value);
        return static_cast<double>(value);
    };
    if (layout.isReal()) return layout.bits == 32 ? as(0.0F) : as(0.0);
    if (layout.kind == SAMPLEFORMAT_INT) {
        if (layout.bits == 8) return as(std::int8_t{});
        if (layout.bits == 16) return as(std::int16_t{});
        return layout.bits == 32 ? as(std::int32_t{}) : as(std::int64_t{});
    }
    if (layout.bits == 8) return *at;
    if (layout.bits == 16) return as(std::uint16_t{});
    return layout.bits == 32 ? as(std::uint32_t{}) : as(std::uint64_t{});
}

/** The samples of one row of a strip or a tile into row `y` of `to`, from column `x` on. */
void takeRow(const Layout& layout, const std::uint8_t* row, std::uint32_t count, int plane, int x, int y, cv::Mat& to) {
    const std::size_t each = layout.bits / 8U;
    const bool together = layout.planar == PLANARCONFIG_CONTIG;
    const std::size_t step = each * (together ? layout.samples : 1U);
    auto* values = to.ptr<float>(y);
    const int channels = layout.shown();
    for (std::uint32_t i = 0; i < count && x + static_cast<int>(i) < to.cols; ++i) {
        for (int c = together ? 0 : plane; c < (together ? channels : plane + 1); ++c) {
            const std::uint8_t* at = row + i * step + (together ? static_cast<std::size_t>(c) * each : 0);
            values[(x + static_cast<int>(i)) * channels + c] = static_cast<float>(sampleAt(layout, at));
        }
    }
}

bool readTiles(TIFF* tiff, const Layout& layout, int planes, cv::Mat& to) {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &height);
    if (width == 0 || height == 0 || TIFFTileSize(tiff) > kMostBytes) return false;
    std::vector<std::uint8_t> tile(static_cast<std::size_t>(TIFFTileSize(tiff)));
    const auto row = static_cast<std::size_t>(TIFFTileRowSize(tiff));
    for (int plane = 0; plane < planes; ++plane) {
        for (std::uint32_t y = 0; y < layout.height; y += height) {
            for (std::uint32_t x = 0; x < layout.width; x += width) {
                if (TIFFReadTile(tiff, tile.data(), x, y, 0, static_cast<std::uint16_t>(plane)) < 0) return false;
                for (std::uint32_t i = 0; i < height && y + i < layout.height; ++i)
                    takeRow(layout, tile.data() + i * row, width, plane, static_cast<int>(x), static_cast<int>(y + i),
                            to);
            }
        }
    }
    return true;
}

bool readRows(TIFF* tiff, const Layout& layout, int planes, cv::Mat& to) {
    if (TIFFScanlineSize(tiff) > kMostBytes) return false;
    std::vector<std::uint8_t> row(static_cast<std::size_t>(TIFFScanlineSize(tiff)));
    for (int plane = 0; plane < planes; ++plane) {
        for (std::uint32_t y = 0; y < layout.height; ++y) {
            if (TIFFReadScanline(tiff, row.data(), y, static_cast<std::uint16_t>(plane)) < 0) return false;
            takeRow(layout, row.data(), layout.width, plane, 0, static_cast<int>(y), to);
        }
    }
    return true;
}

/** What of the samples is black, and by what they are multiplied to come to 255. */
void scaleOf(const Layout& layout, const cv::Mat& values, float& black, float& scale) {
    float least = std::numeric_limits<float>::max();
    float greatest = std::numeric_limits<float>::lowest();
    for (int y = 0; y < values.rows; ++y) {
        const auto* row = values.ptr<float>(y);
        for (int i = 0; i < values.cols * values.channels(); ++i) {
            if (!std::isfinite(row[i])) continue;
            least = std::min(least, row[i]);
            greatest = std::max(greatest, row[i]);
        }
    }
    if (layout.isShown() || (layout.isReal() && least >= 0.0F && greatest <= 1.0F)) {
        least = 0.0F;
        greatest = layout.isReal() ? 1.0F : layout.bits == 8 ? 255.0F : 65535.0F;
    }
    black = least;
    scale = greatest > least ? 255.0F / (greatest - least) : 0.0F;
}

}  // namespace

Result<cv::Mat> decodeDeepTiff(std::span<const std::uint8_t> bytes, const std::filesystem::path& path) {
    const Error damaged = fail(ErrorCode::Malformed, "The picture is damaged and cannot be decoded.", path);
    Memory memory{bytes};
    const std::unique_ptr<TIFF, Closer> tiff = openTiff(memory);
    if (!tiff) return damaged;
    Layout layout;
    TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &layout.width);
    TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &layout.height);
    TIFFGetFieldDefaulted(tiff.get(), TIFFTAG_BITSPERSAMPLE, &layout.bits);
    TIFFGetFieldDefaulted(tiff.get(), TIFFTAG_SAMPLEFORMAT, &layout.kind);
    TIFFGetFieldDefaulted(tiff.get(), TIFFTAG_SAMPLESPERPIXEL, &layout.samples);
    TIFFGetFieldDefaulted(tiff.get(), TIFFTAG_PLANARCONFIG, &layout.planar);
    const bool whole = layout.bits == 8 || layout.bits == 16 || layout.bits == 32 || layout.bits == 64;
    if (!whole || layout.samples < 1 || layout.kind > SAMPLEFORMAT_IEEEFP || (layout.isReal() && layout.bits < 32)) {
        std::string sentence = "The TIFF has ";
        sentence.append(std::to_string(layout.samples)).append(" channels of ");
        sentence.append(std::to_string(layout.bits))
            .append(" bits in a form that is not read; save it with 8 or 16 bits.");
        return fail(ErrorCode::Unsupported, std::move(sentence), path);
    }
    const int planes = layout.planar == PLANARCONFIG_CONTIG ? 1 : layout.shown();
    cv::Mat values(static_cast<int>(layout.height), static_cast<int>(layout.width), CV_32FC(layout.shown()));
    const bool tiled = TIFFIsTiled(tiff.get()) != 0;
    if (!(tiled ? readTiles : readRows)(tiff.get(), layout, planes, values)) return damaged;

    float black = 0.0F;
    float scale = 0.0F;
    scaleOf(layout, values, black, scale);
    std::uint16_t meaning = PHOTOMETRIC_MINISBLACK;
    TIFFGetField(tiff.get(), TIFFTAG_PHOTOMETRIC, &meaning);
    const bool inverse = layout.shown() == 1 && meaning == PHOTOMETRIC_MINISWHITE;
    cv::Mat shown(values.size(), CV_8UC3);
    for (int y = 0; y < values.rows; ++y) {
        const auto* from = values.ptr<float>(y);
        auto* to = shown.ptr<cv::Vec3b>(y);
        for (int x = 0; x < values.cols; ++x) {
            for (int c = 0; c < 3; ++c) {
                const float value = from[layout.shown() == 3 ? x * 3 + 2 - c : x];
                const float grey = std::isfinite(value) ? std::clamp((value - black) * scale, 0.0F, 255.0F) : 0.0F;
                to[x][c] = static_cast<std::uint8_t>(std::lround(inverse ? 255.0F - grey : grey));
            }
        }
    }
    return shown;
}

}  // namespace querent::media

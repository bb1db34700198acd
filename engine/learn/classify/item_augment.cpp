#include "engine/learn/classify/item_augment.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace querent::learn::classify {

namespace {

/** An affine map from new pixels to old ones, and what becomes of brightness. */
struct Change {
    double xx = 1.0, xy = 0.0, x0 = 0.0;
    double yx = 0.0, yy = 1.0, y0 = 0.0;
    float contrast = 1.0F;
    float brightness = 0.0F;
};

double drawFactor(double range, Rng& rng) {
    const double limit = std::log1p(std::max(0.0, range));
    return std::exp(rng.uniform(-limit, limit));
}

Change drawChange(Size size, const ItemAugmentation& a, Rng& rng) {
    const double angle = rng.uniform(-a.turn, a.turn) * std::numbers::pi / 180.0;
    const double scale = drawFactor(a.scale, rng);
    const double shiftX = size.width * rng.uniform(-a.shift, a.shift);
    const double shiftY = size.height * rng.uniform(-a.shift, a.shift);
    const double halfX = 0.5 * (size.width - 1);
    const double halfY = 0.5 * (size.height - 1);
    Change c;
    c.xx = std::cos(angle) / scale;
    c.xy = std::sin(angle) / scale;
    c.yx = -c.xy;
    c.yy = c.xx;
    if (a.flip > 0.0 && rng.chance(a.flip)) {
        c.xx = -c.xx;
        c.xy = -c.xy;
    }
    c.x0 = halfX - c.xx * (halfX + shiftX) - c.xy * (halfY + shiftY);
    c.y0 = halfY - c.yx * (halfX + shiftX) - c.yy * (halfY + shiftY);
    c.contrast = static_cast<float>(drawFactor(a.colour, rng));
    c.brightness = static_cast<float>(127.5 * rng.uniform(-a.colour, a.colour));
    return c;
}

/** Position along one axis, held inside the picture: its rim goes on outside. */
struct Tap {
    std::size_t low = 0;
    std::size_t high = 0;
    float weight = 0.0F;  // of `high`
};

Tap tapAt(double at, int length) {
    const double held = std::clamp(at, 0.0, static_cast<double>(length - 1));
    const auto low = static_cast<std::size_t>(held);
    const std::size_t high = std::min(low + 1, static_cast<std::size_t>(length - 1));
    return {low, high, static_cast<float>(held - static_cast<double>(low))};
}

}  // namespace

void renderChanged(const Raster& picture, const ItemAugmentation& augmentation, Rng& rng, std::span<float> planes) {
    const Change change = drawChange(picture.size, augmentation, rng);
    const std::size_t area = planes.size() / 3;
    const float offset = change.brightness + 127.5F * (1.0F - change.contrast);
    std::size_t at = 0;
    for (int y = 0; y < picture.size.height; ++y) {
        for (int x = 0; x < picture.size.width; ++x, ++at) {
            const Tap across = tapAt(change.xx * x + change.xy * y + change.x0, picture.size.width);
            const Tap down = tapAt(change.yx * x + change.yy * y + change.y0, picture.size.height);
            const std::uint8_t* top = picture.rgb.data() + down.low * picture.stride();
            const std::uint8_t* bottom = picture.rgb.data() + down.high * picture.stride();
            for (std::size_t c = 0; c < 3; ++c) {
                const auto mix = [&](const std::uint8_t* row) {
                    const auto a = static_cast<float>(row[across.low * 3 + c]);
                    const auto b = static_cast<float>(row[across.high * 3 + c]);
                    return a + across.weight * (b - a);
                };
                const float upper = mix(top);
                const float value = upper + down.weight * (mix(bottom) - upper);
                planes[c * area + at] = std::clamp(change.contrast * value + offset, 0.0F, 255.0F);
            }
        }
    }
}

void renderPlain(const Raster& picture, std::span<float> planes) {
    const std::size_t area = planes.size() / 3;
    for (std::size_t i = 0; i < area; ++i) {
        for (std::size_t c = 0; c < 3; ++c)
            planes[c * area + i] = static_cast<float>(picture.rgb[i * 3 + c]);
    }
}

Matrix standardised(const Matrix& features) {
    constexpr double kLeastDeviation = 1e-4;
    double sum = 0.0;
    double squares = 0.0;
    for (const float value : features.values) {
        sum += static_cast<double>(value);
        squares += static_cast<double>(value) * static_cast<double>(value);
    }
    const auto count = static_cast<double>(std::max<std::size_t>(features.values.size(), 1));
    const double mean = sum / count;
    const double deviation = std::sqrt(std::max(0.0, squares / count - mean * mean));
    const double factor = deviation > kLeastDeviation ? 1.0 / deviation : 0.0;
    Matrix out = features;
    for (float& value : out.values)
        value = static_cast<float>((static_cast<double>(value) - mean) * factor);
    return out;
}

int centredOffset(int length, int columns) {
    return (columns - length) / 2;
}

int drawnOffset(int length, int columns, const ItemAugmentation& augmentation, Rng& rng) {
    if (length > columns) return -rng.integer(0, length - columns);
    const int most = static_cast<int>(std::lround(augmentation.timeShift * columns));
    return centredOffset(length, columns) + rng.integer(-most, most);
}

void placeSound(const Matrix& features, int offset, int columns, std::span<float> plane) {
    const auto lowest = std::min_element(features.values.begin(), features.values.end());
    std::fill(plane.begin(), plane.end(), lowest == features.values.end() ? 0.0F : *lowest);
    const int length = static_cast<int>(features.rows);
    for (int column = std::max(0, offset); column < std::min(columns, offset + length); ++column) {
        const auto from = features.row(static_cast<std::size_t>(column - offset));
        for (std::size_t band = 0; band < from.size(); ++band)
            plane[band * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column)] = from[band];
    }
}

void maskSound(int bands, int columns, const ItemAugmentation& augmentation, Rng& rng, std::span<float> plane) {
    const auto drawn = [&rng](int length, double share, int& first, int& count) {
        count = rng.integer(0, std::max(0, static_cast<int>(share * length)));
        first = rng.integer(0, length - count);
    };
    int first = 0;
    int count = 0;
    drawn(columns, augmentation.timeMask, first, count);
    for (int band = 0; band < bands; ++band)
        std::fill_n(plane.begin() + band * columns + first, count, 0.0F);
    drawn(bands, augmentation.bandMask, first, count);
    std::fill_n(plane.begin() + first * columns, count * columns, 0.0F);
}

}  // namespace querent::learn::classify

#include "engine/learn/resize.h"

#include <algorithm>
#include <cmath>

namespace querent::learn {

namespace {

/** Which old pixels, and how much of each, make up one new pixel. */
struct Taps {
    std::size_t first = 0;
    std::vector<float> weights;
};

/** A triangle filter that widens with the reduction: area-like below 1, bilinear above. */
std::vector<Taps> tapsFor(int from, int to) {
    const double ratio = static_cast<double>(from) / to;
    const double support = std::max(1.0, ratio);
    std::vector<Taps> all(static_cast<std::size_t>(to));
    for (int i = 0; i < to; ++i) {
        const double centre = (i + 0.5) * ratio - 0.5;
        const int first = std::max(0, static_cast<int>(std::ceil(centre - support)));
        const int last = std::min(from - 1, static_cast<int>(std::floor(centre + support)));
        Taps& taps = all[static_cast<std::size_t>(i)];
        taps.first = static_cast<std::size_t>(first);
        double sum = 0.0;
        for (int k = first; k <= last; ++k) {
            const double weight = std::max(0.0, 1.0 - std::abs(k - centre) / support);
            taps.weights.push_back(static_cast<float>(weight));
            sum += weight;
        }
        for (float& weight : taps.weights)
            weight = static_cast<float>(weight / sum);
    }
    return all;
}

std::vector<float> resizedRows(const Raster& picture, const std::vector<Taps>& columns) {
    const auto rows = static_cast<std::size_t>(picture.size.height);
    std::vector<float> out(rows * columns.size() * 3);
    float* to = out.data();
    for (std::size_t y = 0; y < rows; ++y) {
        const std::uint8_t* row = picture.rgb.data() + y * picture.stride();
        for (const Taps& taps : columns) {
            const std::uint8_t* from = row + taps.first * 3;
            float r = 0.0F, g = 0.0F, b = 0.0F;
            for (const float weight : taps.weights) {
                r += weight * from[0];
                g += weight * from[1];
                b += weight * from[2];
                from += 3;
            }
            *to++ = r;
            *to++ = g;
            *to++ = b;
        }
    }
    return out;
}

}  // namespace

Raster resized(const Raster& picture, Size size) {
    if (picture.size == size) return picture;
    const std::vector<Taps> columns = tapsFor(picture.size.width, size.width);
    const std::vector<Taps> rows = tapsFor(picture.size.height, size.height);
    const std::vector<float> wide = resizedRows(picture, columns);

    Raster out{size, {}};
    const std::size_t stride = out.stride();
    out.rgb.resize(stride * static_cast<std::size_t>(size.height));
    std::vector<float> sum(stride);
    for (std::size_t y = 0; y < rows.size(); ++y) {
        std::fill(sum.begin(), sum.end(), 0.5F);  // rounds
        const float* from = wide.data() + rows[y].first * stride;
        for (const float weight : rows[y].weights) {
            for (std::size_t i = 0; i < stride; ++i)
                sum[i] += weight * from[i];
            from += stride;
        }
        std::uint8_t* to = out.rgb.data() + y * stride;
        for (std::size_t i = 0; i < stride; ++i)
            to[i] = static_cast<std::uint8_t>(std::min(sum[i], 255.0F));
    }
    return out;
}

}  // namespace querent::learn

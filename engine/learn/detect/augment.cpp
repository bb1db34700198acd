#include "engine/learn/detect/augment.h"

#include "engine/learn/resize.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace querent::learn::detect {

namespace {

constexpr float kGrey = 114.0F;

/** A factor in [1 / (1 + range), 1 + range], as likely to shrink as to enlarge. */
double drawFactor(double range, Rng& rng) {
    const double limit = std::log1p(std::max(0.0, range));
    return std::exp(rng.uniform(-limit, limit));
}

/** Where the new pixels of one axis come from: old position = offset + step * new position. */
struct Axis {
    double offset;
    double step;
};

Axis inverse(double scale, double shift, bool flip, int length) {
    const double half = 0.5 * length;
    // Pixel centres: new = (old - half) * scale + half + shift, with old mirrored when flipped.
    const double step = (flip ? -1.0 : 1.0) / scale;
    return {half + (0.5 - half - shift) * step - 0.5, step};
}

struct Tap {
    std::size_t low;
    std::size_t high;
    float weight;  // of `high`
    bool inside;
};

std::vector<Tap> tapsAlong(const Axis& axis, int length) {
    std::vector<Tap> taps(static_cast<std::size_t>(length));
    for (int i = 0; i < length; ++i) {
        const double at = axis.offset + axis.step * i;
        const double floor = std::floor(at);
        const auto clampIndex = [length](double v) {
            return static_cast<std::size_t>(std::clamp(v, 0.0, static_cast<double>(length - 1)));
        };
        taps[static_cast<std::size_t>(i)] = {clampIndex(floor), clampIndex(floor + 1), static_cast<float>(at - floor),
                                             at > -1.0 && at < length};
    }
    return taps;
}

/** One row of the picture, interpolated down the columns: [W * 3], interleaved. */
void mixRows(const Raster& picture, const Tap& tap, std::vector<float>& row) {
    const std::uint8_t* a = picture.rgb.data() + tap.low * picture.stride();
    const std::uint8_t* b = picture.rgb.data() + tap.high * picture.stride();
    const float wb = tap.weight;
    const float wa = 1.0F - wb;
    for (std::size_t i = 0; i < row.size(); ++i)
        row[i] = wa * static_cast<float>(a[i]) + wb * static_cast<float>(b[i]);
}

struct Planes {
    float* r;
    float* g;
    float* b;
};

void gatherRow(const std::vector<float>& row, const std::vector<Tap>& taps, const Planes& to) {
    for (std::size_t x = 0; x < taps.size(); ++x) {
        const Tap& tap = taps[x];
        if (!tap.inside) {
            to.r[x] = to.g[x] = to.b[x] = kGrey;
            continue;
        }
        const float* low = row.data() + tap.low * 3;
        const float* high = row.data() + tap.high * 3;
        to.r[x] = low[0] + tap.weight * (high[0] - low[0]);
        to.g[x] = low[1] + tap.weight * (high[1] - low[1]);
        to.b[x] = low[2] + tap.weight * (high[2] - low[2]);
    }
}

void colourRow(const View& view, std::size_t width, const Planes& at) {
    const auto contrast = static_cast<float>(view.contrast);
    const auto saturation = static_cast<float>(view.saturation);
    const auto shift = static_cast<float>(view.brightness + 127.5 * (1.0 - view.contrast));
    const auto change = [&](float value, float grey) {
        return std::clamp(contrast * (grey + saturation * (value - grey)) + shift, 0.0F, 255.0F);
    };
    for (std::size_t x = 0; x < width; ++x) {
        const float grey = 0.299F * at.r[x] + 0.587F * at.g[x] + 0.114F * at.b[x];
        at.r[x] = change(at.r[x], grey);
        at.g[x] = change(at.g[x], grey);
        at.b[x] = change(at.b[x], grey);
    }
}

}  // namespace

View drawView(const Augmentation& a, Size size, Rng& rng) {
    View view;
    view.flipHorizontal = rng.chance(a.flipHorizontal);
    view.flipVertical = rng.chance(a.flipVertical);
    const double scale = drawFactor(a.scale, rng);
    const double aspect = std::sqrt(drawFactor(a.aspect, rng));
    view.scaleX = scale * aspect;
    view.scaleY = scale / aspect;
    view.shiftX = size.width * rng.uniform(-a.translate, a.translate);
    view.shiftY = size.height * rng.uniform(-a.translate, a.translate);
    if (!a.moveRows) {
        view.scaleY = 1.0;
        view.shiftY = 0.0;
    }
    view.brightness = 255.0 * 0.5 * rng.uniform(-a.colour, a.colour);
    view.contrast = drawFactor(a.colour, rng);
    view.saturation = drawFactor(a.colour, rng);
    return view;
}

void renderPicture(const Raster& picture, const View& view, std::span<float> planes) {
    const Size size = picture.size;
    const auto columns = tapsAlong(inverse(view.scaleX, view.shiftX, view.flipHorizontal, size.width), size.width);
    const auto rows = tapsAlong(inverse(view.scaleY, view.shiftY, view.flipVertical, size.height), size.height);
    const bool recolour = view.brightness != 0.0 || view.contrast != 1.0 || view.saturation != 1.0;
    const auto width = static_cast<std::size_t>(size.width);
    const std::size_t area = width * rows.size();
    std::vector<float> row(picture.stride());
    for (std::size_t y = 0; y < rows.size(); ++y) {
        float* at = planes.data() + y * width;
        const Planes to{at, at + area, at + 2 * area};
        if (rows[y].inside) {
            mixRows(picture, rows[y], row);
        } else {
            std::fill(row.begin(), row.end(), kGrey);
        }
        gatherRow(row, columns, to);
        if (recolour) colourRow(view, width, to);
    }
}

std::vector<TrueBox> renderBoxes(const std::vector<TrueBox>& boxes, const View& view, Size size) {
    const double halfW = 0.5 * size.width;
    const double halfH = 0.5 * size.height;
    const auto mapX = [&](double x) {
        return (view.flipHorizontal ? halfW - x : x - halfW) * view.scaleX + halfW + view.shiftX;
    };
    const auto mapY = [&](double y) {
        return (view.flipVertical ? halfH - y : y - halfH) * view.scaleY + halfH + view.shiftY;
    };
    std::vector<TrueBox> out;
    for (TrueBox truth : boxes) {
        const Box& old = truth.box;
        const Box whole = Box{mapX(old.left), mapY(old.top), mapX(old.right), mapY(old.bottom)}.normalised();
        truth.box = whole.clampedTo(size);
        if (truth.box.width() < 1.0 || truth.box.height() < 1.0) continue;
        if (truth.box.area() < 0.25 * whole.area()) truth.crowd = true;
        out.push_back(truth);
    }
    return out;
}

Sample mosaicOf(std::span<const Sample* const> four) {
    const Size size = four[0]->picture.size;
    const Size half{size.width / 2, size.height / 2};
    Sample out = *four[0];
    out.boxes.clear();
    for (std::size_t q = 0; q < 4; ++q) {
        const Raster small = resized(four[q]->picture, half);
        const int left = q % 2 == 0 ? 0 : size.width - half.width;
        const int top = q < 2 ? 0 : size.height - half.height;
        for (int y = 0; y < half.height; ++y) {
            const auto from = small.rgb.begin() + static_cast<std::ptrdiff_t>(small.stride()) * y;
            std::copy(
                from, from + static_cast<std::ptrdiff_t>(small.stride()),
                out.picture.rgb.begin() + static_cast<std::ptrdiff_t>(out.picture.stride()) * (top + y) + left * 3);
        }
        const double sx = static_cast<double>(half.width) / size.width;
        const double sy = static_cast<double>(half.height) / size.height;
        for (TrueBox truth : four[q]->boxes) {
            const Box& b = truth.box;
            truth.box = {b.left * sx + left, b.top * sy + top, b.right * sx + left, b.bottom * sy + top};
            out.boxes.push_back(truth);
        }
    }
    return out;
}

}  // namespace querent::learn::detect

#include "engine/media/demo/backgrounds.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace querent::media::demo {

namespace {

constexpr double kPi = 3.14159265358979323846;

cv::Vec3b pixel(const Colour& c) {
    const auto byte = [](double v) { return static_cast<std::uint8_t>(std::clamp(v, 0.0, 1.0) * 255.0 + 0.5); };
    return {byte(c.r), byte(c.g), byte(c.b)};
}

cv::Scalar scalar(const Colour& c) {
    return {c.r * 255.0, c.g * 255.0, c.b * 255.0};
}

/** The canvas is twice the picture, and soft textures do not need that: they are painted at half its size. */
cv::Size textureSize(cv::Size canvas) {
    return {(canvas.width + 1) / 2, (canvas.height + 1) / 2};
}

/** Every pixel from its place (0..1 each) and a relief; enlarged to the canvas. */
template <typename F>
cv::Mat painted(const cv::Mat& relief, cv::Size canvas, F colourAt) {
    cv::Mat image(relief.size(), CV_8UC3);
    for (int y = 0; y < image.rows; ++y) {
        const auto* height = relief.ptr<float>(y);
        auto* row = image.ptr<cv::Vec3b>(y);
        for (int x = 0; x < image.cols; ++x) {
            row[x] =
                pixel(colourAt(static_cast<double>(x) / image.cols, static_cast<double>(y) / image.rows, height[x]));
        }
    }
    cv::resize(image, image, canvas, 0, 0, cv::INTER_CUBIC);
    return image;
}

double soft(double low, double high, double value) {
    const double t = std::clamp((value - low) / (high - low), 0.0, 1.0);
    return t * t * (3.0 - 2.0 * t);
}

Point lightFrom(Rng& rng) {
    const double angle = -kPi / 2.0 + rng.uniform(-1.1, 1.1);
    return {std::cos(angle), std::sin(angle)};
}

/** Layered ridges at the lower border, each nearer one darker and more saturated. */
void drawHills(cv::Mat& image, const Colour& haze, const Colour& near, Rng& rng) {
    const int layers = rng.integer(1, 3);
    for (int layer = 0; layer < layers; ++layer) {
        const double depth = (layer + 1.0) / layers;
        const Colour colour = mix(haze, near, 0.3 + 0.7 * depth);
        const double base = 0.72 + 0.2 * depth - rng.uniform(0.0, 0.06);
        const double phase = rng.uniform(0.0, 10.0);
        const double wave = rng.uniform(1.2, 3.0);
        std::vector<cv::Point> ridge;
        for (int x = 0; x <= image.cols; x += 4) {
            const double t = static_cast<double>(x) / image.cols;
            const double y = base + 0.045 * std::sin(wave * 2.0 * t + phase) +
                             0.02 * std::sin(wave * 5.3 * t + 2.0 * phase) +
                             0.006 * std::sin(wave * 17.0 * t + 3.0 * phase);
            ridge.emplace_back(x, static_cast<int>(y * image.rows));
        }
        ridge.emplace_back(image.cols, image.rows);
        ridge.emplace_back(0, image.rows);
        cv::fillPoly(image, std::vector<std::vector<cv::Point>>{ridge}, scalar(colour), cv::LINE_AA);
    }
}

Backdrop drawSky(cv::Size size, Rng& rng) {
    const cv::Size fine = textureSize(size);
    const double mood = rng.uniform();
    Colour high = hsv(rng.uniform(0.54, 0.62), rng.uniform(0.45, 0.75), rng.uniform(0.7, 0.95));
    Colour low = mix(high, {1.0, 0.98, 0.94}, rng.uniform(0.5, 0.8));
    if (mood < 0.3) {  // evening
        high = hsv(rng.uniform(0.6, 0.78), rng.uniform(0.3, 0.55), rng.uniform(0.45, 0.7));
        low = hsv(rng.uniform(0.03, 0.1), rng.uniform(0.4, 0.65), rng.uniform(0.9, 1.0));
    } else if (mood < 0.45) {  // an overcast day
        high = hsv(0.6, 0.1, rng.uniform(0.6, 0.8));
        low = hsv(0.6, 0.04, rng.uniform(0.8, 0.92));
    }
    const Point sun(rng.uniform(0.1, 0.9), rng.uniform(0.05, 0.5));
    const double veil = rng.uniform(0.42, 0.62);
    const cv::Mat relief = noise(fine, cv::Size2d(fine.width * 0.3, fine.height * 0.16), 5, rng);
    Backdrop drop;
    drop.colour = painted(relief, size, [&](double x, double y, double h) {
        Colour c = mix(high, low, soft(0.0, 0.85, y));
        c = mix(c, {1.0, 0.97, 0.85}, 0.55 * std::exp(-18.0 * ((x - sun.x) * (x - sun.x) + (y - sun.y) * (y - sun.y))));
        return mix(c, mix(low, {1.0, 1.0, 1.0}, 0.7), 0.8 * soft(veil, veil + 0.18, h));
    });
    if (rng.chance(0.75)) drawHills(drop.colour, low, hsv(rng.uniform(0.22, 0.42), 0.45, rng.uniform(0.3, 0.5)), rng);
    const Point towards(sun.x - 0.5, sun.y - 0.9);
    drop.light = towards * (1.0 / std::sqrt(towards.dot(towards)));
    drop.tint = mix({1.0, 1.0, 1.0}, low, mood < 0.3 ? 0.45 : 0.15);
    drop.shadow = 0.0;
    return drop;
}

Backdrop drawNight(cv::Size size, Rng& rng) {
    const cv::Size fine = textureSize(size);
    const Colour high = hsv(rng.uniform(0.6, 0.72), rng.uniform(0.5, 0.75), rng.uniform(0.1, 0.2));
    const Colour low = hsv(rng.uniform(0.58, 0.85), rng.uniform(0.35, 0.6), rng.uniform(0.3, 0.45));
    const cv::Mat relief = noise(fine, cv::Size2d(fine.width * 0.4, fine.height * 0.2), 4, rng);
    Backdrop drop;
    drop.colour = painted(relief, size, [&](double, double y, double h) {
        return mix(mix(high, low, soft(0.1, 1.0, y)), mix(low, {1.0, 1.0, 1.0}, 0.15), 0.5 * soft(0.5, 0.75, h));
    });
    for (int i = rng.integer(40, 120); i > 0; --i) {
        const cv::Point at(rng.integer(0, size.width - 1), rng.integer(0, size.height * 3 / 4));
        cv::circle(drop.colour, at, rng.chance(0.15) ? 2 : 1, cv::Scalar::all(rng.uniform(150.0, 255.0)), cv::FILLED,
                   cv::LINE_AA);
    }
    if (rng.chance(0.6)) {
        const cv::Point at(rng.integer(size.width / 8, size.width * 7 / 8),
                           rng.integer(size.height / 10, size.height / 3));
        cv::circle(drop.colour, at, size.height / rng.integer(14, 22), {250, 244, 215}, cv::FILLED, cv::LINE_AA);
    }
    if (rng.chance(0.8)) drawHills(drop.colour, low, shade(high, 0.6), rng);
    drop.light = lightFrom(rng);
    drop.tint = {0.55, 0.58, 0.75};
    drop.shadow = 0.0;
    return drop;
}

Backdrop drawTable(cv::Size size, Rng& rng) {
    const cv::Size fine = textureSize(size);
    const Colour wood = hsv(rng.uniform(0.055, 0.1), rng.uniform(0.3, 0.6), rng.uniform(0.4, 0.85));
    const bool upright = rng.chance(0.4);
    const int planks = rng.integer(3, 7);
    const auto along = static_cast<double>(upright ? fine.height : fine.width);
    const auto across = static_cast<double>(upright ? fine.width : fine.height);
    const cv::Size2d cell(upright ? across * 0.03 : along * 0.5, upright ? along * 0.5 : across * 0.03);
    const cv::Mat relief = noise(fine, cell, 4, rng);
    std::vector<double> tones;
    for (int i = 0; i < planks; ++i)
        tones.push_back(rng.uniform(0.84, 1.08));
    Backdrop drop;
    drop.light = lightFrom(rng);
    const Point light = drop.light;
    drop.colour = painted(relief, size, [&](double x, double y, double h) {
        const double place = (upright ? x : y) * planks;
        const auto plank = static_cast<std::size_t>(std::min(place, planks - 1.0));
        const double seam = std::min(place - std::floor(place), std::ceil(place) - place);
        const double rings = 0.5 + 0.5 * std::sin(h * 42.0 + static_cast<double>(plank) * 2.1);
        double tone = tones[plank] * (0.8 + 0.3 * h + 0.09 * rings);
        tone *= 1.0 - 0.55 * (1.0 - soft(0.0, 0.025, seam));
        tone *= 1.0 + 0.16 * ((x - 0.5) * light.x + (y - 0.5) * light.y);
        return shade(wood, tone);
    });
    drop.shadow = 0.55;
    return drop;
}

Backdrop drawCloth(cv::Size size, Rng& rng) {
    const cv::Size fine = textureSize(size);
    const Colour ground = rng.chance(0.5)
                              ? hsv(rng.uniform(0.05, 0.15), rng.uniform(0.05, 0.2), rng.uniform(0.82, 0.95))
                              : hsv(rng.uniform(), rng.uniform(0.15, 0.5), rng.uniform(0.4, 0.85));
    const Colour band = mix(ground, hsv(rng.uniform(), 0.6, rng.uniform(0.4, 0.8)), rng.uniform(0.35, 0.8));
    const int pattern = rng.chance(0.12) ? 3 : rng.integer(0, 2);  // stripes, checks, dots; 3: plain
    const double pitch = rng.uniform(0.06, 0.16);
    const double angle = rng.uniform(0.0, kPi);
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    const double aspect = static_cast<double>(size.width) / size.height;
    const cv::Mat relief = noise(fine, fine.width * 0.35, 3, rng);
    const cv::Mat weave = noise(fine, 1.5, 1, rng);
    Backdrop drop;
    const cv::Mat both = relief + 0.12 * (weave - 0.5);
    // The pattern follows the folds, but not the threads.
    const auto fold = [&](double x, double y) {
        return relief.at<float>(std::min(relief.rows - 1, static_cast<int>(y * relief.rows + 0.5)),
                                std::min(relief.cols - 1, static_cast<int>(x * relief.cols + 0.5)));
    };
    drop.colour = painted(both, size, [&](double x, double y, double h) {
        const double bend = 0.1 * fold(x, y);
        const double u = ((x * aspect) * c + y * s + bend) / pitch;
        const double v = (-(x * aspect) * s + y * c + bend) / pitch;
        const double inU = soft(0.0, 0.06, std::abs(u - std::floor(u) - 0.5) - 0.2);
        const double inV = soft(0.0, 0.06, std::abs(v - std::floor(v) - 0.5) - 0.2);
        double cover = 0.0;
        if (pattern == 0) cover = inU;
        if (pattern == 1) cover = 0.5 * (inU + inV);
        if (pattern == 2) {
            const double du = u - std::floor(u) - 0.5;
            const double dv = v - std::floor(v) - 0.5;
            cover = 1.0 - soft(0.16, 0.22, std::sqrt(du * du + dv * dv));
        }
        return shade(mix(ground, band, cover), 0.72 + 0.5 * h);
    });
    drop.light = lightFrom(rng);
    drop.shadow = 0.45;
    return drop;
}

Backdrop drawPond(cv::Size size, Rng& rng) {
    const cv::Size fine = textureSize(size);
    const Colour deep = hsv(rng.uniform(0.42, 0.6), rng.uniform(0.45, 0.75), rng.uniform(0.25, 0.5));
    const Colour bright = mix(deep, hsv(rng.uniform(0.4, 0.52), 0.3, 0.95), rng.uniform(0.4, 0.7));
    const cv::Mat relief = noise(fine, cv::Size2d(fine.width * 0.12, fine.height * 0.09), 3, rng);
    const cv::Mat depth = noise(fine, fine.width * 0.5, 2, rng);
    cv::Mat both;
    cv::merge(std::vector<cv::Mat>{relief, depth}, both);
    Backdrop drop;
    int row = 0;
    drop.colour = painted(relief, size, [&](double x, double y, double h) {
        row = std::min(both.rows - 1, static_cast<int>(y * both.rows + 0.5));
        const int col = std::min(both.cols - 1, static_cast<int>(x * both.cols + 0.5));
        const double d = both.at<cv::Vec2f>(row, col)[1];
        const Colour water = mix(deep, bright, soft(0.3, 0.75, d) * 0.6);
        const double caustic = std::exp(-900.0 * (h - 0.5) * (h - 0.5));  // where the relief crosses its middle
        return mix(water, bright, 0.5 * caustic);
    });
    drop.light = lightFrom(rng);
    drop.tint = mix({1.0, 1.0, 1.0}, bright, 0.3);
    drop.shadow = 0.35;
    drop.shadowShift = 2.0;
    return drop;
}

void drawBlades(cv::Mat& image, const Colour& grass, Rng& rng) {
    const int blades = rng.integer(600, 1800);
    for (int i = 0; i < blades; ++i) {
        const cv::Point root(rng.integer(0, image.cols), rng.integer(0, image.rows + image.rows / 20));
        const int length = image.rows / rng.integer(14, 38);
        const cv::Point tip(root.x + rng.integer(-length / 2, length / 2), root.y - length);
        const Colour colour = shade(mix(grass, hsv(0.18, 0.5, 0.8), rng.uniform(0.0, 0.4)), rng.uniform(0.65, 1.25));
        cv::line(image, root, tip, scalar(colour), rng.integer(1, 3), cv::LINE_AA);
    }
}

Backdrop drawMeadow(cv::Size size, Rng& rng) {
    const cv::Size fine = textureSize(size);
    const Colour grass = hsv(rng.uniform(0.2, 0.33), rng.uniform(0.35, 0.6), rng.uniform(0.32, 0.52));
    const Colour earth = hsv(rng.uniform(0.06, 0.11), rng.uniform(0.3, 0.55), rng.uniform(0.25, 0.5));
    const double bare = rng.uniform(0.3, 0.62);  // much grass to much earth
    const cv::Mat relief = noise(fine, fine.width * 0.2, 6, rng);
    Backdrop drop;
    drop.colour = painted(relief, size, [&](double, double, double h) {
        return shade(mix(earth, grass, soft(bare - 0.22, bare + 0.22, h)), 0.72 + 0.5 * h);
    });
    drawBlades(drop.colour, grass, rng);
    drop.light = lightFrom(rng);
    drop.tint = {1.0, 0.98, 0.93};
    drop.shadow = 0.5;
    return drop;
}

Backdrop drawSand(cv::Size size, Rng& rng) {
    const cv::Size fine = textureSize(size);
    const Colour sand = hsv(rng.uniform(0.08, 0.13), rng.uniform(0.2, 0.42), rng.uniform(0.62, 0.84));
    const cv::Mat relief = noise(fine, fine.width * 0.25, 4, rng);
    const cv::Mat grain = noise(fine, 1.0, 1, rng);
    const double ripples = rng.chance(0.6) ? rng.uniform(0.03, 0.09) : 0.0;
    const double count = rng.uniform(40.0, 90.0);
    const double slant = rng.uniform(-0.5, 0.5);
    Backdrop drop;
    cv::Mat both = relief + 0.35 * (grain - 0.5);
    drop.colour = painted(both, size, [&](double x, double y, double h) {
        return shade(sand, 0.78 + 0.35 * h + ripples * std::sin(count * (y + slant * x) + 9.0 * h));
    });
    drop.light = lightFrom(rng);
    drop.tint = {1.0, 0.98, 0.94};
    drop.shadow = 0.5;
    return drop;
}

}  // namespace

Backdrop drawBackdrop(Place place, cv::Size size, Rng& rng) {
    switch (place) {
        case Place::Sky:
            return drawSky(size, rng);
        case Place::Night:
            return drawNight(size, rng);
        case Place::Table:
            return drawTable(size, rng);
        case Place::Cloth:
            return drawCloth(size, rng);
        case Place::Pond:
            return drawPond(size, rng);
        case Place::Meadow:
            return drawMeadow(size, rng);
        case Place::Sand:
            return drawSand(size, rng);
    }
    return drawTable(size, rng);
}

}  // namespace querent::media::demo

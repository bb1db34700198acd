#include "engine/media/demo/paint.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace querent::media::demo {

namespace {

constexpr int kShift = 4;        // fractional bits of OpenCV's coordinates
constexpr double kReach = 1.75;  // units from the middle to the sprite's border
constexpr double kPi = 3.14159265358979323846;

std::uint8_t byte(double value) {
    return static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0) + 0.5);
}

}  // namespace

Colour hsv(double hue, double saturation, double value) {
    const double h = (hue - std::floor(hue)) * 6.0;
    const auto channel = [&](double offset) {
        const double k = std::fmod(offset + h, 6.0);
        return value - value * saturation * std::clamp(std::min(k, 4.0 - k), 0.0, 1.0);
    };
    return {channel(5.0), channel(3.0), channel(1.0)};
}

Colour mix(const Colour& a, const Colour& b, double t) {
    return {a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t};
}

Colour shade(const Colour& colour, double factor) {
    const auto scaled = [&](double v) { return std::clamp(v * factor, 0.0, 1.0); };
    return {scaled(colour.r), scaled(colour.g), scaled(colour.b)};
}

Path arc(Point centre, double rx, double ry, double from, double to) {
    const int steps = std::max(6, static_cast<int>(std::abs(to - from) / (2.0 * kPi) * 40.0));
    Path path;
    for (int i = 0; i <= steps; ++i) {
        const double t = from + (to - from) * i / steps;
        path.emplace_back(centre.x + rx * std::cos(t), centre.y + ry * std::sin(t));
    }
    return path;
}

Path ellipse(Point centre, double rx, double ry, double angle) {
    Path path = arc({0.0, 0.0}, rx, ry, 0.0, 2.0 * kPi);
    path.pop_back();
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    for (Point& p : path)
        p = {centre.x + c * p.x - s * p.y, centre.y + s * p.x + c * p.y};
    return path;
}

Path rectangle(double left, double top, double right, double bottom) {
    return {{left, top}, {right, top}, {right, bottom}, {left, bottom}};
}

Path smooth(const Path& points, bool closed) {
    constexpr int kSteps = 8;
    const auto n = static_cast<int>(points.size());
    const auto at = [&](int i) {
        const int place = closed ? (i + n) % n : std::clamp(i, 0, n - 1);
        return points[static_cast<std::size_t>(place)];
    };
    Path path;
    for (int i = 0; i < (closed ? n : n - 1); ++i) {
        const Point a = at(i - 1), b = at(i), c = at(i + 1), d = at(i + 2);
        for (int step = 0; step < kSteps; ++step) {
            const double t = static_cast<double>(step) / kSteps;
            path.push_back(0.5 * (2.0 * b + (c - a) * t + (2.0 * a - 5.0 * b + 4.0 * c - d) * (t * t) +
                                  (3.0 * b - a - 3.0 * c + d) * (t * t * t)));
        }
    }
    if (!closed) path.push_back(points.back());
    return path;
}

Fill Fill::linear(const Colour& a, Point from, const Colour& b, Point to) {
    Fill fill(a);
    fill.kind = Kind::Linear;
    fill.second = b;
    fill.from = from;
    fill.to = to;
    return fill;
}

Fill Fill::radial(const Colour& inner, Point centre, const Colour& outer, double radius) {
    Fill fill = linear(inner, centre, outer, {centre.x + radius, centre.y});
    fill.kind = Kind::Radial;
    return fill;
}

Painter::Painter(double radius, double angle, bool mirrored)
    : m_radius(radius), m_cos(std::cos(angle)), m_sin(std::sin(angle)), m_flip(mirrored ? -1.0 : 1.0) {
    const int edge = 2 * static_cast<int>(std::ceil(radius * kReach)) + 2;
    m_colour = cv::Mat::zeros(edge, edge, CV_8UC3);
    m_alpha = cv::Mat::zeros(edge, edge, CV_8UC1);
    m_mask = cv::Mat::zeros(edge, edge, CV_8UC1);
}

Point Painter::toPixels(Point unit) const {
    const double x = unit.x * m_flip;
    const double middle = 0.5 * m_colour.cols;
    return {middle + m_radius * (m_cos * x - m_sin * unit.y), middle + m_radius * (m_sin * x + m_cos * unit.y)};
}

std::vector<cv::Point> Painter::fixedPoint(const Path& path) const {
    std::vector<cv::Point> points;
    points.reserve(path.size());
    for (const Point& unit : path) {
        const Point p = toPixels(unit) * static_cast<double>(1 << kShift);
        points.emplace_back(static_cast<int>(std::lround(p.x)), static_cast<int>(std::lround(p.y)));
    }
    return points;
}

cv::Rect Painter::boundsOf(const std::vector<cv::Point>& points, int margin) const {
    cv::Rect box = cv::boundingRect(points);
    box = {(box.x >> kShift) - margin, (box.y >> kShift) - margin, (box.width >> kShift) + 2 * margin + 1,
           (box.height >> kShift) + 2 * margin + 1};
    return box & cv::Rect(0, 0, m_colour.cols, m_colour.rows);
}

void Painter::blend(const cv::Rect& area, const Fill& fill, double opacity) {
    const Point from = toPixels(fill.from);
    const Point along = toPixels(fill.to) - from;
    const double length2 = std::max(along.dot(along), 1e-9);
    for (int y = area.y; y < area.y + area.height; ++y) {
        const auto* mask = m_mask.ptr<std::uint8_t>(y);
        const auto* clip = m_clip.empty() ? nullptr : m_clip.ptr<std::uint8_t>(y);
        auto* colour = m_colour.ptr<cv::Vec3b>(y);
        auto* alpha = m_alpha.ptr<std::uint8_t>(y);
        for (int x = area.x; x < area.x + area.width; ++x) {
            if (mask[x] == 0 || (clip != nullptr && clip[x] == 0)) continue;
            const double cover = opacity * mask[x] / 255.0 * (clip != nullptr ? clip[x] / 255.0 : 1.0);
            double t = 0.0;
            if (fill.kind != Fill::Kind::Flat) {
                const Point p(x - from.x, y - from.y);
                t = fill.kind == Fill::Kind::Linear ? p.dot(along) / length2 : std::sqrt(p.dot(p) / length2);
            }
            const Colour c = mix(fill.first, fill.second, std::clamp(t, 0.0, 1.0));
            const double below = alpha[x] / 255.0 * (1.0 - cover);
            const double whole = cover + below;
            const auto over = [&](double v, int place) {
                return byte((v * 255.0 * cover + colour[x][place] * below) / whole);
            };
            colour[x] = {over(c.r, 0), over(c.g, 1), over(c.b, 2)};
            alpha[x] = byte(whole * 255.0);
        }
    }
}

void Painter::fill(const Path& path, const Fill& fill, double opacity) {
    const std::vector<cv::Point> points = fixedPoint(path);
    const cv::Rect area = boundsOf(points, 2);
    if (area.empty()) return;
    m_mask(area).setTo(0);
    cv::fillPoly(m_mask, std::vector<std::vector<cv::Point>>{points}, 255, cv::LINE_AA, kShift);
    blend(area, fill, opacity);
}

void Painter::stroke(const Path& path, double width, const Colour& colour, double opacity, bool closed) {
    const std::vector<cv::Point> points = fixedPoint(path);
    const int pixels = std::max(1, static_cast<int>(std::lround(width * m_radius)));
    const cv::Rect area = boundsOf(points, pixels / 2 + 3);
    if (area.empty()) return;
    m_mask(area).setTo(0);
    cv::polylines(m_mask, std::vector<std::vector<cv::Point>>{points}, closed, 255, pixels, cv::LINE_AA, kShift);
    blend(area, colour, opacity);
}

void Painter::erase(const Path& path) {
    const std::vector<cv::Point> points = fixedPoint(path);
    cv::fillPoly(m_alpha, std::vector<std::vector<cv::Point>>{points}, 0, cv::LINE_AA, kShift);
}

void Painter::clip(const Path& path) {
    m_clip = cv::Mat::zeros(m_colour.size(), CV_8UC1);
    cv::fillPoly(m_clip, std::vector<std::vector<cv::Point>>{fixedPoint(path)}, 255, cv::LINE_AA, kShift);
}

Sprite Painter::finish(Point light, double relief) const {
    // The blurred outline is a pillow; its slope towards the light brightens, away from it darkens.
    cv::Mat height;
    m_alpha.convertTo(height, CV_32F, 1.0 / 255.0);
    const double sigma = std::max(1.0, 0.16 * m_radius);
    cv::GaussianBlur(height, height, {}, sigma);
    Sprite sprite{m_colour.clone(), m_alpha.clone()};
    for (int y = 1; y + 1 < height.rows; ++y) {
        const auto* row = height.ptr<float>(y);
        const auto* above = height.ptr<float>(y - 1);
        const auto* below = height.ptr<float>(y + 1);
        auto* colour = sprite.colour.ptr<cv::Vec3b>(y);
        for (int x = 1; x + 1 < height.cols; ++x) {
            if (sprite.alpha.at<std::uint8_t>(y, x) == 0) continue;
            const double slope = (row[x - 1] - row[x + 1]) * light.x + (above[x] - below[x]) * light.y;
            const double lit = relief * slope * sigma;
            for (int c = 0; c < 3; ++c) {
                const double value = colour[x][c];
                colour[x][c] = byte(lit > 0.0 ? value + (255.0 - value) * std::min(lit, 0.75)
                                              : value * std::max(0.3, 1.0 + 1.2 * lit));
            }
        }
    }
    return sprite;
}

cv::Mat noise(cv::Size size, double cell, int octaves, Rng& rng) {
    return noise(size, cv::Size2d(cell, cell), octaves, rng);
}

cv::Mat noise(cv::Size size, cv::Size2d cell, int octaves, Rng& rng) {
    cv::Mat sum = cv::Mat::zeros(size, CV_32F);
    double weight = 1.0;
    double total = 0.0;
    for (int octave = 0; octave < octaves; ++octave) {
        const int cols = std::clamp(static_cast<int>(size.width / cell.width) + 3, 3, size.width + 3);
        const int rows = std::clamp(static_cast<int>(size.height / cell.height) + 3, 3, size.height + 3);
        cv::Mat grid(rows, cols, CV_32F);
        for (int y = 0; y < rows; ++y) {
            for (int x = 0; x < cols; ++x)
                grid.at<float>(y, x) = static_cast<float>(rng.uniform());
        }
        cv::Mat layer;
        cv::resize(grid, layer, size, 0, 0, cv::INTER_CUBIC);
        cv::scaleAdd(layer, weight, sum, sum);
        total += weight;
        weight *= 0.5;
        cell = {std::max(1.0, cell.width / 2.0), std::max(1.0, cell.height / 2.0)};
    }
    sum *= 1.0 / total;
    return sum;
}

}  // namespace querent::media::demo

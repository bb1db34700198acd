#pragma once

#include "engine/core/rng.h"

#include <opencv2/core.hpp>

#include <vector>

namespace querent::media::demo {

/** Red, green, blue; 0..1 each. */
struct Colour {
    double r = 0.0;
    double g = 0.0;
    double b = 0.0;
};

/** Hue in turns (any number), saturation and value in 0..1. */
Colour hsv(double hue, double saturation, double value);
Colour mix(const Colour& a, const Colour& b, double t);
/** Brighter for factor > 1, darker below. */
Colour shade(const Colour& colour, double factor);

using Point = cv::Point2d;
/** A polygon or polyline in the unit frame of an object: x right, y down, the object within about [-1, 1]. */
using Path = std::vector<Point>;

Path ellipse(Point centre, double rx, double ry, double angle = 0.0);
/** The part of an ellipse between two angles in radians, clockwise from the right as y points down. */
Path arc(Point centre, double rx, double ry, double from, double to);
Path rectangle(double left, double top, double right, double bottom);
/** A soft curve through the points (Catmull-Rom). */
Path smooth(const Path& points, bool closed = true);

/** What fills a path: one colour, or two along a line or outwards from a point. */
struct Fill {
    enum class Kind { Flat, Linear, Radial };
    Kind kind = Kind::Flat;
    Colour first;
    Colour second;
    Point from;
    Point to;  // Radial: where the second colour is reached

    Fill(const Colour& colour) : first(colour), second(colour) {}
    static Fill linear(const Colour& a, Point from, const Colour& b, Point to);
    static Fill radial(const Colour& inner, Point centre, const Colour& outer, double radius);
};

/** A drawn object: RGB [h, w, 3] and coverage [h, w], both 8 bits. */
struct Sprite {
    cv::Mat colour;
    cv::Mat alpha;
};

/** Draws one object from antialiased shapes, each over the last, into a square sprite. One thread. */
class Painter {
 public:
    /** `radius`: pixels of one unit. `angle`: clockwise, radians. `mirrored`: left and right exchanged, before turning.
     */
    Painter(double radius, double angle, bool mirrored);

    void fill(const Path& path, const Fill& fill, double opacity = 1.0);
    void stroke(const Path& path, double width, const Colour& colour, double opacity = 1.0, bool closed = false);
    /** Cuts a hole. */
    void erase(const Path& path);
    /** What follows is seen inside the path only, until unclip(). */
    void clip(const Path& path);
    void unclip() { m_clip.release(); }

    /** The object in the light from direction `light` (unit vector, y down): soft relief from its outline. */
    Sprite finish(Point light, double relief) const;

    /** The middle of the unit frame lies in the middle of the sprite. */
    int edge() const { return m_colour.cols; }

 private:
    Point toPixels(Point unit) const;
    std::vector<cv::Point> fixedPoint(const Path& path) const;
    cv::Rect boundsOf(const std::vector<cv::Point>& points, int margin) const;
    void blend(const cv::Rect& area, const Fill& fill, double opacity);

    double m_radius;
    double m_cos;
    double m_sin;
    double m_flip;
    cv::Mat m_colour;
    cv::Mat m_alpha;
    cv::Mat m_mask;  // scratch
    cv::Mat m_clip;  // empty: none
};

/** Smooth random relief [height, width] of floats around 0..1: `octaves` layers, the first with cells of `cell` pixels.
 */
cv::Mat noise(cv::Size size, double cell, int octaves, Rng& rng);
/** The same with cells of different width and height: grain, waves. */
cv::Mat noise(cv::Size size, cv::Size2d cell, int octaves, Rng& rng);

}  // namespace querent::media::demo

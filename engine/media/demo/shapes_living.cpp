#include "engine/media/demo/shapes.h"

#include <algorithm>
#include <cmath>

namespace querent::media::demo {

namespace {

constexpr double kPi = 3.14159265358979323846;

/** The half width of a leaf at t in [0, 1] from stem to tip. */
double leafProfile(double t, double belly, double sharpness) {
    return std::pow(std::sin(kPi * std::pow(t, belly)), sharpness);
}

Path leafOutline(double width, double belly, double sharpness, double teeth, double depth) {
    constexpr int kSteps = 44;
    Path right;
    Path left;
    for (int i = 0; i <= kSteps; ++i) {
        const double t = static_cast<double>(i) / kSteps;
        const double tooth = 1.0 - depth * (0.5 + 0.5 * std::cos(2.0 * kPi * teeth * t));
        const double half = width * leafProfile(t, belly, sharpness) * tooth;
        const double y = 0.72 - 1.68 * t;
        right.emplace_back(half, y);
        left.emplace_back(-half, y);
    }
    right.insert(right.end(), left.rbegin(), left.rend());
    return right;
}

/** A hand of three to seven pointed lobes. */
Path lobedOutline(Rng& rng) {
    const int lobes = rng.integer(2, 3) * 2 + 1;
    const double waist = rng.uniform(0.34, 0.5);
    Path path{{0.05, 0.55}};
    for (int i = 0; i < lobes; ++i) {
        const double angle = kPi * (0.32 - 1.64 * i / (lobes - 1));
        const double next = angle - kPi * 0.82 / (lobes - 1);
        const double reach = 0.72 + 0.28 * std::cos((i - (lobes - 1) / 2.0) * 0.7);
        path.emplace_back(reach * 0.62 * std::cos(angle + 0.18), 0.1 + reach * 0.62 * std::sin(angle + 0.18));
        path.emplace_back(reach * std::cos(angle), 0.1 + reach * std::sin(angle));
        path.emplace_back(reach * 0.62 * std::cos(angle - 0.18), 0.1 + reach * 0.62 * std::sin(angle - 0.18));
        if (i + 1 < lobes) path.emplace_back(waist * std::cos(next), 0.1 + waist * std::sin(next));
    }
    path.emplace_back(-0.05, 0.55);
    return path;
}

Colour leafColour(Rng& rng) {
    const double pick = rng.uniform();
    if (pick < 0.45) return hsv(rng.uniform(0.22, 0.38), rng.uniform(0.5, 0.85), rng.uniform(0.4, 0.75));
    if (pick < 0.8) return hsv(rng.uniform(0.03, 0.14), rng.uniform(0.7, 0.95), rng.uniform(0.7, 0.95));
    return hsv(rng.uniform(-0.04, 0.04), rng.uniform(0.55, 0.85), rng.uniform(0.45, 0.8));
}

void drawVeins(Painter& painter, const Path& outline, const Colour& vein, double width, bool lobed, Rng& rng) {
    painter.clip(outline);
    painter.stroke({{0.0, 0.75}, {0.0, -0.95}}, 0.045, vein, 0.8);
    const int pairs = lobed ? 3 : rng.integer(4, 7);
    for (int i = 0; i < pairs; ++i) {
        const double y = 0.5 - 1.15 * i / pairs;
        for (const double side : {-1.0, 1.0}) {
            painter.stroke({{0.0, y}, {side * std::max(width, 0.5) * 1.1, y - 0.38}}, 0.025, vein, 0.6);
        }
    }
    painter.unclip();
}

void drawSpots(Painter& painter, const Path& within, const Colour& colour, int count, double size, Rng& rng) {
    painter.clip(within);
    for (int i = 0; i < count; ++i) {
        const Point at(rng.uniform(-0.8, 0.8), rng.uniform(-0.8, 0.8));
        painter.fill(ellipse(at, size * rng.uniform(0.6, 1.2), size * rng.uniform(0.5, 1.0), rng.uniform(0.0, kPi)),
                     colour, 0.85);
    }
    painter.unclip();
}

void drawStalk(Painter& painter, const Colour& stem, double brim, double thick, double foot, double lean, Rng& rng) {
    const Path stalk = smooth({{-thick, brim - 0.1},
                               {-thick * 0.9 + lean * 0.5, 0.45},
                               {-foot + lean, 0.88},
                               {lean, 0.97},
                               {foot + lean, 0.88},
                               {thick * 0.9 + lean * 0.5, 0.45},
                               {thick, brim - 0.1}});
    painter.fill(stalk, Fill::linear(stem, {-thick, 0.0}, shade(stem, 0.68), {thick * 1.4, 0.1}));
    if (rng.chance(0.5)) {  // a ring
        painter.fill(smooth({{-thick * 1.1, 0.25},
                             {0.0, 0.2},
                             {thick * 1.1, 0.25},
                             {thick * 1.5, 0.42},
                             {0.0, 0.36},
                             {-thick * 1.5, 0.42}}),
                     shade(stem, 0.9));
    }
}

/** Tail, back fin and belly fin of a fish `tall` from its middle to its back. */
void drawFins(Painter& painter, double tall, const Colour& fin, Rng& rng) {
    const double root = 0.5;
    const double fork = rng.uniform(0.0, 0.22);
    const double spread = rng.uniform(0.28, 0.48);

    painter.fill(smooth({{root - 0.1, 0.0},
                         {0.78, -spread * 0.8},
                         {0.98, -spread},
                         {0.95 - fork, 0.0},
                         {0.98, spread},
                         {0.78, spread * 0.8}}),
                 Fill::linear(fin, {0.5, 0.0}, shade(fin, 0.6), {1.0, 0.0}));
    const double crest = tall + rng.uniform(0.12, 0.28);
    painter.fill(smooth({{-0.3, -tall * 0.8}, {-0.05, -crest}, {0.3, -crest * 0.8}, {0.42, -tall * 0.35}}),
                 shade(fin, 0.9));
    painter.fill(smooth({{-0.05, tall * 0.8}, {0.1, crest * 0.9}, {0.28, crest * 0.75}, {0.3, tall * 0.5}}),
                 shade(fin, 0.8));
}

void drawScales(Painter& painter, const Path& body, double tall, const Colour& back, Rng& rng) {
    painter.clip(body);
    const int pattern = rng.integer(0, 3);
    const Colour mark = rng.chance(0.5) ? shade(back, 0.5) : Colour{0.98, 0.96, 0.92};
    if (pattern == 0) {
        const int stripes = rng.integer(2, 4);
        for (int i = 0; i < stripes; ++i) {
            const double x = -0.45 + 0.9 * i / stripes;
            painter.stroke(smooth({{x, -0.6}, {x + 0.08, 0.0}, {x, 0.6}}, false), rng.uniform(0.09, 0.16), mark, 0.85);
        }
    } else if (pattern == 1) {
        for (double y = -tall; y < tall; y += 0.13) {
            for (double x = -0.35; x < 0.6; x += 0.13) {
                painter.stroke(arc({x, y}, 0.07, 0.07, -1.2, 1.2), 0.02, shade(back, 0.6), 0.6);
            }
        }
    } else if (pattern == 2) {
        painter.stroke({{-0.6, -0.02}, {0.7, -0.02}}, rng.uniform(0.08, 0.18), mark, 0.8);
    }
    painter.fill(ellipse({-0.95, 0.0}, 0.42, 1.0), shade(back, 0.85), 0.25);
    painter.unclip();
}

void drawEye(Painter& painter, Point at) {
    painter.fill(ellipse(at, 0.085, 0.085), Colour{0.98, 0.98, 0.95});
    painter.fill(ellipse({at.x - 0.01, at.y}, 0.05, 0.05), Colour{0.05, 0.05, 0.08});
    painter.fill(ellipse({at.x - 0.03, at.y - 0.02}, 0.018, 0.018), Colour{1.0, 1.0, 1.0});
}

/** Six legs and two feelers. */
void drawLegs(Painter& painter, double wide, const Colour& colour, Rng& rng) {
    for (int i = 0; i < 3; ++i) {
        for (const double side : {-1.0, 1.0}) {
            const double y = -0.28 + 0.36 * i;
            const double reach = wide + rng.uniform(0.26, 0.36);
            const double bend = (i - 1) * 0.3 + rng.uniform(-0.08, 0.08);
            painter.stroke({{side * wide * 0.6, y},
                            {side * (wide + 0.14), y + bend * 0.3 - 0.06},
                            {side * reach, y + bend + 0.08}},
                           0.07, colour);
        }
    }
    for (const double side : {-1.0, 1.0}) {
        painter.stroke(smooth({{side * 0.1, -0.78}, {side * 0.2, -0.95}, {side * 0.38, -1.02}}, false), 0.045, colour);
    }
}

void drawDots(Painter& painter, const Path& back, double wide, const Colour& dark, Rng& rng) {
    painter.clip(back);
    const int rows = rng.integer(2, 3);
    for (int i = 0; i < rows; ++i) {
        const double y = -0.2 + 0.85 * i / rows;
        const double r = rng.uniform(0.09, 0.14);
        for (const double side : {-1.0, 1.0}) {
            painter.fill(ellipse({side * wide * 0.5, y}, r, r), dark);
        }
    }
    painter.unclip();
}

void drawGrooves(Painter& painter, const Path& back, double wide, const Colour& dark) {
    painter.clip(back);
    for (const double x : {-0.6, -0.3, 0.3, 0.6}) {
        const Path groove = smooth({{x * wide, -0.4}, {x * wide * 1.2, 0.2}, {x * wide * 0.7, 0.8}}, false);
        painter.stroke(groove, 0.025, dark, 0.6);
    }
    painter.unclip();
}

}  // namespace

void drawLeaf(Painter& painter, Rng& rng) {
    const Colour base = leafColour(rng);
    const Colour tip = mix(base, leafColour(rng), rng.uniform(0.1, 0.6));
    const bool lobed = rng.chance(0.3);
    const double width = rng.uniform(0.3, 0.62);
    const bool toothed = rng.chance(0.4);
    const Path outline = lobed ? lobedOutline(rng)
                               : leafOutline(width, rng.uniform(0.65, 1.05), rng.uniform(0.75, 1.25),
                                             toothed ? rng.uniform(7.0, 12.0) : 1.0, toothed ? 0.16 : 0.0);
    const double bend = rng.uniform(-0.2, 0.2);
    painter.stroke(smooth({{0.0, 0.5}, {bend * 0.4, 0.78}, {bend, 1.0}}, false), 0.075, shade(base, 0.6));
    painter.fill(outline, Fill::linear(base, {-0.2, 0.7}, tip, {0.2, -0.9}));
    if (rng.chance(0.35)) drawSpots(painter, outline, shade(base, 0.65), rng.integer(3, 9), 0.07, rng);
    const Colour vein = rng.chance(0.7) ? mix(tip, {1.0, 1.0, 0.8}, 0.45) : shade(base, 0.6);
    drawVeins(painter, outline, vein, width, lobed, rng);
    if (!lobed) {  // one half lies in a softer light
        painter.clip(outline);
        painter.fill(rectangle(0.0, -1.0, 1.0, 1.0), shade(base, 0.55), 0.22);
        painter.unclip();
    }
}

void drawMushroom(Painter& painter, Rng& rng) {
    const Colour caps[] = {hsv(rng.uniform(-0.02, 0.03), 0.85, rng.uniform(0.7, 0.9)),
                           hsv(rng.uniform(0.06, 0.1), 0.6, rng.uniform(0.45, 0.75)),
                           hsv(rng.uniform(0.09, 0.13), 0.4, rng.uniform(0.75, 0.92)),
                           hsv(rng.uniform(0.72, 0.85), 0.35, rng.uniform(0.5, 0.75)),
                           hsv(rng.uniform(0.1, 0.15), 0.75, 0.9)};
    const double weights[] = {3.0, 3.0, 2.0, 1.0, 1.0};
    const Colour cap = caps[rng.weighted(weights)];
    const Colour stem = mix({0.96, 0.92, 0.82}, cap, rng.uniform(0.0, 0.25));
    const double top = rng.uniform(-0.95, -0.6);
    const double brim = rng.uniform(-0.1, 0.12);
    const double half = rng.uniform(0.6, 0.95);
    const double thick = rng.uniform(0.15, 0.28);
    const double foot = thick * rng.uniform(1.0, 1.6);
    const double lean = rng.uniform(-0.18, 0.18);

    drawStalk(painter, stem, brim, thick, foot, lean, rng);
    const double sag = rng.uniform(0.08, 0.2);
    painter.fill(ellipse({0.0, brim}, half * 0.96, sag),
                 Fill::linear(shade(stem, 0.8), {-half, 0.0}, shade(stem, 0.5), {half, 0.0}));
    for (int i = -5; i <= 5; ++i) {  // gills
        painter.stroke({{i * 0.02, brim - sag * 0.3}, {i * half * 0.17, brim + sag * std::sqrt(1.0 - i * i / 36.0)}},
                       0.015, shade(stem, 0.45), 0.5);
    }
    const double shoulder = rng.uniform(0.55, 0.85);
    const Path dome = smooth({{-half, brim + 0.03},
                              {-half * shoulder, brim + (top - brim) * 0.62},
                              {rng.uniform(-0.05, 0.05), top},
                              {half * shoulder, brim + (top - brim) * 0.62},
                              {half, brim + 0.03},
                              {half * 0.5, brim - 0.02},
                              {0.0, brim - 0.03},
                              {-half * 0.5, brim - 0.02}});
    painter.fill(dome, Fill::radial(mix(cap, {1.0, 0.95, 0.85}, 0.35), {-0.25, top * 0.7}, shade(cap, 0.75), 1.1));
    if (rng.chance(0.55)) drawSpots(painter, dome, mix({0.97, 0.95, 0.88}, cap, 0.1), rng.integer(6, 14), 0.1, rng);
}

void drawFish(Painter& painter, Rng& rng) {
    const double hue = rng.chance(0.5) ? rng.uniform(0.0, 0.13) : rng.uniform(0.45, 0.7);
    const Colour back = hsv(hue, rng.uniform(0.55, 0.9), rng.uniform(0.6, 0.95));
    const Colour belly = mix(back, {1.0, 0.97, 0.88}, rng.uniform(0.4, 0.8));
    const Colour fin = shade(mix(back, hsv(rng.uniform(), 0.7, 0.9), 0.25), 0.85);
    const double tall = rng.uniform(0.26, 0.52);
    drawFins(painter, tall, fin, rng);

    const double snout = rng.uniform(-0.98, -0.86);
    const Path body = smooth({{snout, 0.02},
                              {-0.68, -tall * 0.72},
                              {-0.25, -tall},
                              {0.2, -tall * 0.75},
                              {0.56, -tall * 0.24},
                              {0.62, 0.0},
                              {0.56, tall * 0.24},
                              {0.2, tall * 0.8},
                              {-0.25, tall},
                              {-0.68, tall * 0.7}});
    painter.fill(body, Fill::linear(back, {0.0, -tall * 0.6}, belly, {0.0, tall * 0.8}));

    drawScales(painter, body, tall, back, rng);
    painter.stroke(arc({-0.72, 0.0}, 0.2, tall * 0.7, -1.1, 1.1), 0.03, shade(back, 0.5), 0.8);
    painter.fill(smooth({{-0.32, 0.1}, {-0.05, 0.06}, {0.06, 0.24}, {-0.12, 0.26}}), shade(fin, 0.75));
    drawEye(painter, {-0.7, -tall * 0.25});
}

void drawBeetle(Painter& painter, Rng& rng) {
    const bool ladybird = rng.chance(0.45);
    const Colour shell = ladybird ? hsv(rng.uniform(-0.02, 0.09), 0.9, rng.uniform(0.75, 0.95))
                                  : hsv(rng.uniform(0.25, 0.78), rng.uniform(0.5, 0.85), rng.uniform(0.3, 0.65));
    const Colour dark = ladybird ? Colour{0.1, 0.08, 0.08} : shade(shell, 0.45);
    const double wide = rng.uniform(0.42, ladybird ? 0.66 : 0.54);
    drawLegs(painter, wide, shade(dark, 0.8), rng);
    painter.fill(ellipse({0.0, -0.72}, wide * 0.42, 0.18), shade(dark, 0.9));
    painter.fill(ellipse({0.0, -0.5}, wide * 0.78, 0.22),
                 Fill::linear(mix(dark, shell, 0.3), {-0.2, -0.6}, dark, {0.3, -0.4}));
    const Path back = smooth({{0.0, -0.48},
                              {-wide * 0.85, -0.38},
                              {-wide, 0.1},
                              {-wide * 0.7, 0.66},
                              {0.0, 0.92},
                              {wide * 0.7, 0.66},
                              {wide, 0.1},
                              {wide * 0.85, -0.38}});
    painter.fill(back, Fill::radial(mix(shell, {1.0, 1.0, 1.0}, 0.3), {-wide * 0.4, -0.1}, shade(shell, 0.6), 0.95));
    if (ladybird || rng.chance(0.3)) {
        drawDots(painter, back, wide, dark, rng);
    } else {
        drawGrooves(painter, back, wide, dark);
    }
    painter.stroke({{0.0, -0.46}, {0.0, 0.88}}, 0.04, dark);
    painter.fill(ellipse({-wide * 0.42, -0.12}, wide * 0.16, 0.18, 0.3), Colour{1.0, 1.0, 1.0}, 0.45);
}

}  // namespace querent::media::demo

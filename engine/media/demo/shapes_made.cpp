#include "engine/media/demo/shapes.h"

#include <cmath>

namespace querent::media::demo {

namespace {

constexpr double kPi = 3.14159265358979323846;

Colour bright(Rng& rng) {
    return hsv(rng.uniform(), rng.uniform(0.6, 0.9), rng.uniform(0.75, 0.97));
}

void drawKiteTail(Painter& painter, double from, const Colour& colour, Rng& rng) {
    const double sway = rng.uniform(0.1, 0.2) * (rng.chance(0.5) ? 1.0 : -1.0);
    const Path tail =
        smooth({{0.0, from}, {sway, from + 0.2}, {-sway * 0.6, from + 0.38}, {sway * 0.8, from + 0.55}}, false);
    painter.stroke(tail, 0.05, shade(colour, 0.75));
    for (const std::size_t i : {tail.size() / 3, 2 * tail.size() / 3, tail.size() - 1}) {
        const Point p = tail[i];
        painter.fill({{p.x - 0.13, p.y - 0.07}, {p.x, p.y}, {p.x - 0.13, p.y + 0.07}}, colour);
        painter.fill({{p.x + 0.13, p.y - 0.07}, {p.x, p.y}, {p.x + 0.13, p.y + 0.07}}, shade(colour, 0.85));
    }
}

/** A colour against which `other` can be seen. */
Colour contrasting(const Colour& other, Rng& rng) {
    return other.r + other.g + other.b > 1.9 ? shade(bright(rng), 0.6) : mix(bright(rng), {1.0, 1.0, 0.95}, 0.5);
}

/** Around a lantern, or from pole to pole. */
void drawRibs(Painter& painter, double top, double bottom, double half, double neck, const Colour& colour, Rng& rng) {
    const double mid = 0.5 * (top + bottom);
    if (rng.chance(0.6)) {  // ribs around
        const int ribs = rng.integer(4, 7);
        for (int i = 1; i < ribs; ++i) {
            const double y = top + (bottom - top) * i / ribs;
            painter.stroke(arc({0.0, y - 0.06}, half, 0.08, 0.0, kPi), 0.022, colour, 0.7);
        }
    } else {  // ribs from pole to pole
        for (const double x : {-0.66, -0.28, 0.28, 0.66}) {
            painter.stroke(smooth({{x * neck, top}, {x * half, mid}, {x * neck, bottom}}, false), 0.025, colour, 0.7);
        }
    }
}

void drawSpout(Painter& painter, const Colour& glaze, double wide, double y, double lift) {
    const Path spout = smooth({{-wide * 0.7, y + 0.28},
                               {-wide - 0.12, y + 0.12},
                               {-wide - 0.24, y - 0.2 + lift},
                               {-wide - 0.42, y - 0.4 + lift},
                               {-wide - 0.28, y - 0.46 + lift},
                               {-wide - 0.1, y - 0.28 + lift},
                               {-wide * 0.7, y - 0.15}});
    painter.fill(spout, Fill::linear(shade(glaze, 1.1), {-wide - 0.2, y - 0.4}, shade(glaze, 0.7), {-wide, y + 0.3}));
}

/** Rings, dots, a flower or nothing on a teapot's belly. */
void drawGlaze(Painter& painter, const Path& body, double wide, double y, const Colour& trim, Rng& rng) {
    painter.clip(body);
    const int pattern = rng.integer(0, 3);
    if (pattern == 0) {
        painter.stroke(arc({0.0, y - 0.1}, wide * 1.1, 0.16, 0.0, kPi), 0.07, trim, 0.9);
        painter.stroke(arc({0.0, y + 0.05}, wide * 1.1, 0.16, 0.0, kPi), 0.04, trim, 0.9);
    } else if (pattern == 1) {
        for (int i = 0; i < 14; ++i) {
            painter.fill(ellipse({-0.5 + 0.25 * (i % 5), y - 0.25 + 0.24 * static_cast<int>(i / 5) + 0.04 * (i % 2)},
                                 0.055, 0.055),
                         trim, 0.9);
        }
    } else if (pattern == 2) {
        for (int petal = 0; petal < 6; ++petal) {
            const double a = petal * kPi / 3.0;
            painter.fill(ellipse({0.14 * std::cos(a), y + 0.05 + 0.14 * std::sin(a)}, 0.1, 0.06, a), trim, 0.9);
        }
        painter.fill(ellipse({0.0, y + 0.05}, 0.06, 0.06), hsv(0.12, 0.7, 0.95));
    }
    painter.unclip();
}

/** The part of a key that one holds: a ring, a trefoil or a shield, each with holes. */
void drawBow(Painter& painter, const Colour& metal, Point bow, double ring, int style) {
    const Colour darker = shade(metal, 0.65);
    const Fill face =
        Fill::linear(mix(metal, {1.0, 1.0, 0.9}, 0.35), {-ring, bow.y - ring}, darker, {ring, bow.y + ring});
    if (style == 0) {
        painter.fill(ellipse(bow, ring, ring), face);
        painter.erase(ellipse(bow, ring * 0.55, ring * 0.55));
    } else if (style == 1) {
        for (int i = 0; i < 3; ++i) {
            const double a = -kPi / 2.0 + (i - 1) * 2.0 * kPi / 3.3;
            painter.fill(
                ellipse({bow.x + ring * 0.6 * std::cos(a), bow.y + ring * 0.55 * std::sin(a)}, ring * 0.52, ring * 0.5),
                face);
        }
        for (int i = 0; i < 3; ++i) {
            const double a = -kPi / 2.0 + (i - 1) * 2.0 * kPi / 3.3;
            painter.erase(ellipse({bow.x + ring * 0.6 * std::cos(a), bow.y + ring * 0.55 * std::sin(a)}, ring * 0.24,
                                  ring * 0.22));
        }
    } else {
        painter.fill(smooth({{-ring, bow.y - ring * 0.6},
                             {0.0, bow.y - ring},
                             {ring, bow.y - ring * 0.6},
                             {ring * 0.9, bow.y + ring * 0.6},
                             {0.0, bow.y + ring},
                             {-ring * 0.9, bow.y + ring * 0.6}}),
                     face);
        painter.erase(ellipse({bow.x, bow.y - ring * 0.25}, ring * 0.5, ring * 0.32));
    }
}

}  // namespace

void drawKite(Painter& painter, Rng& rng) {
    const Colour first = bright(rng);
    const Colour second = rng.chance(0.3) ? Colour{0.97, 0.96, 0.92} : bright(rng);
    const double half = rng.uniform(0.42, 0.68);
    const double cross = rng.uniform(-0.62, -0.32);
    const double low = rng.uniform(0.3, 0.5);
    const bool delta = rng.chance(0.25);
    drawKiteTail(painter, low - 0.05, rng.chance(0.5) ? first : bright(rng), rng);
    const Point top(0.0, -0.98), right(half, delta ? low - 0.1 : cross), bottom(0.0, delta ? low - 0.3 : low);
    const Point left(-right.x, right.y), middle(0.0, delta ? -0.2 : cross);
    painter.fill({top, right, middle}, first);
    painter.fill({top, left, middle}, rng.chance(0.5) ? second : shade(first, 0.85));
    painter.fill({left, bottom, middle}, first);
    painter.fill({right, bottom, middle}, second);
    if (rng.chance(0.4)) {  // a band along the edges, or a disc in the middle
        const Colour mark = contrasting(first, rng);
        painter.clip({top, right, bottom, left});
        if (rng.chance(0.5)) {
            painter.stroke({top, right, bottom, left}, 0.14, mark, 0.9, true);
        } else {
            painter.fill(ellipse({0.0, middle.y + 0.08}, 0.2, 0.2), mark);
        }
        painter.unclip();
    }
    painter.stroke({top, bottom}, 0.035, shade(first, 0.45));
    painter.stroke({left, middle, right}, 0.035, shade(first, 0.45));
}

void drawLantern(Painter& painter, Rng& rng) {
    const double hue = rng.chance(0.6) ? rng.uniform(-0.03, 0.12) : rng.uniform(0.3, 0.95);
    const Colour paper = hsv(hue, rng.uniform(0.65, 0.92), rng.uniform(0.8, 0.97));
    const Colour lit = mix(paper, {1.0, 0.93, 0.62}, rng.uniform(0.55, 0.8));
    const Colour wood = hsv(0.07, 0.6, rng.uniform(0.2, 0.4));
    const double half = rng.uniform(0.42, 0.72);
    const double top = rng.uniform(-0.62, -0.5);
    const double bottom = rng.uniform(0.38, 0.55);
    const double bulge = rng.uniform(0.45, 0.95);  // 1: straight sides
    const double neck = half * rng.uniform(0.45, 0.6);

    painter.stroke({{0.0, -1.0}, {0.0, top}}, 0.04, wood);
    for (int i = -2; i <= 2; ++i) {  // the tassel
        painter.stroke({{i * 0.025, bottom}, {i * 0.05, rng.uniform(0.86, 0.98)}}, 0.035, shade(paper, 0.8));
    }
    const double shoulder = half * (0.7 + 0.3 * bulge);
    const double mid = 0.5 * (top + bottom);
    const Path body = smooth({{-neck, top},
                              {-shoulder, top + 0.2},
                              {-half, mid},
                              {-shoulder, bottom - 0.2},
                              {-neck, bottom},
                              {neck, bottom},
                              {shoulder, bottom - 0.2},
                              {half, mid},
                              {shoulder, top + 0.2},
                              {neck, top}});
    painter.fill(body, Fill::radial(lit, {0.0, mid + 0.08}, shade(paper, 0.85), half * 1.25));
    painter.clip(body);
    drawRibs(painter, top, bottom, half, neck, shade(paper, 0.6), rng);
    if (rng.chance(0.4)) {
        painter.fill(rectangle(-1.0, mid - 0.12, 1.0, mid + 0.12), mix(lit, {1.0, 1.0, 0.9}, 0.4), 0.55);
    }
    painter.unclip();
    painter.fill(rectangle(-neck, top - 0.08, neck, top + 0.05),
                 Fill::linear(shade(wood, 1.5), {-neck, 0.0}, wood, {neck, 0.0}));
    painter.fill(rectangle(-neck, bottom - 0.04, neck, bottom + 0.08),
                 Fill::linear(shade(wood, 1.5), {-neck, 0.0}, wood, {neck, 0.0}));
}

void drawTeapot(Painter& painter, Rng& rng) {
    const bool pale = rng.chance(0.4);
    const Colour glaze = pale ? mix({0.96, 0.95, 0.9}, bright(rng), 0.12)
                              : hsv(rng.uniform(), rng.uniform(0.35, 0.75), rng.uniform(0.45, 0.85));
    const Colour trim = pale ? hsv(rng.uniform(0.5, 0.7), 0.7, 0.6) : mix(glaze, {1.0, 0.95, 0.8}, 0.6);
    const double tall = rng.uniform(0.4, 0.6);
    const double wide = rng.uniform(0.5, 0.62);
    const double y = 0.25;
    const double lift = rng.uniform(-0.15, 0.1);

    painter.stroke(smooth({{wide * 0.8, y - tall * 0.5},
                           {wide + 0.26, y - tall * 0.65},
                           {wide + 0.36, y - 0.02},
                           {wide + 0.1, y + tall * 0.45},
                           {wide * 0.8, y + tall * 0.5}},
                          false),
                   rng.uniform(0.1, 0.15), shade(glaze, 0.78));
    drawSpout(painter, glaze, wide, y, lift);
    painter.fill(rectangle(-wide * 0.55, y + tall * 0.8, wide * 0.55, y + tall + 0.09), shade(glaze, 0.6));
    const double square = rng.uniform(0.72, 0.9);
    const Path body = smooth({{0.0, y - tall},
                              {-wide * square, y - tall * 0.72},
                              {-wide, y},
                              {-wide * square, y + tall * 0.74},
                              {0.0, y + tall},
                              {wide * square, y + tall * 0.74},
                              {wide, y},
                              {wide * square, y - tall * 0.72}});
    painter.fill(
        body, Fill::radial(mix(glaze, {1.0, 1.0, 1.0}, 0.35), {-wide * 0.4, y - tall * 0.4}, shade(glaze, 0.68), 1.05));
    drawGlaze(painter, body, wide, y, trim, rng);
    painter.fill(arc({0.0, y - tall + 0.1}, wide * 0.55, 0.24, kPi, 2.0 * kPi), shade(glaze, 0.92));
    painter.stroke({{-wide * 0.58, y - tall + 0.1}, {wide * 0.58, y - tall + 0.1}}, 0.06, shade(trim, 0.85));
    painter.fill(ellipse({0.0, y - tall - 0.17}, 0.1, 0.09), shade(trim, 0.95));
    painter.fill(ellipse({-wide * 0.45, y - tall * 0.35}, 0.08, 0.2, 0.5), Colour{1.0, 1.0, 1.0}, 0.5);
}

void drawKey(Painter& painter, Rng& rng) {
    const Colour metals[] = {hsv(0.12, 0.6, 0.85), hsv(0.08, 0.55, 0.6), hsv(0.6, 0.08, 0.78), hsv(0.6, 0.12, 0.4)};
    const Colour metal = metals[rng.index(4)];
    const Colour darker = shade(metal, 0.65);
    const double shaft = rng.uniform(0.075, 0.11);
    const double ring = rng.uniform(0.27, 0.36);
    const Point bow(0.0, -1.0 + ring);
    const int style = rng.integer(0, 2);
    painter.fill(rectangle(-shaft, bow.y, shaft, 0.98),
                 Fill::linear(mix(metal, {1.0, 1.0, 1.0}, 0.3), {-shaft, 0.0}, darker, {shaft, 0.0}));
    painter.fill(rectangle(-shaft * 1.7, bow.y + ring, shaft * 1.7, bow.y + ring + 0.1), darker);
    drawBow(painter, metal, bow, ring, style);
    const int teeth = rng.integer(2, 4);
    for (int i = 0; i < teeth; ++i) {
        const double y = 0.92 - 0.17 * i;
        painter.fill(rectangle(shaft * 0.5, y - 0.11, shaft + rng.uniform(0.12, 0.28), y), darker);
    }
}

}  // namespace querent::media::demo

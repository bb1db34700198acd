#include "engine/media/demo/shapes.h"

#include <cmath>

namespace querent::media::demo {

namespace {

constexpr double kPi = 3.14159265358979323846;

// --- things that are no class ---

void drawPebble(Painter& painter, Rng& rng) {
    const Colour stone = hsv(rng.uniform(0.05, 0.65), rng.uniform(0.03, 0.2), rng.uniform(0.35, 0.8));
    Path outline;
    for (int i = 0; i < 8; ++i) {
        const double r = rng.uniform(0.72, 0.95);
        outline.emplace_back(r * std::cos(i * kPi / 4.0), 0.72 * r * std::sin(i * kPi / 4.0));
    }
    painter.fill(smooth(outline),
                 Fill::radial(mix(stone, {1.0, 1.0, 1.0}, 0.25), {-0.3, -0.3}, shade(stone, 0.7), 1.3));
    painter.clip(smooth(outline));
    for (int i = 0; i < 6; ++i) {
        painter.fill(ellipse({rng.uniform(-0.7, 0.7), rng.uniform(-0.5, 0.5)}, 0.06, 0.04), shade(stone, 0.7), 0.6);
    }
    painter.unclip();
}

void drawTwig(Painter& painter, Rng& rng) {
    const Colour bark = hsv(0.07, rng.uniform(0.3, 0.55), rng.uniform(0.25, 0.5));
    const Path twig =
        smooth({{0.0, 0.95}, {rng.uniform(-0.1, 0.1), 0.3}, {rng.uniform(-0.15, 0.15), -0.3}, {0.05, -0.95}}, false);
    painter.stroke(twig, 0.11, bark);
    painter.stroke(twig, 0.035, shade(bark, 1.5), 0.6);
    for (int i = 0; i < 3; ++i) {
        const Point p = twig[(static_cast<std::size_t>(i) + 1) * twig.size() / 4];
        const double side = i % 2 == 0 ? 1.0 : -1.0;
        painter.stroke({p, {p.x + side * rng.uniform(0.2, 0.4), p.y - rng.uniform(0.15, 0.35)}}, 0.06, bark);
    }
}

void drawFlower(Painter& painter, Rng& rng) {
    const Colour petal =
        hsv(rng.chance(0.5) ? rng.uniform(0.75, 1.0) : rng.uniform(0.12, 0.17), rng.uniform(0.1, 0.7), 0.95);
    const int petals = rng.integer(5, 9);
    for (int i = 0; i < petals; ++i) {
        const double a = 2.0 * kPi * i / petals;
        painter.fill(ellipse({0.55 * std::cos(a), 0.55 * std::sin(a)}, 0.42, 0.2 + 0.6 / petals, a),
                     shade(petal, i % 2 == 0 ? 1.0 : 0.9));
    }
    painter.fill(ellipse({0.0, 0.0}, 0.26, 0.26),
                 Fill::radial(hsv(0.14, 0.6, 1.0), {-0.05, -0.05}, hsv(0.09, 0.8, 0.75), 0.3));
}

void drawFeather(Painter& painter, Rng& rng) {
    const Colour vane = hsv(rng.uniform(0.05, 0.65), rng.uniform(0.05, 0.35), rng.uniform(0.5, 0.95));
    const double bend = rng.uniform(-0.2, 0.2);
    painter.fill(
        smooth({{0.0, 0.6}, {0.22, 0.25}, {0.26 + bend, -0.4}, {bend * 1.4, -0.98}, {-0.16 + bend, -0.4}, {-0.2, 0.3}}),
        Fill::linear(vane, {0.0, 0.6}, shade(vane, 0.7), {0.0, -1.0}));
    painter.stroke(smooth({{0.0, 1.0}, {0.0, 0.4}, {bend * 0.5, -0.3}, {bend * 1.3, -0.9}}, false), 0.04,
                   shade(vane, 1.3));
    for (int i = 0; i < 4; ++i) {
        const double y = 0.3 - 0.28 * i;
        painter.stroke({{bend * 0.2, y}, {(i % 2 == 0 ? 0.25 : -0.2) + bend * 0.5, y - 0.22}}, 0.02, shade(vane, 0.55),
                       0.7);
    }
}

void drawBalloon(Painter& painter, Rng& rng) {
    const Colour skin = hsv(rng.uniform(), rng.uniform(0.6, 0.9), rng.uniform(0.75, 0.95));
    painter.stroke(smooth({{0.0, 0.45}, {0.06, 0.65}, {-0.05, 0.82}, {0.03, 1.0}}, false), 0.025, {0.9, 0.9, 0.88});
    painter.fill(smooth({{0.0, -0.95}, {-0.52, -0.6}, {-0.5, -0.1}, {0.0, 0.42}, {0.5, -0.1}, {0.52, -0.6}}),
                 Fill::radial(mix(skin, {1.0, 1.0, 1.0}, 0.45), {-0.2, -0.55}, shade(skin, 0.75), 0.95));
    painter.fill({{0.0, 0.38}, {-0.09, 0.52}, {0.09, 0.52}}, shade(skin, 0.8));
}

void drawPaperPlane(Painter& painter, Rng& rng) {
    const Colour paper = rng.chance(0.6) ? Colour{0.96, 0.96, 0.94} : hsv(rng.uniform(), 0.35, 0.95);
    const double wing = rng.uniform(0.4, 0.65);
    painter.fill({{0.0, -0.98}, {wing, 0.7}, {0.08, 0.5}}, paper);
    painter.fill({{0.0, -0.98}, {-wing, 0.7}, {-0.08, 0.5}}, shade(paper, 0.85));
    painter.fill({{0.0, -0.98}, {0.08, 0.5}, {0.0, 0.85}, {-0.08, 0.5}}, shade(paper, 0.65));
}

void drawMug(Painter& painter, Rng& rng) {
    const Colour glaze = hsv(rng.uniform(), rng.uniform(0.05, 0.6), rng.uniform(0.6, 0.95));
    painter.stroke(arc({0.5, 0.05}, 0.36, 0.36, -1.4, 1.4), 0.13, shade(glaze, 0.75));
    painter.fill(smooth({{-0.58, -0.65},
                         {-0.56, 0.2},
                         {-0.48, 0.78},
                         {0.0, 0.86},
                         {0.48, 0.78},
                         {0.56, 0.2},
                         {0.58, -0.65},
                         {0.0, -0.6}}),
                 Fill::linear(mix(glaze, {1.0, 1.0, 1.0}, 0.3), {-0.5, 0.0}, shade(glaze, 0.65), {0.6, 0.2}));
    painter.fill(ellipse({0.0, -0.66}, 0.58, 0.17), shade(glaze, 0.9));
    painter.fill(ellipse({0.0, -0.64}, 0.48, 0.12), hsv(0.07, 0.6, 0.25));
}

void drawRing(Painter& painter, Rng& rng) {
    const Colour metal = rng.chance(0.5) ? hsv(0.12, 0.6, 0.85) : hsv(0.6, 0.08, 0.75);
    const double inner = rng.uniform(0.0, 0.7);  // from coin to ring
    painter.fill(ellipse({0.0, 0.0}, 0.9, 0.9),
                 Fill::linear(mix(metal, {1.0, 1.0, 1.0}, 0.4), {-0.7, -0.7}, shade(metal, 0.6), {0.7, 0.7}));
    if (inner > 0.3) {
        painter.erase(ellipse({0.0, 0.0}, inner, inner));
    } else {
        painter.stroke(ellipse({0.0, 0.0}, 0.7, 0.7), 0.06, shade(metal, 0.7), 0.8, true);
    }
}

void drawAcorn(Painter& painter, Rng& rng) {
    const Colour nut = hsv(rng.uniform(0.06, 0.1), rng.uniform(0.5, 0.75), rng.uniform(0.5, 0.75));
    painter.stroke({{0.0, -0.6}, {0.08, -0.95}}, 0.1, shade(nut, 0.5));
    painter.fill(smooth({{-0.45, -0.2}, {-0.4, 0.4}, {0.0, 0.95}, {0.4, 0.4}, {0.45, -0.2}}),
                 Fill::linear(shade(nut, 1.25), {-0.4, 0.0}, shade(nut, 0.7), {0.5, 0.2}));
    painter.fill(smooth({{-0.58, -0.15}, {-0.45, -0.55}, {0.0, -0.72}, {0.45, -0.55}, {0.58, -0.15}, {0.0, -0.08}}),
                 shade(nut, 0.55));
}

void drawLilyPad(Painter& painter, Rng& rng) {
    const Colour green = hsv(rng.uniform(0.27, 0.4), rng.uniform(0.45, 0.7), rng.uniform(0.4, 0.65));
    Path pad = arc({0.0, 0.0}, 0.95, 0.85, 0.25, 2.0 * kPi - 0.25);
    pad.emplace_back(0.1, 0.0);
    painter.fill(pad, Fill::radial(shade(green, 1.2), {0.0, 0.0}, shade(green, 0.8), 0.95));
    for (int i = 1; i < 9; ++i) {
        const double a = i * 2.0 * kPi / 9.0;
        painter.stroke({{0.08, 0.0}, {0.8 * std::cos(a), 0.72 * std::sin(a)}}, 0.02, shade(green, 1.4), 0.5);
    }
}

void drawBubble(Painter& painter, Rng& rng) {
    const Colour rim = hsv(rng.uniform(0.45, 0.6), 0.15, 1.0);
    painter.fill(ellipse({0.0, 0.0}, 0.85, 0.85), rim, 0.22);
    painter.stroke(ellipse({0.0, 0.0}, 0.85, 0.85), 0.06, rim, 0.65, true);
    painter.stroke(arc({0.0, 0.0}, 0.6, 0.6, 3.5, 4.6), 0.09, {1.0, 1.0, 1.0}, 0.85);
}

//                                                                     sky  night table cloth pond meadow sand
const Shape kClasses[] = {
    {"leaf", &drawLeaf, 0.34, kPi, 0.0, {0.5, 0.1, 1.1, 0.9, 0.9, 1.2, 0.9}},
    {"mushroom", &drawMushroom, 0.24, 0.5, 0.0, {0.02, 0.02, 1.0, 0.9, 0.02, 1.6, 0.6}},
    {"fish", &drawFish, 0.17, kPi, 0.0, {0.02, 0.02, 0.3, 0.5, 2.8, 0.02, 1.0}},
    {"kite", &drawKite, 0.14, 0.9, 0.0, {2.4, 0.6, 0.1, 0.2, 0.02, 0.3, 0.9}},
    {"lantern", &drawLantern, 0.09, 0.22, 1.0, {0.9, 2.4, 0.6, 0.6, 0.05, 0.1, 0.1}},
    {"teapot", &drawTeapot, 0.08, 0.2, 0.0, {0.02, 0.02, 2.0, 2.2, 0.02, 0.2, 0.3}},
    {"beetle", &drawBeetle, 0.04, kPi, 0.0, {0.02, 0.02, 0.5, 0.5, 0.1, 1.4, 1.2}},
    {"key", &drawKey, 0.028, kPi, 0.0, {0.02, 0.05, 1.4, 1.3, 0.1, 0.5, 1.4}},
};

const Shape kClutter[] = {
    {"pebble", &drawPebble, 1.0, kPi, 0.0, {0.0, 0.0, 0.2, 0.2, 0.9, 1.0, 1.6}},
    {"twig", &drawTwig, 0.8, kPi, 0.0, {0.0, 0.0, 0.4, 0.1, 0.5, 1.4, 0.8}},
    {"flower", &drawFlower, 0.8, kPi, 0.0, {0.0, 0.0, 0.6, 0.8, 0.5, 1.6, 0.1}},
    {"feather", &drawFeather, 0.6, kPi, 0.0, {0.4, 0.1, 0.7, 0.5, 0.5, 0.7, 0.9}},
    {"balloon", &drawBalloon, 0.9, 0.3, 0.0, {2.0, 1.5, 0.1, 0.1, 0.0, 0.0, 0.0}},
    {"paper plane", &drawPaperPlane, 0.8, kPi, 0.0, {1.8, 0.8, 0.5, 0.4, 0.0, 0.1, 0.1}},
    {"mug", &drawMug, 0.9, 0.2, 0.0, {0.0, 0.0, 1.6, 1.6, 0.0, 0.0, 0.0}},
    {"ring", &drawRing, 0.6, kPi, 0.0, {0.0, 0.0, 1.3, 1.0, 0.0, 0.1, 0.6}},
    {"acorn", &drawAcorn, 0.7, kPi, 0.0, {0.0, 0.0, 0.8, 0.4, 0.0, 1.3, 0.2}},
    {"lily pad", &drawLilyPad, 1.0, kPi, 0.0, {0.0, 0.0, 0.0, 0.0, 2.2, 0.0, 0.0}},
    {"bubble", &drawBubble, 0.7, kPi, 0.0, {0.5, 0.1, 0.0, 0.0, 1.6, 0.0, 0.0}},
};

}  // namespace

std::span<const Shape> classes() {
    return kClasses;
}
std::span<const Shape> clutter() {
    return kClutter;
}

}  // namespace querent::media::demo

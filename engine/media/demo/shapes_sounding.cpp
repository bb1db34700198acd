#include "engine/media/demo/shapes.h"

#include <cmath>

namespace querent::media::demo {

namespace {

constexpr double kPi = 3.14159265358979323846;

Colour paint(Rng& rng) {
    return hsv(rng.uniform(), rng.uniform(0.35, 0.85), rng.uniform(0.5, 0.95));
}

void drawWheels(Painter& painter, double left, double right, double y, double radius) {
    for (const double x : {left, right}) {
        painter.fill(ellipse({x, y}, radius, radius), Colour{0.1, 0.1, 0.11});
        painter.fill(ellipse({x, y}, radius * 0.5, radius * 0.5), Colour{0.65, 0.66, 0.68});
    }
}

/** A drop of water that hangs or falls; `size` is half its height. */
void drawDrop(Painter& painter, Point at, double size, const Colour& water) {
    const Path drop = smooth({{at.x, at.y - size},
                              {at.x + size * 0.34, at.y - size * 0.1},
                              {at.x + size * 0.55, at.y + size * 0.45},
                              {at.x, at.y + size},
                              {at.x - size * 0.55, at.y + size * 0.45},
                              {at.x - size * 0.34, at.y - size * 0.1}});
    painter.fill(drop, Fill::radial(mix(water, {1.0, 1.0, 1.0}, 0.55), {at.x - size * 0.2, at.y + size * 0.3}, water,
                                    size * 1.1));
    painter.fill(ellipse({at.x - size * 0.2, at.y + size * 0.25}, size * 0.1, size * 0.18), Colour{1.0, 1.0, 1.0},
                 0.85);
}

void drawHair(Painter& painter, double wide, const Colour& hair, Rng& rng) {
    const double fringe = rng.uniform(-0.6, -0.35);
    const double length = rng.chance(0.5) ? rng.uniform(-0.1, 0.1) : rng.uniform(0.4, 0.75);
    painter.fill(smooth({{-wide - 0.05, length},
                         {-wide - 0.08, -0.4},
                         {-wide * 0.5, -0.92},
                         {wide * 0.5, -0.92},
                         {wide + 0.08, -0.4},
                         {wide + 0.05, length},
                         {wide * 0.85, fringe + 0.2},
                         {wide * 0.3, fringe},
                         {-wide * 0.4, fringe},
                         {-wide * 0.85, fringe + 0.2}}),
                 Fill::linear(shade(hair, 1.25), {0.0, -0.9}, shade(hair, 0.8), {0.0, 0.6}));
}

void drawBird(Painter& painter, Rng& rng) {
    const Colour plumage = paint(rng);
    const Colour breast = mix(plumage, hsv(rng.uniform(0.0, 0.15), rng.uniform(0.2, 0.7), 0.95), 0.7);
    const double round = rng.uniform(0.34, 0.46);
    const double tail = rng.uniform(-0.15, 0.3);
    for (const double x : {-0.08, 0.12})
        painter.stroke({{x, 0.45}, {x + 0.03, 0.85}, {x - 0.12, 0.9}}, 0.045, hsv(0.08, 0.7, 0.5));
    painter.fill({{0.3, 0.0}, {0.98, tail - 0.12}, {0.95, tail + 0.12}, {0.35, 0.3}}, shade(plumage, 0.65));
    painter.fill(ellipse({0.0, 0.12}, 0.58, round, 0.25),
                 Fill::linear(shade(plumage, 1.1), {0.1, -0.3}, breast, {-0.2, 0.5}));
    painter.fill(ellipse({-0.42, -0.34}, 0.3, 0.28), plumage);
    const double gape = rng.uniform(0.02, 0.14);  // it sings
    const Colour beak = hsv(rng.uniform(0.07, 0.14), 0.85, 0.9);
    painter.fill({{-0.66, -0.42}, {-0.98, -0.38 - gape}, {-0.68, -0.33}}, beak);
    painter.fill({{-0.67, -0.33}, {-0.93, -0.3 + gape}, {-0.65, -0.25}}, shade(beak, 0.8));
    painter.fill(ellipse({-0.48, -0.4}, 0.07, 0.07), Colour{0.95, 0.95, 0.92});
    painter.fill(ellipse({-0.49, -0.4}, 0.045, 0.045), Colour{0.05, 0.05, 0.06});
    painter.fill(smooth({{-0.15, -0.05}, {0.3, -0.02}, {0.62, 0.25}, {0.2, 0.4}, {-0.1, 0.25}}), shade(plumage, 0.75));
}

void drawCar(Painter& painter, Rng& rng) {
    const Colour body = paint(rng);
    const double roof = rng.uniform(-0.5, -0.3);
    const double rear = rng.uniform(0.35, 0.7);
    painter.fill(smooth({{-0.5, 0.0}, {-0.3, roof}, {0.25, roof}, {rear, 0.0}, {0.0, 0.08}}), shade(body, 0.85));
    painter.fill(smooth({{-0.38, -0.02}, {-0.24, roof + 0.1}, {-0.02, roof + 0.09}, {-0.02, -0.02}}),
                 Colour{0.75, 0.87, 0.93});
    painter.fill(smooth({{0.05, -0.02}, {0.05, roof + 0.09}, {0.22, roof + 0.1}, {rear - 0.15, -0.02}}),
                 Colour{0.68, 0.8, 0.88});
    painter.fill(smooth({{-0.96, 0.3}, {-0.9, 0.05}, {-0.5, -0.04}, {0.5, -0.04}, {0.92, 0.02}, {0.96, 0.34}}),
                 Fill::linear(shade(body, 1.15), {0.0, -0.1}, shade(body, 0.7), {0.0, 0.4}));
    painter.fill(rectangle(-0.94, 0.3, 0.95, 0.4), shade(body, 0.5));
    painter.fill(ellipse({-0.88, 0.16}, 0.06, 0.05), Colour{1.0, 0.97, 0.75});
    painter.fill(ellipse({0.9, 0.14}, 0.045, 0.06), Colour{0.85, 0.1, 0.1});
    drawWheels(painter, -0.55, 0.55, 0.4, rng.uniform(0.19, 0.25));
}

void drawAmbulance(Painter& painter, Rng& rng) {
    const Colour body = rng.chance(0.6) ? Colour{0.95, 0.95, 0.93} : hsv(rng.uniform(0.12, 0.2), 0.75, 0.95);
    const Colour stripe = rng.chance(0.5) ? hsv(0.0, 0.85, 0.85) : hsv(rng.uniform(0.55, 0.65), 0.85, 0.8);
    const Colour lamp = rng.chance(0.7) ? hsv(0.6, 0.9, 0.95) : hsv(0.0, 0.9, 0.95);
    const double top = rng.uniform(-0.68, -0.55);
    painter.fill(ellipse({-0.1, top}, 0.32, 0.26),
                 Fill::radial(mix(lamp, {1.0, 1.0, 1.0}, 0.5), {-0.1, top}, lamp, 0.3), 0.45);
    painter.fill(rectangle(-0.22, top - 0.14, 0.02, top + 0.05), lamp);
    painter.fill({{-0.94, 0.4}, {-0.94, 0.02}, {-0.68, -0.1}, {-0.5, top}, {0.92, top}, {0.95, 0.4}},
                 Fill::linear(body, {0.0, top}, shade(body, 0.75), {0.0, 0.5}));
    painter.fill({{-0.66, -0.06}, {-0.5, top + 0.12}, {-0.25, top + 0.12}, {-0.25, -0.06}}, Colour{0.55, 0.7, 0.8});
    painter.fill(rectangle(-0.94, 0.1, 0.95, 0.22), stripe);
    const double x = rng.uniform(0.25, 0.5);
    painter.fill(rectangle(x - 0.07, top + 0.12, x + 0.07, 0.02), stripe);
    painter.fill(rectangle(x - 0.22, top + 0.24, x + 0.22, top + 0.38), stripe);
    drawWheels(painter, -0.55, 0.55, 0.42, rng.uniform(0.19, 0.24));
}

void drawBell(Painter& painter, Rng& rng) {
    const Colour metal = hsv(rng.uniform(0.07, 0.14), rng.uniform(0.35, 0.75), rng.uniform(0.55, 0.9));
    const double waist = rng.uniform(0.32, 0.46);
    const double lip = rng.uniform(0.68, 0.85);
    painter.stroke(ellipse({0.0, -0.82}, 0.14, 0.14), 0.08, shade(metal, 0.6), 1.0, true);
    painter.fill(ellipse({rng.uniform(-0.15, 0.15), 0.68}, 0.15, 0.17), shade(metal, 0.45));
    const Path body = smooth({{0.0, -0.72},
                              {-waist * 0.8, -0.58},
                              {-waist, -0.1},
                              {-lip * 0.8, 0.4},
                              {-lip, 0.6},
                              {0.0, 0.66},
                              {lip, 0.6},
                              {lip * 0.8, 0.4},
                              {waist, -0.1},
                              {waist * 0.8, -0.58}});
    painter.fill(body, Fill::linear(mix(metal, {1.0, 1.0, 0.9}, 0.5), {-0.5, 0.0}, shade(metal, 0.55), {0.6, 0.1}));
    painter.clip(body);
    painter.stroke(arc({0.0, 0.28}, lip, 0.14, 0.0, kPi), 0.05, shade(metal, 0.55), 0.8);
    painter.stroke(arc({0.0, -0.4}, waist, 0.08, 0.0, kPi), 0.04, shade(metal, 0.55), 0.8);
    painter.unclip();
}

void drawClock(Painter& painter, Rng& rng) {
    const Colour rim = rng.chance(0.5) ? hsv(0.08, 0.55, rng.uniform(0.3, 0.6)) : paint(rng);
    const Colour face = mix({0.97, 0.96, 0.92}, hsv(rng.uniform(), 0.3, 0.9), rng.uniform(0.0, 0.5));
    const Colour ink{0.12, 0.11, 0.12};
    painter.fill(ellipse({0.0, 0.0}, 0.92, 0.92),
                 Fill::linear(shade(rim, 1.35), {-0.6, -0.6}, shade(rim, 0.7), {0.6, 0.6}));
    painter.fill(ellipse({0.0, 0.0}, 0.76, 0.76), face);
    const int marks = rng.chance(0.5) ? 12 : 4;
    for (int i = 0; i < marks; ++i) {
        const double a = 2.0 * kPi * i / marks;
        painter.stroke({{0.58 * std::cos(a), 0.58 * std::sin(a)}, {0.7 * std::cos(a), 0.7 * std::sin(a)}}, 0.05, ink);
    }
    const double minute = rng.uniform(0.0, 2.0 * kPi);
    const double hour = rng.uniform(0.0, 2.0 * kPi);
    painter.stroke({{0.0, 0.0}, {0.36 * std::cos(hour), 0.36 * std::sin(hour)}}, 0.09, ink);
    painter.stroke({{0.0, 0.0}, {0.56 * std::cos(minute), 0.56 * std::sin(minute)}}, 0.06, ink);
    painter.fill(ellipse({0.0, 0.0}, 0.07, 0.07), shade(rim, 0.8));
}

void drawDrum(Painter& painter, Rng& rng) {
    const Colour shell = paint(rng);
    const Colour skin = mix({0.95, 0.92, 0.84}, {1.0, 1.0, 1.0}, rng.uniform());
    const Colour wood = hsv(0.09, rng.uniform(0.35, 0.6), rng.uniform(0.6, 0.85));
    const double deep = rng.uniform(0.45, 0.75);
    const double flat = rng.uniform(0.2, 0.28);
    painter.fill(ellipse({0.0, deep}, 0.78, flat), shade(shell, 0.6));
    painter.fill(rectangle(-0.78, -0.15, 0.78, deep),
                 Fill::linear(shade(shell, 1.2), {-0.7, 0.0}, shade(shell, 0.65), {0.8, 0.0}));
    const int laces = rng.integer(4, 7);
    for (int i = 0; i < laces; ++i) {  // zigzag between the hoops
        const double left = -0.76 + 1.52 * i / laces;
        const double step = 1.52 / laces;
        painter.stroke({{left, -0.05}, {left + 0.5 * step, deep + 0.08}, {left + step, -0.05}}, 0.035, skin, 0.9);
    }
    painter.fill(ellipse({0.0, -0.15}, 0.8, flat), skin);
    painter.stroke(ellipse({0.0, -0.15}, 0.8, flat), 0.07, shade(shell, 0.5), 1.0, true);
    const double cross = rng.uniform(-0.2, 0.2);
    for (const double side : {-1.0, 1.0}) {
        painter.stroke({{side * 0.85, -0.85}, {cross - side * 0.15, -0.2}}, 0.06, wood);
        painter.fill(ellipse({cross - side * 0.15, -0.2}, 0.08, 0.06), shade(wood, 1.15));
    }
}

void drawFace(Painter& painter, Rng& rng) {
    const Colour skin = hsv(rng.uniform(0.05, 0.09), rng.uniform(0.25, 0.6), rng.uniform(0.4, 0.95));
    const Colour hair = hsv(rng.uniform(0.03, 0.13), rng.uniform(0.1, 0.8), rng.uniform(0.12, 0.8));
    const double wide = rng.uniform(0.5, 0.64);
    painter.fill(rectangle(-0.2, 0.5, 0.2, 0.98), shade(skin, 0.75));
    for (const double side : {-1.0, 1.0})
        painter.fill(ellipse({side * wide, 0.0}, 0.1, 0.16), shade(skin, 0.85));
    painter.fill(ellipse({0.0, -0.05}, wide, 0.78),
                 Fill::radial(mix(skin, {1.0, 0.95, 0.9}, 0.3), {-0.15, -0.2}, shade(skin, 0.85), 0.95));
    drawHair(painter, wide, hair, rng);
    for (const double side : {-1.0, 1.0}) {
        painter.fill(ellipse({side * 0.22, -0.12}, 0.1, 0.07), Colour{0.97, 0.97, 0.95});
        painter.fill(ellipse({side * 0.22, -0.12}, 0.05, 0.06), hsv(rng.uniform(0.05, 0.6), 0.5, 0.3));
        painter.stroke({{side * 0.33, -0.26}, {side * 0.12, -0.29}}, 0.04, shade(hair, 0.7));
    }
    painter.stroke({{0.0, -0.08}, {0.06, 0.14}, {-0.03, 0.16}}, 0.035, shade(skin, 0.65));
    const double open = rng.uniform(0.06, 0.15);  // to sing as well as to whistle
    painter.fill(ellipse({0.0, 0.4}, open * 1.3 + 0.05, open + 0.05), hsv(0.0, 0.5, 0.7));
    painter.fill(ellipse({0.0, 0.4}, open * 1.1, open), Colour{0.25, 0.05, 0.06});
}

void drawRain(Painter& painter, Rng& rng) {
    const Colour cloud = hsv(0.6, rng.uniform(0.02, 0.2), rng.uniform(0.45, 0.85));
    const Colour water = hsv(rng.uniform(0.52, 0.62), rng.uniform(0.35, 0.75), rng.uniform(0.6, 0.9));
    const int drops = rng.integer(4, 6);
    for (int i = 0; i < drops; ++i)
        drawDrop(painter, {-0.6 + 1.2 * i / (drops - 1), rng.uniform(0.3, 0.75)}, rng.uniform(0.15, 0.24), water);
    for (const double x : {-0.55, 0.5, -0.1}) {
        const double round = rng.uniform(0.34, 0.46);
        painter.fill(ellipse({x, -0.3 - round * 0.4}, round * 1.15, round),
                     Fill::linear(mix(cloud, {1.0, 1.0, 1.0}, 0.4), {0.0, -0.8}, shade(cloud, 0.8), {0.0, 0.1}));
    }
    painter.fill(smooth({{-0.95, -0.2}, {-0.4, -0.35}, {0.4, -0.35}, {0.95, -0.2}, {0.6, 0.05}, {-0.6, 0.05}}),
                 shade(cloud, 0.85));
}

void drawTap(Painter& painter, Rng& rng) {
    const Colour metal = rng.chance(0.6) ? hsv(0.6, rng.uniform(0.02, 0.12), rng.uniform(0.6, 0.85))
                                         : hsv(0.12, rng.uniform(0.4, 0.65), rng.uniform(0.6, 0.85));
    const Colour handle = paint(rng);
    const Fill shine = Fill::linear(mix(metal, {1.0, 1.0, 1.0}, 0.5), {0.0, -0.4}, shade(metal, 0.6), {0.0, 0.1});
    const double reach = rng.uniform(0.45, 0.7);
    painter.fill(rectangle(-0.98, -0.38, -0.84, 0.1), shade(metal, 0.7));
    painter.stroke(smooth({{-0.85, -0.14}, {0.1, -0.16}, {reach - 0.08, -0.1}, {reach, 0.2}}, false), 0.3, metal);
    painter.stroke(smooth({{-0.85, -0.2}, {0.1, -0.22}, {reach - 0.12, -0.16}}, false), 0.08,
                   mix(metal, {1.0, 1.0, 1.0}, 0.6), 0.8);
    painter.fill(rectangle(reach - 0.19, 0.18, reach + 0.19, 0.28), shine);
    painter.fill(rectangle(-0.33, -0.62, -0.21, -0.2), shine);
    painter.fill(ellipse({-0.27, -0.68}, rng.uniform(0.26, 0.38), 0.12),
                 Fill::linear(shade(handle, 1.2), {-0.4, -0.7}, shade(handle, 0.7), {0.0, -0.6}));
    drawDrop(painter, {reach, rng.uniform(0.5, 0.8)}, rng.uniform(0.14, 0.2), hsv(0.57, 0.5, 0.85));
}

// Places are more telling than in the scenes: what pictures say is learnt from few of them.
//                                                                    sky  night table cloth pond meadow sand
const Shape kSounding[] = {
    {"bird", &drawBird, 1.0, 0.3, 0.0, {2.5, 0.1, 0.0, 0.0, 0.3, 0.5, 0.2}},
    {"car", &drawCar, 1.0, 0.12, 0.0, {0.3, 0.8, 0.1, 0.0, 0.0, 0.4, 2.0}},
    {"ambulance", &drawAmbulance, 1.0, 0.12, 0.0, {0.3, 0.8, 0.1, 0.0, 0.0, 0.4, 2.0}},
    {"bell", &drawBell, 1.0, 0.5, 0.0, {0.6, 0.2, 2.0, 0.3, 0.0, 0.1, 0.1}},
    {"clock", &drawClock, 1.0, 0.15, 0.0, {0.3, 0.2, 2.0, 0.6, 0.0, 0.0, 0.0}},
    {"drum", &drawDrum, 1.0, 0.25, 0.0, {0.0, 0.0, 0.4, 0.4, 0.0, 2.0, 0.4}},
    {"face", &drawFace, 1.0, 0.25, 0.0, {0.4, 0.1, 0.1, 2.0, 0.0, 0.3, 0.2}},
    {"cloud", &drawRain, 1.0, 0.15, 0.0, {1.0, 0.6, 0.0, 0.0, 1.0, 0.4, 0.0}},
    {"tap", &drawTap, 1.0, 0.15, 0.0, {0.1, 0.0, 0.3, 0.6, 2.0, 0.1, 0.0}},
};

}  // namespace

const Shape& soundingThing(SoundingThing thing) {
    return kSounding[static_cast<std::size_t>(thing)];
}

}  // namespace querent::media::demo

#pragma once

#include "engine/core/rng.h"
#include "engine/media/demo/paint.h"

#include <span>

namespace querent::media::demo {

/** Where a scene is; objects prefer some places. */
enum class Place { Sky, Night, Table, Cloth, Pond, Meadow, Sand };
constexpr int kPlaces = 7;

/** Draws one object within [-1, 1] of the unit frame; form and colours come from `rng`. */
using Draw = void (*)(Painter&, Rng&);

/** An object kind and how it lives in a scene. */
struct Shape {
    const char* name;
    Draw draw;
    double weight;         // relative frequency
    double maxTilt;        // radians either way; pi: any pose
    double glow;           // 0..1: light of its own in the dark
    double fits[kPlaces];  // by Place; multiplies the weight
};

/** The classes, most frequent first. */
std::span<const Shape> classes();
/** Things that look a little like a class and are none. */
std::span<const Shape> clutter();

// shapes_living.cpp
void drawLeaf(Painter& painter, Rng& rng);
void drawMushroom(Painter& painter, Rng& rng);
void drawFish(Painter& painter, Rng& rng);
void drawBeetle(Painter& painter, Rng& rng);

// shapes_made.cpp
void drawKite(Painter& painter, Rng& rng);
void drawLantern(Painter& painter, Rng& rng);
void drawTeapot(Painter& painter, Rng& rng);
void drawKey(Painter& painter, Rng& rng);

// shapes_sounding.cpp

/** What can be seen of the things that the demo's sounds come from. */
enum class SoundingThing { Bird, Car, Ambulance, Bell, Clock, Drum, Face, Cloud, Tap };
const Shape& soundingThing(SoundingThing thing);

}  // namespace querent::media::demo

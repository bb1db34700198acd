#pragma once

#include "engine/media/demo/synth.h"

#include <span>

namespace querent::media::demo {

/** A kind of sound: draws one specimen of `seconds` length, of any loudness, without room and background. */
struct SoundClass {
    const char* name;
    Wave (*make)(double seconds, Rng& rng);
};

/** In the order of the classes of demoSound(). */
std::span<const SoundClass> soundClasses();

}  // namespace querent::media::demo

#pragma once

#include "engine/core/rng.h"

#include <cstddef>
#include <functional>
#include <vector>

/** The tools that the demo's sounds are made with. Times are in seconds, frequencies in Hz. */
namespace querent::media::demo {

constexpr int kSoundRate = 16'000;

using Wave = std::vector<float>;
/** A value over time: of seconds since the beginning of a tone. */
using Curve = std::function<double(double)>;

std::size_t samplesOf(double seconds);

/** Adds a sine whose frequency and amplitude change; what lies beyond the wave is dropped. */
void addTone(Wave& wave, double start, double length, const Curve& hz, const Curve& amplitude);
/** A smooth rise and fall over `length`, with the given shares of it for rise and fall. */
Curve swell(double length, double rise, double fall);
/** Falls to 1/e in `time`. */
Curve decay(double time);

/** White noise of standard deviation 1. */
Wave noise(std::size_t samples, Rng& rng);
/** Adds `part` from `start` seconds on. */
void addWave(Wave& wave, const Wave& part, double start, double gain);
/** A resonance at `hz`, `width` Hz wide, of about height 1. */
Wave resonate(const Wave& wave, double hz, double width);
/** Keeps what lies above `hz` (6 dB an octave). */
Wave highPass(const Wave& wave, double hz);
/** Keeps what lies below `hz` (6 dB an octave). */
Wave lowPass(const Wave& wave, double hz);

/** The wave in a room: `seconds` until the echo is 60 dB down, `share` of echo in 0..1 (after Schroeder 1962). */
Wave inRoom(const Wave& wave, double seconds, double share);

double rms(const Wave& wave);
double peak(const Wave& wave);
void scale(Wave& wave, double gain);

}  // namespace querent::media::demo

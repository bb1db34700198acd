#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace querent::media::demo {

/** Samples a second of every demo sound. */
constexpr int kDemoSoundRate = 16'000;

/** The names of the classes: bird, siren, bell, ... */
std::vector<std::string> demoSoundClasses();

/**
 * One sound of 1 to 2 seconds, one channel at kDemoSoundRate, within [-1, 1]. The same class, seed and difficulty give
 * the same samples with the same compiler; other seeds give other pitches, lengths, rhythms, rooms and loudnesses.
 * `difficulty` in [0, 1] (clamped) is the strength of background and echo: at 0 the sound is 30 dB above a faint hiss,
 * at 1 the background is about as loud. Empty when there is no such class. Any thread.
 */
std::vector<float> demoSound(std::size_t classIndex, std::uint64_t seed, double difficulty);

/** Background alone, of the same lengths and rate: a recording on which nothing can be heard. */
std::vector<float> demoBackground(std::uint64_t seed);

}  // namespace querent::media::demo

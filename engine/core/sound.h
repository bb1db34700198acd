#pragma once

#include <cstdint>

namespace querent {

/** Positions in a sound are frames: one sample of every channel, counted from 0. */
struct SoundShape {
    int rate = 0;             // frames a second, Hz
    int channels = 0;         // 1 = mono
    std::int64_t frames = 0;  // the whole length

    double seconds() const { return rate > 0 ? static_cast<double>(frames) / rate : 0.0; }
    /** The highest frequency that the rate can hold, Hz. */
    double nyquist() const { return rate / 2.0; }
    bool empty() const { return rate <= 0 || channels <= 0 || frames <= 0; }
    bool operator==(const SoundShape&) const = default;
};

/** The least and the greatest sample of a stretch of sound; full scale is [-1, 1], float files may go beyond. */
struct Peak {
    float low = 0.0F;
    float high = 0.0F;

    bool operator==(const Peak&) const = default;
};

/**
 * How a sound becomes the picture that a network looks at: the energy in mel-spaced bands over time, in decibels.
 * Part of the project, so that every machine computes the same numbers.
 */
struct MelParameters {
    int rate = 0;           // the sound is resampled to it first, Hz; 0 = each sound at its own, at most 32 kHz
    double window = 0.032;  // seconds, a Hann window
    double hop = 0.010;     // seconds from one column to the next
    int bands = 64;         // mel bands
    double lowHz = 40.0;    // where the lowest band begins
    double highHz = 0.0;    // where the highest band ends; 0 = half the rate
    double kneeHz = 700.0;  // bands are about equally wide up to it, and grow with the frequency above

    bool operator==(const MelParameters&) const = default;
};

}  // namespace querent

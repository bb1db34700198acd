#include "engine/media/demo/synth.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace querent::media::demo {

namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;

/** An echo of an echo of an echo. */
Wave comb(const Wave& wave, std::size_t delay, double gain) {
    Wave out = wave;
    for (std::size_t i = delay; i < out.size(); ++i)
        out[i] += static_cast<float>(gain) * out[i - delay];
    return out;
}

/** Smears echoes over time and leaves the spectrum alone. */
Wave allPass(const Wave& wave, std::size_t delay) {
    constexpr float kGain = 0.6F;
    Wave out(wave.size());
    for (std::size_t i = 0; i < wave.size(); ++i) {
        const float in = i >= delay ? wave[i - delay] : 0.0F;
        const float back = i >= delay ? out[i - delay] : 0.0F;
        out[i] = -kGain * wave[i] + in + kGain * back;
    }
    return out;
}

}  // namespace

std::size_t samplesOf(double seconds) {
    return static_cast<std::size_t>(std::lround(std::max(0.0, seconds) * kSoundRate));
}

void addTone(Wave& wave, double start, double length, const Curve& hz, const Curve& amplitude) {
    const std::size_t first = samplesOf(start);
    const std::size_t end = std::min(wave.size(), first + samplesOf(length));
    double phase = 0.0;
    for (std::size_t i = first; i < end; ++i) {
        const double t = static_cast<double>(i - first) / kSoundRate;
        const double now = hz(t);
        phase += now / kSoundRate;
        phase -= std::floor(phase);
        if (now < 0.48 * kSoundRate) wave[i] += static_cast<float>(amplitude(t) * std::sin(kTurn * phase));
    }
}

Curve swell(double length, double rise, double fall) {
    return [=](double t) {
        const double up = std::clamp(t / std::max(1e-4, rise * length), 0.0, 1.0);
        const double down = std::clamp((length - t) / std::max(1e-4, fall * length), 0.0, 1.0);
        return 0.5 - 0.5 * std::cos(std::numbers::pi * std::min(up, down));
    };
}

Curve decay(double time) {
    // Two milliseconds of rise, or every tone would begin with a click.
    return [=](double t) { return std::min(1.0, t / 0.002) * std::exp(-t / time); };
}

Wave noise(std::size_t samples, Rng& rng) {
    Wave wave(samples);
    for (float& sample : wave)
        sample = static_cast<float>(rng.normal());
    return wave;
}

void addWave(Wave& wave, const Wave& part, double start, double gain) {
    const std::size_t first = samplesOf(start);
    for (std::size_t i = 0; i < part.size() && first + i < wave.size(); ++i)
        wave[first + i] += static_cast<float>(gain) * part[i];
}

Wave resonate(const Wave& wave, double hz, double width) {
    const double radius = std::exp(-std::numbers::pi * width / kSoundRate);
    const double a1 = 2.0 * radius * std::cos(kTurn * hz / kSoundRate);
    const double a2 = -radius * radius;
    const double gain = (1.0 - radius * radius) * std::sin(kTurn * hz / kSoundRate);
    Wave out(wave.size());
    double last = 0.0;
    double before = 0.0;
    for (std::size_t i = 0; i < wave.size(); ++i) {
        const double now = gain * static_cast<double>(wave[i]) + a1 * last + a2 * before;
        before = last;
        last = now;
        out[i] = static_cast<float>(now);
    }
    return out;
}

Wave lowPass(const Wave& wave, double hz) {
    const double share = 1.0 - std::exp(-kTurn * hz / kSoundRate);
    Wave out(wave.size());
    double state = 0.0;
    for (std::size_t i = 0; i < wave.size(); ++i) {
        state += share * (static_cast<double>(wave[i]) - state);
        out[i] = static_cast<float>(state);
    }
    return out;
}

Wave highPass(const Wave& wave, double hz) {
    Wave out = lowPass(wave, hz);
    for (std::size_t i = 0; i < wave.size(); ++i)
        out[i] = wave[i] - out[i];
    return out;
}

Wave inRoom(const Wave& wave, double seconds, double share) {
    if (share <= 0.0) return wave;
    // Lengths without a common divisor, so that the echoes of one do not fall on those of another.
    constexpr std::array<std::size_t, 4> kDelays = {479, 557, 613, 709};
    Wave echo(wave.size());
    for (const std::size_t delay : kDelays) {
        const double gain = std::pow(10.0, -3.0 * static_cast<double>(delay) / kSoundRate / seconds);
        addWave(echo, comb(wave, delay, gain), static_cast<double>(delay) / kSoundRate, 0.25);
    }
    echo = lowPass(allPass(allPass(echo, 83), 29), 4000.0);
    Wave out = wave;
    scale(out, 1.0 - 0.5 * share);
    addWave(out, echo, 0.0, share);
    return out;
}

double rms(const Wave& wave) {
    double sum = 0.0;
    for (const float sample : wave)
        sum += static_cast<double>(sample) * static_cast<double>(sample);
    return wave.empty() ? 0.0 : std::sqrt(sum / static_cast<double>(wave.size()));
}

double peak(const Wave& wave) {
    double most = 0.0;
    for (const float sample : wave)
        most = std::max(most, std::abs(static_cast<double>(sample)));
    return most;
}

void scale(Wave& wave, double gain) {
    for (float& sample : wave)
        sample *= static_cast<float>(gain);
}

}  // namespace querent::media::demo

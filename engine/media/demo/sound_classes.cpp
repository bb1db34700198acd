#include "engine/media/demo/sound_classes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace querent::media::demo {

namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;

Wave silence(double seconds) {
    return Wave(samplesOf(seconds));
}

/** A bird: a few short whistled syllables, each sliding its own way or all alike. */
Wave bird(double seconds, Rng& rng) {
    Wave wave = silence(seconds);
    const double base = rng.uniform(1900.0, 4800.0);
    const bool alike = rng.chance(0.5);
    double slide = rng.uniform(0.6, 1.6);
    double length = rng.uniform(0.05, 0.18);
    const double gap = rng.uniform(0.03, 0.15);
    const int syllables = rng.integer(3, 8);
    double at = rng.uniform(0.02, 0.2);
    for (int s = 0; s < syllables && at + length < seconds; ++s) {
        const double from = base * rng.uniform(0.92, 1.08);
        const double to = std::min(7000.0, from * slide);
        const double bend = rng.uniform(0.5, 2.0);
        const double whole = length;
        addTone(
            wave, at, length, [=](double t) { return from + (to - from) * std::pow(t / whole, bend); },
            swell(length, 0.3, 0.4));
        at += length + gap * rng.uniform(0.8, 1.2);
        if (alike) continue;
        slide = rng.uniform(0.6, 1.6);
        length = rng.uniform(0.05, 0.18);
    }
    return wave;
}

/** A siren: a voice with overtones that wails up and down or jumps between two notes. */
Wave siren(double seconds, Rng& rng) {
    Wave wave = silence(seconds);
    const double low = rng.uniform(350.0, 900.0);
    const double high = low * rng.uniform(1.25, 2.1);
    const double pace = rng.uniform(0.6, 3.0);
    const double begin = rng.uniform();
    const bool jumps = rng.chance(0.4);
    const auto hz = [=](double t) {
        const double wail = 0.5 + 0.5 * std::sin(kTurn * (pace * t + begin));
        const double share = jumps ? std::clamp((wail - 0.5) * 12.0 + 0.5, 0.0, 1.0) : wail;
        return low + (high - low) * share;
    };
    const double dark = rng.uniform(0.3, 0.7);
    const Curve envelope = swell(seconds, 0.05, 0.05);
    double strength = 1.0;
    for (int overtone = 1; overtone <= 4; ++overtone, strength *= dark) {
        addTone(
            wave, 0.0, seconds, [=](double t) { return overtone * hz(t); },
            [=](double t) { return strength * envelope(t); });
    }
    return wave;
}

/** A bell: partials that do not fit one note and die away, the high ones first. */
Wave bell(double seconds, Rng& rng) {
    constexpr std::array<double, 9> kPartials = {0.5, 1.0, 1.19, 1.56, 2.0, 2.51, 2.66, 3.01, 4.17};
    Wave wave = silence(seconds);
    const double note = rng.uniform(280.0, 1300.0);
    const double ring = rng.uniform(0.25, 1.2);
    const int strokes = rng.integer(1, 3);
    const double apart = rng.uniform(0.35, 0.7);
    double at = rng.uniform(0.02, 0.25);
    for (int s = 0; s < strokes; ++s, at += apart) {
        const double force = rng.uniform(0.6, 1.0);
        for (const double partial : kPartials) {
            const double hz = note * partial * rng.uniform(0.995, 1.005);
            const double strength = force * rng.uniform(0.4, 1.0) / (0.7 + 0.3 * partial);
            const Curve fall = decay(ring / (0.5 + 0.5 * partial));
            addTone(
                wave, at, seconds, [=](double) { return hz; }, [=](double t) { return strength * fall(t); });
        }
    }
    return wave;
}

/** An engine: a low buzz of many overtones through a body, uneven, faster or slower with time. */
Wave engine(double seconds, Rng& rng) {
    Wave wave = silence(seconds);
    const double speed = rng.uniform(24.0, 90.0);
    const double change = rng.uniform(0.75, 1.35);
    const double shake = rng.uniform(0.005, 0.03);
    const double shakePace = rng.uniform(3.0, 9.0);
    const auto hz = [=](double t) {
        return speed * std::pow(change, t / seconds) * (1.0 + shake * std::sin(kTurn * shakePace * t));
    };
    for (int overtone = 1; overtone * speed < 1400.0; ++overtone) {
        const double strength = rng.uniform(0.3, 1.0) / std::pow(overtone, 0.6);
        addTone(
            wave, 0.0, seconds, [=](double t) { return overtone * hz(t); }, [=](double) { return strength; });
    }
    const Wave breath = lowPass(noise(wave.size(), rng), rng.uniform(500.0, 1500.0));
    addWave(wave, breath, 0.0, rng.uniform(0.3, 1.0));
    Wave body = resonate(wave, rng.uniform(120.0, 400.0), 120.0);
    addWave(body, resonate(wave, rng.uniform(500.0, 1200.0), 250.0), 0.0, 0.7);
    return body;
}

/** Rain: a hiss, and drops that strike one by one. */
Wave rain(double seconds, Rng& rng) {
    Wave wave = highPass(noise(samplesOf(seconds), rng), rng.uniform(600.0, 2500.0));
    scale(wave, rng.uniform(0.1, 0.35));
    const double every = 1.0 / rng.uniform(40.0, 250.0);
    Wave strikes = silence(seconds);
    for (double t = 0.0; t < seconds; t -= every * std::log(1.0 - rng.uniform())) {
        const std::size_t at = samplesOf(t);
        if (at < strikes.size()) strikes[at] += static_cast<float>(rng.uniform(0.5, 3.0));
    }
    addWave(wave, resonate(strikes, rng.uniform(1800.0, 3200.0), 900.0), 0.0, 2.0);
    addWave(wave, resonate(strikes, rng.uniform(3500.0, 6000.0), 1500.0), 0.0, 2.0);
    return wave;
}

/** A drum: low tones that sink as they die, with a slap of noise, in a rhythm. */
Wave drum(double seconds, Rng& rng) {
    Wave wave = silence(seconds);
    const double note = rng.uniform(55.0, 210.0);
    const double ring = rng.uniform(0.05, 0.22);
    const double slap = rng.uniform(0.1, 0.7);
    const double bright = rng.uniform(700.0, 4000.0);
    const double beat = rng.uniform(0.12, 0.4);
    double at = rng.uniform(0.02, 0.2);
    for (int s = 0; s < 12 && at < seconds; ++s, at += beat * (rng.chance(0.25) ? 2.0 : 1.0)) {
        const double force = rng.uniform(0.5, 1.0);
        const Curve fall = decay(ring);
        addTone(
            wave, at, 6.0 * ring, [=](double t) { return note * (1.0 + 0.6 * std::exp(-t / 0.03)); },
            [=](double t) { return force * fall(t); });
        Wave skin = lowPass(noise(samplesOf(0.08), rng), bright);
        for (std::size_t i = 0; i < skin.size(); ++i)
            skin[i] *= static_cast<float>(std::exp(-static_cast<double>(i) / (0.015 * kSoundRate)));
        addWave(wave, skin, at, slap * force);
    }
    return wave;
}

/** A voice: pulses of the vocal cords through the resonances of one vowel or a glide between two. */
Wave voice(double seconds, Rng& rng) {
    // The first three formants of a, e, i, o, u (after Peterson and Barney 1952).
    constexpr double kVowels[5][3] = {
        {730, 1090, 2440}, {530, 1840, 2480}, {270, 2290, 3010}, {570, 840, 2410}, {300, 870, 2240}};
    const double pitch = rng.uniform(90.0, 290.0);
    const double size = pitch < 160.0 ? 1.0 : rng.uniform(1.1, 1.25);  // of the throat
    const double tremble = rng.uniform(0.005, 0.03);
    const double slope = rng.uniform(0.8, 1.25);
    Wave out = silence(seconds);
    double at = rng.uniform(0.02, 0.2);
    while (at + 0.15 < seconds) {
        const double length = std::min(seconds - at, rng.uniform(0.2, 0.7));
        const auto& vowel = kVowels[rng.index(5)];
        Wave cords = silence(length);
        double phase = 0.0;
        for (std::size_t i = 0; i < cords.size(); ++i) {
            const double t = static_cast<double>(i) / kSoundRate;
            phase += pitch * std::pow(slope, t / length) * (1.0 + tremble * std::sin(kTurn * 5.5 * t)) / kSoundRate;
            if (phase < 1.0) continue;
            phase -= 1.0;
            cords[i] = 1.0F;
        }
        cords = lowPass(cords, 700.0);
        addWave(cords, noise(cords.size(), rng), 0.0, 0.002);
        Wave sound = silence(length);
        constexpr double kStrength[3] = {1.0, 0.6, 0.3};
        for (int f = 0; f < 3; ++f)
            addWave(sound, resonate(cords, size * vowel[f], 60.0 + 30.0 * f), 0.0, kStrength[f]);
        const Curve envelope = swell(length, 0.15, 0.3);
        for (std::size_t i = 0; i < sound.size(); ++i)
            sound[i] *= static_cast<float>(envelope(static_cast<double>(i) / kSoundRate));
        addWave(out, sound, at, 1.0);
        at += length + rng.uniform(0.03, 0.2);
    }
    return out;
}

/** A clock: dry clicks at an even pace, every other one a little different. */
Wave clock(double seconds, Rng& rng) {
    Wave wave = silence(seconds);
    const double pace = rng.uniform(0.15, 0.5);
    const double tick = rng.uniform(1800.0, 5200.0);
    const double tock = tick * rng.uniform(0.65, 0.95);
    const double ring = rng.uniform(0.003, 0.012);
    double at = rng.uniform(0.02, pace);
    for (int s = 0; at < seconds; ++s, at += pace) {
        const double hz = s % 2 == 0 ? tick : tock;
        const double force = s % 2 == 0 ? 1.0 : rng.uniform(0.6, 0.9);
        for (const double partial : {1.0, 1.47, 0.56}) {
            const Curve fall = decay(ring / partial);
            addTone(
                wave, at, 10.0 * ring, [=](double) { return hz * partial; },
                [=](double t) { return force * fall(t) / (1.0 + partial); });
        }
    }
    return wave;
}

/** Somebody whistling: one nearly pure tone that glides from note to note, with breath. */
Wave whistle(double seconds, Rng& rng) {
    Wave wave = silence(seconds);
    const double note = rng.uniform(750.0, 2300.0);
    const double first = note * rng.uniform(0.8, 1.25);
    const double last = note * rng.uniform(0.8, 1.25);
    const double begin = rng.uniform(0.02, 0.25);
    const double length = seconds - begin - rng.uniform(0.05, 0.3);
    const double tremble = rng.uniform(0.0, 0.02);
    const double pace = rng.uniform(4.0, 7.0);
    const auto hz = [=](double t) {
        const double share = t / length;
        const double path =
            share < 0.5 ? first + (note - first) * 2.0 * share : note + (last - note) * (2.0 * share - 1.0);
        return path * (1.0 + tremble * std::sin(kTurn * pace * t));
    };
    const Curve envelope = swell(length, 0.12, 0.2);
    addTone(wave, begin, length, hz, envelope);
    addTone(
        wave, begin, length, [=](double t) { return 2.0 * hz(t); }, [=](double t) { return 0.04 * envelope(t); });
    Wave breath = resonate(noise(samplesOf(length), rng), note, 500.0);
    for (std::size_t i = 0; i < breath.size(); ++i)
        breath[i] *= static_cast<float>(envelope(static_cast<double>(i) / kSoundRate));
    addWave(wave, breath, begin, rng.uniform(0.1, 0.4));
    return wave;
}

/** Water that drips: bubbles that ring higher as they close, at no pace. */
Wave drops(double seconds, Rng& rng) {
    Wave wave = silence(seconds);
    const int count = rng.integer(3, 9);
    const double base = rng.uniform(450.0, 1100.0);
    for (int d = 0; d < count; ++d) {
        const double at = rng.uniform(0.0, seconds - 0.1);
        const double from = base * rng.uniform(0.7, 1.5);
        const double rise = rng.uniform(6.0, 25.0);
        const double force = rng.uniform(0.3, 1.0);
        const Curve fall = decay(rng.uniform(0.012, 0.035));
        addTone(
            wave, at, 0.2, [=](double t) { return from * (1.0 + rise * t); },
            [=](double t) { return force * fall(t); });
    }
    return wave;
}

constexpr std::array<SoundClass, 10> kClasses = {{{"bird", bird},
                                                  {"siren", siren},
                                                  {"bell", bell},
                                                  {"engine", engine},
                                                  {"rain", rain},
                                                  {"drum", drum},
                                                  {"voice", voice},
                                                  {"clock", clock},
                                                  {"whistle", whistle},
                                                  {"drops", drops}}};

}  // namespace

std::span<const SoundClass> soundClasses() {
    return kClasses;
}

}  // namespace querent::media::demo

#include "engine/media/demo/demo_sounds.h"

#include "engine/media/demo/sound_classes.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace querent::media::demo {

namespace {

static_assert(kDemoSoundRate == demo::kSoundRate);

double gainOf(double db) {
    return std::pow(10.0, db / 20.0);
}

/** Wind, traffic or hiss: noise with a slope of its own that swells, and now and then a hum. Of RMS 1. */
demo::Wave background(std::size_t samples, Rng& rng) {
    demo::Wave wave = demo::noise(samples, rng);
    demo::Wave dark = demo::lowPass(wave, rng.uniform(100.0, 1500.0));
    demo::scale(dark, rng.uniform(0.5, 6.0));
    demo::scale(wave, rng.uniform(0.05, 0.5));
    demo::addWave(wave, dark, 0.0, 1.0);
    const double swing = rng.uniform(0.0, 0.5);
    const double pace = rng.uniform(0.3, 2.0);
    for (std::size_t i = 0; i < samples; ++i) {
        const double t = static_cast<double>(i) / kDemoSoundRate;
        wave[i] *= static_cast<float>(1.0 + swing * std::sin(6.283185307179586 * pace * t));
    }
    if (rng.chance(0.3)) {
        const double hum = rng.uniform(48.0, 62.0) * rng.integer(1, 3);
        const double strength = rng.uniform(0.1, 0.4);
        demo::addTone(
            wave, 0.0, 10.0, [=](double) { return hum; }, [=](double) { return strength; });
    }
    demo::scale(wave, 1.0 / std::max(1e-9, demo::rms(wave)));
    return wave;
}

/** At a loudness of its own. */
demo::Wave recorded(demo::Wave wave, Rng& rng) {
    const double loudest = gainOf(-rng.uniform(1.0, 18.0));
    demo::scale(wave, loudest / std::max(1e-9, demo::peak(wave)));
    return wave;
}

}  // namespace

std::vector<std::string> demoSoundClasses() {
    std::vector<std::string> names;
    for (const demo::SoundClass& kind : demo::soundClasses())
        names.emplace_back(kind.name);
    return names;
}

std::vector<float> demoSound(std::size_t classIndex, std::uint64_t seed, double difficulty) {
    if (classIndex >= demo::soundClasses().size()) return {};
    const demo::SoundClass& kind = demo::soundClasses()[classIndex];
    const double hard = std::clamp(difficulty, 0.0, 1.0);
    Rng rng(seed, kind.name);
    const double seconds = rng.uniform(1.0, 2.0);
    demo::Wave wave = kind.make(seconds, rng);
    wave = demo::inRoom(wave, rng.uniform(0.15, 0.3 + 0.9 * hard), rng.uniform(0.0, 0.15 + 0.5 * hard));
    demo::scale(wave, 1.0 / std::max(1e-9, demo::rms(wave)));
    // A few dB to either side: every difficulty has its easier and its harder ones.
    const double below = 30.0 - 30.0 * hard + rng.uniform(-4.0, 4.0);
    demo::addWave(wave, background(wave.size(), rng), 0.0, gainOf(-below));
    return recorded(std::move(wave), rng);
}

std::vector<float> demoBackground(std::uint64_t seed) {
    Rng rng(seed, "background");
    return recorded(background(demo::samplesOf(rng.uniform(1.0, 2.0)), rng), rng);
}

}  // namespace querent::media::demo

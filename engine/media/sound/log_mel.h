#pragma once

#include "engine/core/matrix.h"
#include "engine/core/result.h"
#include "engine/core/sound.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace querent::media::sound {

class SoundFile;

/** A stretch of a file in its own frames; `frames` < 0 = to the end. Cut at the end of the file. */
struct SoundStretch {
    std::int64_t firstFrame = 0;
    std::int64_t frames = -1;
};

/** Below this many decibels everything is silence. */
constexpr float kMelFloorDb = -100.0F;
/** With rate 0 in MelParameters no sound is looked at above this rate, Hz. */
constexpr int kHighestMelRate = 32'000;

/** No project hears its sounds at a higher rate, Hz. */
constexpr int kHighestProjectRate = 500'000;

/**
 * Parameters for a project whose sounds have the rate `fileRate`: the whole band up to half that rate, at most
 * kHighestProjectRate. Up to 48 kHz the window, the hop and the bands are those of `parameters`; above, time is divided
 * by rate / 48 kHz, the lowest band begins as much higher, and the knee goes up with the square of it, so that a bat's
 * call at 384 kHz (windows of 4 ms, a column every 1.25 ms, a knee at 45 kHz) is not squeezed into a few bands.
 */
MelParameters melFor(MelParameters parameters, int fileRate);

/** The rate at which a file of rate `fileRate` is looked at, Hz. */
int melRate(const MelParameters& parameters, int fileRate);

/**
 * Triangles of height 1 whose corners are evenly spaced on the mel scale mel(f) = 2595 log10(1 + f / knee) (with a
 * knee of 700 Hz that of HTK; O'Shaughnessy 1987), without normalisation by width. A bin counts with the mean of the
 * triangle over the bin's own width, so that a band narrower than a bin still sees its part. Bands above half the rate
 * see nothing. Immutable after construction.
 */
class MelBank {
 public:
    /** `size`: of the Fourier transform. Valid parameters only. */
    MelBank(const MelParameters& parameters, int rate, int size);
    /** `power` [size / 2 + 1]; `energy` [bands]. */
    void apply(std::span<const float> power, std::span<float> energy) const;

 private:
    struct Band {
        std::size_t first = 0;  // bin
        std::vector<float> weights;
    };
    std::vector<Band> m_bands;
};

/**
 * Log-mel energies [columns, bands] in dB, at least kMelFloorDb; a sine at full scale on top of a band has 0 dB there.
 * Channels are averaged. Column k is centred at second k * hop of the stretch and there are ceil(seconds / hop) of
 * them; outside the stretch is silence. The window is of Hann, filled up with zeros to a power of two. At most the
 * first `maxSeconds` are read, piece by piece. The same input and parameters give the same numbers. Any thread, each
 * its own file. Refuses parameters out of range (1 to 512 bands, windows and hops of 0.1 ms to 1 s, lowHz below highHz,
 * a knee of 1 Hz to 10 MHz) and stretches without a frame.
 */
Result<Matrix> logMel(const std::filesystem::path& path, const MelParameters& parameters,
                      const SoundStretch& stretch = {}, double maxSeconds = 600.0);
/** The same of a file that is open already; nobody else may use it meanwhile. */
Result<Matrix> logMel(SoundFile& file, const MelParameters& parameters, const SoundStretch& stretch = {},
                      double maxSeconds = 600.0);
/** The same of samples of one channel. */
Result<Matrix> logMel(std::span<const float> mono, int rate, const MelParameters& parameters);

}  // namespace querent::media::sound

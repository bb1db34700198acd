#pragma once

#include <memory>
#include <span>
#include <vector>

namespace querent::media::sound {

/**
 * The power spectrum of short stretches of sound: a Hann window, a real Fourier transform. Scaled so that a sine at
 * full scale in the middle of a bin has power 1 (0 dB) there, whatever the sizes. One thread at a time.
 */
class PowerSpectrum {
 public:
    /** `window` samples, filled up with zeros to `size`, a power of two of at least `window`. */
    PowerSpectrum(int window, int size);
    ~PowerSpectrum();
    PowerSpectrum(PowerSpectrum&&) noexcept;
    PowerSpectrum& operator=(PowerSpectrum&&) noexcept;

    int window() const { return static_cast<int>(m_window.size()); }
    /** size / 2 + 1; bin b is centred at b * rate / size. */
    int bins() const { return m_size / 2 + 1; }

    /** `samples` [window]; `power` [bins]. */
    void compute(std::span<const float> samples, std::span<float> power);

 private:
    struct Work;

    int m_size;
    std::vector<float> m_window;  // with the scale in it
    std::unique_ptr<Work> m_work;
};

/** The least power of two that is not below `value`; for values of at most 2^30. */
int powerOfTwoFrom(int value);

}  // namespace querent::media::sound

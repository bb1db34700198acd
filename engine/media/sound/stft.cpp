#include "engine/media/sound/stft.h"

#include <opencv2/core.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>

namespace querent::media::sound {

struct PowerSpectrum::Work {
    cv::Mat input;
    cv::Mat packed;  // OpenCV's CCS: re0, re1, im1, re2, im2, ..., re(n/2)
};

PowerSpectrum::PowerSpectrum(int window, int size)
    : m_size(size), m_window(static_cast<std::size_t>(window)), m_work(std::make_unique<Work>()) {
    for (std::size_t i = 0; i < m_window.size(); ++i) {
        // The periodic Hann window: its copies at a hop of a quarter add up to the same everywhere.
        const double phase = 2.0 * std::numbers::pi * static_cast<double>(i) / window;
        m_window[i] = window > 1 ? static_cast<float>(0.5 - 0.5 * std::cos(phase)) : 1.0F;
    }
    const double sum = std::accumulate(m_window.begin(), m_window.end(), 0.0);
    for (float& weight : m_window)
        weight = static_cast<float>(static_cast<double>(weight) * 2.0 / sum);
    m_work->input = cv::Mat(1, size, CV_32F, cv::Scalar(0.0));
    m_work->packed = cv::Mat(1, size, CV_32F, cv::Scalar(0.0));
}

PowerSpectrum::~PowerSpectrum() = default;
PowerSpectrum::PowerSpectrum(PowerSpectrum&&) noexcept = default;
PowerSpectrum& PowerSpectrum::operator=(PowerSpectrum&&) noexcept = default;

void PowerSpectrum::compute(std::span<const float> samples, std::span<float> power) {
    auto* input = m_work->input.ptr<float>();
    for (std::size_t i = 0; i < m_window.size(); ++i)
        input[i] = samples[i] * m_window[i];
    cv::dft(m_work->input, m_work->packed);
    const auto* packed = m_work->packed.ptr<float>();
    const std::size_t last = power.size() - 1;
    // The two ends have no mirror image whose half they would carry too.
    power[0] = 0.25F * packed[0] * packed[0];
    for (std::size_t b = 1; b < last; ++b) {
        const float re = packed[2 * b - 1];
        const float im = packed[2 * b];
        power[b] = re * re + im * im;
    }
    power[last] = 0.25F * packed[m_size - 1] * packed[m_size - 1];
}

int powerOfTwoFrom(int value) {
    return static_cast<int>(std::bit_ceil(static_cast<unsigned>(std::max(1, value))));
}

}  // namespace querent::media::sound

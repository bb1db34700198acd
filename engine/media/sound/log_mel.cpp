#include "engine/media/sound/log_mel.h"

#include "engine/media/sound/resample.h"
#include "engine/media/sound/sliding_window.h"
#include "engine/media/sound/sound_file.h"
#include "engine/media/sound/stft.h"

#include <algorithm>
#include <cmath>
#include <new>

namespace querent::media::sound {

namespace {

double toMel(double hz, double knee) {
    return 2595.0 * std::log10(1.0 + hz / knee);
}

double toHz(double mel, double knee) {
    return knee * (std::pow(10.0, mel / 2595.0) - 1.0);
}

/** The area below the triangle left - peak - right from minus infinity to `x`. */
double areaBelow(double x, double left, double peak, double right) {
    if (x <= left) return 0.0;
    if (x >= right) return 0.5 * (right - left);
    if (x <= peak) return 0.5 * (x - left) * (x - left) / (peak - left);
    return 0.5 * (right - left) - 0.5 * (right - x) * (right - x) / (right - peak);
}

Result<void> check(const MelParameters& p, int rate) {
    const auto lasts = [](double seconds) { return seconds >= 1e-4 && seconds <= 1.0; };
    const double high = p.highHz > 0.0 ? p.highHz : rate / 2.0;
    const bool good = p.bands >= 1 && p.bands <= 512 && lasts(p.window) && lasts(p.hop) && p.rate >= 0 &&
                      p.lowHz >= 0.0 && p.lowHz < high && high < 1e6 && p.kneeHz >= 1.0 && p.kneeHz <= 1e7 &&
                      rate > 0 && rate <= SoundFile::kHighestRate;
    if (good) return {};
    return fail(ErrorCode::InvalidArgument, "The settings of the mel spectrogram are out of range.");
}

int windowSamples(const MelParameters& parameters, int rate) {
    return std::max(1, static_cast<int>(std::lround(parameters.window * rate)));
}

Result<Matrix> columnsOf(SlidingWindow stream, std::int64_t length, int rate, const MelParameters& parameters) {
    const int window = windowSamples(parameters, rate);
    const int size = powerOfTwoFrom(std::max(4, window));
    const double hop = parameters.hop * rate;
    const MelBank bank(parameters, rate, size);
    PowerSpectrum spectrum(window, size);
    std::vector<float> power(static_cast<std::size_t>(spectrum.bins()));
    Matrix columns(static_cast<std::size_t>(std::ceil(static_cast<double>(length) / hop)),
                   static_cast<std::size_t>(parameters.bands));
    const float least = std::pow(10.0F, kMelFloorDb / 10.0F);
    for (std::size_t k = 0; k < columns.rows; ++k) {
        const auto centre = static_cast<std::int64_t>(static_cast<double>(k) * hop);
        const Result<std::span<const float>> samples = stream.at(centre - window / 2, static_cast<std::size_t>(window));
        if (!samples) return samples.error();
        spectrum.compute(*samples, power);
        bank.apply(power, columns.row(k));
        for (float& value : columns.row(k))
            value = 10.0F * std::log10(std::max(value, least));
    }
    return columns;
}

}  // namespace

int melRate(const MelParameters& parameters, int fileRate) {
    return parameters.rate > 0 ? parameters.rate : std::min(fileRate, kHighestMelRate);
}

MelParameters melFor(MelParameters parameters, int fileRate) {
    parameters.rate = std::min(fileRate, kHighestProjectRate);
    // Where sounds of 48 kHz and less are looked at as a person hears them, faster ones are as if they were played
    // slower: shorter windows show shorter calls, and the bands are spread where they are.
    constexpr double kHeard = 48'000.0;
    const double times = std::max(1.0, parameters.rate / kHeard);
    parameters.window /= times;
    parameters.hop /= times;
    parameters.lowHz *= times;
    parameters.kneeHz *= times * times;
    return parameters;
}

MelBank::MelBank(const MelParameters& parameters, int rate, int size) {
    const double high = parameters.highHz > 0.0 ? parameters.highHz : rate / 2.0;
    const double knee = parameters.kneeHz;
    const double low = toMel(parameters.lowHz, knee);
    const double step = (toMel(high, knee) - low) / (parameters.bands + 1);
    const double bin = static_cast<double>(rate) / size;
    const int lastBin = size / 2;
    for (int b = 0; b < parameters.bands; ++b) {
        const double left = toHz(low + b * step, knee);
        const double peak = toHz(low + (b + 1) * step, knee);
        const double right = toHz(low + (b + 2) * step, knee);
        Band band;
        const auto first = static_cast<int>(std::max(0.0, std::floor(left / bin - 0.5)));
        const auto end = static_cast<int>(std::min<double>(lastBin, std::ceil(right / bin + 0.5)));
        band.first = static_cast<std::size_t>(std::min(first, lastBin));
        for (int i = first; i <= end; ++i) {
            const double area =
                areaBelow((i + 0.5) * bin, left, peak, right) - areaBelow((i - 0.5) * bin, left, peak, right);
            band.weights.push_back(static_cast<float>(area / bin));
        }
        m_bands.push_back(std::move(band));
    }
}

void MelBank::apply(std::span<const float> power, std::span<float> energy) const {
    for (std::size_t b = 0; b < m_bands.size(); ++b) {
        const Band& band = m_bands[b];
        float sum = 0.0F;
        for (std::size_t i = 0; i < band.weights.size(); ++i)
            sum += band.weights[i] * power[band.first + i];
        energy[b] = sum;
    }
}

Result<Matrix> logMel(const std::filesystem::path& path, const MelParameters& parameters, const SoundStretch& stretch,
                      double maxSeconds) {
    Result<SoundFile> file = SoundFile::open(path);
    if (!file) return file.error();
    return logMel(*file, parameters, stretch, maxSeconds);
}

Result<Matrix> logMel(SoundFile& file, const MelParameters& parameters, const SoundStretch& stretch,
                      double maxSeconds) {
    const int rate = melRate(parameters, file.shape().rate);
    if (Result<void> good = check(parameters, rate); !good) return good.error();
    const auto most = static_cast<std::int64_t>(std::clamp(maxSeconds, 0.0, 1e6) * file.shape().rate);
    const std::int64_t frames = stretch.frames < 0 ? most : std::min(most, stretch.frames);
    Result<MonoStream> stream = MonoStream::open(file, stretch.firstFrame, frames, rate);
    if (!stream) return stream.error();
    if (stream->length() < 1) {
        return fail(ErrorCode::InvalidArgument, "The stretch of sound is empty.", file.path());
    }
    try {
        return columnsOf(SlidingWindow([&](std::span<float> samples) { return stream->read(samples); }),
                         stream->length(), rate, parameters);
    } catch (const std::exception&) {  // std::bad_alloc, or cv::Exception: OpenCV's word for the same
        return fail(ErrorCode::OutOfMemory, "There is no memory left for a mel spectrogram.", file.path());
    }
}

Result<Matrix> logMel(std::span<const float> mono, int rate, const MelParameters& parameters) {
    const int wanted = melRate(parameters, rate);
    if (Result<void> good = check(parameters, wanted); !good) return good.error();
    if (mono.empty()) return fail(ErrorCode::InvalidArgument, "The stretch of sound is empty.");
    Result<Resampler> resampler = Resampler::create(rate, wanted, 1);
    if (!resampler) return resampler.error();
    try {
        std::vector<float> samples;
        if (Result<void> done = resampler->push(mono, samples); !done) return done.error();
        if (Result<void> done = resampler->finish(samples); !done) return done.error();
        std::size_t used = 0;
        const auto take = [&](std::span<float> to) -> Result<std::size_t> {
            const std::size_t count = std::min(to.size(), samples.size() - used);
            std::copy_n(samples.begin() + static_cast<std::ptrdiff_t>(used), count, to.begin());
            used += count;
            return count;
        };
        return columnsOf(SlidingWindow(take), static_cast<std::int64_t>(samples.size()), wanted, parameters);
    } catch (const std::exception&) {  // as above
        return fail(ErrorCode::OutOfMemory, "There is no memory left for a mel spectrogram.");
    }
}

}  // namespace querent::media::sound

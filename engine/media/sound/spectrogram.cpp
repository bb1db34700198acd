#include "engine/media/sound/spectrogram.h"

#include "engine/media/sound/resample.h"
#include "engine/media/sound/sliding_window.h"
#include "engine/media/sound/sound_file.h"
#include "engine/media/sound/stft.h"

#include <algorithm>
#include <cmath>
#include <new>

namespace querent::media::sound {

namespace {

constexpr int kLargestEdge = 16'384;
constexpr double kLeastTopDb = -60.0;

/** The part of cell `cell` of a row of `cells` that `from`..`to` covers, where the whole row is 0..1. */
struct Share {
    int cell = 0;
    float weight = 0.0F;  // of the cell
};

std::vector<Share> sharesOf(double from, double to, int cells) {
    std::vector<Share> shares;
    const double left = std::clamp(from, 0.0, 1.0) * cells;
    const double right = std::clamp(to, 0.0, 1.0) * cells;
    for (int cell = static_cast<int>(left); cell < cells && cell < right; ++cell) {
        const double overlap = std::min(right, cell + 1.0) - std::max(left, static_cast<double>(cell));
        if (overlap > 0.0) shares.push_back({cell, static_cast<float>(overlap)});
    }
    return shares;
}

int windowSamples(const SpectrogramLook& look, int rate) {
    return std::max(4, static_cast<int>(std::lround(look.window * rate)));
}

/** Mean energies of cells, gathered window by window. */
class Cells {
 public:
    Cells(Size size, int bins)
        : m_size(size), m_energy(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height)) {
        m_column.resize(static_cast<std::size_t>(size.height));
        // A bin reaches half a bin to either side; of the first and the last one only a half is there.
        for (int b = 0; b < bins; ++b) {
            for (Share share : sharesOf((b - 0.5) / (bins - 1), (b + 0.5) / (bins - 1), size.height))
                m_rows.push_back({b, share});
        }
    }

    /** `from`..`to`: the window's part of the stretch, which is 0..1. */
    void add(std::span<const float> power, double from, double to) {
        std::fill(m_column.begin(), m_column.end(), 0.0F);
        for (const auto& [bin, share] : m_rows)
            m_column[static_cast<std::size_t>(share.cell)] += share.weight * power[static_cast<std::size_t>(bin)];
        for (const Share& share : sharesOf(from, to, m_size.width)) {
            float* cells = m_energy.data() + static_cast<std::size_t>(share.cell) * m_column.size();
            for (std::size_t row = 0; row < m_column.size(); ++row)
                cells[row] += share.weight * m_column[row];
        }
    }

    Raster picture(double topDb, double rangeDb) const {
        Raster raster;
        raster.size = m_size;
        raster.rgb.resize(m_energy.size() * 3);
        for (std::size_t i = 0; i < m_energy.size(); ++i) {
            const double db = 10.0 * std::log10(std::max(static_cast<double>(m_energy[i]), 1e-30));
            const double grey = std::clamp(255.0 * (db - (topDb - rangeDb)) / rangeDb, 0.0, 255.0);
            const std::size_t row = i % m_column.size();
            const std::size_t column = i / m_column.size();
            std::fill_n(raster.rgb.begin() + static_cast<std::ptrdiff_t>(row * raster.stride() + column * 3), 3,
                        static_cast<std::uint8_t>(std::lround(grey)));
        }
        return raster;
    }

 private:
    struct Part {
        int bin = 0;
        Share share;  // of a row
    };
    Size m_size;
    std::vector<Part> m_rows;     // which bins lie in which rows
    std::vector<float> m_energy;  // [width, height]: a window touches neighbouring memory
    std::vector<float> m_column;  // scratch, [height]
};

Result<void> gather(SoundFile& file, const SoundStretch& stretch, int window, PowerSpectrum& spectrum, Cells& cells,
                    int columns, const Job& job) {
    const std::int64_t lead = std::min<std::int64_t>(window, stretch.firstFrame);
    Result<MonoStream> stream = MonoStream::open(file, stretch.firstFrame - lead, stretch.frames + lead + window, 0);
    if (!stream) return stream.error();
    SlidingWindow samples([&](std::span<float> to) { return stream->read(to); });
    // At a quarter of the window every sample counts as much as any other; where a column is the mean of dozens of
    // windows, half of it is near enough and twice as quick.
    const std::int64_t perColumn = stretch.frames / columns;
    const std::int64_t most = perColumn > 16 * window ? window / 2 : window / 4;
    const std::int64_t hop = std::clamp<std::int64_t>(perColumn, 1, most);
    std::vector<float> power(static_cast<std::size_t>(spectrum.bins()));
    const auto whole = static_cast<double>(stretch.frames);
    std::int64_t step = 0;
    for (std::int64_t at = 0; at < stretch.frames; at += hop, ++step) {
        if (step % 64 == 0 && job.cancelled()) return Job::stopped();
        const Result<std::span<const float>> piece =
            samples.at(lead + at + hop / 2 - window / 2, static_cast<std::size_t>(window));
        if (!piece) return piece.error();
        spectrum.compute(*piece, power);
        cells.add(power, static_cast<double>(at) / whole, static_cast<double>(at + hop) / whole);
    }
    return {};
}

Result<void> check(const SoundFile& file, const SoundStretch& stretch, Size wanted, const SpectrogramLook& look) {
    const bool goodSize = !wanted.empty() && wanted.width <= kLargestEdge && wanted.height <= kLargestEdge;
    const bool goodLook = look.window >= 1e-3 && look.window <= 0.5 && look.rangeDb >= 1.0 && look.rangeDb <= 200.0;
    if (!goodSize || !goodLook) {
        return fail(ErrorCode::InvalidArgument, "The settings of the spectrogram are out of range.", file.path());
    }
    if (stretch.firstFrame < 0 || stretch.firstFrame >= file.shape().frames || stretch.frames == 0) {
        return fail(ErrorCode::InvalidArgument, "The stretch of sound is empty.", file.path());
    }
    return {};
}

}  // namespace

Result<double> spectrogramTop(SoundFile& file, const SpectrogramLook& look) {
    constexpr std::int64_t kPlaces = 64;
    constexpr std::int64_t kWindows = 8;  // in each place, one behind the other
    const SoundShape& shape = file.shape();
    const int window = windowSamples(look, shape.rate);
    PowerSpectrum spectrum(window, powerOfTwoFrom(window));
    std::vector<float> power(static_cast<std::size_t>(spectrum.bins()));
    std::vector<float> samples(static_cast<std::size_t>(window * kWindows));
    std::vector<float> loudest;
    const std::int64_t stretch = window * kWindows;
    const std::int64_t places = std::clamp<std::int64_t>(shape.frames / stretch, 1, kPlaces);
    for (std::int64_t place = 0; place < places; ++place) {
        const std::int64_t first = place * (shape.frames / places);
        Result<MonoStream> stream = MonoStream::open(file, first, stretch, 0);
        if (!stream) return stream.error();
        const Result<std::size_t> got = stream->read(samples);
        if (!got) return got.error();
        std::fill(samples.begin() + static_cast<std::ptrdiff_t>(*got), samples.end(), 0.0F);
        for (std::size_t at = 0; at < *got; at += static_cast<std::size_t>(window)) {
            spectrum.compute(std::span(samples).subspan(at, static_cast<std::size_t>(window)), power);
            loudest.push_back(*std::max_element(power.begin(), power.end()));
        }
    }
    const std::size_t place = loudest.size() - 1 - loudest.size() / 50;
    std::nth_element(loudest.begin(), loudest.begin() + static_cast<std::ptrdiff_t>(place), loudest.end());
    return std::max(kLeastTopDb, 10.0 * std::log10(std::max(static_cast<double>(loudest[place]), 1e-30)));
}

Result<Raster> spectrogramPicture(const std::filesystem::path& path, const SoundStretch& stretch, Size wanted,
                                  const SpectrogramLook& look, const Job& job) {
    Result<SoundFile> file = SoundFile::open(path);
    if (!file) return file.error();
    if (Result<void> good = check(*file, stretch, wanted, look); !good) return good.error();
    SoundStretch inside = stretch;
    const std::int64_t rest = file->shape().frames - stretch.firstFrame;
    inside.frames = stretch.frames < 0 ? rest : std::min(rest, stretch.frames);
    try {
        double top = look.topDb.value_or(0.0);
        if (!look.topDb) {
            const Result<double> found = spectrogramTop(*file, look);
            if (!found) return found.error();
            top = *found;
        }
        const int window = windowSamples(look, file->shape().rate);
        PowerSpectrum spectrum(window, powerOfTwoFrom(window));
        Cells cells(wanted, spectrum.bins());
        if (Result<void> done = gather(*file, inside, window, spectrum, cells, wanted.width, job); !done) {
            return done.error();
        }
        return cells.picture(top, look.rangeDb);
    } catch (const std::exception&) {  // std::bad_alloc, or cv::Exception: OpenCV's word for the same
        return fail(ErrorCode::OutOfMemory, "There is no memory left for a spectrogram.", path);
    }
}

}  // namespace querent::media::sound

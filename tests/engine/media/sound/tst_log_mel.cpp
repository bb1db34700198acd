// Mixing, resampling and mel spectrograms, against slow and plain versions of the same.

#include "engine/media/sound/log_mel.h"
#include "engine/media/sound/resample.h"
#include "engine/media/sound/sound_file.h"
#include "tests/engine/media/sound/sound_fixtures.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

using namespace fixtures;

namespace {

std::vector<float> resampled(const std::vector<float>& input, int from, int to, std::size_t piece, int channels = 1) {
    auto resampler = Resampler::create(from, to, channels);
    std::vector<float> output;
    for (std::size_t at = 0; at < input.size(); at += piece)
        (void)resampler->push(std::span(input).subspan(at, std::min(piece, input.size() - at)), output).ok();
    (void)resampler->finish(output).ok();
    return output;
}

double mel(double hz, double knee) {
    return 2595.0 * std::log10(1.0 + hz / knee);
}

/** The height of band `b`'s triangle at `hz`: by its definition, on the mel scale's corners. */
double triangle(const MelParameters& p, int rate, int b, double hz) {
    const double high = p.highHz > 0.0 ? p.highHz : rate / 2.0;
    const double step = (mel(high, p.kneeHz) - mel(p.lowHz, p.kneeHz)) / (p.bands + 1);
    const auto corner = [&](int i) {
        return p.kneeHz * (std::pow(10.0, (mel(p.lowHz, p.kneeHz) + i * step) / 2595.0) - 1.0);
    };
    const double left = corner(b);
    const double peak = corner(b + 1);
    const double right = corner(b + 2);
    if (hz <= left || hz >= right) return 0.0;
    return hz < peak ? (hz - left) / (peak - left) : (right - hz) / (right - peak);
}

/** One column by the sums as they stand in a book. */
std::vector<double> slowColumn(const std::vector<float>& x, int rate, const MelParameters& p, int column) {
    const auto window = static_cast<int>(std::lround(p.window * rate));
    int size = 1;
    while (size < window)
        size *= 2;
    const auto first = static_cast<int>(column * p.hop * rate) - window / 2;
    std::vector<double> energy(static_cast<std::size_t>(p.bands), 0.0);
    for (int bin = 0; bin <= size / 2; ++bin) {
        std::complex<double> sum = 0.0;
        for (int i = 0; i < window; ++i) {
            const int at = first + i;
            if (at < 0 || at >= static_cast<int>(x.size())) continue;
            const double hann = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * i / window);
            sum += static_cast<double>(x[static_cast<std::size_t>(at)]) * hann *
                   std::polar(1.0, -2.0 * std::numbers::pi * bin * i / size);
        }
        const double share = bin == 0 || bin == size / 2 ? 0.25 : 1.0;  // half of the amplitude is the mirror's
        const double power = share * std::norm(sum) / std::pow(window / 4.0, 2);
        for (int b = 0; b < p.bands; ++b) {
            double mean = 0.0;
            for (int part = 0; part < 200; ++part)
                mean += triangle(p, rate, b, (bin - 0.5 + (part + 0.5) / 200.0) * rate / size) / 200.0;
            energy[static_cast<std::size_t>(b)] += mean * power;
        }
    }
    for (double& value : energy)
        value = std::max(-100.0, 10.0 * std::log10(value + 1e-30));
    return energy;
}

}  // namespace

class TestLogMel : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path file(const std::string& name) { return fs::path(m_dir.path().toStdString()) / name; }

 private Q_SLOTS:
    void mixes();
    void resamplesWithoutDelay();
    void resamplesInPieces();
    void streamsStretches();
    void matchesTheSlowVersion();
    void readsLevels();
    void readsFilesAndStretches();
    void choosesTheRate();
    void hearsWholeBands();
    void refuses();
};

void TestLogMel::mixes() {
    const std::vector<float> stereo = {1.0F, 0.0F, 0.5F, -0.5F, -1.0F, -0.5F};
    std::vector<float> mono(3);
    mixDown(stereo, 2, mono);
    QCOMPARE(mono, (std::vector<float>{0.5F, 0.0F, -0.75F}));
    std::vector<float> same(6);
    mixDown(stereo, 1, same);
    QCOMPARE(same, stereo);
}

void TestLogMel::resamplesWithoutDelay() {
    const int pairs[][2] = {{44100, 16000}, {16000, 44100}, {48000, 32000},
                            {8000, 8000},   {96000, 22050}, {11025, 48000}};
    for (const auto& [from, to] : pairs) {
        for (const int frames : {1, 777, 30'001}) {
            const std::vector<float> output = resampled(sine(from, 440.0, frames), from, to, 1000);
            QCOMPARE(static_cast<std::int64_t>(output.size()), std::llround(static_cast<double>(frames) * to / from));
            // The same sine at the new rate, but for the ends, where the silence around begins to show.
            const std::vector<float> expected = sine(to, 440.0, static_cast<std::int64_t>(output.size()));
            for (std::size_t i = 200; i + 200 < output.size(); ++i)
                QVERIFY2(std::abs(output[i] - expected[i]) < 2e-3F, qPrintable(QString("%1 to %2").arg(from).arg(to)));
        }
    }
    // What the lower rate cannot hold is gone, not folded back.
    const std::vector<float> high = resampled(sine(48000, 15000.0, 48000), 48000, 16000, 48000);
    for (std::size_t i = 200; i + 200 < high.size(); ++i)
        QVERIFY(std::abs(high[i]) < 1e-3F);
}

void TestLogMel::resamplesInPieces() {
    const std::vector<float> input = sweep(44100, 2, 20'000);
    const std::vector<float> whole = resampled(input, 44100, 16000, input.size(), 2);
    QCOMPARE(resampled(input, 44100, 16000, 2, 2), whole);
    QCOMPARE(resampled(input, 44100, 16000, 7778, 2), whole);
    QVERIFY(!Resampler::create(0, 16000, 1).ok());
    QVERIFY(!Resampler::create(16000, -1, 1).ok());
    QVERIFY(!Resampler::create(1000, 1'000'000, 1).ok());
    QVERIFY(!Resampler::create(16000, 8000, 0).ok());
}

void TestLogMel::streamsStretches() {
    const std::vector<float> stereo = sweep(8000, 2, 50'000);
    auto sound = SoundFile::open(writeFloatWav(file("s.wav"), 8000, 2, stereo));
    auto stream = MonoStream::open(*sound, 10'000, 20'000, 0);
    QCOMPARE(stream->length(), std::int64_t{20'000});
    std::vector<float> got(7000);
    for (std::size_t done = 0; done < 20'000;) {
        const std::size_t count = *stream->read(got);
        QCOMPARE(count, std::min<std::size_t>(7000, 20'000 - done));
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t frame = 10'000 + done + i;
            QCOMPARE(got[i], 0.5F * (stereo[2 * frame] + stereo[2 * frame + 1]));
        }
        done += count;
    }
    QCOMPARE(*stream->read(got), std::size_t{0});
    QCOMPARE(MonoStream::open(*sound, 40'000, -1, 4000)->length(), std::int64_t{5000});
    QCOMPARE(MonoStream::open(*sound, 60'000, 10, 4000)->length(), std::int64_t{0});
    QVERIFY(!MonoStream::open(*sound, -1, 10, 4000).ok());
}

void TestLogMel::matchesTheSlowVersion() {
    MelParameters plain;
    plain.bands = 20;
    MelParameters odd;  // a window that is no power of two, a hop between samples, bands narrower than a bin
    odd.window = 0.0203;
    odd.hop = 0.00713;
    odd.bands = 60;
    odd.lowHz = 0.0;
    odd.highHz = 3000.0;
    for (const MelParameters& p : {plain, odd}) {
        const std::vector<float> x = sweep(8000, 1, 3000);
        const auto fast = logMel(x, 8000, p);
        QVERIFY(fast.ok());
        QCOMPARE(fast->rows, static_cast<std::size_t>(std::ceil(3000.0 / (p.hop * 8000))));
        QCOMPARE(fast->cols, static_cast<std::size_t>(p.bands));
        for (const int column : {0, 1, 7, 20, static_cast<int>(fast->rows) - 1}) {
            const std::vector<double> slow = slowColumn(x, 8000, p, column);
            for (std::size_t b = 0; b < slow.size(); ++b) {
                const auto value = static_cast<double>(fast->at(static_cast<std::size_t>(column), b));
                QVERIFY2(
                    std::abs(value - slow[b]) < 0.02,
                    qPrintable(QString("column %1 band %2: %3 for %4").arg(column).arg(b).arg(value).arg(slow[b])));
            }
        }
    }
}

void TestLogMel::readsLevels() {
    const auto silence = logMel(std::vector<float>(16000), 16000, {});
    for (const float value : silence->values)
        QCOMPARE(value, kMelFloorDb);
    // A sine has its level in the band around it, less in all the others, and the level follows the amplitude.
    const auto loud = logMel(sine(16000, 1000.0, 16000, 1.0F), 16000, {});
    const auto quiet = logMel(sine(16000, 1000.0, 16000, 0.01F), 16000, {});
    const auto row = loud->row(50);
    const auto top = std::max_element(row.begin(), row.end());
    QVERIFY(*top > -3.0F && *top < 3.0F);
    const auto band = static_cast<std::size_t>(top - row.begin());
    QVERIFY(std::abs(loud->at(50, band) - quiet->at(50, band) - 40.0F) < 0.01F);
    QVERIFY(loud->at(50, band + 6) < -60.0F);
}

void TestLogMel::readsFilesAndStretches() {
    const std::vector<float> x = sweep(16000, 1, 40'000);
    const fs::path path = writeFloatWav(file("m.wav"), 16000, 1, x);
    const auto whole = logMel(path, {});
    QVERIFY(whole.ok());
    QVERIFY(whole->values == logMel(x, 16000, {})->values);
    QVERIFY(whole->values == logMel(path, {})->values);
    const std::vector<float> part(x.begin() + 8000, x.begin() + 24'000);
    QVERIFY(logMel(path, {}, {8000, 16'000})->values == logMel(part, 16000, {})->values);
    const std::vector<float> tail(x.begin() + 30'000, x.end());
    QVERIFY(logMel(path, {}, {30'000, -1})->values == logMel(tail, 16000, {})->values);
    QCOMPARE(logMel(path, {}, {}, 1.0)->rows, std::size_t{100});
    MelParameters lower;
    lower.rate = 8000;
    QVERIFY(logMel(path, lower)->values == logMel(x, 16000, lower)->values);
}

void TestLogMel::choosesTheRate() {
    QCOMPARE(melRate({}, 16000), 16000);
    QCOMPARE(melRate({}, 96000), 32000);
    MelParameters fixed;
    fixed.rate = 8000;
    QCOMPARE(melRate(fixed, 96000), 8000);
    // Bands that a low rate cannot hold are silent; those that it can are where they are at any rate.
    MelParameters wide;
    wide.highHz = 8000.0;
    const auto low = logMel(sine(8000, 1000.0, 8000), 8000, wide);
    const auto high = logMel(sine(16000, 1000.0, 16000), 16000, wide);
    QCOMPARE(low->at(40, 63), kMelFloorDb);
    const auto loudest = [](const Matrix& m) {
        const auto row = m.row(40);
        return std::max_element(row.begin(), row.end()) - row.begin();
    };
    QCOMPARE(loudest(*low), loudest(*high));
}

void TestLogMel::hearsWholeBands() {
    const MelParameters usual;
    for (const int rate : {8000, 44'100, 48'000}) {
        MelParameters same = usual;
        same.rate = rate;
        QVERIFY(melFor(usual, rate) == same);
    }
    QCOMPARE(melFor(usual, 900'000).rate, 500'000);
    const MelParameters bats = melFor(usual, 384'000);
    QCOMPARE(bats.rate, 384'000);
    QCOMPARE(bats.window, 0.004);
    QCOMPARE(bats.hop, 0.00125);
    // A tone of a bat is where the bands say, and tones of 40 and 110 kHz are far apart.
    const auto loudest = [&](double hz) {
        const auto features = logMel(sine(384'000, hz, 40'000), 384'000, bats);
        const auto row = features->row(40);
        const auto found = std::max_element(row.begin(), row.end());
        return *found > -15.0F ? static_cast<int>(found - row.begin()) : -1;
    };
    for (const double hz : {20'000.0, 40'000.0, 110'000.0, 185'000.0}) {
        const int band = loudest(hz);
        QVERIFY2(band >= 0 && triangle(bats, 384'000, band, hz) >= 0.4, qPrintable(QString::number(hz)));
    }
    QVERIFY(loudest(110'000.0) - loudest(40'000.0) > 20);
}

void TestLogMel::refuses() {
    const std::vector<float> x = sine(8000, 440.0, 800);
    const auto broken = [&](auto change) {
        MelParameters p;
        change(p);
        const auto result = logMel(x, 8000, p);
        return !result.ok() && result.error().code == ErrorCode::InvalidArgument;
    };
    QVERIFY(broken([](MelParameters& p) { p.bands = 0; }));
    QVERIFY(broken([](MelParameters& p) { p.bands = 100'000; }));
    QVERIFY(broken([](MelParameters& p) { p.hop = 0.0; }));
    QVERIFY(broken([](MelParameters& p) { p.window = std::nan(""); }));
    QVERIFY(broken([](MelParameters& p) { p.lowHz = 5000.0; }));
    QVERIFY(broken([](MelParameters& p) { p.lowHz = -1.0; }));
    QVERIFY(broken([](MelParameters& p) { p.rate = -5; }));
    QVERIFY(broken([](MelParameters& p) { p.kneeHz = 0.0; }));
    QVERIFY(!logMel(std::vector<float>{}, 8000, {}).ok());
    QVERIFY(!logMel(file("none.wav"), {}).ok());
    const fs::path path = writeFloatWav(file("short.wav"), 8000, 1, x);
    QVERIFY(!logMel(path, {}, {800, 10}).ok());
    QVERIFY(!logMel(path, {}, {-1, 10}).ok());
    QCOMPARE(logMel(path, {}, {799, 10})->rows, std::size_t{1});
}

QTEST_GUILESS_MAIN(TestLogMel)
#include "tst_log_mel.moc"

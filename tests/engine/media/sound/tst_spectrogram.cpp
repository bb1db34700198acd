// Spectrograms: the detector's picture and the view's tiles.

#include "engine/media/sound/sound_file.h"
#include "engine/media/sound/spectrogram.h"
#include "engine/media/sound/spectrum_tiles.h"
#include "engine/media/sound/stft.h"
#include "tests/engine/media/sound/sound_fixtures.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cmath>
#include <complex>
#include <numbers>
#include <thread>

using namespace fixtures;

namespace {

int grey(const Raster& picture, int x, int y) {
    return picture.rgb[static_cast<std::size_t>(y) * picture.stride() + static_cast<std::size_t>(x) * 3];
}

/** Silence with a sine between two frames. */
std::vector<float> burst(int rate, double hz, std::int64_t frames, std::int64_t from, std::int64_t to) {
    std::vector<float> samples = sine(rate, hz, frames);
    for (std::int64_t i = 0; i < frames; ++i) {
        if (i < from || i >= to) samples[static_cast<std::size_t>(i)] = 0.0F;
    }
    return samples;
}

/** The level of one bin under a window of Hann centred at `centre`, in dB, as the sum stands in a book. */
double slowLevel(const std::vector<float>& x, int size, int bin, std::int64_t centre) {
    std::complex<double> sum = 0.0;
    for (int i = 0; i < size; ++i) {
        const std::int64_t at = centre - size / 2 + i;
        if (at < 0 || at >= std::ssize(x)) continue;
        const double hann = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * i / size);
        sum += static_cast<double>(x[static_cast<std::size_t>(at)]) * hann *
               std::polar(1.0, -2.0 * std::numbers::pi * bin * i / size);
    }
    return 20.0 * std::log10(std::abs(sum) / (size / 4.0) + 1e-30);
}

}  // namespace

class TestSpectrogram : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path file(const std::string& name) { return fs::path(m_dir.path().toStdString()) / name; }

 private Q_SLOTS:
    void measuresSines();
    void putsBoxesWhereTheyAre_data();
    void putsBoxesWhereTheyAre();
    void losesNothingBetweenPixels();
    void normalisesByFile();
    void repeatsAndJoins();
    void refusesAndCancels();
    void tilesMatchTheSlowVersion();
    void tilesMeetTheirEdges();
    void tilesOfFarZooms();
    void tilesAreKept();
    void tilesForManyThreads();
    void tilesRefuse();
};

void TestSpectrogram::measuresSines() {
    for (const int size : {4, 256, 1024, 8192}) {
        PowerSpectrum spectrum(size, size);
        std::vector<float> power(static_cast<std::size_t>(spectrum.bins()));
        spectrum.compute(std::vector<float>(static_cast<std::size_t>(size), 1.0F), power);
        QVERIFY(std::abs(power[0] - 1.0F) < 1e-3F);
        if (size < 256) continue;
        spectrum.compute(sine(size, 20.0, size, 1.0F), power);
        QVERIFY(std::abs(power[20] - 1.0F) < 1e-3F);
        QVERIFY(power[30] < 1e-9F);
    }
}

void TestSpectrogram::putsBoxesWhereTheyAre_data() {
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::newRow("fewer pixels than windows and bins") << 100 << 80;
    QTest::newRow("a detector's picture") << 640 << 512;
    QTest::newRow("more pixels than bins") << 300 << 1000;
    QTest::newRow("more pixels than frames of the hop") << 3000 << 64;
}

void TestSpectrogram::putsBoxesWhereTheyAre() {
    QFETCH(int, width);
    QFETCH(int, height);
    // 3000 Hz from 0.5 s to 0.75 s of a second at 16 kHz, so at 3/8 of the height.
    const fs::path path = writeFloatWav(file("b.wav"), 16000, 1, burst(16000, 3000.0, 16000, 8000, 12000));
    const auto picture = spectrogramPicture(path, {}, {width, height});
    QVERIFY(picture.ok());
    QVERIFY((picture->size == Size{width, height}));
    QCOMPARE(picture->rgb.size(), static_cast<std::size_t>(width * height * 3));
    const int row = height * 3 / 8;
    const auto at = [&](double t, int y) { return grey(*picture, static_cast<int>(t * width), y); };
    const int loud = at(0.625, row);
    QVERIFY2(loud > 180, qPrintable(QString::number(loud)));
    QVERIFY(at(0.53, row) > loud - 20);
    QVERIFY(at(0.72, row) > loud - 20);
    QVERIFY(at(0.45, row) < 30);  // before, after, above and below
    QVERIFY(at(0.80, row) < 30);
    QVERIFY(at(0.625, height * 5 / 8) < loud - 120);
    QVERIFY(at(0.625, height / 8) < loud - 120);
    for (std::size_t i = 0; i < picture->rgb.size(); i += 3)
        QVERIFY(picture->rgb[i] == picture->rgb[i + 1] && picture->rgb[i] == picture->rgb[i + 2]);
}

void TestSpectrogram::losesNothingBetweenPixels() {
    // A burst far shorter than a column, at every place within it, shows equally well.
    int least = 255;
    int most = 0;
    for (const std::int64_t from : {40'000, 40'500, 41'111, 42'222, 43'333, 43'800}) {
        const fs::path path = writeFloatWav(file("k.wav"), 16000, 1, burst(16000, 3000.0, 80'000, from, from + 100));
        SpectrogramLook look;
        look.topDb = 0.0;
        const auto picture = spectrogramPicture(path, {}, {20, 8}, look);  // 4000 frames a column
        int brightest = 0;
        for (int x = 0; x < 20; ++x)
            brightest = std::max(brightest, grey(*picture, x, 3));
        least = std::min(least, brightest);
        most = std::max(most, brightest);
    }
    QVERIFY2(least > 50 && most - least < 12, qPrintable(QString("%1 to %2").arg(least).arg(most)));
}

void TestSpectrogram::normalisesByFile() {
    // A quiet copy of a file gives the same picture; a quiet part of a loud file stays dark.
    std::vector<float> loud = sine(16000, 2000.0, 32'000, 0.9F);
    for (std::size_t i = 16'000; i < loud.size(); ++i)
        loud[i] *= 0.001F;
    std::vector<float> quiet = loud;
    for (float& sample : quiet)
        sample *= 0.01F;
    const auto a = spectrogramPicture(writeFloatWav(file("a.wav"), 16000, 1, loud), {}, {64, 64});
    const auto b = spectrogramPicture(writeFloatWav(file("q.wav"), 16000, 1, quiet), {}, {64, 64});
    for (int i = 0; i < 64 * 64; ++i)
        QVERIFY(std::abs(grey(*a, i % 64, i / 64) - grey(*b, i % 64, i / 64)) <= 1);
    const auto part = spectrogramPicture(file("a.wav"), {16'000, 16'000}, {32, 64});
    QVERIFY(grey(*a, 16, 16) - grey(*part, 16, 16) > 150);
    auto sound = SoundFile::open(file("a.wav"));
    QVERIFY(std::abs(*spectrogramTop(*sound, {}) + 0.9) < 0.3);
    const fs::path silence = writeFloatWav(file("s.wav"), 16000, 1, std::vector<float>(16'000));
    const auto black = spectrogramPicture(silence, {}, {16, 16});
    QVERIFY(std::all_of(black->rgb.begin(), black->rgb.end(), [](std::uint8_t v) { return v == 0; }));
}

void TestSpectrogram::repeatsAndJoins() {
    const fs::path path = writeFloatWav(file("r.wav"), 16000, 2, sweep(16000, 2, 64'000));
    const auto whole = spectrogramPicture(path, {0, 64'000}, {400, 100});
    QVERIFY(whole->rgb == spectrogramPicture(path, {}, {400, 100})->rgb);
    // Two halves beside one another are the whole: windows look over the edge of a stretch.
    const auto left = spectrogramPicture(path, {0, 32'000}, {200, 100});
    const auto right = spectrogramPicture(path, {32'000, 32'000}, {200, 100});
    for (int y = 0; y < 100; ++y) {
        for (int x = 0; x < 200; ++x) {
            QVERIFY(std::abs(grey(*left, x, y) - grey(*whole, x, y)) <= 1);
            QVERIFY(std::abs(grey(*right, x, y) - grey(*whole, x + 200, y)) <= 1);
        }
    }
    // A stretch that ends behind the sound is cut there.
    QVERIFY(spectrogramPicture(path, {32'000, 1'000'000}, {200, 100})->rgb == right->rgb);
}

void TestSpectrogram::refusesAndCancels() {
    const fs::path path = writeFloatWav(file("c.wav"), 16000, 1, sine(16000, 440.0, 16'000));
    QCOMPARE(spectrogramPicture(file("none.wav"), {}, {8, 8}).error().code, ErrorCode::NotFound);
    for (const Size size : {Size{0, 8}, Size{8, -1}, Size{100'000, 8}})
        QCOMPARE(spectrogramPicture(path, {}, size).error().code, ErrorCode::InvalidArgument);
    for (const SoundStretch& stretch : {SoundStretch{-1, 10}, SoundStretch{16'000, 10}, SoundStretch{0, 0}})
        QCOMPARE(spectrogramPicture(path, stretch, {8, 8}).error().code, ErrorCode::InvalidArgument);
    SpectrogramLook look;
    look.window = 0.0;
    QCOMPARE(spectrogramPicture(path, {}, {8, 8}, look).error().code, ErrorCode::InvalidArgument);
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(spectrogramPicture(path, {}, {8, 8}, {}, Job(stop.get_token())).error().code, ErrorCode::Cancelled);
    QVERIFY(spectrogramPicture(path, {15'999, 1}, {8, 8}).ok());
}

void TestSpectrogram::tilesMatchTheSlowVersion() {
    const std::vector<float> stereo = sweep(48000, 2, 140'000);
    const fs::path path = writeFloatWav(file("t.wav"), 48000, 2, stereo);
    std::vector<float> right(140'000);
    std::vector<float> mono(140'000);
    for (std::size_t i = 0; i < right.size(); ++i) {
        right[i] = stereo[2 * i + 1];
        mono[i] = 0.5F * (stereo[2 * i] + stereo[2 * i + 1]);
    }
    const auto tiles = *SpectrumTiles::open(path);
    for (const TileKey& key : {TileKey{256, 64, -1, 2}, TileKey{1024, 256, 1, 1}, TileKey{4096, 1, -1, 100}}) {
        const auto tile = tiles->tile(key);
        QVERIFY(tile.ok());
        QCOMPARE((*tile)->columns, 256);
        QCOMPARE((*tile)->bins, key.fftSize / 2 + 1);
        QCOMPARE((*tile)->levels.size(), static_cast<std::size_t>(256 * (key.fftSize / 2 + 1)));
        for (const int column : {0, 100, 255}) {
            for (int bin = 0; bin <= key.fftSize / 2; bin += key.fftSize / 64) {
                const std::int64_t centre = (key.index * 256 + column) * key.hop + key.hop / 2;
                const bool edge = bin == 0 || bin == key.fftSize / 2;  // without a mirror image
                const double half = edge ? -20.0 * std::log10(2.0) : 0.0;
                const double db = slowLevel(key.channel < 0 ? mono : right, key.fftSize, bin, centre) + half;
                const double level = std::clamp((db + 120.0) * 255.0 / 120.0, 0.0, 255.0);
                QVERIFY(std::abs(level - (*tile)->at(bin, column)) < 0.6);
            }
        }
    }
}

void TestSpectrogram::tilesMeetTheirEdges() {
    const fs::path path = writeFloatWav(file("e.wav"), 16000, 1, sine(16000, 4000.0, 100'000, 1.0F));
    const auto tiles = *SpectrumTiles::open(path);
    QCOMPARE(tiles->tileCount(256), std::int64_t{2});
    const auto last = *tiles->tile({512, 256, -1, 1});
    QCOMPARE(last->columns, 135);  // ceil(100'000 / 256) - 256
    QVERIFY(last->at(128, 100) >= 254);
    QCOMPARE(int(last->at(128, 135)), 0);
    QCOMPARE(int(last->at(128, 255)), 0);
    QVERIFY((*tiles->tile({512, 256, -1, 0}))->at(128, 0) > 200);  // half of its window is before the sound
}

void TestSpectrogram::tilesOfFarZooms() {
    // Columns of 8192 frames under windows of 512: loud halves and silent halves are told apart, in every column.
    std::vector<float> samples = sine(16000, 4000.0, 16 * 8192, 1.0F);
    std::fill(samples.begin(), samples.begin() + 8 * 8192, 0.0F);
    const auto tiles = *SpectrumTiles::open(writeFloatWav(file("f.wav"), 16000, 1, samples));
    const auto tile = *tiles->tile({512, 8192, -1, 0});
    QCOMPARE(tile->columns, 16);
    for (int column = 0; column < 16; ++column)
        QCOMPARE(int(tile->at(128, column)), column < 8 ? 0 : 255);
    // A tone as short as one of a column's four windows is seen as loud as it is.
    const std::vector<float> brief = burst(16000, 4000.0, 16 * 8192, 8192 + 700, 8192 + 1400);
    const auto seen = *(*SpectrumTiles::open(writeFloatWav(file("b.wav"), 16000, 1, brief)))->tile({512, 8192, -1, 0});
    QVERIFY(std::abs(seen->at(128, 1) - 255.0 * (1.0 - 6.02 / 120.0)) < 1.5);
    QCOMPARE(int(seen->at(128, 2)), 0);
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(tiles->tile({512, 4096, -1, 0}, Job(stop.get_token())).error().code, ErrorCode::Cancelled);
    QCOMPARE(SpectrumTiles::hopFor(0.2), std::int64_t{1});
    QCOMPARE(SpectrumTiles::hopFor(255.9), std::int64_t{128});
    QCOMPARE(SpectrumTiles::hopFor(256.0), std::int64_t{256});
}

void TestSpectrogram::tilesAreKept() {
    const fs::path path = writeFloatWav(file("k.wav"), 16000, 1, sweep(16000, 1, 400'000));
    const std::int64_t one = 129 * 256 + static_cast<std::int64_t>(sizeof(SpectrumTile));
    const auto tiles = *SpectrumTiles::open(path, 3 * one);
    QVERIFY(tiles->cached({256, 64, -1, 0}) == nullptr);
    const auto first = *tiles->tile({256, 64, -1, 0});
    QVERIFY(tiles->cached({256, 64, -1, 0}) == first);
    for (const std::int64_t index : {1, 2}) {
        QVERIFY(tiles->tile({256, 64, -1, index}).ok());
        QVERIFY(tiles->cached({256, 64, -1, 0}) == first);  // used again, so not the oldest
    }
    QVERIFY(tiles->tile({256, 64, -1, 3}).ok());
    QCOMPARE(tiles->bytes(), 3 * one);
    QVERIFY(tiles->cached({256, 64, -1, 0}) == first);
    QVERIFY(tiles->cached({256, 64, -1, 1}) == nullptr);
    const auto none = *SpectrumTiles::open(path, 100);
    QVERIFY(none->tile({256, 64, -1, 0}).ok());
    QCOMPARE(none->bytes(), std::int64_t{0});
}

void TestSpectrogram::tilesForManyThreads() {
    const fs::path path = writeFloatWav(file("m.wav"), 16000, 1, sweep(16000, 1, 400'000));
    const auto alone = *SpectrumTiles::open(path);
    const auto shared = *SpectrumTiles::open(path, 200'000);
    std::atomic<int> wrong = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&, t] {
                for (int i = 0; i < 40; ++i) {
                    const TileKey key{256, 64, -1, (i * (t + 3)) % 20};
                    if ((*shared->tile(key))->levels != (*alone->tile(key))->levels) ++wrong;
                }
            });
        }
    }
    QCOMPARE(wrong.load(), 0);
    QVERIFY(shared->bytes() <= 200'000);
}

void TestSpectrogram::tilesRefuse() {
    QVERIFY(!SpectrumTiles::open(file("none.wav")).ok());
    const fs::path path = writeFloatWav(file("x.wav"), 16000, 1, sweep(16000, 1, 400'000));
    const auto tiles = *SpectrumTiles::open(path);
    for (const TileKey& key :
         {TileKey{128, 64, -1, 0}, TileKey{1000, 64, -1, 0}, TileKey{16'384, 64, -1, 0}, TileKey{256, 0, -1, 0},
          TileKey{256, 48, -1, 0}, TileKey{256, 64, 1, 0}, TileKey{256, 64, -1, -1}, TileKey{256, 64, -1, 25}})
        QCOMPARE(tiles->tile(key).error().code, ErrorCode::InvalidArgument);
    QVERIFY(tiles->tile({256, 64, -1, 24}).ok());
}

QTEST_GUILESS_MAIN(TestSpectrogram)
#include "tst_spectrogram.moc"

// Slower and faster sound: as long as it should be, at the pitch it should have, where the cursor says.

#include "engine/media/sound/time_stretch.h"
#include "tests/engine/media/sound/sound_fixtures.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace fixtures;

namespace {

std::vector<float> stretched(const std::vector<float>& input, int rate, int channels, double speed, bool keepPitch,
                             std::size_t piece = 4096) {
    auto stretch = TimeStretch::create(rate, channels, speed, keepPitch);
    std::vector<float> output;
    std::vector<float> part(1000 * static_cast<std::size_t>(channels));
    const auto drain = [&] {
        while (const std::int64_t frames = stretch->pull(part))
            output.insert(output.end(), part.begin(), part.begin() + frames * channels);
    };
    piece *= static_cast<std::size_t>(channels);
    for (std::size_t at = 0; at < input.size(); at += piece) {
        if (!stretch->push(std::span(input).subspan(at, std::min(piece, input.size() - at)))) return {};
        drain();
    }
    if (!stretch->finish()) return {};
    drain();
    return output;
}

/** Upward crossings of zero a second, between two frames. */
double frequency(const std::vector<float>& mono, int rate, std::size_t from, std::size_t to) {
    int crossings = 0;
    for (std::size_t i = from + 1; i < to; ++i)
        crossings += mono[i - 1] < 0.0F && mono[i] >= 0.0F ? 1 : 0;
    return crossings * static_cast<double>(rate) / static_cast<double>(to - from);
}

}  // namespace

class TestTimeStretch : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void leavesSpeedOneAlone();
    void hasTheRightLengthAndPitch_data();
    void hasTheRightLengthAndPitch();
    void staysSmoothAndLevel();
    void pointsAtTheSource();
    void keepsChannelsTogether();
    void worksInPieces();
    void refuses();
};

void TestTimeStretch::leavesSpeedOneAlone() {
    for (const bool keepPitch : {true, false}) {
        const std::vector<float> input = sweep(44100, 2, 50'001);
        QCOMPARE(stretched(input, 44100, 2, 1.0, keepPitch), input);
    }
}

void TestTimeStretch::hasTheRightLengthAndPitch_data() {
    QTest::addColumn<double>("speed");
    QTest::addColumn<bool>("keepPitch");
    for (const double speed : {0.1, 0.5, 0.75, 0.97, 1.3, 2.0, 4.0}) {
        for (const bool keepPitch : {true, false})
            QTest::addRow("%.2f %s", speed, keepPitch ? "kept" : "along") << speed << keepPitch;
    }
}

void TestTimeStretch::hasTheRightLengthAndPitch() {
    QFETCH(double, speed);
    QFETCH(bool, keepPitch);
    constexpr int kRate = 16000;
    const std::vector<float> output = stretched(sine(kRate, 441.0, 20'011), kRate, 1, speed, keepPitch);
    QCOMPARE(std::ssize(output), std::llround(20'011 / speed));
    const double expected = keepPitch ? 441.0 : 441.0 * speed;
    const double found = frequency(output, kRate, 800, output.size() - 800);
    QVERIFY2(std::abs(found - expected) < 0.02 * expected + 3.0, qPrintable(QString::number(found)));
}

void TestTimeStretch::staysSmoothAndLevel() {
    constexpr int kRate = 16000;
    for (const double speed : {0.1, 0.6, 1.7, 4.0}) {
        const std::vector<float> output = stretched(sine(kRate, 220.0, 32'000, 0.5F), kRate, 1, speed, true);
        const auto end = output.end() - 1000;
        for (auto it = output.begin() + 1; it < end; ++it)  // a sine of 220 Hz moves by 0.043 a sample
            QVERIFY2(std::abs(*it - *(it - 1)) < 0.06F, qPrintable(QString::number(speed)));
        for (auto it = output.begin(); it + 160 < end; it += 40) {
            const float top = *std::max_element(it, it + 160);
            QVERIFY2(top > 0.42F && top < 0.51F, qPrintable(QString("%1: %2 at %3 of %4")
                                                                .arg(speed)
                                                                .arg(double(top))
                                                                .arg(it - output.begin())
                                                                .arg(output.size())));
        }
    }
}

void TestTimeStretch::pointsAtTheSource() {
    // Bursts at known places: each is heard where sourceFrame() says.
    constexpr int kRate = 16000;
    std::vector<float> input(96'000, 0.0F);
    const std::vector<std::size_t> starts = {9'000, 33'000, 61'000, 88'000};
    const std::vector<float> tone = sine(kRate, 700.0, 3200);
    for (const std::size_t start : starts)
        std::copy(tone.begin(), tone.end(), input.begin() + static_cast<std::ptrdiff_t>(start));
    for (const bool keepPitch : {true, false}) {
        for (const double speed : {0.1, 0.5, 1.5, 4.0}) {
            const auto stretch = TimeStretch::create(kRate, 1, speed, keepPitch);
            const std::vector<float> output = stretched(input, kRate, 1, speed, keepPitch);
            std::vector<double> found;
            std::int64_t quietUntil = 0;
            for (std::int64_t i = 0; i < std::ssize(output); ++i) {
                if (std::abs(output[static_cast<std::size_t>(i)]) < 0.1F) continue;
                if (i >= quietUntil) found.push_back(stretch->sourceFrame(i));
                quietUntil = i + static_cast<std::int64_t>(8000 / speed);
            }
            QCOMPARE(found.size(), starts.size());
            const double allowed = keepPitch ? (0.012 + 0.022 * std::abs(speed - 1.0)) * kRate : 0.001 * kRate;
            for (std::size_t b = 0; b < starts.size(); ++b) {
                const double off = found[b] - static_cast<double>(starts[b]);
                QVERIFY2(std::abs(off) < allowed, qPrintable(QString("speed %1: %2").arg(speed).arg(off)));
            }
        }
    }
}

void TestTimeStretch::keepsChannelsTogether() {
    std::vector<float> stereo;
    for (const float sample : sweep(16000, 1, 16'000)) {
        stereo.push_back(sample);
        stereo.push_back(-0.5F * sample);
    }
    for (const bool keepPitch : {true, false}) {
        const std::vector<float> output = stretched(stereo, 16000, 2, 0.7, keepPitch);
        for (std::size_t i = 0; i < output.size(); i += 2)
            QVERIFY(std::abs(output[i + 1] + 0.5F * output[i]) < 1e-5F);
    }
}

void TestTimeStretch::worksInPieces() {
    const std::vector<float> input = sweep(8000, 2, 20'000);
    for (const bool keepPitch : {true, false}) {
        const std::vector<float> whole = stretched(input, 8000, 2, 0.6, keepPitch, input.size());
        QCOMPARE(stretched(input, 8000, 2, 0.6, keepPitch, 1), whole);
        QCOMPARE(stretched(input, 8000, 2, 0.6, keepPitch, 777), whole);
    }
    // Output comes while input goes in, not at the end.
    auto stretch = TimeStretch::create(8000, 1, 2.0, true);
    QVERIFY(stretch->push(std::vector<float>(8000, 0.1F)).ok());
    QVERIFY(stretch->available() > 4000 - 400);
    QCOMPARE(stretched({}, 8000, 1, 0.5, true).size(), std::size_t{0});
    QCOMPARE(stretched({0.25F}, 8000, 1, 0.5, true).size(), std::size_t{2});
}

void TestTimeStretch::refuses() {
    for (const double speed : {0.0, 0.05, 4.5, -1.0, std::nan("")})
        QVERIFY(!TimeStretch::create(16000, 1, speed, true).ok());
    QVERIFY(!TimeStretch::create(0, 1, 1.0, true).ok());
    QVERIFY(!TimeStretch::create(16000, 0, 1.0, false).ok());
    auto stretch = TimeStretch::create(16000, 2, 1.0, true);
    QCOMPARE(stretch->push(std::vector<float>(3)).error().code, ErrorCode::InvalidArgument);
}

QTEST_GUILESS_MAIN(TestTimeStretch)
#include "tst_time_stretch.moc"

// What a sound device gets, against the samples of the file.
#include "engine/media/sound/wav_writer.h"
#include "engine/session/sound/playback_stream.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>

using namespace querent;
using session::sound::PlaybackPlan;
using session::sound::PlaybackStream;
namespace fs = std::filesystem;

namespace {

constexpr int kRate = 16000;
constexpr std::int64_t kFrames = 50'000;

/** Every frame is told from every other by its value; exact in 16 bits. */
float valueAt(std::int64_t frame, int channel) {
    const std::int64_t scrambled = (frame * 7919 + channel * 104'729) % 60'001;
    return static_cast<float>(scrambled - 30'000) / 32768.0F;
}

/** Everything, or the first `most` frames, in pieces of odd sizes. */
std::vector<float> pulled(PlaybackStream& stream, std::int64_t most = 1'000'000) {
    std::vector<float> all;
    const auto channels = static_cast<std::size_t>(stream.output().channels);
    for (std::size_t size = 1; most > 0; size = size * 3 % 4999 + 1) {
        std::vector<float> piece(std::min(size, static_cast<std::size_t>(most)) * channels);
        const auto got = stream.pull(piece);
        if (!got || *got == 0) break;
        all.insert(all.end(), piece.begin(), piece.begin() + *got * static_cast<std::int64_t>(channels));
        most -= *got;
    }
    return all;
}

}  // namespace

class TestPlaybackStream : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path file(const char* name) { return fs::path(m_dir.path().toStdString()) / name; }
    std::unique_ptr<PlaybackStream> opened(const char* name = "stereo.wav") {
        auto stream = PlaybackStream::open(file(name));
        return stream ? std::move(stream).value() : nullptr;
    }

 private Q_SLOTS:
    void initTestCase() {
        std::vector<float> stereo;
        for (std::int64_t i = 0; i < kFrames; ++i)
            stereo.insert(stereo.end(), {valueAt(i, 0), valueAt(i, 1)});
        QVERIFY(media::sound::writeWav(file("stereo.wav"), stereo, kRate, 2).ok());
        std::vector<float> sine;
        for (std::int64_t i = 0; i < kFrames; ++i)
            sine.push_back(static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * 500.0 * double(i) / kRate)));
        QVERIFY(media::sound::writeWav(file("sine.wav"), sine, kRate).ok());
    }

    void atSpeedOneItIsTheFile() {
        const auto stream = opened();
        QCOMPARE(stream->output(), (SoundShape{kRate, 2, kFrames}));
        const auto all = pulled(*stream);
        QCOMPARE(all.size(), static_cast<std::size_t>(2 * kFrames));
        for (std::int64_t i = 0; i < kFrames; ++i) {
            QCOMPARE(all[static_cast<std::size_t>(2 * i)], valueAt(i, 0));
            QCOMPARE(all[static_cast<std::size_t>(2 * i + 1)], valueAt(i, 1));
        }
        QCOMPARE(stream->positionOf(12'345), 12'345.0);
        QCOMPARE(stream->positionOf(kFrames + 99), double(kFrames));
    }

    void aRangeBeginsAndEndsToTheSample() {
        const auto stream = opened();
        PlaybackPlan plan;
        plan.first = plan.from = 12'345;
        plan.end = 23'456;
        QVERIFY(stream->start(plan).ok());
        QCOMPARE(stream->output().frames, std::int64_t{23'456 - 12'345});
        const auto part = pulled(*stream);
        QCOMPARE(part.size(), std::size_t{2 * (23'456 - 12'345)});
        QCOMPARE(part.front(), valueAt(12'345, 0));
        QCOMPARE(part.back(), valueAt(23'455, 1));
        QCOMPARE(stream->positionOf(0), 12'345.0);
        QCOMPARE(stream->positionOf(1000), 13'345.0);
        QCOMPARE(stream->positionOf(999'999), 23'456.0);
        std::vector<float> more(2);
        QCOMPARE(*stream->pull(more), std::int64_t{0});
    }

    void aLoopHasNoSeam() {
        const auto stream = opened();
        PlaybackPlan plan;
        plan.first = 10'000;
        plan.from = 10'900;
        plan.end = 11'000;
        plan.loop = true;
        QVERIFY(stream->start(plan).ok());
        QCOMPARE(stream->output().frames, std::int64_t{-1});
        const auto heard = pulled(*stream, 25'000);
        QCOMPARE(heard.size(), std::size_t{50'000});
        for (std::int64_t i = 0; i < 25'000; ++i) {
            const std::int64_t frame = 10'000 + (900 + i) % 1000;
            QCOMPARE(heard[static_cast<std::size_t>(2 * i)], valueAt(frame, 0));
            QCOMPARE(stream->positionOf(i), double(frame));
        }
    }

    void speedsChangeTheLength_data() {
        QTest::addColumn<double>("speed");
        QTest::addColumn<bool>("keepPitch");
        for (const double speed : {0.1, 0.5, 1.25, 2.0, 4.0}) {
            for (const bool keep : {true, false})
                QTest::addRow("%g %s", speed, keep ? "pitch kept" : "pitch goes along") << speed << keep;
        }
    }
    void speedsChangeTheLength() {
        QFETCH(double, speed);
        QFETCH(bool, keepPitch);
        const auto stream = opened("sine.wav");
        PlaybackPlan plan;
        plan.first = plan.from = 5000;
        plan.end = 45'000;
        plan.speed = speed;
        plan.keepPitch = keepPitch;
        QVERIFY(stream->start(plan).ok());
        const auto frames = static_cast<std::size_t>(std::llround(40'000 / speed));
        QCOMPARE(stream->output().frames, static_cast<std::int64_t>(frames));
        const auto heard = pulled(*stream);
        QCOMPARE(heard.size(), frames);
        QCOMPARE(stream->positionOf(1000), 5000.0 + 1000.0 * speed);
        // How often it crosses zero tells the pitch.
        int crossings = 0;
        const std::size_t from = frames / 4, to = 3 * frames / 4;
        for (std::size_t i = from; i < to; ++i)
            crossings += (heard[i] < 0.0F) != (heard[i + 1] < 0.0F) ? 1 : 0;
        const double hz = crossings * 0.5 * kRate / static_cast<double>(to - from);
        const double expected = keepPitch ? 500.0 : 500.0 * speed;
        QVERIFY2(std::abs(hz - expected) < 0.03 * expected, qPrintable(QString::number(hz)));
    }

    void anotherRateKeepsTheTime() {
        const auto stream = opened("sine.wav");
        PlaybackPlan plan;
        plan.rate = 44'100;
        plan.channels = 2;
        QVERIFY(stream->start(plan).ok());
        QCOMPARE(stream->output(), (SoundShape{44'100, 2, std::llround(kFrames * 44'100.0 / kRate)}));
        const auto heard = pulled(*stream);
        QCOMPARE(heard.size(), static_cast<std::size_t>(2 * stream->output().frames));
        for (std::size_t i = 5000; i < 50'000; i += 777) {
            const double frame = stream->positionOf(static_cast<std::int64_t>(i));
            const double expected = 0.5 * std::sin(2.0 * std::numbers::pi * 500.0 * frame / kRate);
            QVERIFY(std::abs(heard[2 * i] - expected) < 0.01);
            QCOMPARE(heard[2 * i], heard[2 * i + 1]);  // mono on both sides
        }
    }

    void channelsAreMixedWhenThereAreTooMany() {
        const auto stream = opened();
        PlaybackPlan plan;
        plan.channels = 1;
        QVERIFY(stream->start(plan).ok());
        const auto mono = pulled(*stream, 100);
        QCOMPARE(mono.size(), std::size_t{100});
        QCOMPARE(mono[42], 0.5F * (valueAt(42, 0) + valueAt(42, 1)));
        plan.channels = 6;
        QVERIFY(stream->start(plan).ok());
        const auto six = pulled(*stream, 100);
        QCOMPARE(six.size(), std::size_t{600});
        QCOMPARE(six[6 * 7], valueAt(7, 0));
        QCOMPARE(six[6 * 7 + 1], valueAt(7, 1));
        QCOMPARE(six[6 * 7 + 2], 0.0F);
    }

    void refuses() {
        QVERIFY(!PlaybackStream::open(file("none.wav")).ok());
        const auto stream = opened();
        for (const PlaybackPlan& bad :
             {PlaybackPlan{0, 500, 500}, PlaybackPlan{0, kFrames, kFrames + 5}, PlaybackPlan{0, 0, -1, false, 0.05},
              PlaybackPlan{0, 0, -1, false, 5.0}, PlaybackPlan{0, 0, -1, false, std::nan("")}})
            QCOMPARE(stream->start(bad).error().code, ErrorCode::InvalidArgument);
        // What was refused has changed nothing.
        QCOMPARE(pulled(*stream, 10).front(), valueAt(0, 0));
    }
};

QTEST_GUILESS_MAIN(TestPlaybackStream)
#include "tst_playback_stream.moc"

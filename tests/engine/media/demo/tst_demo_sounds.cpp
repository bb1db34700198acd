// The demo's sounds: repeatable, varied, told apart by more than chance and not by everything.

#include "engine/media/demo/demo_sounds.h"
#include "engine/media/sound/log_mel.h"
#include "engine/media/sound/sound_file.h"
#include "engine/media/sound/wav_writer.h"
#include "tests/engine/media/sound/sound_fixtures.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

using namespace fixtures;
using namespace querent::media::demo;

namespace {

/** Mean and spread of each mel band over time: what a very simple learner sees. */
std::vector<double> features(const std::vector<float>& sound) {
    MelParameters coarse;
    coarse.bands = 24;
    coarse.hop = 0.016;
    const auto mel = logMel(sound, kDemoSoundRate, coarse);
    std::vector<double> found;
    double level = 0.0;  // loudness says nothing
    for (const float value : mel->values)
        level += static_cast<double>(value) / static_cast<double>(mel->values.size());
    for (std::size_t b = 0; b < mel->cols; ++b) {
        double mean = 0.0;
        double square = 0.0;
        for (std::size_t k = 0; k < mel->rows; ++k) {
            const double value = static_cast<double>(mel->at(k, b)) - level;
            mean += value / static_cast<double>(mel->rows);
            square += value * value / static_cast<double>(mel->rows);
        }
        found.push_back(mean);
        found.push_back(2.0 * std::sqrt(std::max(0.0, square - mean * mean)));
    }
    return found;
}

double distance(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

/** The share of sounds whose nearest class centre, of `known` sounds a class, is their own. */
double accuracy(double difficulty, int known, int asked) {
    const std::size_t classes = demoSoundClasses().size();
    std::vector<std::vector<double>> centres;
    for (std::size_t c = 0; c < classes; ++c) {
        std::vector<double> centre;
        for (int s = 0; s < known; ++s) {
            const std::vector<double> one = features(demoSound(c, static_cast<std::uint64_t>(s), difficulty));
            centre.resize(one.size());
            for (std::size_t i = 0; i < one.size(); ++i)
                centre[i] += one[i] / known;
        }
        centres.push_back(centre);
    }
    int right = 0;
    for (std::size_t c = 0; c < classes; ++c) {
        for (int s = 0; s < asked; ++s) {
            const std::vector<double> one = features(demoSound(c, static_cast<std::uint64_t>(1000 + s), difficulty));
            std::size_t best = 0;
            for (std::size_t k = 1; k < classes; ++k)
                best = distance(one, centres[k]) < distance(one, centres[best]) ? k : best;
            right += best == c ? 1 : 0;
        }
    }
    return right / static_cast<double>(asked) / static_cast<double>(classes);
}

}  // namespace

class TestDemoSounds : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path file(const std::string& name) { return fs::path(m_dir.path().toStdString()) / name; }

 private Q_SLOTS:
    void repeatsAndVaries();
    void isWellFormed();
    void isLearnableAndNotTrivial();
    void writesWav();
    void refusesToWrite();
};

void TestDemoSounds::repeatsAndVaries() {
    const std::vector<std::string> names = demoSoundClasses();
    QVERIFY(names.size() >= 8);
    QCOMPARE(std::set<std::string>(names.begin(), names.end()).size(), names.size());
    for (std::size_t c = 0; c < names.size(); ++c) {
        const std::vector<float> one = demoSound(c, 7, 0.5);
        QVERIFY(one == demoSound(c, 7, 0.5));
        QVERIFY(one != demoSound(c, 8, 0.5));
        QVERIFY(one != demoSound(c, 7, 0.6));
        QVERIFY(one != demoSound((c + 1) % names.size(), 7, 0.5));
    }
    QVERIFY(demoSound(names.size(), 1, 0.5).empty());
}

void TestDemoSounds::isWellFormed() {
    std::set<std::size_t> lengths;
    for (std::size_t c = 0; c < demoSoundClasses().size(); ++c) {
        for (std::uint64_t seed = 0; seed < 6; ++seed) {
            const std::vector<float> sound = demoSound(c, seed, static_cast<double>(seed) / 5.0);
            lengths.insert(sound.size());
            QVERIFY(sound.size() >= kDemoSoundRate && sound.size() <= 2 * kDemoSoundRate);
            float loudest = 0.0F;
            for (const float sample : sound) {
                QVERIFY(std::isfinite(sample));
                loudest = std::max(loudest, std::abs(sample));
            }
            QVERIFY2(loudest > 0.1F && loudest <= 1.0F, qPrintable(QString("class %1 seed %2").arg(c).arg(seed)));
        }
    }
    QVERIFY(lengths.size() > 50);
}

void TestDemoSounds::isLearnableAndNotTrivial() {
    const double easy = accuracy(0.0, 6, 4);
    const double hard = accuracy(1.0, 6, 4);
    qInfo("nearest centre: %.2f at difficulty 0, %.2f at 1", easy, hard);
    QVERIFY(easy > 0.6 && easy < 1.0);
    QVERIFY(hard > 0.3);  // chance is 0.1
    QVERIFY(hard < easy);
}

void TestDemoSounds::writesWav() {
    const std::vector<float> sound = demoSound(2, 5, 0.3);
    const fs::path path = file("bell.wav");
    QVERIFY(writeWav(path, sound, kDemoSoundRate).ok());
    auto read = SoundFile::open(path);
    QVERIFY(read.ok());
    QCOMPARE(read->problem(), std::string());
    QVERIFY((read->shape() == SoundShape{kDemoSoundRate, 1, std::ssize(sound)}));
    const auto samples = read->read(0, std::ssize(sound));
    for (std::size_t i = 0; i < sound.size(); ++i)
        QVERIFY(std::abs((*samples)[i] - sound[i]) < 1.0F / 32000.0F);
    const std::string bytes = readText(path);
    QVERIFY(writeWav(path, sound, kDemoSoundRate).ok());
    QVERIFY(readText(path) == bytes);
    QCOMPARE(std::distance(fs::directory_iterator(path.parent_path()), fs::directory_iterator()), 1);
    // What is too loud is clipped and does not wrap around; channels stay apart.
    QVERIFY(writeWav(path, std::vector<float>{1.5F, -2.0F, 0.5F, -0.5F}, 8000, 2).ok());
    const auto loud = *SoundFile::open(path)->read(0, 2);
    QVERIFY(loud[0] > 0.99F && loud[1] < -0.99F);
    QVERIFY(std::abs(loud[2] - 0.5F) < 1e-3F && std::abs(loud[3] + 0.5F) < 1e-3F);
}

void TestDemoSounds::refusesToWrite() {
    const std::vector<float> sound(100, 0.1F);
    QCOMPARE(writeWav(file("x.wav"), {}, 8000).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(writeWav(file("x.wav"), sound, 0).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(writeWav(file("x.wav"), sound, 8000, 3).error().code, ErrorCode::InvalidArgument);
    QVERIFY(!writeWav(file("none") / "x.wav", sound, 8000).ok());
    QVERIFY(!fs::exists(file("x.wav")));
}

QTEST_GUILESS_MAIN(TestDemoSounds)
#include "tst_demo_sounds.moc"

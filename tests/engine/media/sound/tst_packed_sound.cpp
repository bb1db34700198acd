// Sounds in packets: m4a, aac, webm, wma, amr. Exact positions, and files that are not what they claim.

#include "engine/media/sound/sound_file.h"
#include "tests/engine/media/sound/packet_fixtures.h"
#include "tests/engine/media/sound/sound_fixtures.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace fixtures;

namespace {

struct Kind {
    Packing packing;
    bool inTime;       // the file says how much padding there is in front, so that nothing is late
    int spare;         // frames of padding at the end that it may not tell of
    double tolerance;  // the error's share of the power; that of noise is most of it
};

const Kind kKinds[] = {
    {{"aac.m4a", "ipod", "aac", "fltp", 44100, 2}, true, 50, 0.1},  // counted in milliseconds
    {{"alac.m4a", "ipod", "alac", "s16p", 48000, 1}, true, 0, 1e-6},
    {{"aac.aac", "adts", "aac", "fltp", 44100, 1}, false, 6000, 0.0},
    {{"opus.webm", "webm", "libopus", "flt", 48000, 2}, true, 0, 0.1},
    {{"vorbis.webm", "webm", "libvorbis", "fltp", 44100, 2}, true, 200, 0.1},
    {{"wma.wma", "asf", "wmav2", "fltp", 44100, 2}, false, 6000, 0.0},
};
constexpr double kSeconds = 11.7;  // several of the stretches that are decoded at a time

}  // namespace

class TestPackedSound : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path file(const std::string& name) { return fs::path(m_dir.path().toStdString()) / name; }
    std::vector<float> soundOf(const Kind& kind) const {
        return sweep(kind.packing.rate, kind.packing.channels, static_cast<std::int64_t>(kSeconds * kind.packing.rate));
    }
    void addKinds() {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(std::size(kKinds)); ++i)
            QTest::newRow(kKinds[i].packing.name) << i;
    }

 private Q_SLOTS:
    void readsEveryKind_data() { addKinds(); }
    void readsEveryKind();
    void seeksExactly_data() { addKinds(); }
    void seeksExactly();
    void tellsWhatIsMissing();
    void guessesNoLength();
    void countsAmrFrames();
    void refusesFilms();
    void givesAnAnswerToDamage();
};

void TestPackedSound::readsEveryKind() {
    QFETCH(int, index);
    const Kind& kind = kKinds[index];
    const std::vector<float> written = soundOf(kind);
    if (!writePacked(file(kind.packing.name), kind.packing, written)) QSKIP("no such encoder on this machine");
    auto sound = SoundFile::open(file(kind.packing.name));
    QVERIFY2(sound.ok(), sound ? "" : sound.error().text().c_str());
    QCOMPARE(sound->shape().rate, kind.packing.rate);
    QCOMPARE(sound->shape().channels, kind.packing.channels);
    QCOMPARE(sound->problem(), std::string());
    const auto frames = static_cast<std::int64_t>(kSeconds * kind.packing.rate);
    const std::int64_t off = sound->shape().frames - frames;
    QVERIFY2(std::abs(off) <= kind.spare, qPrintable(QString::number(off)));
    if (!kind.inTime) return;
    const auto all = sound->read(0, frames);
    QVERIFY(all.ok());
    double power = 0.0;
    double error = 0.0;
    for (std::size_t i = 0; i < std::min(written.size(), all->size()); ++i) {
        const double difference = static_cast<double>((*all)[i]) - static_cast<double>(written[i]);
        error += difference * difference;
        power += static_cast<double>(written[i]) * static_cast<double>(written[i]);
    }
    QVERIFY2(error < kind.tolerance * power, qPrintable(QString::number(error / power)));
}

void TestPackedSound::seeksExactly() {
    QFETCH(int, index);
    const Kind& kind = kKinds[index];
    const fs::path path = file(kind.packing.name);
    if (!writePacked(path, kind.packing, soundOf(kind))) QSKIP("no such encoder on this machine");
    auto straight = SoundFile::open(path);
    QVERIFY(straight.ok());
    const std::int64_t frames = straight->shape().frames;
    const auto all = straight->read(0, frames);
    QVERIFY(all.ok());
    QCOMPARE(static_cast<std::int64_t>(all->size()), frames * kind.packing.channels);
    auto sound = SoundFile::open(path);
    const auto channels = static_cast<std::size_t>(kind.packing.channels);
    const double places[] = {0.9, 0.0, 0.51, 0.5, 0.36, 0.37, 0.365, 0.73, 0.99, 0.01, 0.7295, 0.2};
    for (const double share : places) {
        const auto place = static_cast<std::int64_t>(share * static_cast<double>(frames));
        const auto part = sound->read(place, 9000);
        QVERIFY(part.ok());
        QCOMPARE(part->size(), static_cast<std::size_t>(std::min<std::int64_t>(9000, frames - place)) * channels);
        QVERIFY(std::equal(part->begin(), part->end(), all->begin() + place * kind.packing.channels));
    }
    // Nothing sounds on the seams of what is decoded together: it is as smooth there as anywhere.
    if (kind.tolerance > 1e-3 || !kind.inTime) return;
    QVERIFY(std::abs(all->at(all->size() / 2) - soundOf(kind).at(all->size() / 2)) < 1e-3F);
}

void TestPackedSound::tellsWhatIsMissing() {
    const Kind& kind = kKinds[3];
    if (!writePacked(file("whole.webm"), kind.packing, soundOf(kind))) QSKIP("no such encoder on this machine");
    const std::string whole = readText(file("whole.webm"));
    auto cut = SoundFile::open(writeText(file("cut.webm"), whole.substr(0, whole.size() / 2)));
    QVERIFY2(cut.ok(), cut ? "" : cut.error().text().c_str());
    QVERIFY2(cut->problem().starts_with("The file is cut short: "), cut->problem().c_str());
    QVERIFY(cut->shape().seconds() > 0.3 * kSeconds && cut->shape().seconds() < 0.7 * kSeconds);
    QVERIFY(cut->read(cut->shape().frames - 10, 10).ok());
    QVERIFY(!SoundFile::open(writeText(file("stump.webm"), whole.substr(0, 40))).ok());
}

void TestPackedSound::guessesNoLength() {
    // AAC in bare frames says nothing of its length: where the bit rate falls, a guess from the beginning is wrong.
    const Kind& kind = kKinds[2];
    std::vector<float> fading = soundOf(kind);
    std::fill(fading.begin() + static_cast<std::ptrdiff_t>(fading.size() / 4), fading.end(), 0.0F);
    for (const bool turned : {false, true}) {
        if (turned) std::reverse(fading.begin(), fading.end());
        if (!writePacked(file("fading.aac"), kind.packing, fading)) QSKIP("no such encoder on this machine");
        auto sound = SoundFile::open(file("fading.aac"));
        QVERIFY(sound.ok());
        QCOMPARE(sound->problem(), std::string());
        QVERIFY(std::abs(sound->shape().seconds() - kSeconds) < 0.2);
    }
}

void TestPackedSound::countsAmrFrames() {
    // 4.75 kbit/s: a byte of header and twelve of sound for 20 ms of 8 kHz; any bits are a sound.
    std::string bytes = "#!AMR\n";
    for (int i = 0; i < 400; ++i)
        bytes += '\x04' + std::string(12, static_cast<char>(i * 37));
    auto sound = SoundFile::open(writeText(file("voice.amr"), bytes));
    QVERIFY2(sound.ok(), sound ? "" : sound.error().text().c_str());
    QVERIFY((sound->shape() == SoundShape{8000, 1, 400 * 160}));
    const auto all = sound->read(0, 400 * 160);
    const auto part = sound->read(50'000, 100);
    QVERIFY(std::equal(part->begin(), part->end(), all->begin() + 50'000));
    QVERIFY(!SoundFile::open(writeText(file("none.amr"), "#!AMR\n")).ok());
}

void TestPackedSound::refusesFilms() {
    for (const char* muxer : {"mp4", "matroska", "mov"}) {
        if (!writeFilm(file("film.wav"), muxer)) QSKIP("no such encoder on this machine");
        const auto film = SoundFile::open(file("film.wav"));
        QVERIFY2(!film.ok(), muxer);
        QCOMPARE(film.error().sentence, std::string("This is a video file, not a sound."));
    }
}

void TestPackedSound::givesAnAnswerToDamage() {
    // Any answer will do, but there must be one, and what is promised can be read.
    std::uint32_t state = 7;
    const auto random = [&state](std::size_t below) {
        state = state * 1664525U + 1013904223U;
        return static_cast<std::size_t>(state >> 8) % below;
    };
    for (const Kind& kind : kKinds) {
        const fs::path path = file(kind.packing.name);
        const std::vector<float> second = sweep(kind.packing.rate, kind.packing.channels, kind.packing.rate);
        if (!writePacked(path, kind.packing, second)) continue;
        const std::string whole = readText(path);
        for (int i = 0; i < 16; ++i) {
            std::string bytes = whole;
            for (int k = 0; k < 5; ++k)
                bytes[random(i % 2 == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 600))] =
                    static_cast<char>(random(256));
            auto sound = SoundFile::open(writeText(file("damaged"), bytes));
            if (!sound) continue;
            const auto all = sound->read(0, std::min<std::int64_t>(sound->shape().frames, 1'000'000));
            if (all) QVERIFY(!all->empty());
        }
    }
}

QTEST_GUILESS_MAIN(TestPackedSound)
#include "tst_packed_sound.moc"

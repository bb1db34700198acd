// Sound files: every format, exact positions, and files that are not what they claim.

#include "engine/media/sound/sound_file.h"
#include "tests/engine/media/sound/sound_fixtures.h"
#include "tests/support/slowness.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sndfile.h>
#include <sys/stat.h>

using namespace fixtures;

namespace {

struct Kind {
    const char* name;
    int format;
    int rate;
    int channels;
    double tolerance;  // of a sample against what was written; 1 = lossy, only the shape is compared
};

const Kind kKinds[] = {
    {"u8.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_U8, 8000, 1, 0.01},
    {"s16.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100, 2, 1e-4},
    {"s24.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24, 192000, 1, 1e-6},
    {"s32.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_32, 48000, 6, 1e-6},
    {"float.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 8, 1e-9},
    {"big.rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_16, 44100, 2, 1e-4},
    {"s24.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_24, 96000, 2, 1e-6},
    {"s16.FLAC", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 44100, 2, 1e-4},
    {"s24.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 96000, 1, 1e-6},
    {"vorbis.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 44100, 2, 1.0},
    {"voice.opus", SF_FORMAT_OGG | SF_FORMAT_OPUS, 48000, 1, 1.0},
    {"layer3.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 44100, 2, 1.0},
};

constexpr std::int64_t kFrames = 61'237;

std::string sentenceFor(const fs::path& path) {
    const auto shape = probeSound(path);
    return shape ? std::string("read") : shape.error().sentence;
}

}  // namespace

class TestSoundFile : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path file(const std::string& name) { return fs::path(m_dir.path().toStdString()) / name; }
    fs::path made(const Kind& kind, std::int64_t frames = kFrames) {
        return writeSound(file(kind.name), kind.format, kind.rate, kind.channels,
                          sweep(kind.rate, kind.channels, frames));
    }
    void addKinds() {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(std::size(kKinds)); ++i)
            QTest::newRow(kKinds[i].name) << i;
    }

 private Q_SLOTS:
    void readsEveryKind_data() { addKinds(); }
    void readsEveryKind();
    void seeksExactly_data() { addKinds(); }
    void seeksExactly();
    void cutsFilesShort_data() { addKinds(); }
    void cutsFilesShort();
    void knowsTheEndOfAnOggStream_data();
    void knowsTheEndOfAnOggStream();
    void countsUnknownLengths();
    void measuresUnindexedMp3();
    void refusesWhatIsNoSound();
    void refusesVideos();
    void playsChainsWhole();
    void measuresWavsByTheirBytes();
    void readsWavsBeyond4GiB();
    void readsFlacBehindTags();
    void doesNotWaitForPipes();
    void refusesAbsurdHeaders();
    void replacesWhatIsNoNumber();
    void refusesBadRequests();
    void neverWrites();
};

void TestSoundFile::readsEveryKind() {
    QFETCH(int, index);
    const Kind& kind = kKinds[index];
    const std::vector<float> written = sweep(kind.rate, kind.channels, kFrames);
    auto sound = SoundFile::open(made(kind));
    QVERIFY2(sound.ok(), sound ? "" : sound.error().text().c_str());
    QVERIFY((sound->shape() == SoundShape{kind.rate, kind.channels, kFrames}));
    QVERIFY((*probeSound(file(kind.name)) == sound->shape()));
    QCOMPARE(sound->problem(), std::string());
    const auto all = sound->read(0, kFrames + 1000);
    QVERIFY(all.ok());
    QCOMPARE(all->size(), written.size());
    double power = 0.0;
    double error = 0.0;
    double worst = 0.0;
    for (std::size_t i = 0; i < written.size(); ++i) {
        const double difference = static_cast<double>((*all)[i]) - static_cast<double>(written[i]);
        worst = std::max(worst, std::abs(difference));
        error += difference * difference;
        power += static_cast<double>(written[i]) * static_cast<double>(written[i]);
    }
    QVERIFY2(worst <= kind.tolerance, qPrintable(QString::number(worst)));
    // Lossy packing loses noise, not time: a sweep that is late by a millisecond has an error above its own power.
    QVERIFY2(error < 0.1 * power, qPrintable(QString::number(error / power)));
}

void TestSoundFile::seeksExactly() {
    QFETCH(int, index);
    const fs::path path = made(kKinds[index]);
    auto straight = SoundFile::open(path);
    const auto all = straight->read(0, kFrames);
    QVERIFY(all.ok());
    const auto channels = static_cast<std::size_t>(kKinds[index].channels);
    auto sound = SoundFile::open(path);
    const std::int64_t places[] = {60'000, 0,      1,      30'011, 30'511, 12'345, 12'346, 61'236, 44'100,
                                   8'191,  50'000, 20'000, 57'344, 33'333, 41'000, 25'000, 5,      61'000};
    for (const std::int64_t place : places) {
        const auto part = sound->read(place, 500);
        QVERIFY(part.ok());
        QCOMPARE(part->size(), static_cast<std::size_t>(std::min<std::int64_t>(500, kFrames - place)) * channels);
        double worst = 0.0;
        for (std::size_t i = 0; i < part->size(); ++i) {
            const float expected = (*all)[static_cast<std::size_t>(place) * channels + i];
            worst = std::max(worst, std::abs(static_cast<double>((*part)[i]) - static_cast<double>(expected)));
        }
        QVERIFY2(worst < 1e-5, qPrintable(QString("frame %1: %2").arg(place).arg(worst)));
    }
}

void TestSoundFile::cutsFilesShort() {
    QFETCH(int, index);
    const std::int64_t written = 4 * kFrames;  // Opus has pages of a second
    const std::string whole = readText(made(kKinds[index], written));
    const fs::path half = writeText(file("half"), whole.substr(0, whole.size() / 2));
    auto sound = SoundFile::open(half);
    QVERIFY2(sound.ok(), sound ? "" : sound.error().text().c_str());
    const std::int64_t frames = sound->shape().frames;
    QVERIFY2(frames > written / 5 && frames < written * 4 / 5, qPrintable(QString::number(frames)));
    QVERIFY(QString::fromStdString(sound->problem()).startsWith("The file is cut short: "));
    QCOMPARE(sound->read(0, written)->size(), static_cast<std::size_t>(frames * kKinds[index].channels));
    QVERIFY(sound->read(frames - 1, 10).ok());

    const fs::path stump = writeText(file("stump"), whole.substr(0, 30));
    const auto nothing = probeSound(stump);
    QVERIFY(!nothing.ok());
    QCOMPARE(nothing.error().code, ErrorCode::Malformed);
}

void TestSoundFile::knowsTheEndOfAnOggStream_data() {
    QTest::addColumn<int>("index");
    for (int i = 0; i < static_cast<int>(std::size(kKinds)); ++i) {
        if ((kKinds[i].format & SF_FORMAT_TYPEMASK) == SF_FORMAT_OGG) QTest::newRow(kKinds[i].name) << i;
    }
}

void TestSoundFile::knowsTheEndOfAnOggStream() {
    QFETCH(int, index);
    const std::string whole = readText(made(kKinds[index], 4 * kFrames));
    const auto problemOf = [this](const std::string& bytes) {
        const auto sound = SoundFile::open(writeText(file("end.ogg"), bytes));
        return sound ? sound->problem() : "not opened: " + sound.error().text();
    };
    const std::size_t lastPage = whole.rfind("OggS");
    const std::string cut = whole.substr(0, lastPage);  // on the seam of two pages: nothing in the file is damaged
    QCOMPARE(problemOf(whole), std::string());
    QVERIFY(problemOf(cut).starts_with("The file is cut short: "));
    QVERIFY(problemOf(whole.substr(0, whole.size() - 1)).starts_with("The file is cut short: "));

    // What stands behind the sound is no part of it: a tag, padding of more than a look at the end, a false page.
    const std::string tag = "TAG" + std::string(125, ' ');
    QCOMPARE(problemOf(whole + tag), std::string());
    QCOMPARE(problemOf(whole + std::string(300'000, '\0')), std::string());
    QCOMPARE(problemOf(whole + cut.substr(cut.rfind("OggS"), 40)), std::string());
    QVERIFY(problemOf(cut + tag).starts_with("The file is cut short: "));

    // Of streams in a chain the last one is asked.
    QCOMPARE(problemOf(whole + whole), std::string());
    QVERIFY(problemOf(whole + cut).starts_with("The file is cut short: "));

    // A last page that is damaged is not played.
    std::string damaged = whole;
    damaged[lastPage + (whole.size() - lastPage) / 2] ^= 1;
    QVERIFY(problemOf(damaged).starts_with("The file is cut short: "));
}

void TestSoundFile::countsUnknownLengths() {
    const std::string flac = readText(made({"a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 44100, 1, 0}));
    // The number of samples: the low half of byte 21 and the four bytes behind it.
    std::string open = flac;
    open[21] = static_cast<char>(open[21] & 0xF0);
    open.replace(22, 4, 4, '\0');
    auto streamed = SoundFile::open(writeText(file("open.flac"), open));
    QVERIFY(streamed.ok());
    QCOMPARE(streamed->shape().frames, kFrames);
    QCOMPARE(streamed->problem(), std::string());

    std::string hours = flac;
    hours[21] = static_cast<char>(hours[21] | 0x0F);  // seventeen days
    auto promised = SoundFile::open(writeText(file("hours.flac"), hours));
    QVERIFY(promised.ok());
    QCOMPARE(promised->shape().frames, kFrames);
    QVERIFY(!promised->problem().empty());
    QCOMPARE(promised->read(0, std::int64_t{1} << 60)->size(), static_cast<std::size_t>(kFrames));

    // A wav from a pipe leaves its sizes open; that is no fault.
    std::string wav = readText(made({"a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 8000, 1, 0}, 800));
    wav.replace(wav.find("data") + 4, 4, "\xFF\xFF\xFF\xFF");
    auto piped = SoundFile::open(writeText(file("piped.wav"), wav));
    QVERIFY(piped.ok());
    QCOMPARE(piped->shape().frames, std::int64_t{800});
    QCOMPARE(piped->problem(), std::string());
}

void TestSoundFile::measuresUnindexedMp3() {
    // Silent frames of 44.1 kHz mono, by hand: a header, and nothing but zeros behind it.
    const auto frames = [](int count, char bitRate, std::size_t bytes) {
        std::string all;
        for (int i = 0; i < count; ++i)
            all += std::string("\xFF\xFB") + bitRate + '\xC4' + std::string(bytes - 4, '\0');
        return all;
    };
    const std::string wide = frames(300, '\x90', 417);  // 128 kbit/s
    auto constant = SoundFile::open(writeText(file("bare.mp3"), wide));
    QVERIFY(constant.ok());
    QVERIFY(std::abs(constant->shape().frames - 300 * 1152) <= 1152);
    QCOMPARE(constant->problem(), std::string());
    // A tag in front, as most files have: 300 bytes of it, in seven bits a byte.
    const std::string tag = std::string("ID3\x04\0\0\0\0\x02\x2C", 10) + std::string(300, '\0');
    QVERIFY(SoundFile::open(writeText(file("tag.mp3"), tag + wide))->shape() == constant->shape());

    // libsndfile guesses the length from the first frame. Where small ones come first, the guess is too long and
    // corrected; where large ones do, it is too short, and another decoder is asked.
    const std::string narrow = frames(600, '\x10', 104);  // 32 kbit/s
    for (const std::string& bytes : {narrow + wide, wide + narrow}) {
        auto varying = SoundFile::open(writeText(file("varying.mp3"), bytes));
        QVERIFY(varying.ok());
        QVERIFY2(std::abs(varying->shape().frames - 900 * 1152) <= 1152,
                 qPrintable(QString::number(varying->shape().frames)));
        QCOMPARE(varying->problem(), std::string());
        QCOMPARE(varying->read(700'000, 1000)->size(), std::size_t{1000});
    }
}

void TestSoundFile::refusesWhatIsNoSound() {
    QCOMPARE(probeSound(file("missing.wav")).error().code, ErrorCode::NotFound);
    QVERIFY(!probeSound(m_dir.path().toStdString()).ok());
    QCOMPARE(sentenceFor(writeText(file("zero.wav"), "")), std::string("The file is empty."));
    std::string random;
    std::uint32_t state = 1;
    for (int i = 0; i < 50'000; ++i) {
        state = state * 1664525U + 1013904223U;
        random.push_back(static_cast<char>(state >> 24));
    }
    // Under some of these names libsndfile would play the bytes as headerless sound.
    for (const char* name : {"r.wav", "r.mp3", "r.au", "r.snd", "r.vox", "r.gsm", "r.ogg", "r.raw", "r"})
        QVERIFY(sentenceFor(writeText(file(name), random)).starts_with("This is not a sound file"));
    QCOMPARE(sentenceFor(writeText(file("p.wav"), "\x89PNG\r\n\x1A\n and so on")),
             std::string("This is a picture, not a sound."));
    // The first four bytes are right, the rest is not.
    for (const char* magic : {"fLaC", "OggS", "\xFF\xFB\x90\x64", "ID3\x04", "caff", ".snd"})
        QVERIFY(!probeSound(writeText(file("magic.wav"), magic + random)).ok());
    const std::string wav = "RIFF\x24\x10\x00\x00WAVE";
    QCOMPARE(probeSound(writeText(file("w.wav"), wav + random)).error().code, ErrorCode::Malformed);
    for (const Kind& kind : {kKinds[1], kKinds[6], kKinds[7], kKinds[9], kKinds[11]}) {
        const auto silent = probeSound(made(kind, 0));
        QVERIFY2(!silent.ok(), kind.name);
        QCOMPARE(silent.error().code, ErrorCode::Malformed);
    }
}

void TestSoundFile::refusesVideos() {
    const std::string tail(200, 'x');
    const std::string videos[] = {
        "RIFF\x10\x20\x30\x40"
        "AVI LIST",
        std::string("\0\0\x01\xBA stream", 11)};
    for (const std::string& video : videos)
        QCOMPARE(sentenceFor(writeText(file("film.wav"), video + tail)),
                 std::string("This is a video file, not a sound."));
    // The first bytes of an m4a, and nothing behind them.
    const std::string song = std::string("\0\0\0\x20", 4) + "ftypM4A " + tail;
    QVERIFY(sentenceFor(writeText(file("song.wav"), song)).starts_with("The sound is damaged or cut short"));
    const std::string photo = std::string("\0\0\0\x18", 4) + "ftypheic" + tail;
    QCOMPARE(sentenceFor(writeText(file("photo.wav"), photo)), std::string("This is a picture, not a sound."));
}

void TestSoundFile::playsChainsWhole() {
    const Kind& vorbis = kKinds[9];
    const std::string first = readText(made(vorbis));
    writeSound(file("second.ogg"), vorbis.format, vorbis.rate, vorbis.channels,
               sweep(vorbis.rate, vorbis.channels, 50'000));
    const std::string second = readText(file("second.ogg"));
    auto chain = SoundFile::open(writeText(file("chain.ogg"), first + second));
    QVERIFY2(chain.ok(), chain ? "" : chain.error().text().c_str());
    QCOMPARE(chain->shape().frames, kFrames + 50'000);
    QCOMPARE(chain->problem(), std::string());
    const auto channels = static_cast<std::size_t>(vorbis.channels);
    auto parts = *SoundFile::open(made(vorbis))->read(kFrames - 300, 300);
    const auto behind = *SoundFile::open(file("second.ogg"))->read(0, 200);
    parts.insert(parts.end(), behind.begin(), behind.end());
    QVERIFY(chain->read(0, 1000).ok());
    const auto seam = chain->read(kFrames - 300, 500);
    QVERIFY(seam.ok());
    QCOMPARE(seam->size(), 500 * channels);
    for (std::size_t i = 0; i < seam->size(); ++i)
        QVERIFY(std::abs((*seam)[i] - parts[i]) < 1e-5F);

    // What cannot be joined is told of.
    writeSound(file("slow.ogg"), vorbis.format, 22050, 1, sweep(22050, 1, 20'000));
    auto mixed = SoundFile::open(writeText(file("mixed.ogg"), first + readText(file("slow.ogg")) + second));
    QVERIFY(mixed.ok());
    QCOMPARE(mixed->shape().frames, kFrames);
    QVERIFY(mixed->problem().starts_with("The file goes on with sound of another rate"));
}

void TestSoundFile::measuresWavsByTheirBytes() {
    const std::string wav = readText(made({"plain.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16000, 1, 0}, 3000));
    const std::size_t data = wav.find("data");
    const auto with = [&](const std::string& riff, const std::string& size, const std::string& behind = {}) {
        std::string changed = wav;
        if (!riff.empty()) changed.replace(4, 4, riff);
        changed.replace(data + 4, 4, size);
        return SoundFile::open(writeText(file("changed.wav"), changed + behind));
    };
    const std::string none(4, '\0');
    const std::string most = "\xFF\xFF\xFF\xFF";
    const auto expected = *SoundFile::open(file("plain.wav"))->read(0, 3000);
    for (const auto& [riff, size] : {std::pair{none, none}, {most, most}, {most, none}, {std::string(), none}}) {
        auto streamed = with(riff, size);
        QVERIFY2(streamed.ok(), streamed ? "" : streamed.error().text().c_str());
        QCOMPARE(streamed->shape().frames, std::int64_t{3000});
        QCOMPARE(streamed->problem(), std::string());
        QVERIFY(*streamed->read(0, 3000) == expected);
    }
    // A header that promises more than there is; one that promises nothing, with other chunks behind.
    auto lying = with({}, std::string("\x80\x3E\0\0", 4));  // 8000 frames
    QCOMPARE(lying->shape().frames, std::int64_t{3000});
    QCOMPARE(lying->problem(), std::string("The file is cut short: 0.2 s of sound are there, 0.5 s were expected."));
    const std::string list = "LIST" + std::string("\x04\0\0\0", 4) + "INFO";
    std::string empty = wav.substr(0, data + 8) + list;
    empty.replace(data + 4, 4, none);
    QVERIFY(!SoundFile::open(writeText(file("empty.wav"), empty)).ok());
    // A sound without the chunk behind it.
    auto tagged = SoundFile::open(writeText(file("tagged.wav"), wav + list));
    QCOMPARE(tagged->shape().frames, std::int64_t{3000});
}

void TestSoundFile::readsWavsBeyond4GiB() {
    // Four bytes of the size cannot say more than 4 GiB: what is left of it is what runs over. The file is sparse.
    constexpr std::int64_t kLong = (std::int64_t{1} << 31) + 500'000;  // frames of 16 bits
    std::string wav = readText(made({"long.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48000, 1, 0}, 10));
    const std::size_t data = wav.find("data");
    wav.replace(data + 4, 4, std::string("\x40\x42\x0F\0", 4));  // 1,000,000 bytes
    const fs::path path = writeText(file("long.wav"), wav.substr(0, data + 8));
    std::error_code problem;
    fs::resize_file(path, data + 8 + 2 * static_cast<std::uintmax_t>(kLong), problem);
    if (problem) QSKIP("no room for a sparse file");
    std::fstream(path, std::ios::binary | std::ios::in | std::ios::out).seekp(-2, std::ios::end).write("\0\x40", 2);
    auto sound = SoundFile::open(path);
    QVERIFY2(sound.ok(), sound ? "" : sound.error().text().c_str());
    QCOMPARE(sound->shape().frames, kLong);
    QCOMPARE(sound->problem(), std::string());
    const auto last = sound->read(kLong - 2, 2);
    QCOMPARE((*last)[0], 0.0F);
    QCOMPARE((*last)[1], 0.5F);
}

void TestSoundFile::readsFlacBehindTags() {
    const std::string flac = readText(made(kKinds[7]));
    const std::string tag = std::string("ID3\x04\0\0\0\0\x02\x2C", 10) + std::string(300, '\0');
    auto tagged = SoundFile::open(writeText(file("tagged.flac"), tag + flac));
    QVERIFY2(tagged.ok(), tagged ? "" : tagged.error().text().c_str());
    QCOMPARE(tagged->shape().frames, kFrames);
    QCOMPARE(tagged->problem(), std::string());
    QVERIFY(*tagged->read(0, kFrames) == *SoundFile::open(file("s16.FLAC"))->read(0, kFrames));
}

void TestSoundFile::doesNotWaitForPipes() {
    const fs::path pipe = file("pipe.wav");
    QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(sentenceFor(pipe), std::string("This is not a regular file."));
    QCOMPARE(sentenceFor("/dev/zero"), std::string("This is not a regular file."));
    QVERIFY(timer.elapsed() < 1000 * querent::test::kSlowness);
}

void TestSoundFile::refusesAbsurdHeaders() {
    const std::string wav = readText(made({"h.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 8000, 1, 0}, 800));
    const auto with = [&](std::size_t at, const std::string& bytes) {
        std::string changed = wav;
        changed.replace(at, bytes.size(), bytes);
        return writeText(file("absurd.wav"), changed);
    };
    QVERIFY(!probeSound(with(22, std::string("\0\0", 2))).ok());         // no channels
    QVERIFY(!probeSound(with(22, "\xFF\xFF")).ok());                     // 65535 channels
    QVERIFY(!probeSound(with(22, std::string("\x21\0", 2))).ok());       // 33 channels
    QVERIFY(!probeSound(with(24, std::string("\0\0\0\0", 4))).ok());     // 0 Hz
    QVERIFY(!probeSound(with(24, std::string("\x05\0\0\0", 4))).ok());   // 5 Hz
    QVERIFY(!probeSound(with(24, "\xFF\xFF\xFF\x7F")).ok());             // 2 GHz
    QVERIFY(!probeSound(with(20, "\x61\x61")).ok());                     // a packing that nobody knows
    QVERIFY(probeSound(with(24, std::string("\x80\xBB\0\0", 4))).ok());  // 48 kHz: the method is right
}

void TestSoundFile::replacesWhatIsNoNumber() {
    std::vector<float> samples = sine(8000, 440, 1000);
    samples[10] = std::numeric_limits<float>::quiet_NaN();
    samples[20] = std::numeric_limits<float>::infinity();
    samples[21] = -std::numeric_limits<float>::infinity();
    samples[30] = 3.5F;  // loud, but a number
    auto sound = SoundFile::open(writeFloatWav(file("nan.wav"), 8000, 1, samples));
    QVERIFY(sound.ok());
    QCOMPARE(sound->notNumbers(), std::int64_t{0});
    const auto read = sound->read(0, 1000);
    QCOMPARE(sound->notNumbers(), std::int64_t{3});
    QCOMPARE((*read)[10], 0.0F);
    QCOMPARE((*read)[20], 0.0F);
    QCOMPARE((*read)[21], 0.0F);
    QCOMPARE((*read)[30], 3.5F);
    QCOMPARE((*read)[40], samples[40]);
}

void TestSoundFile::refusesBadRequests() {
    auto sound = SoundFile::open(made(kKinds[1]));
    QCOMPARE(sound->read(-1, 10).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(sound->read(0, -10).error().code, ErrorCode::InvalidArgument);
    QVERIFY(sound->read(kFrames, 10)->empty());
    QVERIFY(sound->read(std::numeric_limits<std::int64_t>::max(), 10)->empty());
    std::vector<float> odd(7);
    QCOMPARE(sound->readInto(0, odd).error().code, ErrorCode::InvalidArgument);
}

void TestSoundFile::neverWrites() {
    const fs::path path = made(kKinds[1]);
    const std::string before = readText(path);
    fs::permissions(path, fs::perms::owner_read);
    const auto time = fs::last_write_time(path);
    {
        auto sound = SoundFile::open(path);
        QVERIFY(sound.ok());
        QVERIFY(sound->read(5, 100).ok());
    }
    QVERIFY(fs::last_write_time(path) == time);
    QVERIFY(readText(path) == before);
}

QTEST_GUILESS_MAIN(TestSoundFile)
#include "tst_sound_file.moc"

// The waveform's zoom levels: true to the samples, readable while they grow, kept in a cache file.

#include "engine/media/hash.h"
#include "engine/media/sound/peaks.h"
#include "tests/engine/media/sound/sound_fixtures.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <sndfile.h>
#include <thread>

using namespace fixtures;

namespace {

/** By its definition, from all samples. */
Peak slowPeak(const std::vector<float>& samples, int channels, int channel, std::int64_t first, std::int64_t end) {
    Peak peak = kUnknownPeak;
    const auto frames = static_cast<std::int64_t>(samples.size()) / channels;
    for (std::int64_t i = std::max<std::int64_t>(0, first); i < std::min(end, frames); ++i) {
        const float sample = samples[static_cast<std::size_t>(i * channels + channel)];
        if (!isKnown(peak)) peak = {sample, sample};
        peak = {std::min(peak.low, sample), std::max(peak.high, sample)};
    }
    return peak;
}

bool contains(const Peak& outer, const Peak& inner) {
    return outer.low <= inner.low && outer.high >= inner.high;
}

}  // namespace

class TestSoundPeaks : public QObject {
    Q_OBJECT

    static constexpr int kChannels = 2;
    static constexpr std::int64_t kFrames = 300'123;
    QTemporaryDir m_dir;
    std::vector<float> m_samples;
    fs::path m_path;
    fs::path file(const std::string& name) { return fs::path(m_dir.path().toStdString()) / name; }

 private Q_SLOTS:
    void initTestCase();
    void isExactWhenFine();
    void holdsWhenCoarse();
    void growsWhileRead();
    void beginsWhereItIsWanted();
    void knowsTheMean();
    void stopsAndGoesOn();
    void staysSmall();
    void keepsItsCache();
    void distrustsTheCache();
    void refuses();
};

void TestSoundPeaks::initTestCase() {
    m_samples = sweep(48000, kChannels, kFrames);
    for (std::size_t i = 0; i < m_samples.size(); ++i)  // every stretch has peaks of its own
        m_samples[i] *= static_cast<float>(0.2 + 0.8 * std::abs(std::sin(static_cast<double>(i) * 3e-5)));
    m_path = writeFloatWav(file("p.wav"), 48000, kChannels, m_samples);
}

void TestSoundPeaks::isExactWhenFine() {
    // Exact before anything is built, at whole and broken frames a column, and across both ends.
    const auto pyramid = *PeakPyramid::open(m_path);
    QCOMPARE(pyramid->knownFrames(), std::int64_t{0});
    for (const double zoom : {0.01, 0.37, 1.0, 3.0, 17.3, 255.9}) {
        for (const std::int64_t first : {std::int64_t{-500}, std::int64_t{0}, std::int64_t{123'457}, kFrames - 300}) {
            const auto found = pyramid->peaks(1, first, zoom, 700);
            QVERIFY(found.ok());
            QCOMPARE(found->size(), std::size_t{700});
            for (int c = 0; c < 700; ++c) {
                const auto begin = static_cast<std::int64_t>(std::floor(c * zoom));
                const auto end = std::max(begin + 1, static_cast<std::int64_t>(std::ceil((c + 1) * zoom)));
                const Peak expected = slowPeak(m_samples, kChannels, 1, first + begin, first + end);
                QVERIFY(found->at(static_cast<std::size_t>(c)) == expected);
            }
        }
    }
}

void TestSoundPeaks::holdsWhenCoarse() {
    const auto pyramid = *PeakPyramid::open(m_path);
    QVERIFY(pyramid->build(Job{}).ok());
    QVERIFY(pyramid->complete());
    for (const double zoom : {256.0, 300.5, 1024.0, 5000.0, 100'000.0, 1e6}) {
        for (const std::int64_t first : {std::int64_t{-3000}, std::int64_t{0}, std::int64_t{77'777}}) {
            const auto found = pyramid->peaks(0, first, zoom, 40);
            QVERIFY(found.ok());
            for (int c = 0; c < 40; ++c) {
                const auto begin = first + static_cast<std::int64_t>(c * zoom);
                const auto end = first + static_cast<std::int64_t>(std::ceil((c + 1) * zoom));
                const Peak inner = slowPeak(m_samples, kChannels, 0, begin, end);
                const Peak& peak = found->at(static_cast<std::size_t>(c));
                QCOMPARE(isKnown(peak), isKnown(inner));
                if (!isKnown(inner)) continue;
                // At least the column, at most an entry more on either side.
                const auto more = static_cast<std::int64_t>(zoom);
                QVERIFY(contains(peak, inner));
                QVERIFY(contains(slowPeak(m_samples, kChannels, 0, begin - more, end + more), peak));
            }
        }
    }
    // Where columns are entries, they are exact.
    const auto aligned = pyramid->peaks(1, 1024, 1024.0, 200);
    for (int c = 0; c < 200; ++c)
        QVERIFY(aligned->at(static_cast<std::size_t>(c)) ==
                slowPeak(m_samples, kChannels, 1, 1024 * (c + 1), 1024 * (c + 2)));
}

void TestSoundPeaks::growsWhileRead() {
    const auto pyramid = *PeakPyramid::open(m_path);
    const auto whole = *PeakPyramid::open(m_path);
    QVERIFY(whole->build(Job{}).ok());
    const auto final = whole->peaks(0, 0, 512.0, 600);
    std::vector<std::int64_t> steps;
    bool right = true;
    const Job job({}, [&](const Progress& progress) {
        steps.push_back(progress.done);
        QCOMPARE(progress.total, kFrames);
        QCOMPARE(progress.done, pyramid->knownFrames());
        std::jthread([&] {  // somebody else looks meanwhile
            const auto now = pyramid->peaks(0, 0, 512.0, 600);
            for (std::size_t c = 0; c < 600; ++c) {
                const std::int64_t end = std::min<std::int64_t>(static_cast<std::int64_t>(c + 1) * 512, kFrames);
                const bool there = static_cast<std::int64_t>(c) * 512 < kFrames && end <= progress.done;
                right = right && now->at(c) == (there ? final->at(c) : kUnknownPeak);
            }
        })
            .join();
    });
    QVERIFY(pyramid->build(job).ok());
    QVERIFY(right);
    QVERIFY(steps.size() >= 4);
    QCOMPARE(steps.back(), kFrames);
}

void TestSoundPeaks::beginsWhereItIsWanted() {
    const auto pyramid = *PeakPyramid::open(m_path);
    const auto whole = *PeakPyramid::open(m_path);
    QVERIFY(whole->build(Job{}).ok());
    pyramid->wantFirst(200'000);
    std::vector<std::int64_t> begins;
    QVERIFY(pyramid
                ->build(Job{},
                        [&](std::int64_t first, std::int64_t end) {
                            begins.push_back(first);
                            if (begins.size() == 1) pyramid->wantFirst(70'000);
                            for (const double zoom : {256.0, 3000.0, 40'000.0}) {
                                const int columns = static_cast<int>(static_cast<double>(kFrames) / zoom) + 1;
                                const auto now = *pyramid->peaks(0, 0, zoom, columns);
                                const auto last = *whole->peaks(0, 0, zoom, columns);
                                for (std::size_t c = 0; c < now.size(); ++c)  // never wrong, and what was told is there
                                    QVERIFY(now[c] == last[c] || !isKnown(now[c]));
                                const auto inside =
                                    static_cast<std::size_t>(static_cast<double>(first + end) / 2 / 256);
                                if (zoom == 256.0) QVERIFY(isKnown(now[inside]));
                            }
                        })
                .ok());
    QVERIFY((begins == std::vector<std::int64_t>{196'608, 65'536, 131'072, 262'144, 0}));
    for (const double zoom : {256.0, 1024.0, 4096.0, 65536.0})
        QVERIFY(*pyramid->peaks(1, 0, zoom, 1000) == *whole->peaks(1, 0, zoom, 1000));
}

void TestSoundPeaks::knowsTheMean() {
    std::vector<float> mean(static_cast<std::size_t>(kFrames));
    for (std::size_t i = 0; i < mean.size(); ++i)
        mean[i] = 0.5F * (m_samples[2 * i] + m_samples[2 * i + 1]);
    const auto pyramid = *PeakPyramid::open(m_path);
    const auto near = *pyramid->peaks(PeakPyramid::kMixed, 1000, 10.0, 50);
    QVERIFY(pyramid->build(Job{}).ok());
    const auto far = *pyramid->peaks(PeakPyramid::kMixed, 0, 1024.0, 50);
    for (std::size_t c = 0; c < 50; ++c) {
        const auto at = static_cast<std::int64_t>(c);
        QVERIFY(near[c] == slowPeak(mean, 1, 0, 1000 + 10 * at, 1010 + 10 * at));
        QVERIFY(far[c] == slowPeak(mean, 1, 0, 1024 * at, 1024 * (at + 1)));
    }
}

void TestSoundPeaks::stopsAndGoesOn() {
    const auto pyramid = *PeakPyramid::open(m_path);
    std::stop_source stop;
    const Job job(stop.get_token(), [&](const Progress&) { stop.request_stop(); });
    QCOMPARE(pyramid->build(job).error().code, ErrorCode::Cancelled);
    QVERIFY(pyramid->knownFrames() > 0 && !pyramid->complete());
    QCOMPARE(pyramid->save(file("part.peaks"), "").error().code, ErrorCode::InvalidArgument);
    QVERIFY(pyramid->build(Job{}).ok());
    const auto whole = *PeakPyramid::open(m_path);
    QVERIFY(whole->build(Job{}).ok());
    for (const double zoom : {256.0, 1024.0, 4096.0, 65536.0})
        QVERIFY(*pyramid->peaks(1, 0, zoom, 1000) == *whole->peaks(1, 0, zoom, 1000));
}

void TestSoundPeaks::staysSmall() {
    // A file with a hole: large for everybody who asks, and nothing on the disk.
    const fs::path hour = writeSound(file("hour.wav"), SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48000, 2, {0.1F, 0.1F});
    std::string header = readText(hour).substr(0, 44);
    header.replace(40, 4, std::string("\xFF\xFF\xFF\xFF", 4));
    writeText(hour, header);
    fs::resize_file(hour, 44 + std::uintmax_t{3600} * 48000 * 4);
    const auto pyramid = PeakPyramid::open(hour);
    QVERIFY(pyramid.ok());
    QCOMPARE((*pyramid)->shape().frames, std::int64_t{3600} * 48000);
    QCOMPARE((*pyramid)->baseFrames(), PeakPyramid::kFinestBase);
    QVERIFY((*pyramid)->bytes() < PeakPyramid::kMaxBytes);
    fs::resize_file(hour, 44 + std::uintmax_t{10} * 3600 * 48000 * 4);
    const auto long_ = PeakPyramid::open(hour);
    QVERIFY(long_.ok());
    QVERIFY((*long_)->shape().frames > std::int64_t{5} * 3600 * 48000);
    QVERIFY((*long_)->baseFrames() > PeakPyramid::kFinestBase);
    QVERIFY((*long_)->bytes() < PeakPyramid::kMaxBytes);
    fs::remove(hour);
}

void TestSoundPeaks::keepsItsCache() {
    const fs::path cache = file("cache") / "p.peaks";
    const std::string hash = *contentHash(m_path);
    const auto first = *PeakPyramid::open(m_path);
    QCOMPARE(first->load(cache, hash).error().code, ErrorCode::NotFound);
    QVERIFY(first->loadOrBuild(cache, hash, Job{}).ok());
    QVERIFY(fs::exists(cache));
    const auto second = *PeakPyramid::open(m_path);
    QVERIFY(second->load(cache, hash).ok());
    QVERIFY(second->complete());
    for (const double zoom : {256.0, 2000.0, 70'000.0})
        QVERIFY(*second->peaks(1, 0, zoom, 1200) == *first->peaks(1, 0, zoom, 1200));
    // Another file with the same content uses it too.
    const fs::path copy = file("copy.wav");
    fs::copy_file(m_path, copy);
    QVERIFY((*PeakPyramid::open(copy))->load(cache, hash).ok());
    // A folder that cannot be there costs nothing.
    writeText(file("blocked"), "x");
    const auto third = *PeakPyramid::open(m_path);
    QVERIFY(third->loadOrBuild(file("blocked") / "a" / "p.peaks", hash, Job{}).ok());
    QVERIFY(third->complete());
}

void TestSoundPeaks::distrustsTheCache() {
    const fs::path cache = file("d.peaks");
    const fs::path path = writeFloatWav(file("d.wav"), 48000, 1, sweep(48000, 1, 50'000));
    QVERIFY((*PeakPyramid::open(path))->loadOrBuild(cache, "", Job{}).ok());
    QVERIFY((*PeakPyramid::open(path))->load(cache, "").ok());
    QVERIFY(!(*PeakPyramid::open(path))->load(cache, "0123456789abcdef").ok());
    const std::string whole = readText(cache);
    std::string flipped = whole;
    flipped[whole.size() / 2] = static_cast<char>(flipped[whole.size() / 2] ^ 1);
    for (const std::string& damaged :
         {std::string(), whole.substr(0, 63), whole.substr(0, whole.size() - 8), flipped}) {
        writeText(cache, damaged);
        QVERIFY(!(*PeakPyramid::open(path))->load(cache, "").ok());
    }
    writeText(cache, whole);
    // The sound changes and keeps its length: the stamp tells.
    writeFloatWav(path, 48000, 1, std::vector<float>(50'000, 0.25F));
    fs::last_write_time(path, fs::file_time_type::clock::now() + std::chrono::seconds(5));
    const auto changed = *PeakPyramid::open(path);
    QVERIFY(!changed->load(cache, "").ok());
    QVERIFY(changed->loadOrBuild(cache, "", Job{}).ok());
    QVERIFY((*changed->peaks(0, 0, 1000.0, 1))[0] == (Peak{0.25F, 0.25F}));
    QVERIFY((*PeakPyramid::open(path))->load(cache, "").ok());
}

void TestSoundPeaks::refuses() {
    QVERIFY(!PeakPyramid::open(file("none.wav")).ok());
    const auto pyramid = *PeakPyramid::open(m_path);
    for (const auto& bad :
         {pyramid->peaks(2, 0, 1.0, 1), pyramid->peaks(-2, 0, 1.0, 1), pyramid->peaks(0, 0, 0.0, 1),
          pyramid->peaks(0, 0, std::nan(""), 1), pyramid->peaks(0, 0, 1.0, -1), pyramid->peaks(0, 0, 1.0, 1 << 20)})
        QCOMPARE(bad.error().code, ErrorCode::InvalidArgument);
    QVERIFY(pyramid->peaks(0, 0, 10.0, 0)->empty());
}

QTEST_GUILESS_MAIN(TestSoundPeaks)
#include "tst_sound_peaks.moc"

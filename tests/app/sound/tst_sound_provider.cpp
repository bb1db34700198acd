// What a view gets of a file, against what the media library says of it.

#include "app/bridge/task_pool.h"
#include "app/sound/file_sound_provider.h"
#include "engine/media/sound/spectrum_tiles.h"
#include "engine/session/sound/sound.h"
#include "tests/app/support/sound_project.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace querent;
using namespace querent::app::bridge;
using namespace querent::app::sound;
using namespace querent::app::test;
namespace fs = std::filesystem;

class TestSoundProvider : public QObject {
    Q_OBJECT

    static constexpr int kRate = 16000;
    static constexpr std::int64_t kFrames = 400'123;
    QTemporaryDir m_dir;
    fs::path m_path;
    std::vector<float> m_samples;  // as the file has them
    TaskPool m_pool{2};
    TaskPool m_builds{1};

    std::unique_ptr<FileSoundProvider> opened() {
        auto sound = session::sound::Sound::open(m_path);
        return std::make_unique<FileSoundProvider>(*sound, m_pool);
    }
    float sampleAt(std::int64_t frame, int channel) const {
        const auto at = static_cast<std::size_t>(2 * frame);
        if (channel == widgets::audio::kMixedChannel) return 0.5F * (m_samples[at] + m_samples[at + 1]);
        return m_samples[at + static_cast<std::size_t>(channel)];
    }
    Peak slowPeak(int channel, std::int64_t first, std::int64_t end) const {
        Peak peak{2.0F, -2.0F};
        for (std::int64_t i = first; i < end; ++i) {
            peak.low = std::min(peak.low, sampleAt(i, channel));
            peak.high = std::max(peak.high, sampleAt(i, channel));
        }
        return peak;
    }

 private Q_SLOTS:
    void initTestCase() {
        m_path = fs::path(m_dir.path().toStdString()) / "s.wav";
        writeSweep(m_path, kRate, 2, kFrames);
        m_samples = *(*session::sound::Sound::open(m_path))->samples(0, kFrames);
    }

    void samplesComeAndAreExact() {
        const auto provider = opened();
        QCOMPARE(provider->shape(), (SoundShape{kRate, 2, kFrames}));
        QSignalSpy changed(provider.get(), &FileSoundProvider::changed);
        QVERIFY(provider->samples(0, 65'530, 100).empty());  // across two blocks
        QTRY_COMPARE(changed.count(), 2);
        for (const int channel : {0, 1, widgets::audio::kMixedChannel}) {
            const auto found = provider->samples(channel, 65'530, 100);
            QCOMPARE(found.size(), std::size_t{100});
            for (int i = 0; i < 100; ++i)
                QCOMPARE(found[static_cast<std::size_t>(i)], sampleAt(65'530 + i, channel));
        }
        QVERIFY(provider->samples(0, -5, 10).empty());
        QVERIFY(provider->samples(0, kFrames - 5, 10).empty());
    }

    void finePeaksAreExact() {
        const auto provider = opened();
        for (const double perColumn : {1.0, 7.3, 100.0, 255.9}) {
            const double first = 60'000.25;
            for (const int channel : {0, 1, widgets::audio::kMixedChannel}) {
                const auto known = [&] {  // the blocks of the file come in any order
                    const auto peaks = provider->peaks(channel, first, perColumn, 600);
                    return std::none_of(peaks.begin(), peaks.end(), [](const Peak& p) { return std::isnan(p.low); });
                };
                QTRY_VERIFY(known());
                const auto found = provider->peaks(channel, first, perColumn, 600);
                for (int c = 0; c < 600; ++c) {
                    const double from = first + c * perColumn;
                    const Peak slow = slowPeak(channel, static_cast<std::int64_t>(std::floor(from)),
                                               static_cast<std::int64_t>(std::ceil(from + perColumn)));
                    QVERIFY(found[static_cast<std::size_t>(c)] == slow);
                }
            }
        }
        const auto outside = provider->peaks(0, -50.0, 10.0, 3);
        QVERIFY(std::isnan(outside[0].low) && std::isnan(outside[2].low));
    }

    void coarsePeaksAreLeftOutUntilTheyAreKnown() {
        const auto provider = opened();
        for (const Peak& peak : provider->peaks(0, 0.0, 1000.0, 401))
            QVERIFY(std::isnan(peak.low));
        QSignalSpy changed(provider.get(), &FileSoundProvider::changed);
        QSignalSpy built(provider.get(), &FileSoundProvider::built);
        provider->build(m_builds);
        QVERIFY(provider->isBuilding());
        QTRY_COMPARE(built.count(), 1);
        qint64 told = 0;
        for (const auto& call : changed)
            told += call.at(1).toLongLong() - call.at(0).toLongLong();
        QCOMPARE(told, qint64{kFrames});
        const auto found = provider->peaks(1, 512.0, 1024.0, 300);
        for (int c = 0; c < 300; ++c) {
            const Peak inner = slowPeak(1, 512 + c * 1024, 512 + (c + 1) * 1024);
            const Peak& peak = found[static_cast<std::size_t>(c)];
            QVERIFY(peak.low <= inner.low && peak.high >= inner.high);
        }
    }

    void tilesAreThoseOfTheMediaLibrary() {
        const auto provider = opened();
        const auto tiles = *media::sound::SpectrumTiles::open(m_path);
        for (const widgets::audio::TileKey& key :
             {widgets::audio::TileKey{widgets::audio::kMixedChannel, 1024, 256, 3},
              widgets::audio::TileKey{1, 256, 64, 0}, widgets::audio::TileKey{0, 8192, 1024, 1}}) {
            QSignalSpy changed(provider.get(), &FileSoundProvider::changed);
            QVERIFY(provider->tile(key) == nullptr);
            QTRY_COMPARE(changed.count(), 1);
            QCOMPARE(changed[0][0].toLongLong(), qint64{key.firstFrame()});
            const auto tile = provider->tile(key);
            QVERIFY(tile);
            QCOMPARE(tile->bins, key.fftSize / 2 + 1);
            const auto expected = *tiles->tile({key.fftSize, key.hop, key.channel, key.index});
            for (const int column : {0, 17, 255}) {
                for (int bin = 0; bin < tile->bins; ++bin)
                    QCOMPARE(tile->column(column)[bin], expected->at(bin, column));
            }
        }
    }

    void theNewestWishComesFirstAndOldOnesAreAskedForAgain() {
        const auto provider = opened();
        constexpr int kWishes = 90;
        std::vector<qint64> order;
        connect(provider.get(), &FileSoundProvider::changed, this, [&](qint64 first, qint64) {
            const widgets::audio::TileKey key{0, 256, 16, first / (16 * 256)};
            if (provider->tile(key)) order.push_back(key.index);
        });
        for (int i = 0; i < kWishes; ++i)
            QVERIFY(provider->tile({0, 256, 16, i}) == nullptr);
        QVERIFY(provider->wishes() <= qsizetype{FileSoundProvider::kMostWishes});
        QTRY_COMPARE(order.size(), std::size_t{kWishes});  // also those that were dropped: their place was drawn again
        QVERIFY(order[0] >= kWishes - 3);
        const auto place = [&](qint64 index) { return std::find(order.begin(), order.end(), index) - order.begin(); };
        QVERIFY(place(80) < place(40));
        QVERIFY(place(40) < place(5));
    }

    void whatIsInStockNeedsNoWish() {
        auto sound = *session::sound::Sound::open(m_path);
        SoundSight sight;
        sight.width = 800;
        sight.fftSize = 512;
        SoundStock stock = stockUp(*sound, sight, true);
        QVERIFY(!stock.tiles.empty());
        FileSoundProvider provider(sound, m_pool, std::move(stock));
        QVERIFY(!std::isnan(provider.peaks(0, 0.0, 500.0, 800).front().low));
        QVERIFY(!std::isnan(provider.peaks(0, 0.0, 5.0, 800).front().low));
        QVERIFY(provider.tile({widgets::audio::kMixedChannel, 512, 256, 0}));
        QCOMPARE(provider.wishes(), qsizetype{0});
    }

    void nobodyLooksAnyMore() {
        const auto provider = opened();
        for (int i = 0; i < 60; ++i)
            provider->tile({0, 1024, 32, i});
        provider->build(m_builds);
        provider->rest();
        QVERIFY(provider->wishes() <= 2);
        QTRY_VERIFY(!provider->isBuilding());
        // Looked at again before the thread had noticed: it is built all the same.
        provider->build(m_builds);
        provider->rest();
        provider->build(m_builds);
        QTRY_VERIFY(provider->sound()->complete());
        // It may die while somebody works for it.
        auto dying = opened();
        dying->tile({0, 1024, 32, 0});
        dying->build(m_builds);
        QCoreApplication::processEvents();
        dying.reset();
        QTest::qWait(50);
    }

    void aDamagedMiddleIsToldOnce() {
        const fs::path path = m_path.parent_path() / "gone.wav";
        writeSweep(path, kRate, 1, 600'000);
        auto sound = *session::sound::Sound::open(path);
        FileSoundProvider provider(sound, m_pool);
        fs::resize_file(path, 200'000);  // cut while it is open
        QSignalSpy failed(&provider, &FileSoundProvider::failed);
        provider.tile({0, 1024, 512, 3});
        provider.tile({0, 1024, 512, 4});
        QTRY_COMPARE(provider.wishes(), qsizetype{0});
        QCOMPARE(failed.count(), 1);
        QVERIFY(provider.tile({0, 1024, 512, 3}) == nullptr);
        QCOMPARE(provider.wishes(), qsizetype{0});  // and is not tried again and again
    }
};

QTEST_GUILESS_MAIN(TestSoundProvider)
#include "tst_sound_provider.moc"

// Thumbnails on disk and pictures in memory.

#include "engine/media/hash.h"
#include "engine/media/thumbnails.h"
#include "tests/engine/media/picture_fixtures.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <chrono>
#include <thread>

using namespace querent;
using namespace querent::media;
using namespace fixtures;
namespace fs = std::filesystem;

class TestMediaCache : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    fs::path root() { return m_dir->path().toStdString(); }
    fs::path cacheFolder() { return root() / "cache" / "thumbnails"; }
    std::vector<fs::path> files() {
        std::vector<fs::path> found;
        for (const auto& entry : fs::directory_iterator(cacheFolder()))
            found.push_back(entry.path());
        return found;
    }

 private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void makesAndReuses();
    void followsTheContent();
    void worksWithoutHash();
    void redrawsDamagedFiles();
    void staysInItsFolder();
    void worksWithoutFolder();
    void evictsTheOldest();
    void manyThreads();
};

void TestMediaCache::makesAndReuses() {
    const auto path = write(root() / "a.jpg", encoded(".jpg", quadrants(800, 400)));
    const std::string hash = *contentHash(path);
    ThumbnailCache cache(cacheFolder());
    QCOMPARE(cache.stored(path, hash).error().code, ErrorCode::NotFound);
    const auto first = cache.thumbnail(path, hash);
    QVERIFY(first.ok());
    QVERIFY((first->size == Size{256, 128}));
    QCOMPARE(files().size(), std::size_t{1});
    fs::remove(path);  // the second time comes from the folder
    const auto second = cache.thumbnail(path, hash);
    QVERIFY(second.ok());
    QVERIFY(near(at(*second, 20, 20), {250, 0, 0}));
    QVERIFY(ThumbnailCache(cacheFolder()).stored(path, hash).ok());

    const auto turned = write(root() / "b.jpg", jpegWithExif(encoded(".jpg", quadrants(800, 400)), exif(6, false)));
    QVERIFY((cache.thumbnail(turned, *contentHash(turned))->size == Size{128, 256}));
    QVERIFY((cache.stored(turned, *contentHash(turned))->size == Size{128, 256}));
    const auto small = write(root() / "c.png", encoded(".png", quadrants(20, 10)));
    QVERIFY((cache.thumbnail(small, "")->size == Size{20, 10}));
    QCOMPARE(cache.thumbnail(root() / "none.jpg", "").error().code, ErrorCode::NotFound);
}

void TestMediaCache::followsTheContent() {
    ThumbnailCache cache(cacheFolder());
    const auto path = write(root() / "a.png", encoded(".png", quadrants(400, 400)));
    QVERIFY(cache.thumbnail(path, *contentHash(path)).ok());
    write(path, encoded(".png", cv::Mat(400, 400, CV_8UC3, cv::Scalar(0, 200, 0))));
    const auto changed = cache.thumbnail(path, *contentHash(path));
    QVERIFY(near(at(*changed, 200, 200), {0, 200, 0}));
}

void TestMediaCache::worksWithoutHash() {
    ThumbnailCache cache(cacheFolder());
    const auto path = write(root() / "a.png", encoded(".png", quadrants(400, 400)));
    QVERIFY(cache.thumbnail(path, "").ok());
    QVERIFY(cache.stored(path, "").ok());
    write(path, encoded(".png", cv::Mat(300, 400, CV_8UC3, cv::Scalar(0, 200, 0))));
    QVERIFY(!cache.stored(path, "").ok());
    QVERIFY((cache.thumbnail(path, "")->size == Size{256, 192}));
}

void TestMediaCache::redrawsDamagedFiles() {
    ThumbnailCache cache(cacheFolder());
    const auto path = write(root() / "a.png", encoded(".png", quadrants(400, 400)));
    const std::string hash = *contentHash(path);
    QVERIFY(cache.thumbnail(path, hash).ok());
    const fs::path stored = files().front();
    const Bytes whole = read(stored);
    for (const Bytes& damaged : {Bytes{}, Bytes(100, 7), Bytes(whole.begin(), whole.begin() + 300)}) {
        write(stored, damaged);
        const auto again = cache.thumbnail(path, hash);
        QVERIFY(again.ok());
        QVERIFY(near(at(*again, 20, 20), {250, 0, 0}));
        QVERIFY(read(stored) == whole);
    }
}

void TestMediaCache::staysInItsFolder() {
    ThumbnailCache cache(cacheFolder());
    const auto path = write(root() / "a.png", encoded(".png", quadrants(400, 400)));
    for (const std::string hash : {"../../escaped", "/tmp/escaped", "..", "ABCDEFABCDEFABCD", "a\nb"}) {
        QVERIFY(cache.thumbnail(path, hash).ok());
        QVERIFY(cache.stored(path, hash).ok());
    }
    QCOMPARE(files().size(), std::size_t{5});
    std::size_t outside = 0;
    for (const auto& entry : fs::directory_iterator(root()))
        outside += entry.is_regular_file() ? 1 : 0;
    QCOMPARE(outside, std::size_t{1});
}

void TestMediaCache::worksWithoutFolder() {
    write(root() / "blocked", {1, 2, 3});  // a file where the folder should be
    ThumbnailCache cache(root() / "blocked" / "thumbnails");
    const auto path = write(root() / "a.png", encoded(".png", quadrants(400, 400)));
    QVERIFY(cache.thumbnail(path, "").ok());
}

void TestMediaCache::evictsTheOldest() {
    cv::Mat noise(200, 200, CV_8UC3);
    std::vector<std::string> hashes;
    const auto path = root() / "a.png";
    {
        ThumbnailCache generous(cacheFolder());
        for (int i = 0; i < 6; ++i) {
            cv::RNG(static_cast<std::uint64_t>(i) + 1).fill(noise, cv::RNG::UNIFORM, 0, 255);
            write(path, encoded(".png", noise));
            hashes.push_back(*contentHash(path));
            QVERIFY(generous.thumbnail(path, hashes.back()).ok());
        }
    }
    // Ages from the file's own time, so that the clock's resolution does not matter.
    const auto now = fs::file_time_type::clock::now();
    std::int64_t bytes = 0;
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        const fs::path stored = cacheFolder() / ("t256-" + hashes[i] + ".jpg");
        fs::last_write_time(stored, now - std::chrono::minutes(60 - i));
        bytes = static_cast<std::int64_t>(fs::file_size(stored));
    }
    write(cacheFolder() / "notes.txt", Bytes(1'000'000, 1));  // not ours: neither counted nor removed
    const fs::path leftover = write(cacheFolder() / ("t256-" + hashes[0] + ".jpg.1-1.tmp"), Bytes(10, 1));
    fs::last_write_time(leftover, now - std::chrono::hours(5));

    ThumbnailCache cache(cacheFolder(), 256, bytes * 5 / 2);
    cache.evict();
    QVERIFY(!cache.stored(path, hashes[3]).ok());
    QVERIFY(cache.stored(path, hashes[4]).ok());
    QVERIFY(cache.stored(path, hashes[5]).ok());
    QVERIFY(fs::exists(cacheFolder() / "notes.txt"));
    QVERIFY(!fs::exists(leftover));

    // And by itself, while thumbnails are made.
    ThumbnailCache tiny(cacheFolder(), 256, bytes);
    for (int i = 10; i < 14; ++i) {
        cv::RNG(static_cast<std::uint64_t>(i)).fill(noise, cv::RNG::UNIFORM, 0, 255);
        write(path, encoded(".png", noise));
        QVERIFY(tiny.thumbnail(path, *contentHash(path)).ok());
    }
    QVERIFY(files().size() <= 3);
}

void TestMediaCache::manyThreads() {
    std::vector<fs::path> pictures;
    for (int i = 0; i < 4; ++i) {
        const cv::Mat plain(300, 300, CV_8UC3, cv::Scalar(0, 0, 50 + 40 * i));
        pictures.push_back(write(root() / (std::to_string(i) + ".png"), encoded(".png", plain)));
    }
    ThumbnailCache first(cacheFolder());
    ThumbnailCache second(cacheFolder(), 256, 4096);  // stands for another process, one that evicts all the time
    std::atomic<int> wrong{0};
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&, t] {
                ThumbnailCache& cache = t % 2 == 0 ? first : second;
                for (int i = 0; i < 40; ++i) {
                    const int which = (i + t) % 4;
                    const auto thumbnail = cache.thumbnail(pictures[static_cast<std::size_t>(which)], "");
                    if (!thumbnail || !near(at(*thumbnail, 100, 100), {50 + 40 * which, 0, 0})) ++wrong;
                }
            });
        }
    }
    QCOMPARE(wrong.load(), 0);
}

QTEST_GUILESS_MAIN(TestMediaCache)
#include "tst_media_cache.moc"

// The second demo's pictures and sounds: repeatable, readable, long-tailed, and never both without an answer.

#include "engine/media/demo/demo_pairs.h"
#include "engine/media/demo/demo_sounds.h"
#include "engine/media/hash.h"
#include "engine/media/picture.h"
#include "engine/media/sound/sound_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace querent;
using namespace querent::media;
using namespace querent::media::demo;
using namespace querent::media::sound;
namespace fs = std::filesystem;

namespace {

DemoPairOptions options(int items, std::uint64_t seed = 1) {
    return {.items = items, .seed = seed, .size = {64, 64}};  // the same pictures, quicker
}

/** The spread of a picture's grey levels; what is spoilt beyond use has next to none, or nothing else. */
double spreadOf(const Raster& picture) {
    double sum = 0.0;
    double squares = 0.0;
    for (const std::uint8_t value : picture.rgb) {
        sum += value;
        squares += double(value) * value;
    }
    const auto count = static_cast<double>(picture.rgb.size());
    return squares / count - (sum / count) * (sum / count);
}

}  // namespace

class TestDemoPairs : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    DemoPairSummary m_set;
    fs::path folder(const char* name) { return fs::path(m_dir.path().toStdString()) / name; }

 private Q_SLOTS:
    void initTestCase();
    void repeats();
    void filesAreReadable();
    void thePoolHasALongTail();
    void aPairAlwaysTells();
    void cancelsAndRefuses();
};

void TestDemoPairs::initTestCase() {
    const auto set = drawDemoPairs(folder("pairs"), options(200), Job{});
    QVERIFY2(set.ok(), set ? "" : set.error().text().c_str());
    m_set = *set;
    QCOMPARE(m_set.items.size(), std::size_t{200});
    QCOMPARE(std::set<std::string>(m_set.classes.begin(), m_set.classes.end()).size(), std::size_t{10});
}

void TestDemoPairs::repeats() {
    const auto first = drawDemoPairs(folder("a"), options(60), Job{});
    const auto second = drawDemoPairs(folder("b"), options(60), Job{});
    const auto other = drawDemoPairs(folder("c"), options(60, 2), Job{});
    QVERIFY(first.ok() && second.ok() && other.ok());
    int sameLabel = 0;
    for (std::size_t i = 0; i < first->items.size(); ++i) {
        const DemoPair& pair = first->items[i];
        QCOMPARE(pair.label, second->items[i].label);
        QVERIFY(pair.split == second->items[i].split);
        sameLabel += pair.label == other->items[i].label ? 1 : 0;
        for (const std::string& file : {pair.picture, pair.sound}) {
            QCOMPARE(*contentHash(folder("a") / file), *contentHash(folder("b") / file));
            QVERIFY(*contentHash(folder("a") / file) != *contentHash(folder("c") / file));
        }
    }
    QVERIFY(sameLabel < 40);
}

void TestDemoPairs::filesAreReadable() {
    for (const DemoPair& pair : m_set.items) {
        const auto picture = decode(folder("pairs") / pair.picture);
        QVERIFY2(picture.ok(), pair.picture.c_str());
        QVERIFY((picture->size == Size{64, 64}));
        const auto sound = probeSound(folder("pairs") / pair.sound);
        QVERIFY2(sound.ok(), pair.sound.c_str());
        QCOMPARE(sound->rate, kDemoSoundRate);
        QVERIFY(sound->seconds() >= 1.0 && sound->seconds() <= 2.0);
    }
}

void TestDemoPairs::thePoolHasALongTail() {
    std::map<Split, std::map<int, int>> counts;
    for (const DemoPair& pair : m_set.items)
        ++counts[pair.split][pair.label];
    for (const Split split : {Split::Val, Split::Test}) {
        QCOMPARE(counts[split].size(), std::size_t{10});
        for (const auto& [label, count] : counts[split])
            QCOMPARE(count, split == Split::Val ? 3 : 5);
    }
    const std::map<int, int>& pool = counts[Split::Train];
    QCOMPARE(pool.size(), std::size_t{10});
    for (int c = 1; c < 10; ++c)
        QVERIFY(pool.at(c) <= pool.at(c - 1));
    QVERIFY(pool.at(0) >= 10 * pool.at(9));
    // The order of the items does not tell their classes.
    const auto firstHalf = std::count_if(m_set.items.begin(), m_set.items.begin() + 100,
                                         [](const DemoPair& pair) { return pair.label < 5; });
    const auto lastHalf = std::count_if(m_set.items.begin() + 100, m_set.items.end(),
                                        [](const DemoPair& pair) { return pair.label < 5; });
    QVERIFY(std::abs(firstHalf - lastHalf) < 30);
}

void TestDemoPairs::aPairAlwaysTells() {
    const auto named = [&](const char* name) {
        return static_cast<int>(std::find(m_set.classes.begin(), m_set.classes.end(), name) - m_set.classes.begin());
    };
    const std::set<int> twins = {named("singer"), named("whistler")};
    int pictures = 0;
    int sounds = 0;
    double clear = 0.0;
    for (const DemoPair& pair : m_set.items) {
        QVERIFY(!(pair.spoiltPicture && pair.spoiltSound));
        QVERIFY(!(pair.spoiltSound && twins.contains(pair.label)));
        pictures += pair.spoiltPicture ? 1 : 0;
        sounds += pair.spoiltSound ? 1 : 0;
        if (!pair.spoiltPicture) clear += spreadOf(*decode(folder("pairs") / pair.picture));
    }
    QVERIFY(pictures > 5 && pictures < 35);
    QVERIFY(sounds > 30 && sounds < 90);
    QVERIFY(clear / (200 - pictures) > 300.0);
    const auto background = demoBackground(1);
    QVERIFY(background == demoBackground(1) && background != demoBackground(2));
}

void TestDemoPairs::cancelsAndRefuses() {
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(drawDemoPairs(folder("x"), options(60), Job(stop.get_token())).error().code, ErrorCode::Cancelled);
    QCOMPARE(drawDemoPairs(folder("x"), options(kFewestDemoPairs - 1), Job{}).error().code, ErrorCode::InvalidArgument);
    DemoPairOptions tiny = options(60);
    tiny.size = {32, 64};
    QCOMPARE(drawDemoPairs(folder("x"), tiny, Job{}).error().code, ErrorCode::InvalidArgument);
}

QTEST_GUILESS_MAIN(TestDemoPairs)
#include "tst_demo_pairs.moc"

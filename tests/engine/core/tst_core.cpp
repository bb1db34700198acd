#include "engine/core/annotation.h"
#include "engine/core/file_names.h"
#include "engine/core/geometry.h"
#include "engine/core/job.h"
#include "engine/core/mean_interval.h"
#include "engine/core/paths.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/core/rng.h"
#include "engine/core/utc.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QtTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <vector>

using namespace querent;

namespace {

std::string randomName(Rng& rng) {
    static const std::string kLetters = "aAbB019 _.-/z";
    std::string name;
    const std::size_t length = rng.index(8);
    for (std::size_t i = 0; i < length; ++i)
        name += kLetters[rng.index(kLetters.size())];
    return name;
}

}  // namespace

class TestCore : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void naturalOrderSortsAsPeopleDo() {
        std::vector<std::string> names = {"img10", "img2", "IMG1", "img02b", "a/img3", "img2b", "", "img"};
        std::sort(names.begin(), names.end(), naturalLess);
        const std::vector<std::string> expected = {"", "a/img3", "img", "IMG1", "img2", "img02b", "img2b", "img10"};
        QVERIFY(names == expected);
        QVERIFY(naturalLess("9", "99999999999999999999999999999999"));
        QVERIFY(naturalLess("x9", "xa"));
    }

    void naturalOrderIsAStrictOrder() {
        Rng rng(11);
        std::vector<std::string> names;
        for (int i = 0; i < 60; ++i)
            names.push_back(randomName(rng));
        for (const auto& a : names) {
            QVERIFY(!naturalLess(a, a));
            for (const auto& b : names) {
                QCOMPARE(naturalLess(a, b) || naturalLess(b, a), a != b);
                QVERIFY(!(naturalLess(a, b) && naturalLess(b, a)));
                for (const auto& c : names)
                    if (naturalLess(a, b) && naturalLess(b, c)) QVERIFY(naturalLess(a, c));
            }
        }
    }

    // The numbers of the authors' C code (https://prng.di.unimi.it), computed with an independent implementation.
    void randomNumbersNeverChange() {
        Rng rng(42);
        const std::array<std::uint64_t, 4> expected = {1546998764402558742ULL, 6990951692964543102ULL,
                                                       12544586762248559009ULL, 17057574109182124193ULL};
        for (const std::uint64_t number : expected)
            QCOMPARE(quint64(rng()), quint64(number));
    }

    void streamsAreNamed() {
        Rng a(7, "shuffle");
        Rng b(7, "shuffle");
        Rng c(7, "sample");
        Rng d(8, "shuffle");
        const std::uint64_t first = a();
        QCOMPARE(quint64(b()), quint64(first));
        QVERIFY(c() != first);
        QVERIFY(d() != first);
    }

    void uniformStaysInItsRangeAndIsFlat() {
        Rng rng(1);
        std::array<int, 10> bins{};
        for (int i = 0; i < 20000; ++i) {
            const double u = rng.uniform();
            QVERIFY(u >= 0.0 && u < 1.0);
            ++bins[static_cast<std::size_t>(u * 10.0)];
        }
        // 2000 expected, standard deviation 42.
        for (const int count : bins)
            QVERIFY2(std::abs(count - 2000) < 210, qPrintable(QString::number(count)));
    }

    void integerHasBothEnds() {
        Rng rng(2);
        std::set<int> seen;
        for (int i = 0; i < 1000; ++i)
            seen.insert(rng.integer(-2, 3));
        QVERIFY((seen == std::set<int>{-2, -1, 0, 1, 2, 3}));
        QCOMPARE(rng.integer(5, 5), 5);
    }

    void normalHasMeanAndVariance() {
        Rng rng(3);
        constexpr int kDraws = 20000;
        double sum = 0.0;
        double squares = 0.0;
        for (int i = 0; i < kDraws; ++i) {
            const double x = rng.normal();
            sum += x;
            squares += x * x;
        }
        QVERIFY(std::abs(sum / kDraws) < 0.035);  // five standard errors
        QVERIFY(std::abs(squares / kDraws - 1.0) < 0.05);
    }

    void shuffleKeepsEverything() {
        Rng rng(4);
        std::vector<int> values(100);
        std::iota(values.begin(), values.end(), 0);
        std::vector<int> shuffled = values;
        rng.shuffle(shuffled);
        QVERIFY(shuffled != values);
        std::sort(shuffled.begin(), shuffled.end());
        QVERIFY(shuffled == values);
    }

    void sampleIsWithoutRepeats() {
        Rng rng(5);
        const std::vector<std::size_t> some = rng.sample(50, 20);
        QCOMPARE(some.size(), std::size_t(20));
        QCOMPARE(std::set<std::size_t>(some.begin(), some.end()).size(), std::size_t(20));
        QVERIFY(std::all_of(some.begin(), some.end(), [](std::size_t i) { return i < 50; }));
        std::vector<std::size_t> all = rng.sample(6, 100);
        std::sort(all.begin(), all.end());
        QVERIFY((all == std::vector<std::size_t>{0, 1, 2, 3, 4, 5}));
        QVERIFY(rng.sample(0, 3).empty());
    }

    void sampleIsFair() {
        Rng rng(6);
        std::array<int, 5> counts{};
        for (int i = 0; i < 5000; ++i)
            for (const std::size_t index : rng.sample(5, 2))
                ++counts[index];
        // 2000 expected, standard deviation 35.
        for (const int count : counts)
            QVERIFY2(std::abs(count - 2000) < 175, qPrintable(QString::number(count)));
    }

    void weightedFollowsTheWeights() {
        Rng rng(7);
        const std::vector<double> weights = {0.0, 1.0, 3.0, 0.0};
        std::array<int, 4> counts{};
        for (int i = 0; i < 8000; ++i)
            ++counts[rng.weighted(weights)];
        QCOMPARE(counts[0], 0);
        QCOMPARE(counts[3], 0);
        QVERIFY2(std::abs(counts[1] - 2000) < 200, qPrintable(QString::number(counts[1])));
    }

    void weightedIsUniformWithoutWeights() {
        Rng rng(8);
        const std::vector<double> weights = {0.0, 0.0};
        std::array<int, 2> counts{};
        for (int i = 0; i < 2000; ++i)
            ++counts[rng.weighted(weights)];
        QVERIFY(std::abs(counts[0] - 1000) < 115);
    }

    void boxesAreHalfOpen() {
        const Box box{1, 2, 4, 6};
        QCOMPARE(box.width(), 3.0);
        QCOMPARE(box.height(), 4.0);
        QCOMPARE(box.area(), 12.0);
        QVERIFY(box.contains(1, 2));
        QVERIFY(!box.contains(4, 3));
        QVERIFY(!box.contains(2, 6));
        QVERIFY(!box.empty());
        QVERIFY((Box{1, 1, 1, 5}).empty());
        QVERIFY((Box{0, 0, std::numeric_limits<double>::quiet_NaN(), 5}).empty());
        QCOMPARE((Box{4, 4, 1, 1}).area(), 0.0);
    }

    void boxesDrawnBackwardsAreBoxes() {
        QVERIFY(((Box{4, 6, 1, 2}).normalised() == Box{1, 2, 4, 6}));
        QVERIFY(((Box{-3, -3, 20, 5}).clampedTo({10, 8}) == Box{0, 0, 10, 5}));
        QVERIFY(((Box{1, 2, 4, 6}).translated(-1, 2) == Box{0, 4, 3, 8}));
    }

    // Against counting unit squares.
    void iouCountsSquares() {
        Rng rng(9);
        for (int i = 0; i < 200; ++i) {
            const auto draw = [&] {
                const int x = rng.integer(0, 8);
                const int y = rng.integer(0, 8);
                return Box{double(x), double(y), double(x + rng.integer(0, 6)), double(y + rng.integer(0, 6))};
            };
            const Box a = draw();
            const Box b = draw();
            int both = 0;
            int either = 0;
            for (int y = 0; y < 16; ++y)
                for (int x = 0; x < 16; ++x) {
                    const bool inA = a.contains(x + 0.5, y + 0.5);
                    const bool inB = b.contains(x + 0.5, y + 0.5);
                    both += inA && inB ? 1 : 0;
                    either += inA || inB ? 1 : 0;
                }
            QCOMPARE(iou(a, b), either == 0 ? 0.0 : double(both) / double(either));
            QCOMPARE(iou(a, b), iou(b, a));
        }
    }

    void resultHoldsAValueOrAnError() {
        const Result<int> good = 3;
        QVERIFY(good.ok());
        QCOMPARE(*good, 3);
        const Result<int> bad = fail(ErrorCode::Malformed, "The box has no class.", "a/b.xml", 12);
        QVERIFY(!bad);
        QCOMPARE(bad.error().text(), std::string("a/b.xml:12: The box has no class."));
        QCOMPARE(fail(ErrorCode::Io, "Gone.", "x").text(), std::string("x: Gone."));
        QCOMPARE(fail(ErrorCode::Io, "Gone.").text(), std::string("Gone."));
        QVERIFY_EXCEPTION_THROWN(good.error(), std::bad_variant_access);
        QVERIFY_EXCEPTION_THROWN((void)bad.value(), std::bad_variant_access);
    }

    void resultMovesWhatCannotBeCopied() {
        Result<std::unique_ptr<int>> held = std::make_unique<int>(5);
        const std::unique_ptr<int> taken = *std::move(held);
        QCOMPARE(*taken, 5);
        const Result<void> done;
        QVERIFY(done.ok());
        const Result<void> failed = fail(ErrorCode::DiskFull, "Full.");
        QVERIFY(failed.error().code == ErrorCode::DiskFull);
    }

    void jobStopsAndTells() {
        std::stop_source stop;
        std::int64_t told = 0;
        const Job job(stop.get_token(), [&](const Progress& progress) { told = progress.done; });
        QVERIFY(!job.cancelled());
        job.report("Reading", 3, 10);
        QCOMPARE(qint64(told), qint64(3));
        stop.request_stop();
        QVERIFY(job.cancelled());
        QVERIFY(Job::stopped().code == ErrorCode::Cancelled);
        QVERIFY(!Job().cancelled());
    }

    void reversedEditsTakeBack() {
        Annotation a;
        a.id = AnnotationId{3};
        Edit edit;
        edit.changes = {{std::nullopt, a}};
        edit.markBefore = ItemMark{};
        edit.markAfter = ItemMark{ItemState::Labelled, true, "look"};
        const Edit back = edit.reversed();
        QVERIFY(back.changes.front().before == a);
        QVERIFY(!back.changes.front().after);
        QVERIFY(back.markBefore == edit.markAfter && back.markAfter == edit.markBefore);
        QVERIFY(back.reversed().changes == edit.changes);
        QVERIFY(back.kind == EditKind::Undo);
        QVERIFY(back.reversed().kind == EditKind::Redo);
        QVERIFY(back.reversed().reversed().kind == EditKind::Undo);
    }

    void wordsComeBack() {
        for (const Split split : {Split::Train, Split::Val, Split::Test})
            QVERIFY(splitFromText(toText(split)) == split);
        for (int i = 0; i < 5; ++i) {
            const auto state = static_cast<ItemState>(i);
            QVERIFY(itemStateFromText(toText(state)) == state);
            QVERIFY(std::string(toText(static_cast<RoundStep>(i))) != "");
        }
        for (const Modality modality : {Modality::Image, Modality::Audio, Modality::Text})
            QVERIFY(modalityFromText(toText(modality)) == modality);
        QVERIFY(taskFromText("detect") == TaskKind::Detect);
        QVERIFY(!splitFromText("Train "));
    }

    void countsAddUp() {
        PoolCounts counts;
        counts.items[Split::Train] = {
            {ItemState::Unlabelled, 5}, {ItemState::Labelled, 3}, {ItemState::ConfirmedEmpty, 1}};
        counts.items[Split::Test] = {{ItemState::Skipped, 2}};
        QCOMPARE(qint64(counts.inSplit(Split::Train)), qint64(9));
        QCOMPARE(qint64(counts.inState(Split::Val, ItemState::Labelled)), qint64(0));
        QCOMPARE(qint64(counts.trainable(Split::Train)), qint64(4));
        QCOMPARE(qint64(counts.total()), qint64(11));
    }

    void hiddenNamesBeginWithADot() {
        for (const char* name :
             {".git", ".thumbnails", "._a.jpg", ".", "..x", ".ipynb_checkpoints", "__MACOSX", "@eaDir"})
            QVERIFY2(isHiddenName(name), name);
        for (const char* name : {"", "a", "a.jpg", "a.", "_a"})
            QVERIFY2(!isHiddenName(name), name);
    }

    void mediaAreKnownByTheirNames() {
        for (const char* name : {"a.wav", "b.WAV", "c.d.flac", "e.Ogg", "f.opus", "g.mp3", "h.aif", "i.AIFF", "j.au",
                                 "k.rf64", "l.aifc", "m.m4a"})
            QVERIFY2(hasSoundExtension(name) && hasMediaExtension(name) && !hasImageExtension(name), name);
        for (const char* name : {"a.jpg", "b.JPEG", "c.d.jpe", "e.png", "f.bmp", "g.tif", "h.Tiff", "i.webp", "j.gif",
                                 "k.HEIC", "l.avif", "m.jfif"})
            QVERIFY2(hasImageExtension(name) && hasMediaExtension(name) && !hasSoundExtension(name), name);
        for (const char* name : {"", "wav", "jpg", "a.wav.txt", "a.mp4", "flac.", "a.svg"})
            QVERIFY2(!hasMediaExtension(name) && !hasForeignExtension(name), name);
        for (const char* name : {"a.JP2", "b.ppm", "c.ape"})
            QVERIFY2(hasMediaExtension(name) && hasForeignExtension(name), name);
        for (const char* name : {"a.jpe", "b.png", "c.au", "d.wav", "e.heic", "f.gif", "g.m4a"})
            QVERIFY2(!hasForeignExtension(name), name);
    }

    void pathsAreUtf8AndBack() {
        for (const std::string text : {"", "a/b.jpg", "/\u00fcber/\u9ce5 1.wav", "not\xFFutf8"}) {
            QCOMPARE(utf8(pathFromUtf8(text)), text);
        }
    }

    void timesAreIsoInUtc() {
        const std::string now = utcNow();
        const QDateTime read = QDateTime::fromString(QString::fromStdString(now), Qt::ISODateWithMs);
        QVERIFY2(read.isValid() && read.timeSpec() == Qt::UTC, now.c_str());
        QCOMPARE(read.toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss.zzzZ")).toStdString(), now);
        QVERIFY(QRegularExpression(QStringLiteral("^\\d{8}T\\d{9}Z$"))
                    .match(QString::fromStdString(utcForFileName()))
                    .hasMatch());
    }

    void intervalsOfMeansAreStudents() {
        const double values[] = {1.0, 2.0, 3.0};
        const MeanInterval three = meanInterval(values);
        QCOMPARE(three.mean, 2.0);
        QVERIFY(std::abs(three.half - 4.303 / std::sqrt(3.0)) < 1e-9);
        QVERIFY(std::abs(three.high() - three.low() - 2.0 * three.half) < 1e-12);
        QCOMPARE(meanInterval(std::span(values, 1)).half, 0.0);
        QCOMPARE(meanInterval({}).mean, 0.0);
        const std::vector<double> many(50, 0.25);
        QCOMPARE(meanInterval(many).half, 0.0);
    }
};

QTEST_GUILESS_MAIN(TestCore)
#include "tst_core.moc"

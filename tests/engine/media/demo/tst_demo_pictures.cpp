// The demo data set: repeatable, true to its boxes, with common and rare classes.

#include "engine/media/demo/demo_pictures.h"
#include "engine/media/hash.h"
#include "engine/media/picture.h"

#include <QTemporaryDir>
#include <QTest>

#include <map>

using namespace querent;
using namespace querent::media;
using namespace querent::media::demo;
namespace fs = std::filesystem;

class TestDemoPictures : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path folder(const char* name) { return fs::path(m_dir.path().toStdString()) / name; }

 private Q_SLOTS:
    void repeats();
    void isWellFormed();
    void boxesLieOnObjects();
    void cancels();
    void refuses();
};

void TestDemoPictures::repeats() {
    DemoOptions options;
    options.items = 6;
    const auto first = drawDemoPictures(folder("a"), options, Job{});
    options.items = 4;
    const auto second = drawDemoPictures(folder("b"), options, Job{});
    options.seed = 2;
    const auto other = drawDemoPictures(folder("c"), options, Job{});
    QVERIFY(first.ok() && second.ok() && other.ok());
    for (std::size_t i = 0; i < 4; ++i) {
        const DemoItem& item = first->items[i];
        QCOMPARE(*contentHash(folder("a") / item.file), *contentHash(folder("b") / item.file));
        QVERIFY(*contentHash(folder("a") / item.file) != *contentHash(folder("c") / item.file));
        QCOMPARE(item.boxes.size(), second->items[i].boxes.size());
        for (std::size_t b = 0; b < item.boxes.size(); ++b) {
            QVERIFY(item.boxes[b].box == second->items[i].boxes[b].box);
            QCOMPARE(item.boxes[b].label, second->items[i].boxes[b].label);
        }
    }
}

void TestDemoPictures::isWellFormed() {
    DemoOptions options;
    options.items = 240;
    options.size = {120, 90};  // the same scenes, quicker
    const auto set = drawDemoPictures(folder("many"), options, Job{});
    QVERIFY(set.ok());
    QCOMPARE(set->items.size(), std::size_t{240});
    QVERIFY(set->classes.size() >= 6);
    std::map<int, int> counts;
    int empty = 0;
    int boxes = 0;
    for (const DemoItem& item : set->items) {
        QVERIFY((probe(folder("many") / item.file)->size == item.size));
        empty += item.boxes.empty() ? 1 : 0;
        for (const TrueBox& truth : item.boxes) {
            ++counts[truth.label];
            ++boxes;
            QVERIFY(!truth.box.empty());
            QVERIFY(truth.box == truth.box.clampedTo(item.size));
            QVERIFY(truth.label >= 0 && truth.label < static_cast<int>(set->classes.size()));
        }
    }
    QCOMPARE(counts.size(), set->classes.size());
    QVERIFY(empty >= 3 && empty <= 40);
    QVERIFY(boxes > 480);
    const auto last = static_cast<int>(set->classes.size()) - 1;
    QVERIFY(counts[0] > 5 * counts[last]);   // common
    QVERIFY(counts[last] * 16 < boxes);      // rare
    QVERIFY(counts[last - 1] * 16 < boxes);  // rare
    QVERIFY(counts[last] >= 5);              // but there
}

void TestDemoPictures::boxesLieOnObjects() {
    // Pixels inside boxes differ from their surroundings more than pixels of the background do.
    DemoOptions options;
    options.items = 30;
    const auto set = drawDemoPictures(folder("some"), options, Job{});
    QVERIFY(set.ok());
    int edges = 0;
    int boxes = 0;
    for (const DemoItem& item : set->items) {
        const auto picture = decode(folder("some") / item.file);
        QVERIFY(picture.ok());
        const auto value = [&](double x, double y, int c) {
            const int px = std::clamp(static_cast<int>(x), 0, picture->size.width - 1);
            const int py = std::clamp(static_cast<int>(y), 0, picture->size.height - 1);
            return static_cast<int>(picture->rgb[static_cast<std::size_t>(py) * picture->stride() +
                                                 static_cast<std::size_t>(px) * 3 + static_cast<std::size_t>(c)]);
        };
        for (const TrueBox& truth : item.boxes) {
            const Box& b = truth.box;
            int difference = 0;
            for (int c = 0; c < 3; ++c) {
                const int outside = (value(b.left - 4, b.top - 4, c) + value(b.right + 4, b.bottom + 4, c)) / 2;
                for (const double dx : {-0.1, 0.0, 0.1}) {
                    difference =
                        std::max(difference, std::abs(value(b.centreX() + dx * b.width(), b.centreY(), c) - outside));
                }
            }
            ++boxes;
            edges += difference > 25 ? 1 : 0;
        }
    }
    QVERIFY(boxes > 60);
    QVERIFY2(edges > boxes * 3 / 4, qPrintable(QString("%1 of %2").arg(edges).arg(boxes)));
}

void TestDemoPictures::cancels() {
    std::stop_source stop;
    int reports = 0;
    const Job job(stop.get_token(), [&](const Progress& progress) {
        ++reports;
        if (progress.done == 2) stop.request_stop();
    });
    DemoOptions options;
    options.size = {120, 90};
    const auto set = drawDemoPictures(folder("stopped"), options, job);
    QCOMPARE(set.error().code, ErrorCode::Cancelled);
    QCOMPARE(reports, 2);
}

void TestDemoPictures::refuses() {
    DemoOptions none;
    none.items = 0;
    QCOMPARE(drawDemoPictures(folder("x"), none, Job{}).error().code, ErrorCode::InvalidArgument);
    DemoOptions tiny;
    tiny.size = {10, 10};
    QCOMPARE(drawDemoPictures(folder("x"), tiny, Job{}).error().code, ErrorCode::InvalidArgument);
    QVERIFY(!fs::exists(folder("x")));
}

QTEST_GUILESS_MAIN(TestDemoPictures)
#include "tst_demo_pictures.moc"

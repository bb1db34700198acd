#include "engine/core/rng.h"
#include "tests/engine/store/store_fixture.h"

#include <ctime>

using namespace querent;
using namespace querent::store;
using namespace querent::store::test;
using namespace querent::store::tables;

namespace {

constexpr int kItems = 100'000;
constexpr int kLabelled = 10'000;
constexpr int kBoxes = 10;

// Says how long `body` took; times are information, never a verdict.
template <typename Body>
auto timed(const char* what, Body&& body) {
    QElapsedTimer timer;
    timer.start();
    const std::clock_t before = std::clock();
    auto result = body();
    const double cpu = 1000.0 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    qInfo("%-40s %8.1f ms, %8.1f ms of them computing", what, static_cast<double>(timer.nsecsElapsed()) / 1e6, cpu);
    return result;
}

}  // namespace

class TestStoreScale : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void aHundredThousandItems() {
        Fixture f(0);
        std::vector<ItemId> items;
        OK(timed("add 100,000 items", [&]() -> Result<void> {
            Result<Transaction> all = f.file->begin();
            for (int i = 0; i < kItems; ++i) {
                const std::string name = "session" + std::to_string(i % 7) + "/image" + std::to_string(i) + ".jpg";
                const Result<ItemId> id =
                    f.file->items().add(name, i % 5 == 0 ? Split::Val : Split::Train, {picture(name)});
                if (!id) return id.error();
                items.push_back(*id);
            }
            return all->commit();
        }));
        Rng rng(1);
        std::vector<Edit> edits;
        for (int i = 0; i < kLabelled; ++i) {
            Edit edit = creating(items[static_cast<std::size_t>(i) * 7], {});
            for (int j = 0; j < kBoxes; ++j) {
                const double x = rng.uniform(0, 200);
                edit.changes.push_back({std::nullopt, boxOf(rng.chance(0.5) ? f.cell : f.plate, x, 5, x + 30, 40)});
            }
            edit.markAfter = ItemMark{ItemState::Labelled, false, ""};
            edits.push_back(std::move(edit));
        }
        OK(timed("import 10,000 items with ten boxes each", [&] { return f.file->annotations().applyAll(edits); }));
        f.file.reset();

        Result<ProjectFile> opened = timed("open", [&] { return ProjectFile::open(f.path(), Access::ReadWrite); });
        OK(opened);
        ProjectFile& file = *opened;
        const auto first = timed("first page of 50", [&] { return file.items().rows({}, 0, 50); });
        OK(first);
        QCOMPARE(first->size(), std::size_t(50));
        QCOMPARE(first->front().name, std::string("session0/image0.jpg"));
        QCOMPARE((*first)[1].name, std::string("session0/image7.jpg"));
        const auto last = timed("last page of 50", [&] { return file.items().rows({}, kItems - 50, 50); });
        QCOMPARE(last->back().name, std::string("session6/image99994.jpg"));
        const auto ids = timed("all ids in order", [&] { return file.items().rowIds({}); });
        QCOMPARE(ids->size(), std::size_t(kItems));
        const auto labelled = timed("all ids of labelled train items", [&] {
            return file.items().rowIds({.split = Split::Train, .state = ItemState::Labelled});
        });
        QCOMPARE(labelled->size(), std::size_t(kLabelled * 4 / 5));
        const auto byClass = timed("all ids with a class", [&] { return file.items().rowIds({.label = f.cell}); });
        QVERIFY(byClass->size() > kLabelled * 9 / 10);
        const auto found = timed("find a part of a name", [&] { return file.items().rowIds({.text = "IMAGE4242"}); });
        QCOMPARE(found->size(), std::size_t(11));
        const auto position =
            timed("position of the last item", [&] { return file.items().positionOf(ids->back(), {}); });
        QVERIFY(*position == std::int64_t(kItems - 1));
        const auto counts = timed("counts", [&] { return file.items().counts(); });
        QCOMPARE(counts->total(), std::int64_t(kItems));
        QCOMPARE(counts->annotations.at(Split::Train) + counts->annotations.at(Split::Val),
                 std::int64_t(kLabelled * kBoxes));
        OK(timed("one gesture", [&] { return file.annotations().apply(creating(items[1], {boxOf(f.cell)})); }));
        const auto all = timed("all annotations", [&] { return file.annotations().of(std::optional<Split>()); });
        QCOMPARE(all->size(), std::size_t(kItems));
        const auto backup = timed("verified backup", [&] { return file.backup(); });
        OK(backup);
        const auto problems = timed("check", [&] { return file.check(); });
        OK(problems);
        QVERIFY(problems->empty());
    }
};

QTEST_GUILESS_MAIN(TestStoreScale)
#include "tst_store_scale.moc"

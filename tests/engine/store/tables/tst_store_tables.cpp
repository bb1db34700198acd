#include "engine/core/file_names.h"
#include "engine/core/rng.h"
#include "tests/engine/store/store_fixture.h"

#include <cmath>

using namespace querent;
using namespace querent::store;
using namespace querent::store::test;
using namespace querent::store::tables;

namespace {

std::vector<std::string> namesOf(const std::vector<ItemRow>& rows) {
    std::vector<std::string> names;
    for (const ItemRow& row : rows)
        names.push_back(row.name);
    return names;
}

std::vector<QueryEntry> batchOf(const std::vector<ItemId>& items) {
    std::vector<QueryEntry> batch;
    for (const ItemId item : items) {
        const int rank = static_cast<int>(batch.size());
        batch.push_back({item, rank, 1.0 / (rank + 1), {{"entropy", 0.7}, {"a novelty", 0.1 * rank}}, rank == 1});
    }
    return batch;
}

}  // namespace

class TestStoreTables : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void sortKeysSortAsNaturalLessDoes() {
        const std::string letters = "aAbB0123459 _.-/z\xc3\xa9";
        Rng rng(3);
        std::vector<std::string> names = {"img" + std::string(300, '7'), "img" + std::string(299, '9'),
                                          "img" + std::string(255, '1'), "img" + std::string(254, '9')};
        for (int i = 0; i < 300; ++i) {
            std::string name;
            const std::size_t length = rng.index(10);
            for (std::size_t j = 0; j < length; ++j)
                name += letters[rng.index(letters.size())];
            names.push_back(name);
        }
        for (const std::string& a : names)
            for (const std::string& b : names) {
                const bool less = std::pair(naturalSortKey(a), a) < std::pair(naturalSortKey(b), b);
                QVERIFY2(less == naturalLess(a, b), qPrintable(QString::fromStdString(a + " | " + b)));
            }
    }

    void listsAreInNaturalOrder() {
        Fixture f(0);
        for (const char* name : {"img10.png", "img9.png", "Img1.png", "b/img2.png"})
            OK(f.file->items().add(name, Split::Train, {picture(name)}));
        const std::vector<std::string> expected = {"b/img2.png", "Img1.png", "img9.png", "img10.png"};
        QVERIFY(namesOf(*f.file->items().rows(ItemFilter{}, 0, 10)) == expected);
        QVERIFY(
            (namesOf(*f.file->items().rows(ItemFilter{}, 1, 2)) == std::vector<std::string>{"Img1.png", "img9.png"}));
        ItemFilter backwards;
        backwards.descending = true;
        QVERIFY(namesOf(*f.file->items().rows(backwards, 0, 10)) ==
                std::vector<std::string>(expected.rbegin(), expected.rend()));
        FAILS(f.file->items().add("img9.png", Split::Val, {}), ErrorCode::InvalidArgument);
        FAILS(f.file->items().add("", Split::Val, {}), ErrorCode::InvalidArgument);
    }

    void filtersAndOrders() {
        Fixture f(12);
        OK(f.file->annotations().apply(creating(f.items[3], {boxOf(f.cell), boxOf(f.plate)})));
        OK(f.file->annotations().apply(creating(f.items[5], {boxOf(f.plate)})));
        Edit mark;
        mark.item = f.items[5];
        mark.markAfter = ItemMark{ItemState::Labelled, true, ""};
        OK(f.file->annotations().apply(mark));
        OK(f.file->items().setSplit(std::vector<ItemId>{f.items[10], f.items[11]}, Split::Val));
        OK(f.file->rounds().start({.number = 2}, batchOf({f.items[7], f.items[1]})));
        const auto ids = [&](const ItemFilter& filter) {
            const std::vector<ItemId> all = *f.file->items().rowIds(filter);
            std::vector<ItemId> rows;
            for (const ItemRow& row : *f.file->items().rows(filter, 0, 100))
                rows.push_back(row.id);
            const bool same = all == rows && *f.file->items().count(filter) == std::int64_t(all.size());
            return same ? all : std::vector<ItemId>{};
        };
        using Ids = std::vector<ItemId>;
        QVERIFY((ids({.split = Split::Val}) == Ids{f.items[10], f.items[11]}));
        QVERIFY((ids({.state = ItemState::Labelled}) == Ids{f.items[5]}));
        QVERIFY((ids({.flagged = true}) == Ids{f.items[5]}));
        QCOMPARE(ids({.flagged = false, .missing = false}).size(), std::size_t(11));
        QVERIFY((ids({.label = f.plate}) == Ids{f.items[3], f.items[5]}));
        QVERIFY((ids({.split = Split::Train, .label = f.cell}) == Ids{f.items[3]}));
        QVERIFY((ids({.round = 2}) == Ids{f.items[1], f.items[7]}));
        QVERIFY((ids({.split = Split::Train, .text = "IMG1"}) == Ids{f.items[1]}));
        QCOMPARE(ids({.text = "img1"}).size(), std::size_t(3));
        QVERIFY(ids({.text = "img_"}).empty());
        QVERIFY(ids({.text = "%"}).empty());
        QVERIFY((ids({.round = 2, .order = ItemOrder::Score, .descending = true}) == Ids{f.items[7], f.items[1]}));
        QVERIFY(ids({.order = ItemOrder::Score}).front() == f.items[1]);
        QVERIFY(ids({.order = ItemOrder::Boxes, .descending = true}).front() == f.items[3]);
        QVERIFY(ids({.order = ItemOrder::Boxes, .descending = true})[2] == f.items[0]);
        QVERIFY(ids({.order = ItemOrder::Round}).back() == f.items[7]);
        QVERIFY(ids({.order = ItemOrder::State}).back() == f.items[5]);
        QVERIFY(*f.file->items().positionOf(f.items[11], {.split = Split::Val}) == std::int64_t(1));
        QVERIFY(!f.file->items().positionOf(f.items[0], {.split = Split::Val})->has_value());
    }

    void itemsAndMedia() {
        Fixture f(0);
        Medium image = picture("a.png", {640, 480});
        Medium sound;
        sound.modality = Modality::Audio;
        sound.path = "a.wav";
        sound.hash = "00ff";
        sound.missing = true;
        const ItemId id = *f.file->items().add("a.png", Split::Test, {image, sound});
        Item item = *f.file->items().item(id);
        QCOMPARE(item.media.size(), std::size_t(2));
        QVERIFY(item.split == Split::Test);
        QCOMPARE(item.media[1].hash, std::string("00ff"));
        const auto row = [&] { return f.file->items().rows(std::vector<ItemId>{id})->front(); };
        QVERIFY(row().missing);
        QVERIFY((row().size == Size{640, 480}));
        OK(f.file->items().setMissing(item.media[0].id, true));
        OK(f.file->items().setMissing(item.media[1].id, false));
        QVERIFY(row().missing);
        OK(f.file->items().setMissing(item.media[0].id, false));
        QVERIFY(!row().missing);
        OK(f.file->items().setSize(item.media[0].id, {10, 20}));
        OK(f.file->items().setSize(item.media[1].id, {7, 7}));
        QVERIFY((row().size == Size{10, 20}));
        OK(f.file->items().setProblem(item.media[1].id, "It is cut off."));
        OK(f.file->items().setHash(item.media[0].id, "abcd"));
        QVERIFY(*f.file->items().findByHash("abcd") == id);
        QVERIFY(!f.file->items().findByHash("")->has_value());
        item = *f.file->items().item(id);
        QCOMPARE(item.media[1].problem, std::string("It is cut off."));
        Medium moved = item.media[0];
        moved.path = "sub/a.png";
        OK(f.file->items().updateMedium(moved));
        QVERIFY(f.file->items().mediaOf({})->front().media.front() == moved);
        QVERIFY(f.file->items().mediaOf(std::vector<ItemId>{id})->front().media.size() == 2);
        QVERIFY(*f.file->items().find("a.png") == id);
        QVERIFY(!f.file->items().find("b.png")->has_value());
        QCOMPARE(f.file->items().names(std::vector<ItemId>{ItemId{9}, id})->back(), std::string("a.png"));
        FAILS(f.file->items().item(ItemId{9}), ErrorCode::NotFound);
        FAILS(f.file->items().setSize(MediumId{9}, {}), ErrorCode::NotFound);
        FAILS(f.file->items().setSplit(std::vector<ItemId>{ItemId{9}}, Split::Val), ErrorCode::NotFound);
        QVERIFY(f.file->check()->empty());
    }

    void poolCounts() {
        Fixture f(5);
        OK(f.file->annotations().apply(creating(f.items[0], {boxOf(f.cell), boxOf(f.cell), boxOf(f.plate)})));
        OK(f.file->items().setSplit(std::vector<ItemId>{f.items[0], f.items[4]}, Split::Val));
        Edit empty;
        empty.item = f.items[4];
        empty.markAfter = ItemMark{ItemState::ConfirmedEmpty, true, ""};
        OK(f.file->annotations().apply(empty));
        const PoolCounts counts = *f.file->items().counts();
        QCOMPARE(counts.inSplit(Split::Train), std::int64_t(3));
        QCOMPARE(counts.inState(Split::Val, ItemState::ConfirmedEmpty), std::int64_t(1));
        QCOMPARE(counts.trainable(Split::Val), std::int64_t(1));
        QCOMPARE(counts.total(), std::int64_t(5));
        QCOMPARE(counts.annotations.at(Split::Val), std::int64_t(3));
        QCOMPARE(counts.annotationsByClass.at(Split::Val).at(f.cell), std::int64_t(2));
        QVERIFY(!counts.annotationsByClass.contains(Split::Train));
        QCOMPARE(counts.flagged, std::int64_t(1));
        QVERIFY(f.file->check()->empty());
    }

    void sourcesAreRelativeToTheProject() {
        Fixture f(0);
        SourceTable& sources = f.file->sources();
        const auto stored = [&](SourceId id) {
            for (const Source& source : *sources.list())
                if (source.id == id) return source.folder.string();
            return std::string();
        };
        const SourceId inside = *sources.add(f.folder() / "data" / "images");
        QCOMPARE(stored(inside), std::string("data/images"));
        QVERIFY(*sources.add("data/images/") == inside);
        QVERIFY(*sources.add(f.folder() / "x" / ".." / "data" / "images") == inside);
        QCOMPARE(stored(*sources.add(f.folder())), std::string("."));
        QVERIFY(*sources.folder(*sources.add(".")) == f.folder());
        const SourceId beside = *sources.add(f.folder().parent_path() / "elsewhere");
        QCOMPARE(stored(beside), std::string("../elsewhere"));
        QVERIFY(*sources.folder(beside) == f.folder().parent_path() / "elsewhere");
        const SourceId far = *sources.add("/a/b/c/d/e/f");
        QVERIFY(*sources.folder(far) == "/a/b/c/d/e/f");
        OK(sources.setFolder(far, f.folder() / "moved"));
        QCOMPARE(stored(far), std::string("moved"));
        FAILS(sources.setFolder(far, "data/images"), ErrorCode::InvalidArgument);
        FAILS(sources.setFolder(SourceId{99}, "new"), ErrorCode::NotFound);
    }

    void personsAreKnownByName() {
        Fixture f(0);
        QVERIFY(*f.file->persons().ensure("Ann") == f.ann);
        QVERIFY(*f.file->persons().ensure("Bo") != f.ann);
        QCOMPARE(f.file->persons().list()->size(), std::size_t(2));
        FAILS(f.file->persons().ensure(""), ErrorCode::InvalidArgument);
        f.reopen(Access::ReadOnly);
        QVERIFY(*f.file->persons().ensure("Ann") == f.ann);
        FAILS(f.file->persons().ensure("Cy"), ErrorCode::ReadOnly);
    }

    void truthIsKeptApart() {
        Fixture f;
        QVERIFY(!f.file->truth().of(f.items[0])->has_value());
        OK(f.file->truth().set(f.items[0], {}));
        QVERIFY(f.file->truth().of(f.items[0])->value().empty());
        Annotation crowd = boxOf(f.plate, 1, 2, 3, 4);
        crowd.crowd = true;
        OK(f.file->truth().set(f.items[1], {boxOf(f.cell), crowd}));
        OK(f.file->items().setSplit(std::vector<ItemId>{f.items[1]}, Split::Test));
        const std::vector<Annotation> answers = f.file->truth().of(f.items[1])->value();
        QVERIFY(answers.size() == 2 && answers[1].box == crowd.box && answers[1].crowd && answers[1].label == f.plate);
        QVERIFY((*f.file->truth().itemsWithTruth() == std::vector<ItemId>{f.items[0], f.items[1]}));
        QVERIFY((*f.file->truth().itemsWithTruth(Split::Test) == std::vector<ItemId>{f.items[1]}));
        const auto all = *f.file->truth().of(std::optional<Split>());
        QVERIFY(all.size() == 2 && all[0].answers.empty() && all[1].answers == answers);
        QVERIFY(f.file->annotations().of(f.items[1])->empty());
        QVERIFY(f.file->items().counts()->annotationsByClass.empty());
        OK(f.file->truth().clear(f.items[1]));
        QVERIFY(!f.file->truth().of(f.items[1])->has_value());
        FAILS(f.file->truth().set(ItemId{99}, {}), ErrorCode::NotFound);
    }

    void aRoundIsFrozenAsOne() {
        Fixture f(4);
        QVERIFY(!f.file->rounds().latest()->has_value());
        const ModelId model = *f.file->models().add({.checkpoint = "m"});
        RoundRecord round{.number = 1, .strategy = "entropy", .seed = ~std::uint64_t{0}, .suggestedBy = model};
        FAILS(f.file->rounds().start(round, batchOf({f.items[0], f.items[0]})), ErrorCode::InvalidArgument);
        QVERIFY(f.file->rounds().list()->empty());
        QCOMPARE(f.file->items().rows(std::vector<ItemId>{f.items[0]})->front().round, 0);
        const std::vector<QueryEntry> batch = batchOf({f.items[2], f.items[0]});
        round.id = *f.file->rounds().start(round, batch);
        FAILS(f.file->rounds().start(round, {}), ErrorCode::InvalidArgument);
        const std::vector<QueryEntry> stored = *f.file->rounds().queries(round.id);
        QCOMPARE(stored.size(), std::size_t(2));
        for (std::size_t i = 0; i < 2; ++i) {
            QVERIFY(stored[i].item == batch[i].item && stored[i].reasons == batch[i].reasons);
            QCOMPARE(stored[i].score, batch[i].score);
            QCOMPARE(stored[i].control, batch[i].control);
        }
        const ItemRow row = f.file->items().rows(std::vector<ItemId>{f.items[0]})->front();
        QCOMPARE(row.round, 1);
        QCOMPARE(row.score.value(), 0.5);
        QVERIFY((*f.file->rounds().askedItems() == std::vector<ItemId>{f.items[0], f.items[2]}));

        round.step = RoundStep::Evaluating;
        round.model = model;
        round.labelsAtTraining = 20;
        round.trainSeconds = 1.25;
        round.startedUtc = "2026-01-01T00:00:00Z";  // older programs left the milliseconds out
        round.finishedUtc = "2026-01-01T00:01:00.000Z";
        OK(f.file->rounds().update(round));
        OK(f.file->rounds().start({.number = 0}, {}));
        f.reopen();
        const RoundRecord back = f.file->rounds().latest()->value();
        QVERIFY(back.id == round.id && back.step == round.step && back.seed == round.seed && back.model == model);
        QVERIFY(back.suggestedBy == model && back.strategy == "entropy");
        QCOMPARE(back.startedUtc, round.startedUtc);
        QCOMPARE(back.finishedUtc, round.finishedUtc);
        QCOMPARE(f.file->rounds().list()->front().number, 0);
        round.id = RoundId{99};
        FAILS(f.file->rounds().update(round), ErrorCode::NotFound);
        QVERIFY(f.file->check()->empty());
    }

    void modelsAndMetrics() {
        Fixture f;
        QVERIFY(!f.file->models().current()->has_value());
        const ModelId first = *f.file->models().add({.round = 1,
                                                     .checkpoint = "models/1.pt",
                                                     .config = "{\"seed\":1}",
                                                     .labels = 30,
                                                     .trainSeconds = 2.5,
                                                     .current = true});
        const ModelId second = *f.file->models().add({.round = 2, .current = true});
        QVERIFY(f.file->models().current()->value().id == second);
        OK(f.file->models().setCurrent(first));
        QVERIFY(f.file->models().current()->value().id == first);
        FAILS(f.file->models().setCurrent(ModelId{99}), ErrorCode::NotFound);
        QVERIFY(f.file->models().current()->value().id == first);
        const ModelRecord model = *f.file->models().get(first);
        QCOMPARE(model.config, std::string("{\"seed\":1}"));
        QVERIFY(!model.createdUtc.empty());
        OK(f.file->models().setCurrent({}));
        QVERIFY(!f.file->models().current()->has_value());

        const std::vector<Metric> metrics = {{first, Split::Test, "map50", {}, 0.8, 0.7, 0.9},
                                             {first, Split::Test, "ap50", f.cell, qQNaN(), qQNaN(), qQNaN()},
                                             {second, Split::Test, "map50", {}, 0.9, 0.9, 0.9}};
        OK(f.file->models().addMetrics(metrics));
        OK(f.file->models().addMetrics(std::vector<Metric>{{first, Split::Test, "map50", {}, 0.85, 0.7, 0.9}}));
        const std::vector<Metric> back = *f.file->models().metrics(first);
        QCOMPARE(back.size(), std::size_t(2));
        QCOMPARE(back[0].value, 0.85);
        QVERIFY(back[1].label == f.cell && std::isnan(back[1].value));
        QCOMPARE(f.file->models().metrics()->size(), std::size_t(3));
    }

    void predictionsAreReplacedByModel() {
        Fixture f;
        const ModelId a = *f.file->models().add({});
        const ModelId b = *f.file->models().add({});
        const Prediction sure{f.cell, Box{1, 2, 3, 4}, 0.9, {}};
        const Prediction unsure{f.plate, std::nullopt, 0.2, {}};
        PredictionTable& table = f.file->predictions();
        OK(table.replaceAll(a, std::vector<ItemPredictions>{{f.items[0], {unsure, sure}}, {f.items[1], {sure}}}));
        OK(table.replaceAll(b, std::vector<ItemPredictions>{{f.items[0], {sure}}}));
        const std::vector<Prediction> first = *table.of(f.items[0], a);
        QCOMPARE(first.size(), std::size_t(2));
        QVERIFY(first[0].box == sure.box && first[0].model == a && !first[1].box);
        OK(table.replace(a, std::vector<ItemPredictions>{{f.items[0], {}}}));
        QVERIFY(table.of(f.items[0], a)->empty());
        QCOMPARE(table.of(a)->size(), std::size_t(1));
        QVERIFY(table.of(a)->front().item == f.items[1]);
        OK(table.keepOnly(b));
        QVERIFY(table.of(a)->empty());
        QCOMPARE(table.of(b)->size(), std::size_t(1));
        FAILS(table.replaceAll(a, std::vector<ItemPredictions>{{f.items[0], {{f.cell, Box{}, 0.5, {}}}}}),
              ErrorCode::InvalidArgument);
        FAILS(table.replaceAll(ModelId{99}, std::vector<ItemPredictions>{{f.items[0], {sure}}}),
              ErrorCode::InvalidArgument);
    }

    void policiesAreBytes() {
        Fixture f(0);
        const std::string bytes("\0\xff{}\n", 5);
        QVERIFY(!f.file->policies().get("bandit")->has_value());
        OK(f.file->policies().set("bandit", "old"));
        OK(f.file->policies().set("bandit", bytes));
        OK(f.file->policies().set("empty", ""));
        f.reopen();
        QVERIFY(f.file->policies().get("bandit")->value() == bytes);
        QVERIFY(f.file->policies().get("empty")->value().empty());
        OK(f.file->policies().remove("bandit"));
        QVERIFY(!f.file->policies().get("bandit")->has_value());
    }
};

QTEST_GUILESS_MAIN(TestStoreTables)
#include "tst_store_tables.moc"

#include "engine/core/rng.h"
#include "tests/engine/store/store_fixture.h"

#include <map>
#include <set>

using namespace querent;
using namespace querent::store;
using namespace querent::store::test;
using namespace querent::store::tables;

namespace {

Annotation full(const Fixture& f, ModelId model) {
    Annotation a = boxOf(f.plate, 0.1, 1.0 / 3.0, 1e6 + 0.7, 99.25);
    a.difficult = a.crowd = a.truncated = a.occluded = true;
    a.provenance = Provenance::ModelCorrected;
    a.author = f.ann;
    a.model = model;
    a.score = 0.1 + 0.2;
    a.round = 4;
    return a;
}

Edit marking(ItemId item, const ItemMark& before, const ItemMark& after) {
    Edit edit;
    edit.item = item;
    edit.gesture = "Mark";
    edit.markBefore = before;
    edit.markAfter = after;
    return edit;
}

}  // namespace

class TestLabels : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void anEditComesBackExactly() {
        Fixture f;
        const ModelId model = *f.file->models().add({.checkpoint = "m1"});
        Annotation a = full(f, model);
        a.id = *f.file->annotations().nextId();
        Annotation whole;  // the class of the whole item
        whole.label = f.cell;
        whole.id = *f.file->annotations().nextId();
        QVERIFY(whole.id.value == a.id.value + 1);
        Edit edit = creating(f.items[1], {a, whole}, f.ann);
        edit.markBefore = ItemMark{};
        edit.markAfter = ItemMark{ItemState::Labelled, true, "Größe?"};
        const Result<EventId> event = f.file->annotations().apply(edit);
        OK(event);
        f.reopen();
        const Result<std::vector<Annotation>> stored = f.file->annotations().of(f.items[1]);
        OK(stored);
        QVERIFY((*stored == std::vector<Annotation>{a, whole}));
        QVERIFY(f.file->items().item(f.items[1])->mark == *edit.markAfter);
        const std::vector<ItemRow> rows = *f.file->items().rows(std::vector<ItemId>{f.items[1]});
        QCOMPARE(rows.front().annotations, 2);
        QVERIFY(rows.front().flagged);

        const std::vector<LoggedEvent> log = *f.file->events().history(f.items[1]);
        QCOMPARE(log.size(), std::size_t(1));
        const EventRecord& record = log.front().record;
        QVERIFY(record.id == *event);
        QVERIFY(record.edit.changes == edit.changes);
        QVERIFY(record.edit.markBefore == edit.markBefore && record.edit.markAfter == edit.markAfter);
        QVERIFY(record.edit.author == f.ann);
        QCOMPARE(record.edit.activeSeconds, 1.5);
        QCOMPARE(record.edit.gesture, std::string("Draw box"));
        QVERIFY(QRegularExpression("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$")
                    .match(QString::fromStdString(record.atUtc))
                    .hasMatch());
        QVERIFY(f.file->check()->empty());
    }

    void idsAreNeverGivenOutTwice() {
        Fixture f;
        OK(f.file->annotations().apply(creating(f.items[0], {boxOf(f.cell), boxOf(f.cell)})));
        const std::vector<Annotation> both = *f.file->annotations().of(f.items[0]);
        Edit remove;
        remove.item = f.items[0];
        remove.changes = {{both[1], std::nullopt}};
        OK(f.file->annotations().apply(remove));
        f.reopen();
        QVERIFY(f.file->annotations().nextId()->value > both[1].id.value);
    }

    void refusesWhatHasChangedMeanwhile() {
        Fixture f;
        OK(f.file->annotations().apply(creating(f.items[0], {boxOf(f.cell)})));
        const Annotation stored = f.file->annotations().of(f.items[0])->front();
        Annotation stale = stored;
        stale.box->left -= 1;
        Edit edit = creating(f.items[0], {boxOf(f.plate)});
        edit.changes.push_back({stale, stored});
        const Result<EventId> refused = f.file->annotations().apply(edit);
        FAILS(refused, ErrorCode::InvalidArgument);
        QVERIFY2(refused.error().sentence.find("changed meanwhile") != std::string::npos,
                 refused.error().sentence.c_str());
        // Nothing of it was done, the good part neither.
        QVERIFY((*f.file->annotations().of(f.items[0]) == std::vector<Annotation>{stored}));
        QCOMPARE(*f.file->events().count(), std::int64_t(1));

        Edit elsewhere;
        elsewhere.item = f.items[1];
        elsewhere.changes = {{stored, std::nullopt}};
        FAILS(f.file->annotations().apply(elsewhere), ErrorCode::InvalidArgument);
        FAILS(f.file->annotations().apply(creating(f.items[1], {stored})), ErrorCode::InvalidArgument);
        FAILS(f.file->annotations().apply(marking(f.items[0], ItemMark{ItemState::Skipped, false, ""}, {})),
              ErrorCode::InvalidArgument);
        QVERIFY(f.file->check()->empty());
    }

    void refusesNonsense() {
        Fixture f;
        AnnotationTable& table = f.file->annotations();
        FAILS(table.apply(creating(f.items[0], {boxOf(f.cell, 5, 5, 5, 9)})), ErrorCode::InvalidArgument);
        FAILS(table.apply(creating(f.items[0], {boxOf(f.cell, 5, 5, 4, 9)})), ErrorCode::InvalidArgument);
        FAILS(table.apply(creating(f.items[0], {boxOf(f.cell, 5, 5, qInf(), 9)})), ErrorCode::InvalidArgument);
        FAILS(table.apply(creating(f.items[0], {boxOf(ClassId{99})})), ErrorCode::InvalidArgument);
        FAILS(table.apply(creating(f.items[0], {boxOf(ClassId{})})), ErrorCode::InvalidArgument);
        FAILS(table.apply(creating(ItemId{99}, {boxOf(f.cell)})), ErrorCode::NotFound);
        Annotation a = boxOf(f.cell);
        a.score = 1.5;
        FAILS(table.apply(creating(f.items[0], {a})), ErrorCode::InvalidArgument);
        QCOMPARE(*f.file->events().count(), std::int64_t(0));
    }

    void undoIsTheReversedEditAndSurvivesARestart() {
        Fixture f;
        AnnotationTable& table = f.file->annotations();
        OK(table.apply(creating(f.items[0], {boxOf(f.cell)}, f.ann)));
        Annotation before = table.of(f.items[0])->front();
        Annotation after = before;
        after.box = Box{1, 2, 3, 4};
        Edit move;
        move.item = f.items[0];
        move.gesture = "Move box";
        move.changes = {{before, after}};
        OK(table.apply(move));
        f.reopen();

        UndoState state = *f.file->events().undoState();
        QCOMPARE(state.undo.size(), std::size_t(2));
        QVERIFY(state.redo.empty());
        LoggedEvent last = state.undo.back();
        QCOMPARE(last.record.edit.gesture, std::string("Move box"));
        OK(f.file->annotations().apply(last.record.edit.reversed(), EventKind::Undo, last.record.id));
        QVERIFY(f.file->annotations().of(f.items[0])->front() == before);
        f.reopen();

        state = *f.file->events().undoState(f.items[0]);
        QCOMPARE(state.undo.size(), std::size_t(1));
        QCOMPARE(state.redo.size(), std::size_t(1));
        last = state.redo.back();
        OK(f.file->annotations().apply(last.record.edit.reversed(), EventKind::Redo, last.record.id));
        QVERIFY(f.file->annotations().of(f.items[0])->front() == after);
        state = *f.file->events().undoState();
        QCOMPARE(state.undo.size(), std::size_t(2));
        QVERIFY(state.redo.empty());

        // A new deed ends what could be redone; a bulk change ends everything.
        last = state.undo.back();
        OK(f.file->annotations().apply(last.record.edit.reversed(), EventKind::Undo, last.record.id));
        OK(f.file->annotations().apply(creating(f.items[1], {boxOf(f.cell)})));
        state = *f.file->events().undoState();
        QVERIFY(state.redo.empty());
        QCOMPARE(state.undo.size(), std::size_t(2));
        OK(f.file->annotations().applyAll(std::vector<Edit>{creating(f.items[2], {boxOf(f.cell)})}, EventKind::Bulk));
        QVERIFY(f.file->events().undoState()->undo.empty());
    }

    // Random deeds, undos and redos against a plain model of the same; the caches must agree at the end.
    void randomEditsMatchAReference() {
        Fixture f;
        Rng rng(5);
        std::map<ItemId, std::vector<Annotation>> reference;
        std::vector<std::pair<EventId, Edit>> done;
        Result<Transaction> all = f.file->begin();
        for (int step = 0; step < 400; ++step) {
            const ItemId item = f.items[rng.index(f.items.size())];
            std::vector<Annotation>& boxes = reference[item];
            Edit edit;
            EventKind kind = EventKind::Do;
            EventId reverts;
            if (!done.empty() && rng.chance(0.3)) {
                edit = done.back().second.reversed();
                reverts = done.back().first;
                kind = EventKind::Undo;
                done.pop_back();
            } else if (boxes.empty() || rng.chance(0.4)) {
                Annotation a = boxOf(rng.chance(0.5) ? f.cell : f.plate, rng.uniform(0, 50), 3, rng.uniform(60, 90), 9);
                a.id = *f.file->annotations().nextId();
                edit = creating(item, {a});
            } else {
                edit.item = item;
                const Annotation a = boxes[rng.index(boxes.size())];
                Annotation changed = a;
                changed.label = f.cell;
                changed.box->top = rng.uniform(-5, 5);
                edit.changes = {{a, rng.chance(0.5) ? std::optional(changed) : std::nullopt}};
            }
            const Result<EventId> event = f.file->annotations().apply(edit, kind, reverts);
            OK(event);
            if (kind == EventKind::Do) done.emplace_back(*event, edit);
            std::vector<Annotation>& target = reference[edit.item];
            for (const AnnotationChange& change : edit.changes) {
                if (change.before) std::erase(target, *change.before);
                if (change.after) target.push_back(*change.after);
            }
        }
        OK(all->commit());
        for (auto& [item, boxes] : reference) {
            std::sort(boxes.begin(), boxes.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
            QVERIFY(*f.file->annotations().of(item) == boxes);
        }
        QVERIFY(f.file->check()->empty());
        const UndoState state = *f.file->events().undoState();
        QCOMPARE(state.undo.size(), done.size());
        QVERIFY(done.empty() || state.undo.back().record.id == done.back().first);
    }

    void manyEditsAreOneTransaction() {
        Fixture f;
        std::vector<Edit> edits = {creating(f.items[0], {boxOf(f.cell)}), creating(f.items[1], {boxOf(ClassId{77})})};
        FAILS(f.file->annotations().applyAll(edits, EventKind::Bulk), ErrorCode::InvalidArgument);
        QVERIFY(f.file->annotations().of(f.items[0])->empty());
        edits.pop_back();
        std::stop_source stop;
        stop.request_stop();
        FAILS(f.file->annotations().applyAll(edits, EventKind::Bulk, Job(stop.get_token())), ErrorCode::Cancelled);
        OK(f.file->annotations().applyAll(edits, EventKind::Bulk));
        QCOMPARE(f.file->annotations().of(f.items[0])->size(), std::size_t(1));
    }

    void annotationsOfManyItems() {
        Fixture f;
        OK(f.file->annotations().apply(creating(f.items[2], {boxOf(f.cell), boxOf(f.plate)})));
        const std::vector<ItemId> wanted = {f.items[2], f.items[0]};
        const auto some = *f.file->annotations().of(wanted);
        QCOMPARE(some.size(), std::size_t(2));
        QVERIFY(some[0].item == f.items[2] && some[0].annotations.size() == 2);
        QVERIFY(some[1].item == f.items[0] && some[1].annotations.empty());
        OK(f.file->items().setSplit(std::vector<ItemId>{f.items[2]}, Split::Test));
        const auto test = *f.file->annotations().of(std::optional(Split::Test));
        QCOMPARE(test.size(), std::size_t(1));
        QVERIFY(test[0].annotations == some[0].annotations);
        QCOMPARE(f.file->annotations().of(std::optional<Split>())->size(), std::size_t(3));
    }

    void classesKeepTheirNumbers() {
        Fixture f;
        ClassTable& classes = f.file->classes();
        OK(classes.setArchived(f.cell, true));
        const ClassId third = *classes.add("third");
        QCOMPARE(classes.get(third)->exportIndex, 2);
        QCOMPARE(classes.get(f.cell)->exportIndex, 0);
        OK(classes.add("tenth", "#102030", 9));
        QCOMPARE(classes.get(*classes.add("next"))->exportIndex, 10);
        FAILS(classes.add("taken", "", 9), ErrorCode::InvalidArgument);
        FAILS(classes.add("minus", "", -1), ErrorCode::InvalidArgument);
        FAILS(classes.add("cell"), ErrorCode::InvalidArgument);
        FAILS(classes.add(""), ErrorCode::InvalidArgument);
        FAILS(classes.rename(third, "plate"), ErrorCode::InvalidArgument);
        OK(classes.rename(third, "third one"));
        OK(classes.rename(third, "third one"));
        QVERIFY(classes.find("third one")->value().id == third);
        QVERIFY(!classes.find("third")->has_value());
        FAILS(classes.rename(ClassId{99}, "x"), ErrorCode::NotFound);
        QCOMPARE(classes.find("tenth")->value().colour, std::string("#102030"));
        std::set<std::string> colours;
        for (int i = 0; i < 40; ++i)
            colours.insert(classes.get(*classes.add("c" + std::to_string(i)))->colour);
        QCOMPARE(colours.size(), std::size_t(40));
        for (const std::string& colour : colours)
            QVERIFY(QRegularExpression("^#[0-9a-f]{6}$").match(QString::fromStdString(colour)).hasMatch());
    }

    void mergingClassesMovesEverything() {
        Fixture f;
        OK(f.file->annotations().apply(creating(f.items[0], {boxOf(f.cell), boxOf(f.cell), boxOf(f.plate)})));
        OK(f.file->annotations().apply(creating(f.items[1], {boxOf(f.cell)})));
        OK(f.file->truth().set(f.items[2], {boxOf(f.cell)}));
        const ModelId model = *f.file->models().add({});
        OK(f.file->predictions().replaceAll(
            model, std::vector<ItemPredictions>{{f.items[0], {{f.cell, Box{1, 1, 2, 2}, 0.5, {}}}}}));
        const ClassUsage before = *f.file->classes().usage(f.cell);
        const Result<ClassUsage> moved = f.file->classes().merge(f.cell, f.plate, f.ann);
        OK(moved);
        QCOMPARE(moved->annotations, std::int64_t(3));
        QCOMPARE(moved->items, std::int64_t(2));
        QCOMPARE(moved->truths, std::int64_t(1));
        QCOMPARE(moved->predictions, std::int64_t(1));
        QCOMPARE(before.annotations, moved->annotations);
        QCOMPARE(f.file->classes().usage(f.plate)->annotations, std::int64_t(4));
        QVERIFY(f.file->classes().get(f.cell)->archived);
        QCOMPARE(f.file->classes().get(f.cell)->exportIndex, 0);
        const LoggedEvent event = f.file->events().history(f.items[0])->back();
        QVERIFY(event.kind == EventKind::Bulk);
        QCOMPARE(event.record.edit.changes.size(), std::size_t(2));
        QVERIFY(event.record.edit.changes[0].after->label == f.plate);
        QCOMPARE(f.file->items().counts()->annotationsByClass.at(Split::Train).at(f.plate), std::int64_t(4));
        FAILS(f.file->classes().merge(f.plate, f.plate, f.ann), ErrorCode::InvalidArgument);
        QVERIFY(f.file->check()->empty());
    }

    void countsWork() {
        Fixture f(6);
        OK(f.file->annotations().apply(creating(f.items[0], {boxOf(f.cell), boxOf(f.plate)}, f.ann)));
        OK(f.file->annotations().apply(creating(f.items[0], {boxOf(f.cell)}, f.ann)));
        OK(f.file->annotations().apply(creating(f.items[1], {boxOf(f.cell)})));
        OK(f.file->annotations().applyAll(std::vector<Edit>{creating(f.items[2], {boxOf(f.cell)}, f.ann)},
                                          EventKind::Bulk));
        const std::vector<Throughput> all = *f.file->events().throughput();
        QCOMPARE(all.size(), std::size_t(2));
        QVERIFY(!all[0].person.valid() && all[1].person == f.ann);
        QCOMPARE(all[1].items, std::int64_t(1));
        QCOMPARE(all[1].edits, std::int64_t(2));
        QCOMPARE(all[1].activeSeconds, 3.0);
        QCOMPARE(all[1].day.size(), std::size_t(10));
        const std::vector<LoggedEvent> last = *f.file->events().last(2);
        QVERIFY(last.size() == 2 && last[0].record.id < last[1].record.id);
        QVERIFY(last[1].record.edit.item == f.items[2]);
    }
};

QTEST_GUILESS_MAIN(TestLabels)
#include "tst_labels.moc"

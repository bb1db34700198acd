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

Edit changing(ItemId item, const Annotation& before, const std::optional<Annotation>& after) {
    Edit edit;
    edit.item = item;
    edit.gesture = after ? "Move box" : "Delete box";
    edit.changes = {{before, after}};
    return edit;
}

Edit bulk(Edit edit) {
    edit.kind = EditKind::Bulk;
    return edit;
}

Edit randomEdit(Fixture& f, Rng& rng, ItemId item, const std::vector<Annotation>& boxes) {
    if (boxes.empty() || rng.chance(0.4)) {
        Annotation a = boxOf(rng.chance(0.5) ? f.cell : f.plate, rng.uniform(0, 50), 3, rng.uniform(60, 90), 9);
        a.id = *f.file->annotations().nextId();
        return creating(item, {a});
    }
    const Annotation a = boxes[rng.index(boxes.size())];
    Annotation changed = a;
    changed.label = f.cell;
    changed.box->top = rng.uniform(-5, 5);
    return changing(item, a, rng.chance(0.5) ? std::optional(changed) : std::nullopt);
}

std::vector<EventId> idsOf(const std::vector<EventRecord>& events) {
    std::vector<EventId> ids;
    for (const EventRecord& event : events)
        ids.push_back(event.id);
    return ids;
}

bool sameEdits(const std::vector<EventRecord>& events, const std::vector<Edit>& edits) {
    return std::equal(events.begin(), events.end(), edits.begin(), edits.end(),
                      [](const auto& event, const Edit& edit) {
                          return event.edit.kind == edit.kind && event.edit.changes == edit.changes;
                      });
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

        const std::vector<EventRecord> log = *f.file->events().history(f.items[1]);
        QCOMPARE(log.size(), std::size_t(1));
        const EventRecord& record = log.front();
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
        const ItemId item = f.items[0];
        Annotation before = boxOf(f.cell);
        before.id = *f.file->annotations().nextId();
        Annotation after = before;
        after.box = Box{1, 2, 3, 4};
        const Edit move = changing(item, before, after);
        OK(f.file->annotations().apply(creating(item, {before}, f.ann)));
        OK(f.file->annotations().apply(move));
        f.reopen();

        UndoHistory history = *f.file->events().undoHistory(item, 100);
        QCOMPARE(history.undo.size(), std::size_t(2));
        QVERIFY(history.redo.empty());
        QCOMPARE(history.undo.back().edit.gesture, std::string("Move box"));
        OK(f.file->annotations().apply(history.undo.back().edit.reversed()));
        QVERIFY(f.file->annotations().of(item)->front() == before);
        f.reopen();

        history = *f.file->events().undoHistory(item, 100);
        QCOMPARE(history.undo.size(), std::size_t(1));
        QCOMPARE(history.redo.size(), std::size_t(1));
        OK(f.file->annotations().apply(history.redo.back().edit.reversed()));
        QVERIFY(f.file->annotations().of(item)->front() == after);
        history = *f.file->events().undoHistory(item, 100);
        QCOMPARE(history.undo.size(), std::size_t(2));
        QVERIFY(history.redo.empty());

        // A new deed ends what could be redone, on its own item alone; a bulk change ends everything.
        OK(f.file->annotations().apply(move.reversed()));
        OK(f.file->annotations().apply(creating(f.items[1], {boxOf(f.cell)})));
        QCOMPARE(f.file->events().undoHistory(item, 100)->redo.size(), std::size_t(1));
        OK(f.file->annotations().apply(creating(item, {boxOf(f.plate)})));
        history = *f.file->events().undoHistory(item, 100);
        QVERIFY(history.redo.empty());
        QCOMPARE(history.undo.size(), std::size_t(2));
        OK(f.file->annotations().applyAll(std::vector<Edit>{bulk(creating(item, {boxOf(f.cell)}))}));
        QVERIFY(f.file->events().undoHistory(item, 100)->undo.empty());
        OK(f.file->annotations().apply(creating(item, {boxOf(f.plate)})));
        QCOMPARE(f.file->events().undoHistory(item, 100)->undo.size(), std::size_t(1));
    }

    // A box goes there, back and there again, so that the values alone do not tell which move is meant.
    void undoAndRedoNameWhatTheyTakeBack() {
        Fixture f;
        Annotation here = boxOf(f.cell);
        here.id = *f.file->annotations().nextId();
        Annotation there = here;
        there.box->right += 5;
        const Edit away = changing(f.items[0], here, there);
        const Edit home = changing(f.items[0], there, here);
        std::vector<EventId> events;
        const auto redoOf = [](const Edit& edit) { return edit.reversed().reversed(); };
        for (const Edit& edit : {creating(f.items[0], {here}), away, home, away,     // 0 to 3
                                 away.reversed(), home.reversed(), away.reversed(),  // 4 to 6, of 3, 2 and 1
                                 redoOf(away), redoOf(home),                         // 7 and 8, of 6 and 5
                                 home.reversed(), redoOf(home), home.reversed()}) {  // 9 to 11, of 8, 9 and 10
            const Result<EventId> event = f.file->annotations().apply(edit);
            OK(event);
            events.push_back(*event);
        }
        const std::vector<int> reverts = {-1, -1, -1, -1, 3, 2, 1, 6, 5, 8, 9, 10};
        const std::vector<EventRecord> log = *f.file->events().history(f.items[0]);
        QCOMPARE(log.size(), reverts.size());
        for (std::size_t i = 0; i < log.size(); ++i) {
            const EventId named = reverts[i] < 0 ? EventId{} : events[static_cast<std::size_t>(reverts[i])];
            QVERIFY2(log[i].reverts == named, qPrintable(QString::number(i)));
        }
        const UndoHistory history = *f.file->events().undoHistory(f.items[0], 100);
        QVERIFY((idsOf(history.undo) == std::vector<EventId>{events[0], events[7]}));
        QVERIFY((idsOf(history.redo) == std::vector<EventId>{events[4], events[11]}));
        const UndoHistory newest = *f.file->events().undoHistory(f.items[0], 1);
        QVERIFY((idsOf(newest.undo) == std::vector<EventId>{events[7]}));
        QVERIFY((idsOf(newest.redo) == std::vector<EventId>{events[11]}));
        QVERIFY(f.file->check()->empty());
    }

    // So it is also in logs from when an undo was noted as a deed like any other.
    void thereAndBackAgainIsTwoDeeds() {
        Fixture f;
        Annotation here = boxOf(f.cell);
        here.id = *f.file->annotations().nextId();
        Annotation there = here;
        there.box->right += 5;
        OK(f.file->annotations().apply(creating(f.items[0], {here})));
        OK(f.file->annotations().apply(changing(f.items[0], here, there)));
        OK(f.file->annotations().apply(changing(f.items[0], there, here)));
        const UndoHistory history = *f.file->events().undoHistory(f.items[0], 100);
        QCOMPARE(history.undo.size(), std::size_t(3));
        QVERIFY(history.redo.empty());
    }

    void refusesToTakeBackWhatIsNotInTheHistory() {
        Fixture f;
        Annotation imported = boxOf(f.cell);
        imported.id = *f.file->annotations().nextId();
        const Edit import = bulk(creating(f.items[0], {imported}));
        OK(f.file->annotations().apply(import));
        const Result<EventId> refused = f.file->annotations().apply(import.reversed());
        FAILS(refused, ErrorCode::InvalidArgument);
        QVERIFY2(refused.error().sentence.find("changed meanwhile") != std::string::npos,
                 refused.error().sentence.c_str());
        QVERIFY((*f.file->annotations().of(f.items[0]) == std::vector<Annotation>{imported}));
        QCOMPARE(*f.file->events().count(), std::int64_t(1));
    }

    // A redo that had to be tried again comes behind the deed that ended what could be redone: kept, as a deed.
    void aRedoBehindANewDeedIsKept() {
        Fixture f;
        Annotation first = boxOf(f.cell), second = boxOf(f.plate);
        first.id = *f.file->annotations().nextId();
        second.id = *f.file->annotations().nextId();
        const Edit drawn = creating(f.items[0], {first});
        OK(f.file->annotations().apply(drawn));
        OK(f.file->annotations().apply(drawn.reversed()));
        const EventId late = *f.file->annotations().apply(creating(f.items[0], {second}));
        const EventId again = *f.file->annotations().apply(drawn.reversed().reversed());
        QVERIFY(f.file->events().history(f.items[0])->back().edit.kind == EditKind::Do);
        QVERIFY((*f.file->annotations().of(f.items[0]) == std::vector<Annotation>{first, second}));
        const UndoHistory history = *f.file->events().undoHistory(f.items[0], 100);
        QVERIFY((idsOf(history.undo) == std::vector<EventId>{late, again}));
        QVERIFY(history.redo.empty());
        QVERIFY(f.file->check()->empty());
    }

    // Writes that failed at first and were tried again can come later than those behind them.
    void undoFindsItsEditBelowAnother() {
        Fixture f;
        Annotation first = boxOf(f.cell), second = boxOf(f.plate);
        first.id = *f.file->annotations().nextId();
        second.id = *f.file->annotations().nextId();
        const Edit drawn = creating(f.items[0], {first}), late = creating(f.items[0], {second});
        const EventId drawnEvent = *f.file->annotations().apply(drawn);
        const EventId lateEvent = *f.file->annotations().apply(late);
        const EventId undone = *f.file->annotations().apply(drawn.reversed());
        QVERIFY(f.file->events().history(f.items[0])->back().reverts == drawnEvent);
        const UndoHistory history = *f.file->events().undoHistory(f.items[0], 100);
        QVERIFY((idsOf(history.undo) == std::vector<EventId>{lateEvent}));
        QVERIFY((idsOf(history.redo) == std::vector<EventId>{undone}));
        QVERIFY(f.file->check()->empty());
    }

    // Random deeds, undos and redos against a plain model of the same; the caches must agree at the end.
    void randomEditsMatchAReference() {
        struct Model {
            std::vector<Annotation> boxes;
            std::vector<Edit> done, undone;
        };
        Fixture f;
        Rng rng(5);
        std::map<ItemId, Model> reference;
        Result<Transaction> all = f.file->begin();
        for (int step = 0; step < 400; ++step) {
            const ItemId item = f.items[rng.index(f.items.size())];
            auto& [boxes, done, undone] = reference[item];
            Edit edit;
            if (!done.empty() && rng.chance(0.3)) {
                edit = done.back().reversed();
                done.pop_back();
                undone.push_back(edit);
            } else if (!undone.empty() && rng.chance(0.5)) {
                edit = undone.back().reversed();
                undone.pop_back();
                done.push_back(edit);
            } else {
                edit = randomEdit(f, rng, item, boxes);
                done.push_back(edit);
                undone.clear();
            }
            OK(f.file->annotations().apply(edit));
            for (const AnnotationChange& change : edit.changes) {
                if (change.before) std::erase(boxes, *change.before);
                if (change.after) boxes.push_back(*change.after);
            }
        }
        OK(all->commit());
        for (auto& [item, model] : reference) {
            std::sort(model.boxes.begin(), model.boxes.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
            QVERIFY(*f.file->annotations().of(item) == model.boxes);
            const UndoHistory history = *f.file->events().undoHistory(item, 1000);
            QVERIFY(sameEdits(history.undo, model.done));
            QVERIFY(sameEdits(history.redo, model.undone));
        }
        QVERIFY(f.file->check()->empty());
    }

    void manyEditsAreOneTransaction() {
        Fixture f;
        std::vector<Edit> edits = {bulk(creating(f.items[0], {boxOf(f.cell)})),
                                   bulk(creating(f.items[1], {boxOf(ClassId{77})}))};
        FAILS(f.file->annotations().applyAll(edits), ErrorCode::InvalidArgument);
        QVERIFY(f.file->annotations().of(f.items[0])->empty());
        edits.pop_back();
        std::stop_source stop;
        stop.request_stop();
        FAILS(f.file->annotations().applyAll(edits, Job(stop.get_token())), ErrorCode::Cancelled);
        OK(f.file->annotations().applyAll(edits));
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
        const Edit merged = f.file->events().history(f.items[0])->back().edit;
        QVERIFY(merged.kind == EditKind::Bulk);
        QCOMPARE(merged.changes.size(), std::size_t(2));
        QVERIFY(merged.changes[0].after->label == f.plate);
        QCOMPARE(f.file->items().counts()->annotationsByClass.at(Split::Train).at(f.plate), std::int64_t(4));
        FAILS(f.file->classes().merge(f.plate, f.plate, f.ann), ErrorCode::InvalidArgument);
        QVERIFY(f.file->check()->empty());
    }

    void countsWork() {
        Fixture f(6);
        OK(f.file->annotations().apply(creating(f.items[0], {boxOf(f.cell), boxOf(f.plate)}, f.ann)));
        OK(f.file->annotations().apply(creating(f.items[0], {boxOf(f.cell)}, f.ann)));
        OK(f.file->annotations().apply(creating(f.items[1], {boxOf(f.cell)})));
        OK(f.file->annotations().apply(bulk(creating(f.items[2], {boxOf(f.cell)}, f.ann))));
        const std::vector<Throughput> all = *f.file->events().throughput();
        QCOMPARE(all.size(), std::size_t(2));
        QVERIFY(!all[0].person.valid() && all[1].person == f.ann);
        QCOMPARE(all[1].items, std::int64_t(1));
        QCOMPARE(all[1].edits, std::int64_t(2));
        QCOMPARE(all[1].activeSeconds, 3.0);
        QCOMPARE(all[1].day.size(), std::size_t(10));
    }
};

QTEST_GUILESS_MAIN(TestLabels)
#include "tst_labels.moc"

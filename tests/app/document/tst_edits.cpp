#include "app/document/edits.h"
#include "app/document/open_item.h"

#include <QTest>

using namespace querent;
using namespace querent::app::document;

namespace {

struct Bench {
    Item item;
    std::vector<Annotation> annotations;
    std::int64_t lastId = 100;

    Bench() {
        item.id = ItemId(7);
        Medium medium;
        medium.size = {320, 240};
        item.media = {medium};
    }
    app::document::edits::Context context() {
        return {item, annotations, PersonId(3), 2, [this] { return AnnotationId(++lastId); }};
    }
    Annotation& add(Box box, ClassId label = ClassId(1)) {
        Annotation annotation;
        annotation.id = AnnotationId(++lastId);
        annotation.box = box;
        annotation.label = label;
        annotations.push_back(annotation);
        return annotations.back();
    }
    /** Does the edit to this item, as OpenItem does. */
    void apply(const std::optional<Edit>& edit) {
        QVERIFY(edit.has_value());
        OpenItem open(item, annotations, {});
        open.apply(*edit);
        item = open.item();
        annotations = open.annotations();
    }
};

}  // namespace

class TestEdits : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void drawingMakesLabelled() {
        Bench bench;
        const auto edit = app::document::edits::drawBox(bench.context(), {1, 2, 30, 40}, ClassId(5));
        bench.apply(edit);
        QCOMPARE(bench.annotations.size(), std::size_t{1});
        QCOMPARE(bench.annotations[0].label.value, 5);
        QCOMPARE(bench.annotations[0].author.value, 3);
        QCOMPARE(bench.annotations[0].round, 2);
        QVERIFY(bench.annotations[0].provenance == Provenance::Human);
        QVERIFY(bench.item.mark.state == ItemState::Labelled);
        QCOMPARE(edit->gesture, std::string("Draw box"));
    }

    void deletingTheLastMakesUnlabelled() {
        Bench bench;
        bench.apply(app::document::edits::drawBox(bench.context(), {1, 2, 30, 40}, ClassId(5)));
        bench.apply(app::document::edits::drawBox(bench.context(), {5, 2, 60, 40}, ClassId(5)));
        const AnnotationId first = bench.annotations[0].id;
        bench.apply(app::document::edits::deleteBoxes(bench.context(), std::span(&first, 1)));
        QVERIFY(bench.item.mark.state == ItemState::Labelled);
        const AnnotationId last = bench.annotations[0].id;
        bench.apply(app::document::edits::deleteBoxes(bench.context(), std::span(&last, 1)));
        QVERIFY(bench.item.mark.state == ItemState::Unlabelled);
        QVERIFY(bench.annotations.empty());
    }

    void unsureStaysUnsureWhileDrawing() {
        Bench bench;
        bench.item.mark.state = ItemState::Unsure;
        bench.apply(app::document::edits::drawBox(bench.context(), {1, 2, 30, 40}, ClassId(5)));
        QVERIFY(bench.item.mark.state == ItemState::Unsure);
    }

    void reversedBringsBackTheStart() {
        Bench bench;
        bench.add({0, 0, 10, 10});
        bench.item.mark = {ItemState::Labelled, true, "look"};
        const Bench before = bench;
        const AnnotationId id = bench.annotations[0].id;
        const auto edit = app::document::edits::deleteBoxes(bench.context(), std::span(&id, 1));
        bench.apply(edit);
        QVERIFY(bench.annotations != before.annotations);
        bench.apply(edit->reversed());
        QVERIFY(bench.annotations == before.annotations);
        QVERIFY(bench.item.mark == before.item.mark);
    }

    void acceptedThenChangedIsCorrected() {
        Bench bench;
        const Prediction prediction{ClassId(2), Box{10, 10, 50, 50}, 0.8, ModelId(4)};
        bench.apply(app::document::edits::acceptPredictions(bench.context(), std::span(&prediction, 1)));
        QVERIFY(bench.annotations[0].provenance == Provenance::ModelAccepted);
        QCOMPARE(bench.annotations[0].model.value, 4);
        QCOMPARE(bench.annotations[0].score.value(), 0.8);
        const app::document::edits::NewBox moved{bench.annotations[0].id, {12, 10, 52, 50}};
        bench.apply(app::document::edits::changeBoxes(bench.context(), std::span(&moved, 1), "Move"));
        QVERIFY(bench.annotations[0].provenance == Provenance::ModelCorrected);
        QCOMPARE(bench.annotations[0].score.value(), 0.8);
    }

    void relabelLeavesHumansHuman() {
        Bench bench;
        const AnnotationId id = bench.add({0, 0, 10, 10}).id;
        bench.apply(app::document::edits::relabel(bench.context(), std::span(&id, 1), ClassId(9)));
        QCOMPARE(bench.annotations[0].label.value, 9);
        QVERIFY(bench.annotations[0].provenance == Provenance::Human);
        QVERIFY(!app::document::edits::relabel(bench.context(), std::span(&id, 1), ClassId(9)));
    }

    void pasteStaysInsideThePicture() {
        Bench bench;
        bench.add({300, 220, 318, 238});
        bench.add({0, 0, 320, 240});
        const auto edit =
            app::document::edits::pasteBoxes(bench.context(), bench.annotations, {10.0, 10.0}, "Duplicate");
        QVERIFY(edit.has_value());
        QCOMPARE(edit->gesture, std::string("Duplicate 2 boxes"));
        for (const AnnotationChange& change : edit->changes) {
            QVERIFY(change.after->box->right <= 320.0 && change.after->box->bottom <= 240.0);
            QVERIFY(change.after->box->left >= 0.0);
        }
        Annotation far;
        far.box = Box{400, 10, 500, 90};
        QVERIFY(!app::document::edits::pasteBoxes(bench.context(), std::span(&far, 1), {}, "Paste"));
    }

    void nothingToChangeIsNoEdit() {
        Bench bench;
        const AnnotationId id = bench.add({0, 0, 10, 10}).id;
        const AnnotationId strange(9999);
        const app::document::edits::NewBox same{id, {0, 0, 10, 10}};
        QVERIFY(!app::document::edits::changeBoxes(bench.context(), std::span(&same, 1), "Move"));
        QVERIFY(!app::document::edits::deleteBoxes(bench.context(), std::span(&strange, 1)));
        QVERIFY(!app::document::edits::mark(bench.context(), bench.item.mark, "Flag"));
        QVERIFY(!app::document::edits::drawBox(bench.context(), {5, 5, 5, 9}, ClassId(1)));
    }

    void oneClassAnItemTakesThePlaceOfAnother() {
        Bench bench;
        bench.apply(app::document::edits::setItemClass(bench.context(), ClassId(1)));
        bench.apply(app::document::edits::setItemClass(bench.context(), ClassId(2)));
        QCOMPARE(bench.annotations.size(), std::size_t{1});
        QCOMPARE(bench.annotations[0].label.value, 2);
        QVERIFY(!bench.annotations[0].box);
        QVERIFY(!app::document::edits::setItemClass(bench.context(), ClassId(2)));
        QVERIFY(bench.item.mark.state == ItemState::Labelled);
    }

    void choosingAClassEndsDoubt() {
        Bench bench;
        bench.item.mark.state = ItemState::Unsure;
        bench.apply(app::document::edits::setItemClass(bench.context(), ClassId(1)));
        QVERIFY(bench.item.mark.state == ItemState::Labelled);
    }

    void anAnswerTakesAnImportsFlagOff() {
        const auto flagged = [](std::string note) {
            Bench bench;
            bench.add({1, 2, 30, 40});
            bench.item.mark = {ItemState::Unlabelled, true, std::move(note)};
            return bench;
        };
        const std::string loss = "1 of 3 objects could not be read.";
        Bench bench = flagged(loss);
        const auto edit = app::document::edits::answer(bench.context(), ItemState::Labelled, "Confirm");
        bench.apply(edit);
        QVERIFY(bench.item.mark == (ItemMark{ItemState::Labelled, false, {}}));
        QVERIFY(edit->markBefore == (ItemMark{ItemState::Unlabelled, true, loss}));  // undo brings flag and note back

        bench = flagged(loss);
        bench.apply(app::document::edits::answer(bench.context(), ItemState::Skipped, "Skip"));
        QVERIFY(bench.item.mark == (ItemMark{ItemState::Skipped, true, loss}));

        bench = flagged("The left one is doubtful");
        bench.apply(app::document::edits::answer(bench.context(), ItemState::Labelled, "Confirm"));
        QVERIFY(bench.item.mark == (ItemMark{ItemState::Labelled, true, "The left one is doubtful"}));

        bench = flagged(loss);
        bench.annotations.clear();
        bench.apply(app::document::edits::setItemClass(bench.context(), ClassId(1)));
        QVERIFY(bench.item.mark == (ItemMark{ItemState::Labelled, false, {}}));
    }

    void severalClassesComeAndGo() {
        Bench bench;
        bench.apply(app::document::edits::toggleItemClass(bench.context(), ClassId(1)));
        bench.apply(app::document::edits::toggleItemClass(bench.context(), ClassId(2)));
        QCOMPARE(bench.annotations.size(), std::size_t{2});
        bench.apply(app::document::edits::toggleItemClass(bench.context(), ClassId(1)));
        QCOMPARE(bench.annotations.size(), std::size_t{1});
        QCOMPARE(bench.annotations[0].label.value, 2);
        bench.apply(app::document::edits::toggleItemClass(bench.context(), ClassId(2)));
        QVERIFY(bench.annotations.empty());
        QVERIFY(bench.item.mark.state == ItemState::Unlabelled);
    }

    void anAcceptedClassTakesThePlaceOfAnother() {
        Bench bench;
        bench.apply(app::document::edits::setItemClass(bench.context(), ClassId(1)));
        Prediction prediction;
        prediction.label = ClassId(3);
        prediction.score = 0.75;
        prediction.model = ModelId(7);
        bench.apply(app::document::edits::acceptItemClass(bench.context(), prediction));
        QCOMPARE(bench.annotations.size(), std::size_t{1});
        QCOMPARE(bench.annotations[0].label.value, 3);
        QVERIFY(bench.annotations[0].provenance == Provenance::ModelAccepted);
        QCOMPARE(*bench.annotations[0].score, 0.75);
    }

    void regionsStayInTheirSound() {
        Bench bench;
        bench.item.media.front().modality = Modality::Audio;
        bench.item.media.front().size = {};
        bench.item.media.front().sound = {8000, 1, 48000};
        bench.add({47000, 100, 48000, 3900});
        const auto edit =
            app::document::edits::pasteBoxes(bench.context(), bench.annotations, {800.0, 0.0}, "Duplicate");
        QVERIFY(edit.has_value());
        QCOMPARE(edit->changes[0].after->box->left, 46200.0);
        QCOMPARE(edit->changes[0].after->box->bottom, 3900.0);
        QCOMPARE(app::document::edits::planeOf(bench.item).right, 48000.0);
        QCOMPARE(app::document::edits::planeOf(bench.item).bottom, 4000.0);
    }
};

QTEST_GUILESS_MAIN(TestEdits)
#include "tst_edits.moc"

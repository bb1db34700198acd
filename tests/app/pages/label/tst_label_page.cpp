#include "app/bridge/image_convert.h"
#include "app/controllers/labeling_controller.h"
#include "app/panes/picture_loader.h"
#include "engine/session/project/restore.h"
#include "tests/app/support/label_fixture.h"
#include "widgets/canvas/box_canvas.h"
#include "widgets/common/banner.h"
#include "widgets/common/object_table.h"
#include "widgets/common/thumbnail_strip.h"
#include "widgets/common/toast.h"

#include <QAction>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace querent;
using namespace querent::app::pages::label;
using namespace querent::app::panes;
using namespace querent::app::test;

namespace {

/** Two suggestions on the first picture: a cat and, lower, a dog; one below the threshold. */
Plan withGhosts() {
    Plan plan;
    plan.predictions = {QStringLiteral("p0.png,cat,20,20,90,90,0.9"), QStringLiteral("p0.png,dog,150,100,230,180,0.6"),
                        QStringLiteral("p0.png,owl,250,10,300,60,0.1"), QStringLiteral("p1.png,cat,30,30,80,80,0.8")};
    return plan;
}

void screenshot(QWidget& widget, const char* name) {
    const QString folder = qEnvironmentVariable("QUERENT_SCREENSHOTS");
    if (folder.isEmpty()) return;
    QDir().mkpath(folder);
    widget.grab().save(QStringLiteral("%1/%2.png").arg(folder, QLatin1String(name)));
}

}  // namespace

class TestLabelPage : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void drawMoveResizeDelete() {
        Desk desk;
        const ItemId id = desk.itemAt(0);
        desk.drag(50, 40, 150, 140);
        QCOMPARE(desk.document().annotations().size(), std::size_t{1});
        const Box drawn = *desk.stored(id).at(0).box;
        QCOMPARE(drawn.left, 50.0);
        QCOMPARE(drawn.bottom, 140.0);
        QVERIFY(desk.storedMark(id).state == ItemState::Labelled);

        desk.drag(100, 90, 120, 95);  // body: move
        QCOMPARE(desk.stored(id).at(0).box->left, 70.0);
        QCOMPARE(desk.stored(id).at(0).box->top, 45.0);
        desk.drag(170, 145, 180, 165);  // lower right vertex: resize
        QCOMPARE(desk.stored(id).at(0).box->right, 180.0);
        QCOMPARE(desk.stored(id).at(0).box->bottom, 165.0);
        screenshot(desk.page(), "label-one-box");

        desk.key(Qt::Key_Delete);
        QVERIFY(desk.stored(id).empty());
        QVERIFY(desk.storedMark(id).state == ItemState::Unlabelled);
        for (int i = 0; i < 4; ++i)
            desk.key(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(desk.stored(id).empty());  // back before the first box
        desk.key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(*desk.stored(id).at(0).box, drawn);
        desk.key(Qt::Key_Y, Qt::ControlModifier);
        QCOMPARE(desk.stored(id).at(0).box->left, 70.0);
    }

    void selectedBoxLeavesThePictureVisible() {
        Desk desk;
        QVERIFY(desk.canvas().hasFocus());
        const QPoint away = desk.canvas().toViewport({250, 200}).toPoint();
        const QRect patch(away - QPoint(20, 20), QSize(40, 40));
        const QImage before = desk.canvas().viewport()->grab(patch).toImage();
        desk.drag(50, 40, 150, 140);
        desk.click(100, 90);
        QCOMPARE(desk.document().selection().size(), 1);
        QCOMPARE(desk.canvas().viewport()->grab(patch).toImage(), before);
    }

    void nudgeAndCornersByKeys() {
        Desk desk;
        const ItemId id = desk.itemAt(0);
        desk.drag(50, 40, 150, 140);
        desk.key(Qt::Key_Right);
        desk.key(Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(desk.stored(id).at(0).box->left, 51.0);
        QCOMPARE(desk.stored(id).at(0).box->top, 50.0);
        desk.key(Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(desk.stored(id).at(0).box->right, 152.0);
        QCOMPARE(desk.stored(id).at(0).box->left, 51.0);
        desk.key(Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(desk.stored(id).at(0).box->left, 50.0);
    }

    void nudgeIsNotLostByLeaving() {
        Desk desk;
        const ItemId id = desk.itemAt(0);
        desk.drag(50, 40, 150, 140);
        QTest::keyPress(&desk.canvas(), Qt::Key_Right);  // still held
        desk.key(Qt::Key_D);
        QCOMPARE(desk.document().index(), 1);
        QCOMPARE(desk.stored(id).at(0).box->left, 51.0);
    }

    void classByDigit() {
        Desk desk;
        const ItemId id = desk.itemAt(0);
        const auto classes = desk.document().classes();
        desk.key(Qt::Key_2);
        desk.drag(50, 40, 150, 140);
        QVERIFY(desk.stored(id).at(0).label == classes[1].id);
        desk.key(Qt::Key_3);  // the new box is selected: it is relabelled
        QVERIFY(desk.stored(id).at(0).label == classes[2].id);
        desk.key(Qt::Key_BracketRight);
        QVERIFY(desk.stored(id).at(0).label == classes[0].id);
        desk.key(Qt::Key_9);
        QVERIFY(desk.stored(id).at(0).label == classes[0].id);
    }

    void copyPasteDuplicateAndFromPrevious() {
        Desk desk;
        const ItemId second = desk.itemAt(1);
        desk.drag(50, 40, 150, 140);
        desk.key(Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(desk.stored(desk.itemAt(0)).size(), std::size_t{2});
        QCOMPARE(desk.stored(desk.itemAt(0)).at(1).box->left, 60.0);
        desk.key(Qt::Key_C, Qt::ControlModifier);
        desk.key(Qt::Key_D);
        QVERIFY(desk.waitForPicture());
        desk.key(Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(desk.stored(second).at(0).box->left, 60.0);
        desk.key(Qt::Key_P, Qt::ControlModifier);
        QCOMPARE(desk.stored(second).size(), std::size_t{3});
        QVERIFY(desk.stored(second).at(2).provenance == Provenance::Human);
        desk.key(Qt::Key_Delete, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(desk.stored(second).empty());
        desk.key(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(desk.stored(second).size(), std::size_t{3});
    }

    void acceptRejectCorrectGhosts() {
        Desk desk(withGhosts());
        const ItemId id = desk.itemAt(0);
        QCOMPARE(desk.document().ghosts().size(), std::size_t{2});
        QCOMPARE(desk.canvas().boxes().size(), std::size_t{2});
        screenshot(desk.page(), "label-ghosts");
        desk.key(Qt::Key_Y);  // the best one: the cat
        QCOMPARE(desk.stored(id).size(), std::size_t{1});
        QVERIFY(desk.stored(id).at(0).provenance == Provenance::ModelAccepted);
        QCOMPARE(desk.stored(id).at(0).score.value(), 0.9);
        QVERIFY(desk.stored(id).at(0).model.valid());
        QCOMPARE(desk.document().ghosts().size(), std::size_t{1});
        desk.key(Qt::Key_X);
        QVERIFY(desk.document().ghosts().empty());
        QCOMPARE(desk.stored(id).size(), std::size_t{1});
        desk.key(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(desk.document().ghosts().size(), std::size_t{1});

        desk.drag(55, 55, 65, 55);  // the accepted box moves: corrected
        QVERIFY(desk.stored(id).at(0).provenance == Provenance::ModelCorrected);
        desk.click(190, 140);  // the dog's ghost
        desk.key(Qt::Key_3);   // ... is an owl
        QCOMPARE(desk.stored(id).size(), std::size_t{2});
        QVERIFY(desk.stored(id).at(1).provenance == Provenance::ModelCorrected);
        QVERIFY(desk.stored(id).at(1).label == desk.document().classes()[2].id);
    }

    void draggedGhostIsCorrected() {
        Desk desk(withGhosts());
        desk.click(55, 55);
        desk.drag(55, 55, 75, 65);
        const auto stored = desk.stored(desk.itemAt(0));
        QCOMPARE(stored.size(), std::size_t{1});
        QVERIFY(stored[0].provenance == Provenance::ModelCorrected);
        QCOMPARE(stored[0].box->left, 40.0);
    }

    void acceptAllAndNext() {
        Desk desk(withGhosts());
        desk.key(Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(desk.stored(desk.itemAt(0)).size(), std::size_t{2});
        QVERIFY(desk.storedMark(desk.itemAt(0)).state == ItemState::Labelled);
        QCOMPARE(desk.document().index(), 1);
    }

    void ghostsCanBeHeldBack() {
        Plan plan = withGhosts();
        plan.settings.hideGhostShare = 1.0;
        Desk desk(plan);
        QVERIFY(desk.document().ghosts().empty());
    }

    void enterAsksBeforeEmpty() {
        Desk desk;
        desk.key(Qt::Key_Return);
        QCOMPARE(desk.document().index(), 0);
        QVERIFY(desk.page().banners().has(QStringLiteral("empty")));
        desk.key(Qt::Key_N);
        QVERIFY(desk.storedMark(desk.itemAt(0)).state == ItemState::ConfirmedEmpty);
        QCOMPARE(desk.document().index(), 1);
        QVERIFY(!desk.page().banners().has(QStringLiteral("empty")));
        QVERIFY(desk.waitForPicture());
        desk.drag(20, 20, 80, 80);
        desk.key(Qt::Key_Enter);
        QVERIFY(desk.storedMark(desk.itemAt(1)).state == ItemState::Labelled);
        QCOMPARE(desk.document().index(), 2);
        QVERIFY(desk.waitForPicture());
        desk.drag(20, 20, 80, 80);
        desk.key(Qt::Key_N);  // refused: something is here
        QVERIFY(desk.storedMark(desk.itemAt(2)).state == ItemState::Labelled);
    }

    void skipUnsureFlag() {
        Desk desk;
        desk.key(Qt::Key_K);
        QVERIFY(desk.storedMark(desk.itemAt(0)).state == ItemState::Skipped);
        desk.key(Qt::Key_Q);
        QVERIFY(desk.storedMark(desk.itemAt(1)).state == ItemState::Unsure);
        QCOMPARE(desk.document().index(), 2);
        desk.key(Qt::Key_G);
        auto* note = desk.page().findChild<QLineEdit*>(QStringLiteral("flagNote"));
        QVERIFY(note && note->isVisible());
        QTest::keyClicks(note, QStringLiteral("kd blurred"));  // keys that are commands elsewhere
        QTest::keyClick(note, Qt::Key_Return);
        QCOMPARE(desk.document().index(), 2);
        QVERIFY(desk.storedMark(desk.itemAt(2)).flagged);
        QCOMPARE(desk.storedMark(desk.itemAt(2)).note, std::string("kd blurred"));
        QVERIFY(desk.canvas().hasFocus());
    }

    void walkingAndTheStrip() {
        Desk desk;
        desk.key(Qt::Key_D);
        desk.key(Qt::Key_PageDown);
        QCOMPARE(desk.document().index(), 2);
        QCOMPARE(desk.document().travel(), 1);
        desk.key(Qt::Key_A);
        QCOMPARE(desk.document().index(), 1);
        QCOMPARE(desk.document().travel(), -1);
        auto* strip = desk.page().findChild<widgets::common::ThumbnailStrip*>(QStringLiteral("strip"));
        QVERIFY(strip);
        QCOMPARE(strip->currentRow(), 1);
        QCOMPARE(strip->model()->rowCount(), 4);
        QTRY_VERIFY(strip->model()->index(0, 0).data(widgets::common::ThumbnailRole).isValid());
        const QRect third = strip->visualRect(strip->model()->index(3, 0));
        QTest::mouseClick(strip->viewport(), Qt::LeftButton, {}, third.center());
        QCOMPARE(desk.document().index(), 3);
        desk.key(Qt::Key_D);
        QCOMPARE(desk.document().index(), 3);
    }

    void objectTableAndCanvasShareTheSelection() {
        Desk desk;
        desk.drag(20, 20, 80, 80);
        desk.drag(120, 20, 180, 80);
        auto* objects = desk.page().findChild<widgets::common::ObjectTable*>(QStringLiteral("objects"));
        QVERIFY(objects);
        QCOMPARE(objects->model()->rowCount(), 2);
        const qint64 first = desk.document().annotations()[0].id.value;
        desk.click(50, 50);
        QCOMPARE(objects->selectedIds(), QVector<qint64>{first});
        objects->selectRow(1);
        QCOMPARE(desk.canvas().selection().size(), 1);
        QCOMPARE(desk.document().selection(), desk.canvas().selection());
    }

    void saveMakesACheckpoint() {
        Desk desk;
        desk.drag(20, 20, 80, 80);
        desk.key(Qt::Key_S, Qt::ControlModifier);
        const ItemId item = desk.itemAt(0);
        const auto boxesInNewest = [&] {
            const auto backups = session::project::backupsOf(desk.project().file());
            if (backups.empty()) return std::size_t{0};
            const auto newest = session::project::Project::open(backups[0], session::project::OpenMode::ReadOnly);
            return newest ? (*newest)->annotations(item).size() : std::size_t{0};
        };
        QTRY_COMPARE(boxesInNewest(), std::size_t{1});
        auto* toast = desk.page().findChild<widgets::common::Toast*>(QStringLiteral("toast"));
        QVERIFY(toast && toast->text().contains(QStringLiteral("Saved")));
    }

    void missingPictureSaysSo() {
        Plan plan;
        Desk desk(plan);
        const QString second = desk.folder.filePath(QStringLiteral("pictures/p3.png"));
        QVERIFY(QFile::remove(second));
        QVERIFY(desk.project().findMissing(Job()).ok());
        desk.document().openIndex(3);
        auto* skip = desk.page().findChild<QPushButton*>(QStringLiteral("skipBroken"));
        QVERIFY(skip && skip->isVisible());
        QSignalSpy relocate(&desk.page(), &LabelPage::relocateRequested);
        QTest::mouseClick(desk.page().findChild<QPushButton*>(QStringLiteral("relocate")), Qt::LeftButton);
        QCOMPARE(relocate.count(), 1);
        QTest::mouseClick(skip, Qt::LeftButton);
        QVERIFY(desk.storedMark(desk.itemAt(3)).state == ItemState::Skipped);
    }

    void brokenPictureSaysSo() {
        Desk desk;
        QFile file(desk.folder.filePath(QStringLiteral("pictures/p2.png")));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write("not a picture");
        file.close();
        desk.reopen();
        desk.document().openIndex(2);
        QTRY_VERIFY(desk.page().findChild<QPushButton*>(QStringLiteral("skipBroken")));
        QVERIFY(!desk.canvas().hasPicture());
    }

    void emptyProjectTellsWhatToDo() {
        Plan plan;
        plan.pictures = 0;
        Desk desk(plan);
        QSignalSpy wanted(&desk.page(), &LabelPage::importRequested);
        QTest::mouseClick(desk.page().findChild<QPushButton*>(QStringLiteral("importPictures")), Qt::LeftButton);
        QCOMPARE(wanted.count(), 1);
    }

    void noRoundSuggestsABatch() {
        Desk desk;
        desk.document().showBatch();
        QSignalSpy wanted(&desk.page(), &LabelPage::suggestRequested);
        auto* button = desk.page().findChild<QPushButton*>(QStringLiteral("suggestBatch"));
        QVERIFY(button && button->isVisible());
        screenshot(desk.page(), "label-empty");
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(wanted.count(), 1);
    }

    void readOnlyLooksButDoesNotTouch() {
        Desk desk(withGhosts());
        desk.drag(20, 120, 80, 180);
        desk.reopen(session::project::OpenMode::ReadOnly);
        desk.document().openIndex(0);
        QVERIFY(desk.waitForPicture());
        const ItemId id = desk.itemAt(0);
        QVERIFY(desk.page().banners().has(QStringLiteral("readonly")));
        QVERIFY(desk.canvas().isReadOnly());
        desk.drag(120, 120, 180, 180);
        desk.key(Qt::Key_Delete);
        desk.key(Qt::Key_K);
        desk.key(Qt::Key_Y);
        QCOMPARE(desk.document().annotations().size(), std::size_t{1});
        QCOMPARE(desk.project().annotations(id).size(), std::size_t{1});
        desk.key(Qt::Key_D);
        QCOMPARE(desk.document().index(), 1);
    }

    void nextItemIsWarm() {
        Desk desk;
        const PictureLoader* pictures = desk.page().pictures();
        QTRY_VERIFY(pictures->cached(desk.itemAt(1)));
        QElapsedTimer timer;
        timer.start();
        desk.key(Qt::Key_D);
        qInfo("the next item took %.2f ms", static_cast<double>(timer.nsecsElapsed()) / 1e6);
        QVERIFY(desk.canvas().hasPicture());  // without going round the event loop again
    }
};

QTEST_MAIN(TestLabelPage)
#include "tst_label_page.moc"

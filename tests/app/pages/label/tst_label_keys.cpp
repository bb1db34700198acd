#include "tests/app/support/label_fixture.h"
#include "widgets/canvas/box_canvas.h"
#include "widgets/common/banner.h"
#include "widgets/common/class_panel.h"
#include "widgets/common/command_palette.h"
#include "widgets/common/key_sheet.h"
#include "widgets/common/theme.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTest>

using namespace querent;
using namespace querent::app::preferences;
using namespace querent::app::test;

namespace {

constexpr quint32 kScanW = 25, kScanD = 40, kScanK = 45, kScan2 = 11, kScanH = 43;

/** A key as a keyboard with another layout sends it: another symbol, the same place. */
void strike(QWidget& widget, int key, quint32 scanCode, const QString& text, Qt::KeyboardModifiers modifiers = {}) {
    QKeyEvent press(QEvent::KeyPress, key, modifiers, scanCode, 0, 0, text);
    QCoreApplication::sendEvent(&widget, &press);
    QKeyEvent release(QEvent::KeyRelease, key, modifiers, scanCode, 0, 0, text);
    QCoreApplication::sendEvent(&widget, &release);
}

}  // namespace

class TestLabelKeys : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void everyActionIsWhole() {
        Desk desk;
        const QStringList icons = widgets::common::iconNames();
        QVERIFY(desk.page().labelActions().size() > 60);
        for (const QAction* action : desk.page().labelActions()) {
            const QByteArray id = action->objectName().toUtf8();
            QVERIFY2(!id.isEmpty() && !action->text().isEmpty(), id.constData());
            QVERIFY2(!action->toolTip().isEmpty() && !action->shortcuts().isEmpty(), id.constData());
            QVERIFY2(!action->icon().isNull(), id.constData());
            QVERIFY2(icons.contains(Keymap::find(action->objectName())->icon), id.constData());
            QVERIFY2(!action->property("group").toString().isEmpty(), id.constData());
            QVERIFY2(desk.page().action(action->objectName()) == action, id.constData());
        }
    }

    void zoomIconsMatchTheirActions() {
        QCOMPARE(Keymap::find(QStringLiteral("view.zoom_in"))->icon, QStringLiteral("zoom-in"));
        QCOMPARE(Keymap::find(QStringLiteral("view.zoom_out"))->icon, QStringLiteral("zoom-out"));
        Desk desk;
        const double before = desk.canvas().zoom();
        desk.key(Qt::Key_Equal, Qt::ControlModifier);
        QVERIFY(desk.canvas().zoom() > before);
        desk.key(Qt::Key_0, Qt::ControlModifier);
        QCOMPARE(desk.canvas().zoom(), 1.0);
        desk.key(Qt::Key_Minus, Qt::ControlModifier);
        QVERIFY(desk.canvas().zoom() < 1.0);
        desk.key(Qt::Key_F);
        QCOMPARE(desk.canvas().zoom(), before);
    }

    void modesAndBoxes() {
        Desk desk;
        desk.key(Qt::Key_W);
        QVERIFY(desk.canvas().mode() == widgets::canvas::CanvasMode::Draw);
        QVERIFY(desk.page().action(QStringLiteral("draw.box"))->isChecked());
        desk.key(Qt::Key_R);
        QVERIFY(desk.canvas().mode() == widgets::canvas::CanvasMode::Modeless);
        desk.key(Qt::Key_V);
        QVERIFY(desk.canvas().mode() == widgets::canvas::CanvasMode::Select);
        desk.drag(20, 20, 80, 80);
        QVERIFY(desk.document().annotations().empty());
        desk.key(Qt::Key_V);
        desk.key(Qt::Key_H, Qt::ControlModifier);
        QVERIFY(!desk.canvas().boxesVisible());
        desk.key(Qt::Key_H, Qt::ControlModifier);
        QVERIFY(desk.canvas().boxesVisible());
    }

    void drawingWithoutAMouse() {
        Desk desk;
        desk.key(Qt::Key_W, Qt::ShiftModifier);
        desk.key(Qt::Key_Return);
        for (int i = 0; i < 4; ++i) {
            desk.key(Qt::Key_Right, Qt::ShiftModifier);
            desk.key(Qt::Key_Down, Qt::ShiftModifier);
        }
        desk.key(Qt::Key_Return);
        QCOMPARE(desk.document().annotations().size(), std::size_t{1});
        QCOMPARE(desk.document().annotations()[0].box->width(), 40.0);
        QCOMPARE(desk.document().index(), 0);  // Enter placed corners and confirmed nothing
    }

#ifdef Q_OS_LINUX
    void russianLayout() {
        Desk desk;
        strike(desk.canvas(), 0x0426, kScanW, QStringLiteral("ц"));  // W's place
        QVERIFY(desk.canvas().mode() == widgets::canvas::CanvasMode::Draw);
        strike(desk.canvas(), 0x0426, kScanW, QStringLiteral("ц"));
        strike(desk.canvas(), 0x0412, kScanD, QStringLiteral("в"));
        QCOMPARE(desk.document().index(), 1);
        strike(desk.canvas(), 0x041b, kScanK, QStringLiteral("л"));
        QVERIFY(desk.storedMark(desk.itemAt(1)).state == ItemState::Skipped);
    }

    void frenchDigitRow() {
        Desk desk;
        strike(desk.canvas(), Qt::Key_Eacute, kScan2, QStringLiteral("é"));
        QVERIFY(desk.document().activeClass() == desk.document().classes()[1].id);
    }

    void latinLayoutsKeepTheirLetters() {
        Desk desk;
        strike(desk.canvas(), Qt::Key_E, kScanD, QStringLiteral("e"));  // Dvorak: E stands where D is
        QCOMPARE(desk.document().index(), 0);
    }

    void peekUnderAnotherLayout() {
        Desk desk;
        QKeyEvent press(QEvent::KeyPress, 0x0420, {}, kScanH, 0, 0, QStringLiteral("р"));
        QCoreApplication::sendEvent(&desk.canvas(), &press);
        QVERIFY(desk.canvas().isPeeking());
        QKeyEvent release(QEvent::KeyRelease, 0x0420, {}, kScanH, 0, 0, QStringLiteral("р"));
        QCoreApplication::sendEvent(&desk.canvas(), &release);
        QVERIFY(!desk.canvas().isPeeking());
    }
#endif

    void textFieldsKeepTheirKeys() {
        Desk desk;
        auto* panel = desk.page().findChild<widgets::common::ClassPanel*>(QStringLiteral("classPanel"));
        panel->focusFilter();
        auto* field = qobject_cast<QLineEdit*>(QApplication::focusWidget());
        QVERIFY(field);
        QTest::keyClicks(field, QStringLiteral("ndk"));
        QCOMPARE(field->text(), QStringLiteral("ndk"));
        QCOMPARE(desk.document().index(), 0);
        QVERIFY(desk.storedMark(desk.itemAt(0)).state == ItemState::Unlabelled);
        field->clear();
        QTest::keyClicks(field, QStringLiteral("owl"));
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(desk.document().activeClass() == desk.document().classes()[2].id);
        QVERIFY(!desk.page().banners().isVisible());  // Enter confirmed nothing
        panel->focusFilter();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
        QVERIFY(desk.canvas().hasFocus());
    }

    void paletteChoosesAndCreates() {
        Desk desk;
        desk.key(Qt::Key_E);
        auto* palette = desk.page().findChild<widgets::common::ClassSearch*>(QStringLiteral("classSearch"));
        QVERIFY(palette && palette->isVisible());
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("dog"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
        QVERIFY(desk.document().activeClass() == desk.document().classes()[1].id);
        QVERIFY(!palette->isVisible());
        QVERIFY(desk.canvas().hasFocus());
    }

    void rebindingTakesEffect() {
        Desk desk;
        desk.keymap().setKeys(QStringLiteral("answer.skip"), {QKeySequence(QStringLiteral("T"))});
        desk.key(Qt::Key_K);
        QCOMPARE(desk.document().index(), 0);
        desk.key(Qt::Key_T);
        QVERIFY(desk.storedMark(desk.itemAt(0)).state == ItemState::Skipped);
    }

    void spaceVerifiesInTheLabelImgPreset() {
        Desk desk;
        desk.drag(20, 20, 80, 80);
        desk.key(Qt::Key_Space);
        QCOMPARE(desk.document().index(), 0);
        desk.keymap().usePreset(QStringLiteral("labelImg"));
        desk.key(Qt::Key_Space);
        QCOMPARE(desk.document().index(), 1);
    }

    void keySheetOpens() {
        Desk desk;
        desk.key(Qt::Key_F1);
        auto* sheet = desk.page().findChild<widgets::common::KeySheet*>();
        QVERIFY(sheet && sheet->isVisible());
        QVERIFY(sheet->toHtml().contains(QStringLiteral("Next item")));
        sheet->close();
    }

    void hiddenSuggestionsAreNotAccepted_data() {
        QTest::addColumn<QString>("view");
        QTest::newRow("suggestions hidden") << QStringLiteral("view.ghosts");
        QTest::newRow("all boxes hidden") << QStringLiteral("view.boxes");
    }

    void hiddenSuggestionsAreNotAccepted() {
        QFETCH(QString, view);
        Plan plan;
        plan.predictions = {QStringLiteral("p0.png,cat,20,20,90,90,0.9")};
        Desk desk(plan);
        const ItemId first = desk.itemAt(0);
        QCOMPARE(desk.document().ghosts().size(), std::size_t{1});
        desk.page().action(view)->trigger();
        for (const Qt::KeyboardModifiers keys : {Qt::KeyboardModifiers(Qt::ShiftModifier), Qt::KeyboardModifiers()}) {
            desk.key(keys ? Qt::Key_Return : Qt::Key_Y, keys);
            QVERIFY(desk.stored(first).empty());
            QCOMPARE(desk.document().index(), 0);
        }
        desk.key(Qt::Key_X);
        desk.page().action(view)->trigger();
        QCOMPARE(desk.document().ghosts().size(), std::size_t{1});  // not rejected unseen either
        desk.key(Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(desk.stored(first).size(), std::size_t{1});
        QCOMPARE(desk.document().index(), 1);
    }
};

QTEST_MAIN(TestLabelKeys)
#include "tst_label_keys.moc"

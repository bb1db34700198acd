#include "tests/widgets/gallery.h"
#include "widgets/common/banner.h"
#include "widgets/common/class_panel.h"
#include "widgets/common/command_palette.h"
#include "widgets/common/empty_state.h"
#include "widgets/common/fuzzy_match.h"
#include "widgets/common/key_sheet.h"
#include "widgets/common/object_table.h"
#include "widgets/common/page_parts.h"
#include "widgets/common/reason_panel.h"
#include "widgets/common/round_bar.h"
#include "widgets/common/theme.h"
#include "widgets/common/thumbnail_strip.h"
#include "widgets/common/toast.h"

#include <QApplication>
#include <QDateTime>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QLocale>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTest>
#include <QTimeZone>
#include <QToolButton>
#include <QWheelEvent>

using namespace querent;
using namespace querent::widgets::common;

namespace {

QVector<ClassEntry> threeClasses() {
    return {{ClassId(11), "Red blood cell", classColour(0), "1", 40},
            {ClassId(12), "White blood cell", classColour(1), "2", 7},
            {ClassId(13), "Platelet", classColour(2), "3", 0}};
}

}  // namespace

class TestWidgetsCommon : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase() { setTheme(*qApp, Theme::Light); }

    void fuzzyPrefersWordStartsAndRuns() {
        QVERIFY(!fuzzyMatch("xyz", "Platelet"));
        QVERIFY(fuzzyMatch("", "anything")->score == 0);
        QVERIFY(fuzzyMatch("wbc", "White blood cell"));
        QVERIFY(fuzzyMatch("wbc", "White blood cell")->score > fuzzyMatch("wbc", "swabs back")->score);
        QVERIFY(fuzzyMatch("cell", "Cell")->score > fuzzyMatch("cell", "cheerfully")->score);
        QCOMPARE(fuzzyMatch("b c", "blood cell")->positions, (QVector<int>{0, 6}));
    }

    void classPanelFiltersActivatesAndAdds() {
        ClassPanel panel;
        panel.setClasses(threeClasses());
        panel.resize(240, 300);
        panel.show();
        QSignalSpy activated(&panel, &ClassPanel::classActivated);
        QSignalSpy added(&panel, &ClassPanel::addClassRequested);
        auto* filter = panel.findChild<QLineEdit*>("classFilter");
        auto* list = panel.findChild<QListView*>("classList");
        QTest::keyClicks(filter, "plat");
        QCOMPARE(list->model()->rowCount(), 1);
        QTest::keyClick(filter, Qt::Key_Return);
        QCOMPARE(activated.count(), 1);
        QCOMPARE(activated.at(0).at(0).value<ClassId>(), ClassId(13));
        QCOMPARE(list->model()->rowCount(), 3);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->model()->index(1, 0)).center());
        QCOMPARE(activated.count(), 2);
        QCOMPARE(activated.at(1).at(0).value<ClassId>(), ClassId(12));
        QTest::keyClicks(filter, "Zygote");
        QTest::keyClick(filter, Qt::Key_Return);
        QCOMPARE(added.count(), 1);
        QCOMPARE(added.at(0).at(0).toString(), QStringLiteral("Zygote"));
        panel.setActiveClass(ClassId(12));
        QCOMPARE(panel.activeClass(), ClassId(12));
        QCOMPARE(activated.count(), 2);
    }

    void wheelOverTheClassListChangesNothing() {
        ClassPanel panel;
        panel.setClasses(threeClasses());
        panel.setActiveClass(ClassId(12));
        panel.show();
        QSignalSpy activated(&panel, &ClassPanel::classActivated);
        auto* list = panel.findChild<QListView*>("classList");
        QWheelEvent wheel(QPointF(10, 10), list->mapToGlobal(QPointF(10, 10)), {}, {0, -120}, Qt::NoButton, {},
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(list->viewport(), &wheel);
        QCOMPARE(activated.count(), 0);
        QCOMPARE(panel.activeClass(), ClassId(12));
    }

    void stripTellsChoicesOnly() {
        QStandardItemModel model;
        for (int i = 0; i < 30; ++i)
            model.appendRow(new QStandardItem(QString::number(i)));
        ThumbnailStrip strip;
        strip.setModel(&model);
        strip.resize(500, strip.sizeHint().height());
        strip.show();
        QSignalSpy chosen(&strip, &ThumbnailStrip::rowChosen);
        strip.setCurrentRow(20);
        QCOMPARE(chosen.count(), 0);
        QCOMPARE(strip.currentRow(), 20);
        QVERIFY(strip.viewport()->rect().intersects(strip.visualRect(model.index(20, 0))));
        QTest::keyClick(&strip, Qt::Key_Right);
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen.at(0).at(0).toInt(), 21);
        QWheelEvent wheel(QPointF(10, 10), strip.mapToGlobal(QPointF(10, 10)), {}, {0, 120}, Qt::NoButton, {},
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(strip.viewport(), &wheel);
        QCOMPARE(strip.currentRow(), 21);
    }

    void objectTableKeepsSelectionBothWays() {
        ObjectTable table;
        ObjectRow a;
        a.id = 1;
        a.className = "A";
        a.box = Box{10, 20, 30, 60};
        ObjectRow b = a;
        b.id = 2;
        b.className = "B";
        b.ghost = true;
        b.score = 0.5;
        table.setRows({a, b});
        QSignalSpy changed(&table, &ObjectTable::selectionIdsChanged);
        table.setSelection({2});
        QCOMPARE(changed.count(), 0);
        QCOMPARE(table.selectedIds(), QVector<qint64>{2});
        table.setRows({b, a});
        QCOMPARE(table.selectedIds(), QVector<qint64>{2});
        table.selectRow(1);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(table.selectedIds(), QVector<qint64>{1});
        QCOMPARE(table.model()->index(1, ObjectTable::HeightColumn).data().toString(), QStringLiteral("40"));
        QCOMPARE(table.model()->index(0, ObjectTable::OriginColumn).data().toString(), QStringLiteral("Suggested"));
        QCOMPARE(table.model()->index(0, ObjectTable::ScoreColumn).data().toString(), QStringLiteral("0.50"));
    }

    void roundBarSaysTheLine() {
        RoundBar bar;
        RoundStatus status = gallery::roundStatus();
        bar.setStatus(status);
        QCOMPARE(bar.text(), QStringLiteral("Round 4 - 12 of 30 - model from round 3: mAP 0.73 [0.69, 0.77]"));
        auto* train = bar.findChild<QPushButton*>("train");
        QVERIFY(!train->isEnabled());
        status.canTrain = true;
        bar.setStatus(status);
        bar.show();
        QSignalSpy wanted(&bar, &RoundBar::trainRequested);
        QSignalSpy cancelled(&bar, &RoundBar::cancelRequested);
        QTest::mouseClick(train, Qt::LeftButton);
        QCOMPARE(wanted.count(), 1);
        bar.setRunning({"Training", 0.4, "step 120 of 300", false});
        QVERIFY(!train->isVisible());
        QTest::mouseClick(bar.findChild<QPushButton*>("cancelTraining"), Qt::LeftButton);
        QCOMPARE(cancelled.count(), 1);
        QVERIFY(bar.text().contains("step 120 of 300"));
        bar.clearRunning();
        QVERIFY(train->isVisible());
    }

    void anEmptyStateWithoutTextAsksForNoHeight() {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("Negative sizes")));
        EmptyState empty;
        empty.show();
        empty.setFont(QFont(QStringLiteral("Sans"), 14));
        empty.setContent(QStringLiteral("round"), QStringLiteral("Nothing"), QString());
        empty.setStyleSheet(QStringLiteral("QLabel { color: red }"));
    }

    void bannersReplaceByKey() {
        BannerStack stack;
        stack.show("disk", Severity::Error, "The disk is full.", {{"retry", "Try again"}});
        stack.show("disk", Severity::Warning, "The disk is nearly full.");
        QCOMPARE(stack.findChildren<Banner*>().size(), 1);
        QCOMPARE(stack.findChild<Banner*>()->text(), QStringLiteral("The disk is nearly full."));
        stack.show("other", Severity::Info, "Hello.", {{"go", "Go"}});
        QSignalSpy action(&stack, &BannerStack::actionTriggered);
        QTest::mouseClick(stack.findChild<QPushButton*>("go"), Qt::LeftButton);
        QCOMPARE(action.at(0).at(0).toString(), QStringLiteral("other"));
        stack.clear("disk");
        stack.clear("other");
        QVERIFY(!stack.has("disk") && stack.isHidden());
    }

    void paletteFindsByLettersAndStaysInside() {
        QWidget window;
        window.resize(360, 200);
        QLineEdit before(&window);
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        before.setFocus();
        ClassSearch search(&window);
        search.setClasses(threeClasses(), true);
        search.popup();
        QVERIFY(window.rect().contains(search.geometry()));
        QSignalSpy chosen(&search, &ClassSearch::classChosen);
        QSignalSpy created(&search, &CommandPalette::createRequested);
        auto* edit = search.findChild<QLineEdit*>("paletteEdit");
        QTest::keyClicks(edit, "wbc");
        QCOMPARE(search.shownIds().front(), QStringLiteral("12"));
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(chosen.at(0).at(0).value<ClassId>(), ClassId(12));
        QVERIFY(!search.isVisible());
        search.popup();
        QTest::keyClicks(edit, "Zygote");
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(created.at(0).at(0).toString(), QStringLiteral("Zygote"));
        search.popup();
        QTest::keyClick(edit, Qt::Key_Escape);
        QVERIFY(!search.isVisible());
        QCOMPARE(chosen.count(), 1);
    }

    void toastComesAndGoes() {
        QWidget window;
        window.resize(400, 300);
        window.show();
        Toast toast(&window);
        toast.say("Saved.", Severity::Success, {}, 60);
        QVERIFY(toast.isVisible());
        QVERIFY(window.rect().contains(toast.geometry()));
        QTRY_VERIFY(!toast.isVisible());
    }

    void keySheetEscapesHtml() {
        KeySheet sheet;
        sheet.setShortcuts({{"Drawing", "A < B", "Ctrl+<"}, {"Items", "Next", "D, PgDown"}});
        QVERIFY(sheet.toHtml().contains("A &lt; B"));
        QVERIFY(sheet.toHtml().contains("D, PgDown"));
        int caps = 0;
        for (const QLabel* label : sheet.findChildren<QLabel*>())
            caps += label->property("role") == "key";
        QCOMPARE(caps, 3);
    }

    void everythingHasAName() {
        ReasonPanel reason;
        reason.setReason({0.81, 3, 20, {{"Uncertainty", "help", 0.6, 1.0}}, "Model from round 3"});
        QVERIFY(reason.accessibleDescription().contains("Uncertainty 0.60"));
        EmptyState empty;
        empty.setContent("folder", "No project", "Open one.");
        QCOMPARE(empty.accessibleName(), QStringLiteral("No project"));
        for (QWidget* widget : std::initializer_list<QWidget*>{new ThumbnailStrip, new ObjectTable}) {
            QVERIFY(!widget->accessibleName().isEmpty());
            delete widget;
        }
    }

    void timesAreShownInBothFormsThatProjectsHold() {
        const QDateTime utc(QDate(2026, 11, 21), QTime(2, 32, 12), QTimeZone::utc());
        const QString shown = QLocale().toString(utc.toLocalTime(), QLocale::ShortFormat);
        QCOMPARE(widgets::common::localTime("2026-11-21T02:32:12.123Z"), shown);
        QCOMPARE(widgets::common::localTime("2026-11-21T02:32:12Z"), shown);
        QCOMPARE(widgets::common::localTime("yesterday"), QStringLiteral("yesterday"));
    }
};

QTEST_MAIN(TestWidgetsCommon)
#include "tst_widgets_common.moc"

#include "app/controllers/new_project.h"
#include "app/shell/main_window.h"
#include "engine/session/machine.h"
#include "tests/app/support/shell_fixture.h"
#include "widgets/common/banner.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>

#include <algorithm>

using namespace querent;
using namespace querent::app;
using namespace querent::app::bridge;
using namespace querent::app::controllers;
using namespace querent::app::pages;
using namespace querent::app::shell;
using test::find;

class TestShellDialogs : public QObject {
    Q_OBJECT
 private Q_SLOTS:
    void init();
    void cleanup();
    void newProjectValidatesUnderTheField();
    void aboutNamesTheBlas();
    void importLooksFirst();
    void exportRefusesToOverwriteWithoutATick();
    void classesAreAddedAndArchived();
    void preferencesHoldAtOnce();
    void everyWidgetThatActsHasAName();

 private:
    void openProject();
    std::unique_ptr<test::Shell> m_shell;
};

void TestShellDialogs::init() {
    m_shell = std::make_unique<test::Shell>();
    m_shell->app().window().show();
}

void TestShellDialogs::cleanup() {
    m_shell.reset();
}

void TestShellDialogs::openProject() {
    test::drawVocSet(m_shell->path("voc"), 12);
    NewProjectPlan plan;
    plan.file = toPath(m_shell->path("d.querent"));
    plan.settings.name = "Dialogs";
    plan.data.format = "voc";
    plan.data.from = toPath(m_shell->path("voc"));
    plan.data.splits = toPath(m_shell->path("voc/ImageSets/Main"));
    const auto report = createProject(plan, Job());
    QVERIFY2(report.ok(), report.ok() ? "" : report.error().text().c_str());
    m_shell->app().openProject(m_shell->path("d.querent"));
    QTRY_VERIFY(m_shell->app().project() != nullptr);
}

void TestShellDialogs::newProjectValidatesUnderTheField() {
    QDialog* dialog = m_shell->app().window().newProject();
    auto* create = find<QPushButton>(dialog, "newCreate");
    auto* name = find<QLineEdit>(dialog, "newName");
    auto* classes = find<QPlainTextEdit>(dialog, "newClasses");
    QVERIFY(create->isEnabled());
    name->clear();
    QVERIFY(!create->isEnabled());
    QVERIFY(!find<QLabel>(dialog, "newNameHint")->text().isEmpty());
    name->setText("a/b: strange?");
    QVERIFY(create->isEnabled());
    QVERIFY(find<QLabel>(dialog, "newFile")->text().endsWith("a-b- strange-.querent"));
    classes->setPlainText("cat\n\ncat");
    QVERIFY(!create->isEnabled());
    QVERIFY(find<QLabel>(dialog, "newClassesHint")->text().contains("cat"));
    classes->setPlainText("cat\ndog");
    find<QLineEdit>(dialog, "newData")->setText("/nowhere/at/all");
    QVERIFY(!create->isEnabled());
    QVERIFY(!find<QLabel>(dialog, "newDataHint")->text().isEmpty());
}

void TestShellDialogs::aboutNamesTheBlas() {
    QDialog* dialog = m_shell->app().window().about();
    dialog->show();
    auto* line = find<QLabel>(dialog, "aboutBlas");
    QVERIFY(line->text().contains(QString::fromStdString(session::blasInUse())));
    QVERIFY(dialog->rect().contains(line->geometry()));
}

void TestShellDialogs::importLooksFirst() {
    openProject();
    QFile broken(m_shell->path("voc/Annotations/broken.xml"));
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write("<annotation><filename>x.png</filename>\n<object>\n");
    broken.close();
    QDialog* dialog = m_shell->app().window().importData(m_shell->path("voc"));
    auto* format = find<QComboBox>(dialog, "importFormat");
    QTRY_COMPARE(format->currentData().toString(), QString("voc"));
    const qint64 before = m_shell->app().project()->counts().total();
    find<QPushButton>(dialog, "importLook")->click();
    auto* complaints = find<QTableWidget>(dialog, "importComplaints");
    QTRY_VERIFY(complaints->rowCount() > 0);
    QCOMPARE(complaints->item(0, 2)->text(), QString("Annotations/broken.xml"));
    // A sentence is shown to its end, however long.
    const QString sentence = complaints->item(0, 1)->text();
    const QFontMetrics metrics(complaints->font());
    const int lines =
        metrics.boundingRect(QRect(0, 0, complaints->columnWidth(1), 1000), Qt::TextWordWrap, sentence).height();
    QVERIFY2(complaints->rowHeight(0) >= lines, qPrintable(sentence));
    auto* rows = find<QTableWidget>(dialog, "importRows");
    QCOMPARE(rows->rowCount(), 10);
    QVERIFY(rows->isVisible() && !rows->item(0, 0)->text().isEmpty());
    QCOMPARE(m_shell->app().project()->counts().total(), before);  // nothing was written
}

void TestShellDialogs::exportRefusesToOverwriteWithoutATick() {
    openProject();
    QDialog* dialog = m_shell->app().window().exportData();
    auto* format = find<QComboBox>(dialog, "exportFormat");
    format->setCurrentIndex(format->findData("coco"));
    auto* to = find<QLineEdit>(dialog, "exportTo");
    auto* write = find<QPushButton>(dialog, "exportRun");
    auto* overwrite = find<QCheckBox>(dialog, "exportOverwrite");
    const QString file = m_shell->path("out.json");
    to->setText(file);
    QVERIFY(!overwrite->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(write->isEnabled(), 10000);  // the losses have been told
    QVERIFY(find<QListWidget>(dialog, "exportLosses")->count() > 0);
    write->click();
    const auto saidSo = [dialog] {
        const auto labels = dialog->findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(),
                           [](QLabel* label) { return label->text().contains("written to"); });
    };
    QTRY_VERIFY_WITH_TIMEOUT(saidSo(), 10000);
    QVERIFY(QFile::exists(file));
    QTRY_VERIFY(overwrite->isVisible());
    QVERIFY(!write->isEnabled());
    overwrite->setChecked(true);
    QTRY_VERIFY(write->isEnabled());
}

void TestShellDialogs::classesAreAddedAndArchived() {
    openProject();
    QDialog* dialog = m_shell->app().window().editClasses();
    auto* table = find<QTableWidget>(dialog, "classesTable");
    QCOMPARE(table->rowCount(), 1);
    QCOMPARE(table->item(0, 1)->text(), QString("12"));
    find<QLineEdit>(dialog, "classesName")->setText("circle");
    find<QPushButton>(dialog, "classesAdd")->click();
    QTRY_COMPARE(table->rowCount(), 2);
    table->selectRow(1);
    find<QPushButton>(dialog, "classesArchive")->click();
    QTRY_VERIFY(m_shell->app().project()->classes()[1].archived);
    QTRY_COMPARE(m_shell->app().document()->classes().size(), std::size_t{1});
}

void TestShellDialogs::preferencesHoldAtOnce() {
    QDialog* dialog = m_shell->app().window().preferences();
    auto* theme = find<QComboBox>(dialog, "preferencesTheme");
    const QColor before = qApp->palette().color(QPalette::Window);
    theme->setCurrentIndex(theme->findData("dark"));
    Q_EMIT theme->activated(theme->currentIndex());
    QVERIFY(qApp->palette().color(QPalette::Window).lightness() < before.lightness());
    QCOMPARE(m_shell->app().settings().theme(), QString("dark"));
    auto* table = find<QTableWidget>(dialog, "keysTable");
    QVERIFY(table->rowCount() > 20);
    int row = 0;
    while (row < table->rowCount() && table->item(row, 0)->data(Qt::UserRole).toString() != "item.next")
        ++row;
    QVERIFY(row < table->rowCount());
    table->selectRow(row);
    find<QKeySequenceEdit>(dialog, "keysSequence")->setKeySequence(QKeySequence("Ctrl+Alt+J"));
    find<QPushButton>(dialog, "keysSet")->click();
    QCOMPARE(m_shell->app().keymap().keys("item.next"), QList<QKeySequence>{QKeySequence("Ctrl+Alt+J")});
    m_shell->restart();
    QCOMPARE(m_shell->app().keymap().keys("item.next"), QList<QKeySequence>{QKeySequence("Ctrl+Alt+J")});
    QCOMPARE(m_shell->app().settings().theme(), QString("dark"));
}

void TestShellDialogs::everyWidgetThatActsHasAName() {
    openProject();
    MainWindow& window = m_shell->app().window();
    window.newProject();
    window.importData();
    window.exportData();
    window.editClasses();
    window.preferences();
    window.about();
    QStringList nameless;
    for (QWidget* widget : window.findChildren<QWidget*>()) {
        const bool acts = qobject_cast<QPushButton*>(widget) != nullptr ||
                          qobject_cast<QCheckBox*>(widget) != nullptr || qobject_cast<QComboBox*>(widget) != nullptr ||
                          qobject_cast<QPlainTextEdit*>(widget) != nullptr;
        if (!acts || !widget->objectName().isEmpty()) continue;
        nameless << QString::fromLatin1(widget->metaObject()->className()) + " in " +
                        (widget->parentWidget() != nullptr ? widget->parentWidget()->objectName() : QString());
    }
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(", ")));
}

QTEST_MAIN(TestShellDialogs)
#include "tst_shell_dialogs.moc"

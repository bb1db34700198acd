// Data, Progress and Train in projects where whole items have classes.
#include "app/bridge/task_pool.h"
#include "app/controllers/new_project.h"
#include "app/models/item_table_model.h"
#include "app/models/measures.h"
#include "app/models/progress_figures.h"
#include "app/models/task_words.h"
#include "app/pages/data/data_page.h"
#include "app/pages/progress/progress_page.h"
#include "app/pages/train/model_history.h"
#include "app/preferences/settings.h"
#include "engine/session/round.h"
#include "engine/session/training.h"
#include "tests/app/support/shell_fixture.h"
#include "widgets/charts/confusion_matrix.h"

#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace querent;
using namespace querent::app;
using namespace querent::app::bridge;
using namespace querent::app::controllers;
using namespace querent::app::models;
using namespace querent::app::pages;
using namespace querent::app::pages::data;
using namespace querent::app::pages::progress;
using namespace querent::app::pages::train;
using namespace querent::app::preferences;
using test::find;

namespace {

std::unique_ptr<session::Project> make(const QString& file, LabelKind kind, const std::vector<Modality>& media,
                                       const char* format, const QString& data) {
    NewProjectPlan plan;
    plan.file = toPath(file);
    setLabelKind(plan.settings, kind, media);
    plan.settings.name = "Classes";
    plan.settings.strategy = "random";
    plan.settings.holdoutShare = 0.25;
    plan.data.format = format;
    plan.data.from = toPath(data);
    const auto report = createProject(plan, Job());
    if (!report) qFatal("%s", report.error().text().c_str());
    auto project = session::project::Project::open(plan.file, session::project::OpenMode::ReadWrite);
    if (!project) qFatal("%s", project.error().text().c_str());
    return std::move(project).value();
}

session::RoundOptions quick(int count) {
    session::RoundOptions options;
    options.count = count;
    options.steps = 2;
    options.device = "cpu";
    options.askedOnly = true;
    return options;
}

}  // namespace

class TestClassPages : public QObject {
    Q_OBJECT
 private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void figuresOfRounds();
    void theMatrixAgreesWithTop1();
    void progressPageOfOneClass();
    void progressPageOfSeveralClasses();
    void modelsAreListedByTheirMeasures();
    void columnsFitTheProject();
    void rowsTellClassesAndGuesses();
    void textsAreShown();
    void soundsAreShown();

 private:
    QString path(const char* name) const { return m_dir.filePath(QString::fromUtf8(name)); }

    QTemporaryDir m_dir;
    std::unique_ptr<Settings> m_settings;
    TaskPool m_pool;
    std::unique_ptr<session::Project> m_one;      // two classes of pictures, two rounds
    std::unique_ptr<session::Project> m_several;  // several classes of texts, one training
};

void TestClassPages::initTestCase() {
    m_settings = std::make_unique<Settings>(path("s.ini"));
    test::drawPictures(path("animals/cat"), 12);
    test::drawPictures(path("animals/Weißbauchschlangenadler"), 12, 50);
    m_one = make(path("one.querent"), LabelKind::OneClass, {Modality::Image}, "folders", path("animals"));
    for (int round = 1; round <= 2; ++round) {
        session::Round next(*m_one, quick(6));
        QVERIFY(next.suggest(Job()).ok());
        const auto done = next.advance(Job());
        QVERIFY2(done.ok(), done ? "" : done.error().text().c_str());
    }
    QString rows = QStringLiteral("id,split,class,text\n");
    for (int i = 0; i < 12; ++i) {
        const char* classes[] = {"wind", "rain|wind", "rain"};
        rows +=
            QStringLiteral("t%1,%2,%3,\"The sound of %3, taken at place %1\"\n")
                .arg(i)
                .arg(i % 3 == 0 ? QStringLiteral("val") : QStringLiteral("train"), QLatin1String(classes[i % 4 % 3]));
    }
    test::writeText(path("texts.csv"), rows);
    m_several = make(path("several.querent"), LabelKind::SeveralClasses, {Modality::Text}, "csv", path("texts.csv"));
    const auto model = session::trainNow(*m_several, quick(0), {}, Job());
    QVERIFY2(model.ok(), model ? "" : model.error().text().c_str());
}

void TestClassPages::cleanupTestCase() {
    m_one.reset();
    m_several.reset();
}

void TestClassPages::figuresOfRounds() {
    const ProgressFigures figures = gatherProgress(*m_one);
    QCOMPARE(figures.headline, std::string("top1"));
    QCOMPARE(figures.rounds.size(), 2);
    for (const Measure& measure : measuresOf(m_one->settings())) {
        const auto curve = figures.curve(QString::fromStdString(measure.name));
        QVERIFY2(curve.size() == 2, measure.name.c_str());
        QCOMPARE(curve[0].x, 6.0);
        QCOMPARE(curve[1].x, 12.0);
        QVERIFY(curve[0].low <= curve[0].value && curve[0].value <= curve[0].high);
    }
    QCOMPARE(figures.lastMeasured()->number, 2);
    QCOMPARE(figures.measuredBefore()->number, 1);
    QCOMPARE(figures.curve(QStringLiteral("map50")).size(), 0);  // boxes are no part of this project
    const auto bars = classBars(*m_one, QStringLiteral("f1"));
    QCOMPARE(bars.size(), 2);
    QCOMPARE(bars[0].count + bars[1].count, m_one->counts().trainable(Split::Val));
}

void TestClassPages::theMatrixAgreesWithTop1() {
    const auto confusion = newestConfusion(*m_one);
    QVERIFY(confusion.has_value());
    const std::int64_t all = std::accumulate(confusion->counts.begin(), confusion->counts.end(), std::int64_t{0});
    QCOMPARE(all, m_one->counts().trainable(Split::Val));
    const double right = static_cast<double>(confusion->count(0, 0) + confusion->count(1, 1));
    const ProgressFigures figures = gatherProgress(*m_one);
    const Metric* top1 = figures.lastMeasured()->metric("top1");
    QVERIFY(std::abs(right / static_cast<double>(all) - top1->value) < 1e-12);
    QVERIFY(!newestConfusion(*m_several).has_value());
}

void TestClassPages::progressPageOfOneClass() {
    ProgressPage page(*m_settings);
    page.resize(1200, 900);
    page.setProject(m_one.get());
    page.show();
    const ProgressFigures figures = gatherProgress(*m_one);
    const Metric* top1 = figures.lastMeasured()->metric("top1");
    QCOMPARE(find<QLabel>(&page, "figureHeadline")->text(), QLocale().toString(top1->value, 'f', 3));
    auto* measure = find<QComboBox>(&page, "progressMetric");
    QStringList titles;
    for (int i = 0; i < measure->count(); ++i)
        titles << measure->itemText(i);
    QCOMPARE(titles, QStringList({"Top-1", "Macro-F1", "mAP", "NLL", "ECE"}));
    auto* rounds = find<QTableWidget>(&page, "progressRounds");
    QCOMPARE(rounds->horizontalHeaderItem(3)->text(), QString("Top-1"));
    QCOMPARE(rounds->rowCount(), 2);
    auto* matrix = find<widgets::charts::ConfusionMatrix>(&page, "progressConfusion");
    QVERIFY(matrix->isVisible());
    const auto confusion = newestConfusion(*m_one);
    QCOMPARE(matrix->count(1, 0), confusion->count(1, 0));
    // A measure without an upper end has an axis of its own, and the bars stay shares.
    auto* curve = page.findChild<widgets::charts::ChartPanel*>("progressCurve");
    measure->setCurrentIndex(3);
    QVERIFY(curve->csv().contains("NLL,6,"));
    QVERIFY(page.findChild<widgets::charts::ChartPanel*>("progressClasses")->csv().startsWith("class,value"));
    for (const QLabel* label : page.findChildren<QLabel*>()) {
        QVERIFY2(!label->isVisible() || !label->text().contains("box"), qPrintable(label->text()));
        QVERIFY2(!label->isVisible() || !label->text().contains("@.5"), qPrintable(label->text()));
    }
}

void TestClassPages::progressPageOfSeveralClasses() {
    ProgressPage page(*m_settings);
    page.resize(1200, 900);
    page.setProject(m_several.get());
    page.show();
    QCOMPARE(find<QComboBox>(&page, "progressMetric")->itemText(0), QString("mAP"));
    QVERIFY(!find<widgets::charts::ConfusionMatrix>(&page, "progressConfusion")->isVisible());
    QCOMPARE(find<QTableWidget>(&page, "progressRounds")->horizontalHeaderItem(3)->text(), QString("mAP"));
    QCOMPARE(gatherProgress(*m_several).headline, std::string("map"));
    // The same page takes a project of another kind.
    page.setProject(m_one.get());
    QCOMPARE(find<QComboBox>(&page, "progressMetric")->itemText(0), QString("Top-1"));
    QVERIFY(find<widgets::charts::ConfusionMatrix>(&page, "progressConfusion")->isVisible());
}

void TestClassPages::modelsAreListedByTheirMeasures() {
    ModelHistory history(m_pool);
    history.setProject(m_one.get());
    auto* models = find<QTableWidget>(&history, "modelTable");
    QCOMPARE(models->horizontalHeaderItem(3)->text(), QString("Top-1"));
    QCOMPARE(models->horizontalHeaderItem(4)->text(), QString("Macro-F1"));
    QCOMPARE(models->rowCount(), 2);
    QVERIFY(models->item(0, 3)->text() != QStringLiteral("–"));
    history.show();
    models->selectAll();
    find<QPushButton>(&history, "modelCompare")->click();
    auto* compared = find<QTableWidget>(&history, "modelCompared");
    QCOMPARE(compared->rowCount(), 5 + 2);  // measures, and F1 of each class
    QCOMPARE(compared->item(0, 0)->text(), QString("Top-1"));
    QVERIFY(compared->item(6, 0)->text().startsWith("F1 of "));
}

void TestClassPages::columnsFitTheProject() {
    DataPage page(m_pool, *m_settings);
    page.resize(1900, 700);
    page.setProject(m_one.get());
    page.show();
    auto* table = find<QTableView>(&page, "dataTable");
    using Model = ItemTableModel;
    const auto shown = [table] {
        QSet<int> columns;
        for (int i = 0; i < Model::ColumnCount; ++i) {
            if (!table->isColumnHidden(i)) columns << i;
        }
        return columns;
    };
    const QSet<int> always = {Model::Name,        Model::SplitColumn, Model::State,
                              Model::RoundColumn, Model::Score,       Model::Marks};
    QCOMPARE(shown(), always + QSet<int>({Model::ClassColumn, Model::PredictedColumn, Model::SizeColumn}));
    // Names come before what the preview says too.
    page.resize(1150, 700);
    QTRY_VERIFY(!shown().contains(Model::SizeColumn));
    QVERIFY(table->columnWidth(Model::Name) >= 170);
    page.resize(1900, 700);
    QTRY_VERIFY(shown().contains(Model::SizeColumn));
    page.setProject(m_several.get());
    QCOMPARE(shown(), always + QSet<int>({Model::ClassColumn, Model::PredictedColumn, Model::TextColumn}));
    test::drawSounds(path("sounds"), 2);
    const auto sounds = make(path("sounds.querent"), LabelKind::BoxesOnSounds, {}, "folder", path("sounds"));
    page.setProject(sounds.get());
    QCOMPARE(shown(), always + QSet<int>({Model::Boxes, Model::LengthColumn}));
    QCOMPARE(page.model().index(0, Model::LengthColumn).data().toString(), QString("1.0 s"));
    page.setProject(nullptr);
}

void TestClassPages::rowsTellClassesAndGuesses() {
    ItemTableModel model;
    model.setProject(m_several.get());
    QCOMPARE(model.rowCount(), 12);
    QCOMPARE(model.index(1, ItemTableModel::ClassColumn).data().toString(), QString("rain, wind"));
    QVERIFY(model.index(1, ItemTableModel::TextColumn).data().toString().contains("taken at place 1"));
    model.setProject(m_one.get());
    QSet<QString> classes;
    for (int row = 0; row < model.rowCount(); ++row)
        classes << model.index(row, ItemTableModel::ClassColumn).data().toString();
    QCOMPARE(classes, QSet<QString>({"cat", "Weißbauchschlangenadler"}));
    // The second batch was looked at by the first model; its guesses are gone with it, so they are imported anew.
    session::transfer::ImportRequest guesses;
    guesses.format = "folders";
    guesses.from = toPath(path("animals"));
    guesses.as = session::transfer::ImportAs::Predictions;
    QVERIFY(session::transfer::importInto(*m_one, guesses, Job()).ok());
    const auto models = m_one->models();
    QVERIFY(m_one->setCurrentModel(models.back().id).ok());
    model.refresh();
    QCOMPARE(model.index(0, ItemTableModel::PredictedColumn).data().toString(),
             model.index(0, ItemTableModel::ClassColumn).data().toString() + QStringLiteral(" ") +
                 QLocale().toString(1.0, 'f', 2));
    QVERIFY(m_one->setCurrentModel(models[models.size() - 2].id).ok());
}

void TestClassPages::textsAreShown() {
    DataPage page(m_pool, *m_settings);
    page.resize(1100, 700);
    page.setProject(m_several.get());
    page.show();
    auto* table = find<QTableView>(&page, "dataTable");
    table->setCurrentIndex(page.model().index(0, 0));
    auto* text = find<QPlainTextEdit>(&page, "previewText");
    QTRY_VERIFY(text->toPlainText().contains("taken at place 0"));
    QVERIFY(text->isVisible());
    QVERIFY(!find<QLabel>(&page, "previewPicture")->isVisible());
    page.setProject(nullptr);
    m_pool.waitForDone();
}

void TestClassPages::soundsAreShown() {
    test::drawSounds(path("heard"), 2);
    const auto sounds = make(path("heard.querent"), LabelKind::OneClass, {Modality::Audio}, "folder", path("heard"));
    DataPage page(m_pool, *m_settings);
    page.resize(1100, 700);
    page.setProject(sounds.get());
    page.show();
    find<QTableView>(&page, "dataTable")->setCurrentIndex(page.model().index(0, 0));
    auto* picture = find<QLabel>(&page, "previewPicture");
    QTRY_VERIFY(!picture->pixmap(Qt::ReturnByValue).isNull());
    QVERIFY(!find<QPlainTextEdit>(&page, "previewText")->isVisible());
    page.setProject(nullptr);
    m_pool.waitForDone();
}

QTEST_MAIN(TestClassPages)
#include "tst_class_pages.moc"

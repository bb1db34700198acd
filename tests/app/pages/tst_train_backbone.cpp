// A program that is chosen as the backbone runs only after a question, and only when the answer is yes.

#include "app/bridge/background_bridge.h"
#include "app/bridge/image_convert.h"
#include "app/bridge/task_pool.h"
#include "app/controllers/round_controller.h"
#include "app/pages/train/train_settings.h"
#include "app/preferences/settings.h"
#include "engine/session/programs.h"
#include "tests/app/support/shell_fixture.h"
#include "tests/engine/learn/stored_zip.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace querent;
using namespace querent::app;
using namespace querent::app::bridge;
using namespace querent::app::controllers;
using namespace querent::app::pages::train;
using namespace querent::app::preferences;
using test::find;

class TestTrainBackbone : public QObject {
    Q_OBJECT

    static QMessageBox* question(TrainSettings& page) {
        return page.findChild<QMessageBox*>(QStringLiteral("trainProgram"));
    }

    static void enter(TrainSettings& page, const QString& file) {
        auto* start = find<QComboBox>(&page, "trainStart");
        start->setCurrentIndex(start->findData(QStringLiteral("file")));
        auto* field = find<QLineEdit>(&page, "trainBackbone");
        field->setText(file);
        Q_EMIT field->editingFinished();
    }

 private Q_SLOTS:
    void aProgramIsAskedAboutOnce() {
        QTemporaryDir dir;
        qputenv("XDG_CONFIG_HOME", dir.filePath("config").toUtf8());
        const QString program = dir.filePath("backbone.pt");
        test::writeText(program, QString::fromStdString(tests::storedZip({{"b/code/__torch__.py", "?"}})));
        const QString numbers = dir.filePath("numbers.safetensors");
        test::writeText(numbers, QStringLiteral("numbers"));
        ProjectSettings settings;
        settings.name = "Boxes";
        auto project = session::project::Project::create(toPath(dir.filePath("p.querent")), settings, {"a"});
        QVERIFY(project.ok());
        Settings kept(dir.filePath("s.ini"));
        BackgroundBridge worker;
        RoundController rounds(worker, kept);
        TaskPool pool;
        TrainSettings page(pool, rounds);
        page.setProject(project->get());
        page.show();
        const auto stored = [&] { return QString::fromStdString((*project)->settings().backboneWeights); };

        // Numbers are taken without a word.
        enter(page, numbers);
        QTRY_COMPARE(stored(), numbers);
        QVERIFY(question(page) == nullptr);

        // No is the answer that Enter and Escape give: nothing is set.
        enter(page, program);
        QTRY_VERIFY(question(page) != nullptr);
        QVERIFY2(question(page)->text().contains("TorchScript program"), qPrintable(question(page)->text()));
        QVERIFY(question(page)->standardButton(question(page)->defaultButton()) == QMessageBox::Cancel);
        question(page)->reject();
        QTRY_VERIFY(question(page) == nullptr);
        QCOMPARE(find<QLineEdit>(&page, "trainBackbone")->text(), numbers);
        QCOMPARE(stored(), numbers);
        QVERIFY(*session::isUntrustedProgram(toPath(program)));

        enter(page, program);
        QTRY_VERIFY(question(page) != nullptr);
        find<QAbstractButton>(question(page), "trainProgramRun")->click();
        QTRY_COMPARE(stored(), program);
        QVERIFY(!*session::isUntrustedProgram(toPath(program)));

        // What was allowed once is not asked about again.
        enter(page, numbers);
        QTRY_COMPARE(stored(), numbers);
        enter(page, program);
        QTRY_COMPARE(stored(), program);
        QVERIFY(question(page) == nullptr);
        pool.waitForDone();
        page.setProject(nullptr);
    }

    // From the built-in weights, unless somebody wants nothing or a file; sounds have no built-in ones.
    void whatToStartFromIsAChoice() {
        QTemporaryDir dir;
        Settings kept(dir.filePath("s.ini"));
        BackgroundBridge worker;
        RoundController rounds(worker, kept);
        TaskPool pool;
        ProjectSettings settings;
        settings.name = "Pictures";
        auto project = session::project::Project::create(toPath(dir.filePath("p.querent")), settings, {"a"});
        QVERIFY(project.ok());
        TrainSettings page(pool, rounds);
        page.setProject(project->get());
        page.show();
        find<QToolButton>(&page, "trainExpertFold")->setChecked(true);
        auto* start = find<QComboBox>(&page, "trainStart");
        auto* field = find<QLineEdit>(&page, "trainBackbone");
        QVERIFY(start->isVisible());
        QVERIFY(!field->isVisible());
        QCOMPARE(start->currentData().toString(), QString());
        start->setCurrentIndex(start->findData(QStringLiteral("none")));
        Q_EMIT start->activated(start->currentIndex());
        QTRY_COMPARE((*project)->settings().backboneWeights, std::string(kNoBackbone));
        QVERIFY(!field->isVisible());
        const auto written = [&project](const char* weights) {
            return (*project)->changeSettings([weights](ProjectSettings& set) { set.backboneWeights = weights; }).ok();
        };
        QVERIFY(written("/weights.safetensors"));
        // Until its own write is over the page shows what it has written.
        QTRY_VERIFY((page.refresh(), start->currentData().toString() == QStringLiteral("file")));
        QVERIFY(field->isVisible());
        QCOMPARE(field->text(), QStringLiteral("/weights.safetensors"));
        start->setCurrentIndex(0);
        Q_EMIT start->activated(0);
        QTRY_COMPARE((*project)->settings().backboneWeights, std::string());
        QVERIFY(!field->isVisible());
        page.setProject(nullptr);

        ProjectSettings sounds;
        sounds.name = "Sounds";
        sounds.task = TaskKind::Classify;
        sounds.media = {Modality::Audio};
        auto second = session::project::Project::create(toPath(dir.filePath("s.querent")), sounds, {"a"});
        QVERIFY(second.ok());
        page.setProject(second->get());
        QVERIFY(!start->isVisible());
        pool.waitForDone();
        page.setProject(nullptr);
    }
};

QTEST_MAIN(TestTrainBackbone)
#include "tst_train_backbone.moc"

#include "app/bridge/task_pool.h"
#include "app/controllers/new_project.h"
#include "app/dialogs/new_project_dialog.h"
#include "app/preferences/settings.h"
#include "engine/session/project/project.h"
#include "tests/app/support/shell_fixture.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace querent;
using namespace querent::app;
using namespace querent::app::bridge;
using namespace querent::app::dialogs;
using namespace querent::app::preferences;
using test::find;

namespace {

using Media = std::vector<Modality>;

}  // namespace

/** A project of every kind, made of files as a person has them: what is guessed, and what is in the project then. */
class TestNewProjectDialog : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<TaskPool> m_pool;
    std::unique_ptr<NewProjectDialog> m_dialog;
    std::unique_ptr<session::Project> m_project;

    QString path(const char* name) const { return m_dir->filePath(QLatin1String(name)); }

    /** Drops the data, waits for the guess, creates and opens the project. */
    void create(const QString& data, const char* expectedFormat) {
        m_dialog->setData(data);
        auto* button = find<QPushButton>(m_dialog.get(), "newCreate");
        QVERIFY(!button->isEnabled());
        QTRY_VERIFY2(button->isEnabled(), qPrintable(button->toolTip()));
        QCOMPARE(find<QComboBox>(m_dialog.get(), "newFormat")->currentData().toString(), QLatin1String(expectedFormat));
        QSignalSpy created(m_dialog.get(), &NewProjectDialog::created);
        button->click();
        QTRY_COMPARE_WITH_TIMEOUT(created.count(), 1, 20000);
        auto opened = session::project::Project::open(toPath(created.first().first().toString()),
                                                      session::project::OpenMode::ReadOnly);
        QVERIFY(opened.ok());
        m_project = std::move(opened).value();
    }

    void isAbout(TaskKind task, const Media& media, bool multiLabel) const {
        const ProjectSettings settings = m_project->settings();
        QCOMPARE(int(settings.task), int(task));
        QVERIFY(settings.media == media);
        QCOMPARE(settings.multiLabel, multiLabel);
    }

 private Q_SLOTS:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<Settings>(path("settings.ini"));
        m_settings->setLastFolder(m_dir->path());
        m_pool = std::make_unique<TaskPool>();
        m_dialog = std::make_unique<NewProjectDialog>(*m_settings, *m_pool);
        m_dialog->show();
    }

    void cleanup() {
        m_project.reset();
        m_dialog.reset();
        m_pool.reset();
    }

    void boxesOnPictures() {
        test::drawPictures(path("pictures"), 6);
        create(path("pictures"), "folder");
        isAbout(TaskKind::Detect, {Modality::Image}, false);
        QCOMPARE(m_project->counts().total(), 6);
    }

    // Nothing is left out in silence: what the import has to say stands there before the project opens.
    void whatWasLostIsToldBeforeTheProjectOpens() {
        test::drawPictures(path("set"), 4);
        test::writeText(path("set/boxes.csv"),
                        "image,xmin,ymin,xmax,ymax,label\n001.png,1,2,20,22,cat\n001.png,one,2,20,22,cat\n"
                        "002.png,1,2,20,22,cat\n");
        m_dialog->setData(path("set/boxes.csv"));
        auto* button = find<QPushButton>(m_dialog.get(), "newCreate");
        QTRY_VERIFY2(button->isEnabled(), qPrintable(button->toolTip()));
        QSignalSpy created(m_dialog.get(), &NewProjectDialog::created);
        button->click();
        auto* list = find<QTableWidget>(m_dialog.get(), "importComplaints");
        QTRY_VERIFY_WITH_TIMEOUT(list->isVisible(), 20000);
        QCOMPARE(created.count(), 0);
        QVERIFY(find<QLabel>(m_dialog.get(), "importSummary")->text().contains("Items that lost an answer: 1"));
        QCOMPARE(list->findItems("3", Qt::MatchExactly).size(), 1);  // the line
        QVERIFY(!find<QLineEdit>(m_dialog.get(), "newName")->isVisible());
        QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
        QCOMPARE(created.count(), 1);
        QVERIFY(!m_dialog->isVisible());
        auto opened = session::project::Project::open(toPath(created.first().first().toString()),
                                                      session::project::OpenMode::ReadOnly);
        QVERIFY(opened.ok());
        QCOMPARE((*opened)->counts().flagged, 1);
    }

    void boxesOnSounds() {
        test::drawSounds(path("meadow/audio"), 4);
        test::writeText(path("meadow/raven/001.Table.1.selections.txt"),
                        "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq "
                        "(Hz)\tAnnotation\n1\tSpectrogram 1\t1\t0.25\t0.5\t300\t700\tHeuschrecke\n");
        create(path("meadow/raven"), "raven");
        isAbout(TaskKind::Detect, {Modality::Audio}, false);
        QCOMPARE(m_project->counts().total(), 4);
        QCOMPARE(m_project->classes().at(0).name, std::string("Heuschrecke"));
        QCOMPARE(m_project->settings().mel.rate, 8000);
    }

    void aFolderOfSounds() {
        test::drawSounds(path("calls"), 5);
        create(path("calls"), "folder");
        isAbout(TaskKind::Detect, {Modality::Audio}, false);
        QCOMPARE(m_project->rows({}, 0, 1).at(0).seconds, 1.0);
    }

    void oneClassByFolders() {
        test::drawPictures(path("by class/cat"), 5);
        test::drawPictures(path("by class/dog"), 5, 50);
        create(path("by class"), "folders");
        isAbout(TaskKind::Classify, {Modality::Image}, false);
        QCOMPARE(m_project->classes().size(), std::size_t{2});
        QCOMPARE(m_project->counts().trainable(Split::Train), 8);
    }

    void severalMediaByAManifest() {
        test::drawPictures(path("set"), 3);
        test::drawSounds(path("set"), 3);
        test::writeText(path("set/manifest.csv"),
                        "id,split,class,image,audio,text\na,train,x,001.png,001.wav,one\nb,train,y,002.png,,two\n"
                        "c,val,x,003.png,003.wav,\n");
        create(path("set/manifest.csv"), "csv");
        isAbout(TaskKind::Classify, {Modality::Image, Modality::Audio, Modality::Text}, false);
        QCOMPARE(m_project->counts().total(), 3);
        QCOMPARE(m_project->counts().inSplit(Split::Val), 1);
    }

    void severalClassesOfTexts() {
        test::writeText(path("texts.csv"), "id,class,text\na,good|short,fine\nb,good,a longer text\nc,,who knows\n");
        create(path("texts.csv"), "csv");
        isAbout(TaskKind::Classify, {Modality::Text}, true);
        QCOMPARE(m_project->counts().total(), 3);
        QCOMPARE(m_project->classes().size(), std::size_t{3 - 1});
    }

    // Whoever has said what is labelled is not overruled by a guess.
    void aChoiceStays() {
        test::drawSounds(path("calls"), 4);
        auto* task = find<QComboBox>(m_dialog.get(), "newTask");
        task->setCurrentText(QStringLiteral("Several classes for each item"));
        Q_EMIT task->activated(task->currentIndex());
        auto* sounds = find<QCheckBox>(m_dialog.get(), "newSounds");
        QVERIFY(sounds->isVisible());
        sounds->click();
        find<QCheckBox>(m_dialog.get(), "newPictures")->click();
        create(path("calls"), "folder");
        isAbout(TaskKind::Classify, {Modality::Audio}, true);
    }

    void formatsFollowTheTask() {
        auto* formats = find<QComboBox>(m_dialog.get(), "newFormat");
        auto* task = find<QComboBox>(m_dialog.get(), "newTask");
        QVERIFY(formats->findData("voc") >= 0);
        QVERIFY(!find<QCheckBox>(m_dialog.get(), "newTexts")->isVisible());
        task->setCurrentText(QStringLiteral("Boxes on sounds"));
        QVERIFY(formats->findData("voc") < 0);
        QVERIFY(formats->findData("birdnet") >= 0);
        task->setCurrentText(QStringLiteral("One class for each item"));
        QVERIFY(formats->findData("folders") >= 0);
        QVERIFY(find<QCheckBox>(m_dialog.get(), "newTexts")->isVisible());
        for (int i = 0; i < formats->count(); ++i)
            QVERIFY2(formats->itemText(i) != formats->itemData(i).toString(), "a format without a title");
    }

    void strategiesAreProposedByTask() {
        auto* strategies = find<QComboBox>(m_dialog.get(), "newStrategy");
        auto* task = find<QComboBox>(m_dialog.get(), "newTask");
        QCOMPARE(strategies->currentText(), QString("Entropy"));
        task->setCurrentText(QStringLiteral("One class for each item"));
        QCOMPARE(strategies->currentText(), QString("RL-MBA"));
        task->setCurrentText(QStringLiteral("Boxes on sounds"));
        QCOMPARE(strategies->currentText(), QString("Entropy"));
        strategies->setCurrentIndex(strategies->findData("rl-mba"));
        const QString sentence = find<QLabel>(m_dialog.get(), "newStrategySentence")->text();
        QVERIFY2(sentence.contains("validation set") && sentence.contains("Until then"), qPrintable(sentence));
        strategies->setCurrentIndex(strategies->findData("margin"));
        QVERIFY(!find<QLabel>(m_dialog.get(), "newStrategySentence")->text().contains("validation set"));
        task->setCurrentIndex(0);
        QCOMPARE(strategies->currentText(), QString("Margin"));  // a choice stays
        test::drawPictures(path("pictures"), 6);
        create(path("pictures"), "folder");
        QCOMPARE(m_project->settings().strategy, std::string("margin"));
    }

    void anItemHasSomething() {
        find<QComboBox>(m_dialog.get(), "newTask")->setCurrentText(QStringLiteral("One class for each item"));
        auto* create = find<QPushButton>(m_dialog.get(), "newCreate");
        QVERIFY(create->isEnabled());
        find<QCheckBox>(m_dialog.get(), "newPictures")->click();
        QVERIFY(!create->isEnabled());
        QVERIFY(!find<QLabel>(m_dialog.get(), "newMediaHint")->text().isEmpty());
        find<QCheckBox>(m_dialog.get(), "newTexts")->click();
        QVERIFY(create->isEnabled());
    }
};

QTEST_MAIN(TestNewProjectDialog)
#include "tst_new_project_dialog.moc"

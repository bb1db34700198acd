#include "app/bridge/image_convert.h"
#include "app/controllers/labeling_controller.h"
#include "app/controllers/new_project.h"
#include "app/pages/label/label_page.h"
#include "app/shell/main_window.h"
#include "tests/app/support/shell_fixture.h"
#include "widgets/common/banner.h"

#include <QAction>
#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <csignal>
#include <sys/resource.h>

using namespace querent;
using namespace querent::app;
using namespace querent::app::bridge;
using namespace querent::app::controllers;
using namespace querent::app::shell;
using test::find;

namespace {

// Answers the question about unsaved changes as soon as it is there; says whether it was asked.
class Answerer {
 public:
    /** @param button  its object name; empty for Cancel */
    explicit Answerer(const char* button) {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this, button = QLatin1String(button)] {
            auto* question = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            if (question == nullptr || question->objectName() != QLatin1String("unsavedQuestion")) return;
            m_text = question->text();
            QAbstractButton* chosen =
                button.isEmpty() ? question->button(QMessageBox::Cancel) : question->findChild<QPushButton*>(button);
            if (chosen != nullptr) chosen->click();
        });
        m_timer.start(20);
    }
    const QString& text() const { return m_text; }

 private:
    QTimer m_timer;
    QString m_text;
};

// No file may grow: every write that needs room fails as on a full disk.
class FullDisk {
 public:
    explicit FullDisk(qint64 most) {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_before);
        rlimit limit = m_before;
        limit.rlim_cur = static_cast<rlim_t>(most);
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk() { setrlimit(RLIMIT_FSIZE, &m_before); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

 private:
    rlimit m_before{};
};

}  // namespace

/** Closing with changes that could not be saved, and a project file that moves while its window is open. */
class TestClosing : public QObject {
    Q_OBJECT
 private Q_SLOTS:
    void init();
    void cleanup();
    void nothingIsAskedWhenAllIsSaved();
    void aFullDiskAsksBeforeClosing();
    void aReplacedFileIsNoticedAndSavedElsewhere();
    void savingElsewhereMovesTheWindow();

 private:
    void make(const QString& file);
    void open(const QString& file);
    void answer();
    MainWindow& window() { return m_shell->app().window(); }
    document::Document& document() { return *m_shell->app().document(); }
    QString saved() { return find<QLabel>(&window(), "statusSaved")->text(); }
    std::unique_ptr<test::Shell> m_shell;
    QString m_file;
};

void TestClosing::init() {
    m_shell = std::make_unique<test::Shell>();
    test::drawPictures(m_shell->path("pictures"), 6);
    m_file = m_shell->path("p.querent");
    make(m_file);
    window().show();
    open(m_file);
}

void TestClosing::cleanup() {
    m_shell.reset();
}

void TestClosing::make(const QString& file) {
    NewProjectPlan plan;
    plan.file = toPath(file);
    plan.settings.name = QFileInfo(file).baseName().toStdString();
    plan.settings.holdoutShare = 0.0;
    plan.classes = {"square"};
    plan.data.format = "folder";
    plan.data.from = toPath(m_shell->path("pictures"));
    QVERIFY(createProject(plan, Job()).ok());
}

void TestClosing::open(const QString& file) {
    QSignalSpy opened(&m_shell->app(), &Application::projectOpened);
    m_shell->app().openProject(file);
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 20000);
    document().showUnlabelled();
    window().showPage(MainWindow::Page::Label);
}

// One answer: the current item is empty.
void TestClosing::answer() {
    Edit edit;
    edit.item = document().item().id;
    edit.gesture = "Nothing here";
    edit.markBefore = document().item().mark;
    edit.markAfter = edit.markBefore;
    edit.markAfter->state =
        edit.markBefore->state == ItemState::Skipped ? ItemState::ConfirmedEmpty : ItemState::Skipped;
    document().push(edit);
}

void TestClosing::nothingIsAskedWhenAllIsSaved() {
    answer();
    const Answerer answerer("");
    QVERIFY(window().close());
    QVERIFY(answerer.text().isEmpty());
    QVERIFY(m_shell->app().project() == nullptr);
}

void TestClosing::aFullDiskAsksBeforeClosing() {
    const ItemId item = document().item().id;
    {
        const FullDisk disk(QFileInfo(m_file + "-wal").size());
        for (int i = 0; i < 10; ++i)
            answer();
        {
            const Answerer answerer("");
            QVERIFY(!window().close());
            QVERIFY2(answerer.text().contains("10"), qPrintable(answerer.text()));
        }
        QVERIFY(window().isVisible());
        QCOMPARE(document().pendingWrites(), 10);
        {
            const Answerer answerer("");
            find<QAction>(&window(), "file.close")->trigger();
            QVERIFY(!answerer.text().isEmpty());
        }
        QVERIFY(m_shell->app().project() != nullptr);
    }
    QTRY_COMPARE_WITH_TIMEOUT(document().pendingWrites(), 0, 10000);  // there is room again
    {
        const FullDisk disk(QFileInfo(m_file + "-wal").size());
        answer();
        const Answerer answerer("unsavedDrop");
        QVERIFY(window().close());
        QVERIFY(!answerer.text().isEmpty());
    }
    auto project = session::project::Project::open(toPath(m_file), session::project::OpenMode::ReadWrite);
    QVERIFY(project.ok());
    QCOMPARE((*project)->undoHistory(item, 100).undo.size(), std::size_t{10});
}

void TestClosing::aReplacedFileIsNoticedAndSavedElsewhere() {
    const ItemId item = document().item().id;
    answer();
    QTRY_COMPARE(document().pendingWrites(), 0);
    QTRY_COMPARE(saved(), QString("Saved"));
    make(m_shell->path("theirs.querent"));
    QVERIFY(QFile::remove(m_file));
    QVERIFY(QFile::rename(m_shell->path("theirs.querent"), m_file));
    QTRY_VERIFY_WITH_TIMEOUT(window().banners().has("displaced"), 10000);
    QVERIFY2(saved().startsWith("Not saved"), qPrintable(saved()));
    for (int i = 0; i < 3; ++i)
        answer();
    QTRY_VERIFY(document().saveError().has_value());
    QCOMPARE(document().pendingWrites(), 3);
    {
        const Answerer answerer("");
        QVERIFY(!window().close());
        QVERIFY(answerer.text().contains("3"));
    }
    QSignalSpy opened(&m_shell->app(), &Application::projectOpened);
    QSignalSpy failed(&m_shell->app(), &Application::saveAsFailed);
    window().saveAs(m_file);  // somebody else's now
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, 10000);
    QCOMPARE(document().pendingWrites(), 3);
    const QString elsewhere = m_shell->path("elsewhere.querent");
    window().saveAs(elsewhere);
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 20000);
    QCOMPARE(m_shell->app().project()->file(), toPath(elsewhere));
    QVERIFY(!window().banners().has("displaced"));
    QCOMPARE(m_shell->app().project()->undoHistory(item, 100).undo.size(), std::size_t{4});
    QVERIFY(!QFile::exists(m_file + "-wal"));
    auto theirs = session::project::Project::open(toPath(m_file), session::project::OpenMode::ReadWrite);
    QVERIFY(theirs.ok());
    QVERIFY((*theirs)->check().empty());
    QVERIFY((*theirs)->undoHistory(item, 100).undo.empty());
}

void TestClosing::savingElsewhereMovesTheWindow() {
    answer();
    const ItemId item = document().item().id;
    QSignalSpy opened(&m_shell->app(), &Application::projectOpened);
    window().saveAs(m_shell->path("copy"));
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 20000);
    QCOMPARE(m_shell->app().project()->file(), toPath(m_shell->path("copy.querent")));
    QCOMPARE(m_shell->app().project()->undoHistory(item, 100).undo.size(), std::size_t{1});
    QVERIFY(find<QAction>(&window(), "file.saveAs")->isEnabled());
}

QTEST_MAIN(TestClosing)
#include "tst_closing.moc"

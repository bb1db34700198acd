#include "app/shell/main_window.h"

#include "app/pages/data/data_page.h"
#include "app/pages/label/label_page.h"
#include "app/pages/progress/progress_page.h"
#include "app/pages/start/start_page.h"
#include "app/pages/train/train_page.h"
#include "app/pages/train/train_settings.h"
#include "app/shell/application.h"
#include "app/shell/work_strip.h"
#include "engine/session/logbook/logbook.h"
#include "widgets/common/banner.h"
#include "widgets/common/page_parts.h"
#include "widgets/common/round_bar.h"
#include "widgets/common/toast.h"

#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

#include <cmath>

namespace querent::app::shell {
namespace {

constexpr int kSettle = 600;  // ms after the last edit
const QString kOpenKey = QStringLiteral("open");
const QString kRoundKey = QStringLiteral("round");
const QString kSaveAsKey = QStringLiteral("saveAs");
const QString kDisplacedKey = QStringLiteral("displaced");

QString detailOf(const TrainingStep& tick) {
    const QString step = MainWindow::tr("step %1 of %2")
                             .arg(widgets::common::numberText(tick.step), widgets::common::numberText(tick.steps));
    if (tick.secondsLeft <= 0.0) return step;
    return MainWindow::tr("%1, about %2 left")
        .arg(step, widgets::common::durationText(std::max(1.0, std::round(tick.secondsLeft))));
}

}  // namespace

MainWindow::MainWindow(Application& app) : m_app(app), m_settle(new QTimer(this)) {
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    resize(1360, 860);
    auto* centre = new QWidget(this);
    auto* row = new QHBoxLayout(centre);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    m_pages = new QStackedWidget(centre);
    m_start = new pages::start::StartPage(app.recent(), m_pages);
    m_progress = new pages::progress::ProgressPage(app.settings(), m_pages);
    m_data = new pages::data::DataPage(app.pool(), app.settings(), m_pages);
    m_train = new pages::train::TrainPage(app.rounds(), app.pool(), app.settings(), m_pages);
    for (QWidget* page : {static_cast<QWidget*>(m_start), static_cast<QWidget*>(m_progress),
                          static_cast<QWidget*>(m_data), static_cast<QWidget*>(m_train)}) {
        m_pages->addWidget(page);
    }
    m_banners = new widgets::common::BannerStack(centre);
    m_banners->setObjectName(QStringLiteral("windowBanners"));
    m_strip = new WorkStrip(centre);
    m_strip->hide();
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    column->addWidget(m_banners);
    column->addWidget(m_pages, 1);
    column->addWidget(m_strip);
    row->addWidget(makeRail());
    row->addLayout(column, 1);
    setCentralWidget(centre);
    m_toast = new widgets::common::Toast(centre);
    makeMenus();
    m_settle->setSingleShot(true);
    m_settle->setInterval(kSettle);
    connectPages();
    connectRound();
    connectInstant();
    const QByteArray geometry = app.settings().windowGeometry();
    if (!geometry.isEmpty()) restoreGeometry(geometry);
    showPage(Page::Start);
    refreshActions();
}

MainWindow::~MainWindow() {
    qDeleteAll(m_dialogs.values());
}

void MainWindow::connectPages() {
    connect(&m_app, &Application::projectOpened, this, &MainWindow::onOpened);
    connect(&m_app, &Application::projectClosing, this, &MainWindow::onClosing);
    connect(&m_app, &Application::openFailed, this, [this](const QString&, const Error& error) {
        showPage(Page::Start);
        problem(kOpenKey, QString::fromStdString(error.text()));
        m_app.recent().refresh();
    });
    connect(&m_app, &Application::projectDisplaced, this, &MainWindow::tellDisplaced);
    connect(&m_app, &Application::savingAs, this, [this](bool running) {
        centralWidget()->setEnabled(!running);
        menuBar()->setEnabled(!running);
        if (running) say(tr("Saving everything in another place…"));
    });
    connect(&m_app, &Application::saveAsFailed, this,
            [this](const Error& error) { problem(kSaveAsKey, QString::fromStdString(error.text())); });
    connect(&m_app, &Application::changesLost, this, [this](qint64 count) {
        problem(kSaveAsKey,
                tr("%n change(s) did not fit what is stored, and were left out.", nullptr, static_cast<int>(count)));
    });
    connect(&m_app, &Application::demoFailed, this,
            [this](const Error& error) { problem(kOpenKey, QString::fromStdString(error.text())); });
    connect(m_start, &pages::start::StartPage::newRequested, this, [this] { newProject(); });
    connect(m_start, &pages::start::StartPage::openRequested, this, &MainWindow::openFile);
    connect(m_start, &pages::start::StartPage::projectChosen, &m_app, &Application::openProject);
    connect(m_start, &pages::start::StartPage::dataDropped, this, [this](const QString& path) { newProject(path); });
    connect(m_start, &pages::start::StartPage::demoRequested, this,
            [this](session::transfer::DemoKind kind) { m_app.createDemo({}, kind); });
    connect(m_start, &pages::start::StartPage::demoCancelRequested, &m_app.worker(), &bridge::BackgroundBridge::cancel);
    connect(&m_app.worker(), &bridge::BackgroundBridge::busyChanged, this,
            [this] { m_start->setDemoRunning(m_app.worker().task() == QStringLiteral("demo")); });
    connect(&m_app.worker(), &bridge::BackgroundBridge::progressed, m_start,
            [this](const QString& task, const querent::Progress& progress) {
                if (task == QStringLiteral("demo")) m_start->setDemoProgress(progress);
            });
    connect(m_progress, &pages::progress::ProgressPage::labelRequested, this, [this] { showPage(Page::Label); });
    connect(m_progress, &pages::progress::ProgressPage::holdoutRequested, this, &MainWindow::showHoldout);
    connect(m_progress, &pages::progress::ProgressPage::dataRequested, this, [this] { showPage(Page::Data); });
    connect(m_progress, &pages::progress::ProgressPage::problem, this,
            [this](const QString& text) { problem(QStringLiteral("progress"), text); });
    connect(m_progress, &pages::progress::ProgressPage::targetChanged, this, [this](double target) {
        m_app.pool().run(
            this,
            [project = m_app.project(), target] {
                return project->changeSettings([target](ProjectSettings& settings) { settings.targetMetric = target; });
            },
            [this](const Result<void>& saved) {
                if (!saved) problem(QStringLiteral("progress"), QString::fromStdString(saved.error().text()));
            });
    });
    connect(m_data, &pages::data::DataPage::importRequested, this, [this] { importData(); });
    connect(m_data, &pages::data::DataPage::said, this, &MainWindow::say);
    connect(m_data, &pages::data::DataPage::problem, this,
            [this](const QString& text) { problem(QStringLiteral("data"), text); });
    connect(m_data, &pages::data::DataPage::dataChanged, this, &MainWindow::onDataChanged);
    connect(m_data, &pages::data::DataPage::openRequested, this,
            [this](const std::vector<ItemId>& items, const QString& title, ItemId current) {
                m_app.document()->showList(items, title, current);
                showPage(Page::Label);
            });
    connect(m_train, &pages::train::TrainPage::problem, this,
            [this](const QString& text) { problem(QStringLiteral("train"), text); });
    connect(m_train, &pages::train::TrainPage::holdoutRequested, this, &MainWindow::showHoldout);
    connect(m_train, &pages::train::TrainPage::settingsChanged, this, [this] {
        if (m_app.document() != nullptr) m_app.document()->reload();
    });
    connect(m_train, &pages::train::TrainPage::modelChanged, this, &MainWindow::onDataChanged);
    connect(m_settle, &QTimer::timeout, this, &MainWindow::refreshPages);
}

void MainWindow::connectRound() {
    controllers::RoundController& rounds = m_app.rounds();
    connect(&rounds, &controllers::RoundController::stateChanged, this, &MainWindow::showRound);
    connect(&rounds, &controllers::RoundController::progressed, this, &MainWindow::showProgress);
    connect(&rounds, &controllers::RoundController::tick, this, &MainWindow::showTick);
    connect(&rounds, &controllers::RoundController::batchReady, this, [this] {
        if (m_label != nullptr) m_label->refreshRound();
        refreshPages();
        sayReady();
    });
    connect(&rounds, &controllers::RoundController::roundFinished, this, [this] {
        if (m_label != nullptr) m_label->refreshRound();
        refreshPages();
        m_app.rememberProject();
        m_app.instant().refresh();
    });
    connect(&rounds, &controllers::RoundController::noted, this, [this](const QString& text) {
        session::logbook::warn(text.toStdString());
        m_banners->show(QStringLiteral("note"), widgets::common::Severity::Warning, text);
    });
    connect(&rounds, &controllers::RoundController::failed, this,
            [this](const Error& error) { problem(kRoundKey, QString::fromStdString(error.sentence)); });
    connect(&rounds, &controllers::RoundController::cancelled, this, [this] {
        say(m_app.rounds().openRound() ? tr("Cancelled. The round stays where it was and can go on at any time.")
                                       : tr("Cancelled. Nothing has changed."));
    });
    connect(m_banners, &widgets::common::BannerStack::actionTriggered, this,
            [this](const QString& key, const QString& id) {
                if (id == kSaveAsKey) return saveAs();
                if (id == QStringLiteral("details")) showPage(Page::Train);
                m_banners->clear(key);
            });
    connect(m_strip, &WorkStrip::cancelRequested, &rounds, &controllers::RoundController::cancel);
}

void MainWindow::connectInstant() {
    controllers::InstantController& instant = m_app.instant();
    connect(&instant, &controllers::InstantController::looking, this, [this](qint64 done, qint64 total) {
        if (m_label != nullptr) m_label->setLooking(done, total);
    });
    connect(&instant, &controllers::InstantController::failed, this, [this](const QString& sentence) {
        session::logbook::warn("Nothing can be learnt from single answers: " + sentence.toStdString());
        m_banners->show(QStringLiteral("instant"), widgets::common::Severity::Warning,
                        tr("Suggestions come with the next training only: %1").arg(sentence));
    });
}

void MainWindow::connectLabelPage() {
    connect(m_label, &pages::label::LabelPage::suggestRequested, &m_app.rounds(),
            &controllers::RoundController::suggest);
    connect(m_label, &pages::label::LabelPage::trainRequested, &m_app.rounds(), &controllers::RoundController::train);
    connect(m_label, &pages::label::LabelPage::cancelRequested, &m_app.rounds(), &controllers::RoundController::cancel);
    connect(m_label, &pages::label::LabelPage::modelDetailsRequested, this, [this] { showPage(Page::Progress); });
    connect(m_label, &pages::label::LabelPage::importRequested, this, [this] { importData(); });
    connect(m_label, &pages::label::LabelPage::relocateRequested, m_data, &pages::data::DataPage::relocateSource);
    connect(m_label, &pages::label::LabelPage::lookChanged, this,
            [this](const QVariantMap& look) { m_app.settings().setSoundLook(look); });
    connect(m_app.document(), &document::Document::itemTouched, m_settle, qOverload<>(&QTimer::start));
    connect(m_app.document(), &document::Document::saved, m_settle, qOverload<>(&QTimer::start));
}

void MainWindow::onOpened() {
    m_banners->clear(kOpenKey);
    m_label = new pages::label::LabelPage(*m_app.document(), m_app.keymap(), m_pages);
    m_label->restoreLook(m_app.settings().soundLook());
    m_pages->addWidget(m_label);
    connectLabelPage();
    addLabelActions();
    session::Project* project = m_app.project();
    m_progress->setProject(project);
    m_data->setProject(project);
    m_train->setProject(project);
    setWindowTitle(QStringLiteral("%1%2").arg(QString::fromStdString(project->settings().name),
                                              project->readOnly() ? tr(" (reading only)") : QString()));
    setWindowFilePath({});
    tellOpening();
    showPage(project->counts().total() == 0 ? Page::Data : Page::Label);
    refreshActions();
}

void MainWindow::tellOpening() {
    const session::Project& project = *m_app.project();
    m_banners->clear(QStringLiteral("readonly"));
    m_banners->clear(QStringLiteral("check"));
    if (const auto& holder = project.holder()) {
        m_banners->show(QStringLiteral("readonly"), widgets::common::Severity::Warning,
                        tr("%1 has this project open on %2 since %3. You can look at everything and change nothing.")
                            .arg(QString::fromStdString(holder->user), QString::fromStdString(holder->host),
                                 widgets::common::localTime(holder->sinceUtc)));
    } else if (project.readOnly()) {
        m_banners->show(QStringLiteral("readonly"), widgets::common::Severity::Warning,
                        tr("This project is open for reading only: its file cannot be written."));
    }
    const std::vector<std::string> problems = project.openingProblems();
    m_problemsTold = problems.size();
    if (!problems.empty()) {
        QStringList lines;
        for (const std::string& finding : problems)
            lines << QString::fromStdString(finding);
        m_banners->show(QStringLiteral("check"), widgets::common::Severity::Warning, lines.join(QLatin1Char('\n')));
    }
}

void MainWindow::tellDisplaced() {
    session::logbook::error("The project file is not in its place any more.");
    m_banners->show(kDisplacedKey, widgets::common::Severity::Error,
                    tr("Another program has moved, replaced or removed the project file. Nothing more is saved there. "
                       "All that you did is still here: save it in another place."),
                    {{kSaveAsKey, tr("Save as…")}}, false);
}

void MainWindow::onClosing() {
    m_settle->stop();
    for (const QPointer<QDialog>& dialog : m_dialogs) {
        if (dialog) delete dialog.data();  // waits for the work of its own
    }
    m_dialogs.clear();
    for (const char* key : {"readonly", "check", "round", "data", "train", "progress", "backup", "saveAs", "displaced"})
        m_banners->clear(QLatin1String(key));
    m_backupProblem.clear();
    for (QAction* action : m_labelItems)
        delete action;
    m_labelItems.clear();
    m_progress->setProject(nullptr);
    m_data->setProject(nullptr);
    m_train->setProject(nullptr);
    delete m_label;
    m_label = nullptr;
    setWindowTitle({});
    m_pages->setCurrentWidget(m_start);
    QTimer::singleShot(0, this, [this] {
        showPage(page());
        refreshActions();
    });
}

void MainWindow::showPage(Page page) {
    QWidget* const pages[] = {m_start, m_label, m_progress, m_data, m_train};
    QWidget* wanted = m_app.project() != nullptr && pages[int(page)] != nullptr ? pages[int(page)] : m_start;
    m_pages->setCurrentWidget(wanted);
    for (int i = 0; i < kPages; ++i) {
        m_rail[i]->setChecked(pages[i] == wanted);
        m_rail[i]->setEnabled(i == 0 || m_app.project() != nullptr);
    }
    if (wanted == m_start) m_app.recent().refresh();
    showRound();
}

MainWindow::Page MainWindow::page() const {
    QWidget* const pages[] = {m_start, m_label, m_progress, m_data, m_train};
    for (int i = 0; i < kPages; ++i) {
        if (pages[i] != nullptr && m_pages->currentWidget() == pages[i]) return static_cast<Page>(i);
    }
    return Page::Start;
}

void MainWindow::showHoldout() {
    m_app.document()->showHoldout();
    showPage(Page::Label);
}

void MainWindow::showRound() {
    const controllers::RoundController& rounds = m_app.rounds();
    const bool elsewhere = page() != Page::Label && page() != Page::Train;
    m_strip->setVisible(rounds.busy() && elsewhere);
    if (rounds.busy() && !rounds.lastTick()) m_strip->setWork(rounds.phase(), {}, -1.0);
    if (m_label != nullptr) {
        if (rounds.busy()) {
            if (!rounds.lastTick())
                m_label->roundBar().setRunning({rounds.phase(), -1.0, {}, m_app.worker().cancelling()});
            m_banners->clear(kRoundKey);
        } else {
            m_label->roundBar().clearRunning();
        }
        m_label->setCanTrain(rounds.canTrain(), rounds.whyNotTrain());
        m_label->setCanSuggest(rounds.canSuggest(), rounds.whyNotSuggest());
    }
    refreshActions();
}

void MainWindow::showProgress(const querent::Progress& progress) {
    const controllers::RoundController& rounds = m_app.rounds();
    if (rounds.lastTick() && progress.phase == "Training") return;  // ticks say more
    const double fraction =
        progress.total > 0 ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : -1.0;
    const QString detail = progress.total > 0 ? tr("%1 of %2")
                                                    .arg(widgets::common::numberText(progress.done),
                                                         widgets::common::numberText(progress.total))
                                              : QString();
    m_strip->setWork(rounds.phase(), detail, fraction);
    if (m_label != nullptr)
        m_label->roundBar().setRunning({rounds.phase(), fraction, detail, m_app.worker().cancelling()});
}

void MainWindow::showTick(const TrainingStep& tick) {
    const double fraction = tick.steps > 0 ? static_cast<double>(tick.step) / tick.steps : -1.0;
    const controllers::RoundController& rounds = m_app.rounds();
    m_strip->setWork(rounds.phase(), detailOf(tick), fraction);
    if (m_label != nullptr) {
        m_label->roundBar().setRunning({rounds.phase(), fraction, detailOf(tick), m_app.worker().cancelling()});
    }
}

void MainWindow::onDataChanged() {
    if (m_app.project() == nullptr) return;
    m_app.document()->reload();
    m_app.rounds().refresh();
    if (m_label != nullptr) m_label->refreshRound();
    refreshPages();
    m_app.instant().refresh();
}

void MainWindow::refreshPages() {
    if (m_app.project() == nullptr) return;
    if (m_app.project()->openingProblems().size() != m_problemsTold) tellOpening();
    m_progress->refresh();
    m_data->refresh();
    m_train->refresh();
    showRound();
    showBackupProblem();
}

void MainWindow::showBackupProblem() {
    const std::string found = m_app.project()->backupProblem();
    if (found == m_backupProblem) return;
    m_backupProblem = found;
    const QString key = QStringLiteral("backup");
    if (found.empty()) {
        m_banners->clear(key);
    } else {
        session::logbook::warn("No backup could be made: " + found);
        m_banners->show(key, widgets::common::Severity::Warning,
                        tr("No backup could be made: %1").arg(QString::fromStdString(found)));
    }
}

void MainWindow::problem(const QString& key, const QString& sentence) {
    const bool round = key == kRoundKey;
    session::logbook::error(sentence.toStdString());
    if (round && page() == Page::Train) return;  // said there, with its details
    QVector<widgets::common::BannerAction> actions;
    if (round) actions.append({QStringLiteral("details"), tr("Details")});
    m_banners->show(key, widgets::common::Severity::Error, sentence, actions);
}

void MainWindow::say(const QString& sentence) {
    m_toast->say(sentence);
}

/** The batch is there; how it was chosen is said once, and stays on the Train page. */
void MainWindow::sayReady() {
    constexpr int kToRead = 9000;  // ms: two sentences
    const controllers::RoundController& rounds = m_app.rounds();
    const QString ready = tr("Round %1 is ready to label.").arg(rounds.openRound() ? rounds.openRound()->number : 0);
    if (rounds.remarks().isEmpty()) return say(ready);
    m_toast->say(ready + QLatin1Char('\n') + rounds.remarks().join(QLatin1Char('\n')), widgets::common::Severity::Info,
                 {}, kToRead);
}

bool MainWindow::mayClose() {
    document::Document* document = m_app.document();
    if (document == nullptr) return true;
    document->settle();
    if (!document->saveError()) return true;
    const int unsaved = document->pendingWrites();
    QMessageBox question(QMessageBox::Warning, tr("Not everything is saved"),
                         unsaved == 0 ? tr("The project is no longer in its file.")
                                      : tr("Changes that could not be saved: %1").arg(unsaved),
                         QMessageBox::Cancel, this);
    question.setObjectName(QStringLiteral("unsavedQuestion"));
    question.setInformativeText(QString::fromStdString(document->saveError()->text()));
    QPushButton* elsewhere = question.addButton(tr("Save as…"), QMessageBox::AcceptRole);
    elsewhere->setObjectName(QStringLiteral("unsavedSaveAs"));
    QPushButton* drop = question.addButton(unsaved == 0 ? tr("Close without saving") : tr("Close without them"),
                                           QMessageBox::DestructiveRole);
    drop->setObjectName(QStringLiteral("unsavedDrop"));
    question.setDefaultButton(elsewhere);
    question.exec();
    if (question.clickedButton() == elsewhere) saveAs();
    if (question.clickedButton() != drop) return false;
    document->forgetUnsaved();
    return true;
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!mayClose()) return event->ignore();
    m_app.settings().setWindowGeometry(saveGeometry());
    m_app.closeProject();
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    const QList<QUrl> urls = event->mimeData()->urls();
    if (!urls.isEmpty() && urls.first().isLocalFile()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    const QList<QUrl> urls = event->mimeData()->urls();
    if (!urls.isEmpty() && urls.first().isLocalFile()) takePath(urls.first().toLocalFile());
}

}  // namespace querent::app::shell

#include "app/shell/application.h"

#include "app/bridge/image_convert.h"
#include "app/controllers/new_project.h"
#include "app/shell/main_window.h"
#include "engine/session/transfer/demo.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QDir>
#include <QLocale>
#include <QStandardPaths>
#include <QTranslator>

#include <utility>

namespace querent::app::shell {
namespace {

constexpr int kDemoItems = 160;
constexpr std::uint64_t kDemoSeed = 1;
constexpr int kLookMilliseconds = 2000;
const QString kDemoTask = QStringLiteral("demo");

qint64 answeredItems(const PoolCounts& counts) {
    qint64 open = 0;
    for (const Split split : {Split::Train, Split::Val, Split::Test})
        open += counts.inState(split, ItemState::Unlabelled);
    return counts.total() - open;
}

}  // namespace

Application::Application(std::unique_ptr<preferences::Settings> settings)
    : m_settings(std::move(settings)),
      m_recent(*m_settings, m_pool),
      m_rounds(m_worker, *m_settings),
      m_instant(*m_settings) {
    widgets::common::initResources();
    m_keymap.load(m_settings->raw());
    applyLanguage();
    applyTheme();
    m_window = std::make_unique<MainWindow>(*this);
    m_fileWatch.setInterval(kLookMilliseconds);
    connect(&m_fileWatch, &QTimer::timeout, this, &Application::lookAtFile);
    connect(&m_worker, &bridge::BackgroundBridge::finished, this, [this](const QString& task) {
        if (task == kDemoTask) openProject(m_demoFile);
    });
    connect(&m_worker, &bridge::BackgroundBridge::failed, this, [this](const QString& task, const Error& error) {
        if (task == kDemoTask) Q_EMIT demoFailed(error);
    });
}

Application::~Application() {
    closeProject();
    m_worker.stopAndWait();
    m_pool.waitForDone();
    m_window.reset();
}

void Application::applyTheme() {
    const QString theme = m_settings->theme();
    const auto mode = theme == QStringLiteral("dark")    ? widgets::common::Theme::Dark
                      : theme == QStringLiteral("light") ? widgets::common::Theme::Light
                                                         : widgets::common::Theme::System;
    widgets::common::setTheme(*qApp, mode);
}

void Application::applyLanguage() {
    if (m_translator) QCoreApplication::removeTranslator(m_translator.get());
    m_translator.reset();
    const QString language = m_settings->language();
    const QLocale locale = language.isEmpty() ? QLocale::system() : QLocale(language);
    if (!language.isEmpty()) QLocale::setDefault(locale);
    auto translator = std::make_unique<QTranslator>();
    if (!translator->load(locale, QStringLiteral("querent"), QStringLiteral("_"),
                          QStringLiteral(":/querent/translations"))) {
        return;  // English is what the source says
    }
    m_translator = std::move(translator);
    QCoreApplication::installTranslator(m_translator.get());
}

Result<Application::Opened> Application::open(const QString& file, const QString& author) {
    auto project = session::project::Project::open(bridge::toPath(file), session::project::OpenMode::BestEffort);
    if (!project) return project.error();
    Opened opened{std::move(project).value(), {}};
    if (!opened.project->readOnly()) {
        const auto person = opened.project->ensurePerson(author.toStdString());
        if (!person) return person.error();
        opened.author = *person;
    }
    return opened;
}

void Application::openProject(const QString& file) {
    if (m_opening || m_savingAs || !m_window->mayClose()) return;
    closeProject();
    m_opening = true;
    m_pool.run(
        this, [file, author = m_settings->author()] { return open(file, author); },
        [this, file](Result<Opened> opened) {
            m_opening = false;
            if (!opened) {
                Q_EMIT openFailed(file, opened.error());
                return;
            }
            adopt(std::move(opened).value());
        });
}

void Application::adopt(Opened opened) {
    m_project = std::move(opened.project);
    m_document = std::make_unique<document::Document>(*m_project, opened.author);
    rememberProject();
    m_document->showBatch();
    m_fileWatch.start();
    Q_EMIT projectOpened();
    m_rounds.setProject(m_project.get());
    m_instant.setDocument(m_document.get());
}

void Application::closeProject() {
    if (!m_project) return;
    m_fileWatch.stop();
    m_rounds.setProject(nullptr);  // stops what runs on it
    m_instant.setDocument(nullptr);
    rememberProject();
    Q_EMIT projectClosing();
    m_pool.waitForDone();
    m_document.reset();
    m_project.reset();
}

// On a pool thread: the disk may be slow to answer.
void Application::lookAtFile() {
    if (!m_document || m_document->displaced()) return;
    m_pool.run(
        this, [project = m_project.get()] { return project->displaced(); },
        [this, project = m_project.get()](bool displaced) {
            if (!displaced || project != m_project.get()) return;
            m_document->noteDisplaced();
            Q_EMIT projectDisplaced();
        });
}

void Application::saveProjectAs(const QString& file) {
    if (!m_project || m_opening || m_savingAs) return;
    m_savingAs = true;
    Q_EMIT savingAs(true);
    const auto copy = [this, file] {
        if (!m_project) return;
        m_pool.run(
            this,
            [project = m_project.get(), path = bridge::toPath(file), edits = m_document->unsaved()] {
                return project->saveAs(path, edits);
            },
            [this, file](const Result<std::int64_t>& saved) { finishSaveAs(file, saved); });
    };
    // The writer's answers come before this one: what is unsaved then is what it could not write.
    m_pool.run(
        this,
        [project = m_project.get()] {
            project->flush();
            return true;
        },
        [copy](bool) { copy(); });
}

void Application::finishSaveAs(const QString& file, const Result<std::int64_t>& saved) {
    m_savingAs = false;
    Q_EMIT savingAs(false);
    if (!m_project) return;
    if (!saved) {
        Q_EMIT saveAsFailed(saved.error());
        return;
    }
    m_document->forgetUnsaved();
    closeProject();
    openProject(file);
    if (*saved > 0) Q_EMIT changesLost(*saved);
}

void Application::rememberProject() {
    const PoolCounts counts = m_project->counts();
    m_recent.opened(bridge::toQString(m_project->file()), QString::fromStdString(m_project->settings().name),
                    answeredItems(counts), counts.total());
}

void Application::applyAuthor() {
    if (!m_project || m_project->readOnly()) return;
    m_pool.run(
        this,
        [project = m_project.get(), name = m_settings->author().toStdString()] { return project->ensurePerson(name); },
        [this](const Result<PersonId>& person) {
            if (person && m_document) m_document->setAuthor(*person);
        });
}

void Application::createDemo(const QString& folder, session::transfer::DemoKind kind) {
    const bool pairs = kind == session::transfer::DemoKind::SoundPictures;
    QString where = folder;
    if (where.isEmpty()) {
        const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
        where =
            QDir(documents.isEmpty() ? QDir::homePath() : documents)
                .filePath(pairs ? QStringLiteral("Querent sounds and pictures demo") : QStringLiteral("Querent demo"));
    }
    m_demoFile = QDir(where).filePath(QStringLiteral("demo.querent"));
    const int items = pairs ? session::transfer::defaultDemoItems(kind) : kDemoItems;
    const bool started =
        m_worker.start(kDemoTask, [path = bridge::toPath(where), kind, items](const Job& job) -> Result<void> {
            const auto file = session::transfer::createDemo(path, items, kDemoSeed, job, kind);
            if (!file) return file.error();
            return {};
        });
    if (!started) {
        Q_EMIT demoFailed(
            fail(ErrorCode::InvalidArgument, tr("Something else is running; wait for its end.").toStdString()));
    }
}

}  // namespace querent::app::shell

#pragma once

#include "app/bridge/background_bridge.h"
#include "app/bridge/task_pool.h"
#include "app/controllers/instant_controller.h"
#include "app/controllers/round_controller.h"
#include "app/document/document.h"
#include "app/models/recent_projects.h"
#include "app/preferences/keymap.h"
#include "app/preferences/settings.h"
#include "engine/session/project/project.h"
#include "engine/session/transfer/demo.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <cstdint>
#include <memory>

class QTranslator;

namespace querent::app::shell {

class MainWindow;

/**
 * The program: the only place that creates services, and the owner of the open project. Everybody else gets references.
 * One project is open at a time; projectClosing() is sent while it still lives, and everything that runs on it has
 * ended when it dies. UI thread only.
 */
class Application : public QObject {
    Q_OBJECT
 public:
    explicit Application(std::unique_ptr<preferences::Settings> settings);
    ~Application() override;

    preferences::Settings& settings() { return *m_settings; }
    bridge::TaskPool& pool() { return m_pool; }
    bridge::BackgroundBridge& worker() { return m_worker; }
    controllers::RoundController& rounds() { return m_rounds; }
    controllers::InstantController& instant() { return m_instant; }
    models::RecentProjects& recent() { return m_recent; }
    preferences::Keymap& keymap() { return m_keymap; }
    session::Project* project() const { return m_project.get(); }
    /** Null exactly when project() is. */
    document::Document* document() const { return m_document.get(); }
    MainWindow& window() { return *m_window; }

    /**
     * Opens on a pool thread; then projectOpened() or openFailed(). The open project is closed first, if a person who
     * is asked about changes that could not be saved lets it.
     */
    void openProject(const QString& file);
    /**
     * Everything, what could not be saved included, into a new file, which is the open project then: projectOpened(),
     * or saveAsFailed(). Nothing can be changed meanwhile: savingAs().
     */
    void saveProjectAs(const QString& file);
    void closeProject();
    bool opening() const { return m_opening; }
    /** Draws a demo data set below `folder` (empty: in the user's documents) on the worker, and opens it. */
    void createDemo(const QString& folder = {},
                    session::transfer::DemoKind kind = session::transfer::DemoKind::Pictures);
    /** The item counts behind the recent list, and the signer of new edits, as they are now. */
    void rememberProject();
    void applyAuthor();
    void applyTheme();
    void applyLanguage();

 Q_SIGNALS:
    void projectOpened();
    void projectClosing();
    void openFailed(const QString& file, const querent::Error& error);
    void demoFailed(const querent::Error& error);
    void savingAs(bool running);
    void saveAsFailed(const querent::Error& error);
    /** Saved, but so many changes did not fit what was stored. */
    void changesLost(qint64 count);
    /** Another program has moved, replaced or removed the file of the open project. */
    void projectDisplaced();

 private:
    struct Opened {
        std::unique_ptr<session::Project> project;
        PersonId author;
    };
    static Result<Opened> open(const QString& file, const QString& author);
    void adopt(Opened opened);
    void lookAtFile();
    void finishSaveAs(const QString& file, const Result<std::int64_t>& saved);

    std::unique_ptr<preferences::Settings> m_settings;
    preferences::Keymap m_keymap;
    bridge::TaskPool m_pool;
    bridge::BackgroundBridge m_worker;
    models::RecentProjects m_recent;
    controllers::RoundController m_rounds;
    controllers::InstantController m_instant;
    std::unique_ptr<QTranslator> m_translator;
    std::unique_ptr<session::Project> m_project;
    std::unique_ptr<document::Document> m_document;
    std::unique_ptr<MainWindow> m_window;
    QString m_demoFile;
    bool m_opening = false;
    bool m_savingAs = false;
    QTimer m_fileWatch;
};

}  // namespace querent::app::shell

#pragma once

#include "engine/session/project/project.h"
#include "engine/session/transfer/transfer.h"

#include <QDialog>

#include <memory>

class QCheckBox;
class QComboBox;
class QPushButton;
class QToolButton;

namespace querent::app::bridge {
class TaskPool;
}

namespace querent::app::preferences {
class Settings;
}

namespace querent::widgets::common {
class BannerStack;
}

namespace querent::app::dialogs {

class ImportReportView;
class PathField;
class WorkPanel;

/**
 * Reads files of the user's into the open project: look first (nothing is written), then import, both on the dialog's
 * own worker. Complaints are listed with file and line. The project outlives the dialog; its destructor waits for the
 * worker.
 */
class ImportDialog : public QDialog {
    Q_OBJECT
 public:
    ImportDialog(session::Project& project, preferences::Settings& settings, bridge::TaskPool& pool,
                 QWidget* parent = nullptr);
    ~ImportDialog() override;

    void setSource(const QString& path);
    session::transfer::ImportRequest request() const;

 Q_SIGNALS:
    /** The project has new items or answers. */
    void imported();

 private:
    QWidget* makeForm();
    void guessFormat();
    void validate();
    void run(bool dryRun);
    void finish(const QString& task);

    session::Project& m_project;
    const ProjectSettings m_about;  // what the project is about never changes
    preferences::Settings& m_settings;
    bridge::TaskPool& m_pool;
    PathField* m_source;
    QComboBox* m_format;
    PathField* m_files;
    PathField* m_splits;
    QComboBox* m_as;
    QCheckBox* m_emptyMeans;
    QCheckBox* m_replace;
    QCheckBox* m_strict;
    QToolButton* m_fold;
    widgets::common::BannerStack* m_banners;
    ImportReportView* m_said;
    WorkPanel* m_work;
    QPushButton* m_look;
    QPushButton* m_import;
    QPushButton* m_close;
    std::shared_ptr<session::transfer::ImportReport> m_report;
};

}  // namespace querent::app::dialogs

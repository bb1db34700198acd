#pragma once

#include "engine/session/project/project.h"
#include "engine/session/transfer/transfer.h"

#include <QDialog>

#include <memory>

class QCheckBox;
class QComboBox;
class QLabel;
class QListWidget;
class QPushButton;
class QTimer;

namespace querent::app::preferences {
class Settings;
}

namespace querent::widgets::common {
class BannerStack;
}

namespace querent::app::dialogs {

class PathField;
class WorkPanel;

/**
 * Writes the answers in a public format. What the format cannot hold is listed before anything is written, and nothing
 * that exists is overwritten without a tick. The project outlives the dialog; its destructor waits for the worker.
 */
class ExportDialog : public QDialog {
    Q_OBJECT
 public:
    ExportDialog(session::Project& project, preferences::Settings& settings, QWidget* parent = nullptr);
    ~ExportDialog() override;

    session::transfer::ExportRequest request() const;

 private:
    QWidget* makeForm();
    void onFormat();
    void ask();
    void look();
    void write();
    void finish(const QString& task);
    void validate();
    bool targetTaken() const;
    bool formatIsFile() const;

    session::Project& m_project;
    const ProjectSettings m_about;  // what the project is about never changes
    preferences::Settings& m_settings;
    QComboBox* m_format;
    PathField* m_to;
    QComboBox* m_what;
    QComboBox* m_split;
    QCheckBox* m_unlabelled;
    QCheckBox* m_copy;
    QCheckBox* m_overwrite;
    widgets::common::BannerStack* m_banners;
    QLabel* m_summary;
    QListWidget* m_losses;
    WorkPanel* m_work;
    QPushButton* m_write;
    QPushButton* m_close;
    QTimer* m_pause;
    bool m_looked = false;
    std::shared_ptr<session::transfer::ExportReport> m_report;
};

}  // namespace querent::app::dialogs

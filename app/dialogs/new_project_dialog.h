#pragma once

#include "app/controllers/new_project.h"
#include "engine/session/transfer/data_guess.h"

#include <QDialog>

#include <memory>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;

namespace querent::app::bridge {
class TaskPool;
}

namespace querent::app::preferences {
class Settings;
}

namespace querent::widgets::common {
class BannerStack;
class FieldHint;
}  // namespace querent::widgets::common

namespace querent::app::dialogs {

class ImportReportView;
class PathField;
class WorkPanel;

/**
 * Asks for a new project, creates it and imports its data here, with progress; what the import has to say is shown
 * before the project opens. What is labelled, and in which media, is
 * guessed from the data until somebody chooses it. What is wrong is said under its field, and Create is off until it is
 * right. UI thread only.
 */
class NewProjectDialog : public QDialog {
    Q_OBJECT
 public:
    NewProjectDialog(preferences::Settings& settings, bridge::TaskPool& pool, QWidget* parent = nullptr);
    ~NewProjectDialog() override;

    /** Fills in a folder or data set that was dropped, what it is about, its format and a name. */
    void setData(const QString& path);
    controllers::NewProjectPlan plan() const;
    /** Once the project is there, closing opens it. */
    void reject() override;

 Q_SIGNALS:
    /** The project file is there, closed, and may be opened. */
    void created(const QString& file);

 private:
    QWidget* makeForm();
    void addPlace(QFormLayout* form, QWidget* box);
    void addTask(QFormLayout* form, QWidget* box);
    void addData(QFormLayout* form, QWidget* box);
    void addClasses(QFormLayout* form, QWidget* box);
    void addRound(QFormLayout* form, QWidget* box);
    void connectForm();
    void guess();
    void take(const session::transfer::DataGuess& guess);
    /** Task, media and number of classes as chosen. */
    ProjectSettings task() const;
    void showTask();
    void fillStrategies();
    void validate();
    void create();
    void onCreated();
    void showStrategy();
    QString defaultName(const QString& dataPath) const;

    preferences::Settings& m_settings;
    bridge::TaskPool& m_pool;
    bool m_nameTouched = false;
    bool m_taskTouched = false;  // somebody has said what is labelled: no guess changes it
    bool m_guessing = false;     // the data are being looked at
    QString m_there;             // the project, once it has been created
    std::shared_ptr<session::transfer::ImportReport> m_report;
    session::transfer::DataGuess m_guess;
    QWidget* m_page;
    ImportReportView* m_said;
    QFormLayout* m_form = nullptr;
    QLineEdit* m_name;
    PathField* m_folder;
    QLabel* m_fileLine;
    widgets::common::FieldHint* m_nameHint;
    QComboBox* m_kind;
    QWidget* m_media;
    QCheckBox* m_pictures;
    QCheckBox* m_sounds;
    QCheckBox* m_texts;
    widgets::common::FieldHint* m_mediaHint;
    PathField* m_data;
    widgets::common::FieldHint* m_dataHint;
    QComboBox* m_format;
    QPlainTextEdit* m_classes;
    widgets::common::FieldHint* m_classesHint;
    QSpinBox* m_holdout;
    QComboBox* m_strategy;
    QString m_proposed;  // the strategy that the task suggests
    QLabel* m_sentence;
    widgets::common::BannerStack* m_banners;
    WorkPanel* m_work;
    QPushButton* m_create;
    QPushButton* m_cancel;
};

}  // namespace querent::app::dialogs

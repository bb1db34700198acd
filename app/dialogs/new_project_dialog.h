#pragma once

#include <QDialog>

#include "app/controllers/new_project.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;

namespace querent::widgets {
class BannerStack;
}

namespace querent::app {

class FieldHint;
class PathField;
class Settings;
class TaskPool;
class WorkPanel;

/**
 * Asks for a new project, creates it and imports its data here, with progress. What is wrong is said under its field, and
 * Create is off until it is right. UI thread only.
 */
class NewProjectDialog : public QDialog {
    Q_OBJECT
 public:
    NewProjectDialog(Settings& settings, TaskPool& pool, QWidget* parent = nullptr);
    ~NewProjectDialog() override;

    /** Fills in a folder or data set that was dropped, its format and a name. */
    void setData(const QString& path);
    NewProjectPlan plan() const;

 Q_SIGNALS:
    /** The project file is there, closed, and may be opened. */
    void created(const QString& file);

 private:
    QWidget* makeForm();
    void guessFormat();
    void validate();
    void create();
    void showStrategy();
    QString defaultName(const QString& dataPath) const;

    Settings& m_settings;
    TaskPool& m_pool;
    bool m_nameTouched = false;
    QLineEdit* m_name;
    PathField* m_folder;
    QLabel* m_fileLine;
    FieldHint* m_nameHint;
    PathField* m_data;
    FieldHint* m_dataHint;
    QComboBox* m_format;
    QPlainTextEdit* m_classes;
    FieldHint* m_classesHint;
    QSpinBox* m_holdout;
    QComboBox* m_strategy;
    QLabel* m_sentence;
    widgets::BannerStack* m_banners;
    WorkPanel* m_work;
    QPushButton* m_create;
    QPushButton* m_cancel;
};

}  // namespace querent::app

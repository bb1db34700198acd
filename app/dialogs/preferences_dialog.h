#pragma once

#include "engine/session/project/project.h"

#include <QDialog>

class QComboBox;
class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableWidget;

namespace querent::widgets {
class BannerStack;
}

namespace querent::app {

class Keymap;
class ReadingTable;
class Settings;
class TaskPool;

/** Look, person, keys and backups. Changes hold at once; there is nothing to confirm. UI thread only. */
class PreferencesDialog : public QDialog {
    Q_OBJECT
 public:
    /** `project` may be null: then there is nothing to back up. */
    PreferencesDialog(Settings& settings, Keymap& keymap, TaskPool& pool, session::Project* project,
                      QWidget* parent = nullptr);

 Q_SIGNALS:
    void themeChanged();
    void languageChanged();
    void authorChanged();

 private:
    QWidget* makeLook();
    QWidget* makeKeys();
    QWidget* makeBackups();
    void fillKeys();
    void showKey();
    void changeKey(bool add);
    void showConflicts();
    void backUp();
    QString currentKey() const;

    Settings& m_settings;
    Keymap& m_keymap;
    TaskPool& m_pool;
    session::Project* m_project;
    widgets::BannerStack* m_banners;
    QComboBox* m_preset = nullptr;
    ReadingTable* m_keys = nullptr;
    QKeySequenceEdit* m_sequence = nullptr;
    QPushButton* m_set = nullptr;
    QPushButton* m_add = nullptr;
    QPushButton* m_clear = nullptr;
    QLabel* m_conflicts = nullptr;
    QPushButton* m_backup = nullptr;
};

}  // namespace querent::app

#pragma once

#include "engine/session/project/project.h"

#include <QDialog>

class QComboBox;
class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableWidget;

namespace querent::app::bridge {
class TaskPool;
}

namespace querent::app::preferences {
class Keymap;
class Settings;
}  // namespace querent::app::preferences

namespace querent::widgets::common {
class BannerStack;
class ReadingTable;
}  // namespace querent::widgets::common

namespace querent::app::dialogs {

/** Look, person, keys and backups. Changes hold at once; there is nothing to confirm. UI thread only. */
class PreferencesDialog : public QDialog {
    Q_OBJECT
 public:
    /** `project` may be null: then there is nothing to back up. */
    PreferencesDialog(preferences::Settings& settings, preferences::Keymap& keymap, bridge::TaskPool& pool,
                      session::Project* project, QWidget* parent = nullptr);

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

    preferences::Settings& m_settings;
    preferences::Keymap& m_keymap;
    bridge::TaskPool& m_pool;
    session::Project* m_project;
    widgets::common::BannerStack* m_banners;
    QComboBox* m_preset = nullptr;
    widgets::common::ReadingTable* m_keys = nullptr;
    QKeySequenceEdit* m_sequence = nullptr;
    QPushButton* m_set = nullptr;
    QPushButton* m_add = nullptr;
    QPushButton* m_clear = nullptr;
    QLabel* m_conflicts = nullptr;
    QPushButton* m_backup = nullptr;
};

}  // namespace querent::app::dialogs

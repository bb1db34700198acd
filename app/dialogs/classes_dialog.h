#pragma once

#include "engine/session/project/project.h"

#include <QDialog>

#include <functional>

class QLineEdit;
class QPushButton;

namespace querent::app::bridge {
class TaskPool;
}

namespace querent::widgets::common {
class BannerStack;
class ReadingTable;
}  // namespace querent::widgets::common

namespace querent::app::dialogs {

/**
 * The classes of the project: add, rename, colour, archive, merge. Ids and export numbers never change, and no
 * annotation is ever deleted by what happens here. Writes run on the pool. The project outlives the dialog.
 */
class ClassesDialog : public QDialog {
    Q_OBJECT
 public:
    ClassesDialog(session::Project& project, bridge::TaskPool& pool, QWidget* parent = nullptr);

 Q_SIGNALS:
    void changed();

 private:
    void fill();
    void showButtons();
    void run(std::function<Result<void>()> work);
    void add();
    void rename();
    void recolour();
    void archive();
    void merge();
    const ClassLabel* current() const;

    session::Project& m_project;
    bridge::TaskPool& m_pool;
    std::vector<ClassLabel> m_classes;
    widgets::common::BannerStack* m_banners;
    widgets::common::ReadingTable* m_table;
    QLineEdit* m_name;
    QPushButton* m_add;
    QPushButton* m_rename;
    QPushButton* m_colour;
    QPushButton* m_archive;
    QPushButton* m_merge;
};

}  // namespace querent::app::dialogs

// The dialogs that the window opens, each once, and the files that it takes.

#include "app/dialogs/about_dialog.h"
#include "app/dialogs/classes_dialog.h"
#include "app/dialogs/export_dialog.h"
#include "app/dialogs/import_dialog.h"
#include "app/dialogs/new_project_dialog.h"
#include "app/dialogs/preferences_dialog.h"
#include "app/shell/application.h"
#include "app/shell/main_window.h"
#include "widgets/common/key_sheet.h"

#include <QAction>
#include <QFileDialog>
#include <QFileInfo>
#include <QKeySequence>

#include <algorithm>

namespace querent::app::shell {

template <typename Dialog, typename Make>
Dialog* MainWindow::once(const char* name, Make make) {
    QPointer<QDialog>& place = m_dialogs[QLatin1String(name)];
    if (!place) {
        place = make();
        place->setAttribute(Qt::WA_DeleteOnClose);
    }
    place->show();
    place->raise();
    place->activateWindow();
    return static_cast<Dialog*>(place.data());
}

QDialog* MainWindow::newProject(const QString& data) {
    auto* dialog = once<dialogs::NewProjectDialog>("new", [this] {
        auto* made = new dialogs::NewProjectDialog(m_app.settings(), m_app.pool(), this);
        // Queued: the dialog is done with itself before the window moves on.
        connect(made, &dialogs::NewProjectDialog::created, &m_app, &Application::openProject, Qt::QueuedConnection);
        return made;
    });
    if (!data.isEmpty()) dialog->setData(data);
    return dialog;
}

QDialog* MainWindow::importData(const QString& source) {
    if (m_app.project() == nullptr) return nullptr;
    auto* dialog = once<dialogs::ImportDialog>("import", [this] {
        auto* made = new dialogs::ImportDialog(*m_app.project(), m_app.settings(), m_app.pool(), this);
        connect(made, &dialogs::ImportDialog::imported, this, &MainWindow::onDataChanged);
        return made;
    });
    if (!source.isEmpty()) dialog->setSource(source);
    return dialog;
}

QDialog* MainWindow::exportData() {
    if (m_app.project() == nullptr) return nullptr;
    return once<dialogs::ExportDialog>(
        "export", [this] { return new dialogs::ExportDialog(*m_app.project(), m_app.settings(), this); });
}

QDialog* MainWindow::editClasses() {
    if (m_app.project() == nullptr) return nullptr;
    return once<dialogs::ClassesDialog>("classes", [this] {
        auto* made = new dialogs::ClassesDialog(*m_app.project(), m_app.pool(), this);
        connect(made, &dialogs::ClassesDialog::changed, this, &MainWindow::onDataChanged);
        return made;
    });
}

QDialog* MainWindow::preferences() {
    return once<dialogs::PreferencesDialog>("preferences", [this] {
        auto* made =
            new dialogs::PreferencesDialog(m_app.settings(), m_app.keymap(), m_app.pool(), m_app.project(), this);
        connect(made, &dialogs::PreferencesDialog::themeChanged, &m_app, &Application::applyTheme);
        connect(made, &dialogs::PreferencesDialog::languageChanged, &m_app, &Application::applyLanguage);
        connect(made, &dialogs::PreferencesDialog::authorChanged, &m_app, &Application::applyAuthor);
        return made;
    });
}

QDialog* MainWindow::about() {
    return once<dialogs::AboutDialog>("about", [this] { return new dialogs::AboutDialog(this); });
}

void MainWindow::keySheet() {
    auto* sheet = new widgets::common::KeySheet(this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    QVector<widgets::common::ShortcutEntry> entries;
    for (const QAction* action : std::as_const(m_actions)) {
        if (action->shortcuts().isEmpty()) continue;
        entries.append({tr("Window"), action->text().remove(QLatin1Char('&')).remove(QStringLiteral("…")),
                        QKeySequence::listToString(action->shortcuts(), QKeySequence::NativeText)});
    }
    std::sort(entries.begin(), entries.end(),
              [](const widgets::common::ShortcutEntry& a, const widgets::common::ShortcutEntry& b) {
                  return a.action < b.action;
              });
    sheet->setShortcuts(m_app.keymap().sheet() + entries);
    sheet->open();
}

void MainWindow::openFile() {
    const QString file = QFileDialog::getOpenFileName(this, tr("Open a project"), m_app.settings().lastFolder(),
                                                      tr("Querent projects (*.querent);;All files (*)"));
    if (file.isEmpty()) return;
    m_app.settings().setLastFolder(QFileInfo(file).absolutePath());
    m_app.openProject(file);
}

void MainWindow::saveAs(const QString& file) {
    if (m_app.project() == nullptr) return;
    QString target = file;
    if (target.isEmpty()) {
        target = QFileDialog::getSaveFileName(this, tr("Save the project as"), m_app.settings().lastFolder(),
                                              tr("Querent projects (*.querent)"), nullptr,
                                              QFileDialog::DontConfirmOverwrite);  // none is ever replaced
    }
    if (target.isEmpty()) return;
    const QString ending = QStringLiteral(".querent");
    if (!target.endsWith(ending, Qt::CaseInsensitive)) target += ending;
    m_app.settings().setLastFolder(QFileInfo(target).absolutePath());
    m_app.saveProjectAs(target);
}

void MainWindow::takePath(const QString& path) {
    if (path.endsWith(QStringLiteral(".querent"), Qt::CaseInsensitive)) {
        m_app.openProject(path);
    } else if (m_app.project() != nullptr) {
        importData(path);
    } else {
        newProject(path);
    }
}

}  // namespace querent::app::shell

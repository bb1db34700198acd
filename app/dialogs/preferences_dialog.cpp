#include "app/dialogs/preferences_dialog.h"

#include "app/bridge/image_convert.h"
#include "app/bridge/task_pool.h"
#include "app/controllers/new_project.h"
#include "app/dialogs/dialog_parts.h"
#include "app/preferences/keymap.h"
#include "app/preferences/settings.h"
#include "widgets/common/banner.h"
#include "widgets/common/page_parts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace querent::app::dialogs {
namespace {

const QString kBackup = QStringLiteral("backup");

QWidget* tabPage(QVBoxLayout*& column) {
    auto* page = new QWidget;
    column = new QVBoxLayout(page);
    column->setContentsMargins(4, 16, 4, 4);
    column->setSpacing(12);
    return page;
}

}  // namespace

PreferencesDialog::PreferencesDialog(preferences::Settings& settings, preferences::Keymap& keymap,
                                     bridge::TaskPool& pool, session::Project* project, QWidget* parent)
    : QDialog(parent), m_settings(settings), m_keymap(keymap), m_pool(pool), m_project(project) {
    setObjectName(QStringLiteral("preferencesDialog"));
    setWindowTitle(tr("Preferences"));
    auto* column = dialogColumn(this);
    m_banners = new widgets::common::BannerStack(this);
    column->addWidget(m_banners);
    auto* tabs = new QTabWidget(this);
    tabs->setObjectName(QStringLiteral("preferencesTabs"));
    tabs->setDocumentMode(true);
    tabs->addTab(makeLook(), tr("General"));
    tabs->addTab(makeKeys(), tr("Keys"));
    tabs->addTab(makeBackups(), tr("Backups"));
    column->addWidget(tabs, 1);
    auto* close = widgets::common::namedButton(tr("Close"), QStringLiteral("preferencesClose"), {}, false, this);
    column->addLayout(buttonRow(nullptr, {close}));
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    resize(640, 560);
}

QWidget* PreferencesDialog::makeLook() {
    QVBoxLayout* column = nullptr;
    QWidget* page = tabPage(column);
    QFormLayout* form = dialogForm();
    auto* theme = new QComboBox(page);
    theme->setObjectName(QStringLiteral("preferencesTheme"));
    theme->addItem(tr("As the system"), QStringLiteral("system"));
    theme->addItem(tr("Light"), QStringLiteral("light"));
    theme->addItem(tr("Dark"), QStringLiteral("dark"));
    theme->setCurrentIndex(std::max(0, theme->findData(m_settings.theme())));
    form->addRow(tr("&Theme"), theme);
    auto* language = new QComboBox(page);
    language->setObjectName(QStringLiteral("preferencesLanguage"));
    language->addItem(QStringLiteral("English"), QStringLiteral("en"));
    language->setCurrentIndex(std::max(0, language->findData(m_settings.language())));
    form->addRow(tr("&Language"), language);
    auto* author = new QLineEdit(m_settings.author(), page);
    author->setObjectName(QStringLiteral("preferencesAuthor"));
    form->addRow(tr("&Your name"), author);
    form->addRow(QString(), widgets::common::mutedLabel(
                                tr("Stands behind every answer you give, so that work can be told apart."), page));
    auto* doubtful = new QCheckBox(tr("Ask the most &doubtful of a batch first, as answers come in"), page);
    doubtful->setObjectName(QStringLiteral("preferencesDoubtfulFirst"));
    doubtful->setChecked(m_settings.doubtfulFirst());
    doubtful->setToolTip(tr("Where items have classes: after each answer what is left of the batch is sorted anew."));
    form->addRow(tr("Batch"), doubtful);
    connect(doubtful, &QCheckBox::toggled, this, [this](bool on) { m_settings.setDoubtfulFirst(on); });
    column->addLayout(form);
    column->addStretch(1);
    connect(theme, &QComboBox::activated, this, [this, theme] {
        m_settings.setTheme(theme->currentData().toString());
        Q_EMIT themeChanged();
    });
    connect(language, &QComboBox::activated, this, [this, language] {
        m_settings.setLanguage(language->currentData().toString());
        Q_EMIT languageChanged();
    });
    connect(author, &QLineEdit::editingFinished, this, [this, author] {
        const QString name = author->text().trimmed();
        if (name.isEmpty() || name == m_settings.author()) return;
        m_settings.setAuthor(name);
        Q_EMIT authorChanged();
    });
    return page;
}

QWidget* PreferencesDialog::makeKeys() {
    QVBoxLayout* column = nullptr;
    QWidget* page = tabPage(column);
    auto* top = new QHBoxLayout;
    auto* label = new QLabel(tr("&Like in"), page);
    m_preset = new QComboBox(page);
    m_preset->setObjectName(QStringLiteral("keysPreset"));
    m_preset->addItems(preferences::Keymap::presets());
    m_preset->setCurrentText(m_keymap.preset());
    label->setBuddy(m_preset);
    auto* restore =
        widgets::common::namedButton(tr("Restore these defaults"), QStringLiteral("keysRestore"), {}, false, page);
    top->addWidget(label);
    top->addWidget(m_preset);
    top->addWidget(restore);
    top->addStretch(1);
    column->addLayout(top);
    m_keys = new widgets::common::ReadingTable({tr("Action"), tr("Where"), tr("Keys")}, QStringLiteral("keysTable"),
                                               tr("Keys"), page);
    m_keys->setSelectionMode(QAbstractItemView::SingleSelection);
    m_keys->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_keys->setColumnWidth(1, 120);
    m_keys->setColumnWidth(2, 190);
    column->addWidget(m_keys, 1);
    auto* row = new QHBoxLayout;
    m_sequence = new QKeySequenceEdit(page);
    m_sequence->setObjectName(QStringLiteral("keysSequence"));
    m_sequence->setAccessibleName(tr("Press the new keys"));
    m_set = widgets::common::namedButton(tr("Use only these"), QStringLiteral("keysSet"), {}, false, page);
    m_add = widgets::common::namedButton(tr("Add"), QStringLiteral("keysAdd"), {}, false, page);
    m_clear = widgets::common::namedButton(tr("No keys"), QStringLiteral("keysClear"), {}, false, page);
    row->addWidget(m_sequence, 1);
    for (QPushButton* button : {m_set, m_add, m_clear})
        row->addWidget(button);
    column->addLayout(row);
    m_conflicts = widgets::common::mutedLabel({}, page);
    m_conflicts->setObjectName(QStringLiteral("keysConflicts"));
    column->addWidget(m_conflicts);
    const auto usePreset = [this] {
        m_keymap.usePreset(m_preset->currentText());
        m_keymap.save(m_settings.raw());
        fillKeys();
    };
    connect(m_preset, &QComboBox::activated, this, usePreset);
    connect(restore, &QPushButton::clicked, this, usePreset);
    connect(m_keys, &QTableWidget::itemSelectionChanged, this, &PreferencesDialog::showKey);
    connect(m_sequence, &QKeySequenceEdit::keySequenceChanged, this, &PreferencesDialog::showConflicts);
    connect(m_set, &QPushButton::clicked, this, [this] { changeKey(false); });
    connect(m_add, &QPushButton::clicked, this, [this] { changeKey(true); });
    connect(m_clear, &QPushButton::clicked, this, [this] {
        m_sequence->clear();
        changeKey(false);
    });
    fillKeys();
    return page;
}

void PreferencesDialog::fillKeys() {
    const int row = m_keys->currentRow();
    m_keys->setRowCount(0);
    for (const preferences::KeyAction& action : preferences::Keymap::actions()) {
        m_keys->addRow({action.text, action.group, m_keymap.text(action.id)});
        QTableWidgetItem* first = m_keys->item(m_keys->rowCount() - 1, 0);
        first->setData(Qt::UserRole, action.id);
        first->setToolTip(action.fixed ? tr("%1 These keys cannot be changed.").arg(action.help) : action.help);
    }
    m_keys->selectRow(std::max(0, row));
    showKey();
}

QString PreferencesDialog::currentKey() const {
    const QTableWidgetItem* item = m_keys->item(m_keys->currentRow(), 0);
    return item != nullptr ? item->data(Qt::UserRole).toString() : QString();
}

void PreferencesDialog::showKey() {
    const preferences::KeyAction* action = preferences::Keymap::find(currentKey());
    const bool free = action != nullptr && !action->fixed;
    for (QWidget* widget : {static_cast<QWidget*>(m_sequence), static_cast<QWidget*>(m_set),
                            static_cast<QWidget*>(m_add), static_cast<QWidget*>(m_clear)}) {
        widget->setEnabled(free);
    }
    const QSignalBlocker quiet(m_sequence);
    m_sequence->clear();
    showConflicts();
}

void PreferencesDialog::showConflicts() {
    QStringList lines;
    const QKeySequence typed = m_sequence->keySequence();
    if (!typed.isEmpty()) {
        QStringList names;
        for (const QString& id : m_keymap.usersOf(typed, currentKey())) {
            if (const preferences::KeyAction* action = preferences::Keymap::find(id)) names << action->text;
        }
        if (!names.isEmpty()) {
            lines << tr("%1 is used already by: %2.")
                         .arg(typed.toString(QKeySequence::NativeText), names.join(QStringLiteral(", ")));
        }
    }
    for (const preferences::KeyConflict& conflict : m_keymap.conflicts()) {
        const preferences::KeyAction* first = preferences::Keymap::find(conflict.first);
        const preferences::KeyAction* second = preferences::Keymap::find(conflict.second);
        if (first == nullptr || second == nullptr) continue;
        lines << tr("Clash: %1 and %2 share %3.")
                     .arg(first->text, second->text, conflict.sequence.toString(QKeySequence::NativeText));
    }
    m_conflicts->setText(lines.isEmpty() ? tr("No two actions share a key.") : lines.join(QLatin1Char('\n')));
}

void PreferencesDialog::changeKey(bool add) {
    const QString id = currentKey();
    if (id.isEmpty()) return;
    QList<QKeySequence> keys = add ? m_keymap.keys(id) : QList<QKeySequence>();
    const QKeySequence typed = m_sequence->keySequence();
    if (!typed.isEmpty() && !keys.contains(typed)) keys.append(QKeySequence(typed[0]));
    m_keymap.setKeys(id, keys);
    m_keymap.save(m_settings.raw());
    fillKeys();
}

QWidget* PreferencesDialog::makeBackups() {
    QVBoxLayout* column = nullptr;
    QWidget* page = tabPage(column);
    column->addWidget(widgets::common::mutedLabel(
        tr("Every answer is on disk the moment it is given. A backup is a verified copy of the project "
           "file, made while you go on working; pictures are not part of it."),
        page));
    m_backup = widgets::common::namedButton(tr("Back up now…"), QStringLiteral("backupNow"), QStringLiteral("backup"),
                                            false, page);
    m_backup->setEnabled(m_project != nullptr);
    m_backup->setToolTip(m_project != nullptr ? QString() : tr("Open a project first."));
    column->addWidget(m_backup, 0, Qt::AlignLeft);
    if (m_project != nullptr) {
        column->addWidget(widgets::common::mutedLabel(
            tr("Backups that were made by themselves are in %1.")
                .arg(QDir::toNativeSeparators(bridge::toQString(m_project->sidecar() / "backups"))),
            page));
    }
    column->addStretch(1);
    connect(m_backup, &QPushButton::clicked, this, &PreferencesDialog::backUp);
    return page;
}

void PreferencesDialog::backUp() {
    const QFileInfo project(bridge::toQString(m_project->file()));
    const QString name = project.completeBaseName() +
                         QDateTime::currentDateTime().toString(QStringLiteral("-yyyyMMdd-HHmmss")) +
                         QStringLiteral(".querent");
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Back up to"), QDir(m_settings.lastFolder()).filePath(name), tr("Querent projects (*.querent)"));
    if (file.isEmpty()) return;
    m_backup->setEnabled(false);
    m_pool.run(
        this, [project = m_project, path = bridge::toPath(file)] { return project->backupTo(path); },
        [this, file](const Result<void>& done) {
            m_backup->setEnabled(true);
            if (done) {
                m_banners->show(kBackup, widgets::common::Severity::Success,
                                tr("Backed up and verified: %1").arg(QDir::toNativeSeparators(file)));
            } else {
                m_banners->show(kBackup, widgets::common::Severity::Error, QString::fromStdString(done.error().text()));
            }
        });
}

}  // namespace querent::app::dialogs

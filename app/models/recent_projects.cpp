#include "app/models/recent_projects.h"

#include "app/bridge/task_pool.h"
#include "app/preferences/settings.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace querent::app::models {
namespace {

constexpr std::size_t kMost = 12;
const QString kGroup = QStringLiteral("recent");

}  // namespace

RecentProjects::RecentProjects(preferences::Settings& settings, bridge::TaskPool& pool, QObject* parent)
    : QAbstractListModel(parent), m_settings(settings), m_pool(pool) {
    load();
    refresh();
}

RecentProjects::~RecentProjects() = default;

void RecentProjects::load() {
    QSettings& store = m_settings.raw();
    const int count = store.beginReadArray(kGroup);
    for (int i = 0; i < count; ++i) {
        store.setArrayIndex(i);
        Entry entry;
        entry.file = store.value(QStringLiteral("file")).toString();
        entry.name = store.value(QStringLiteral("name")).toString();
        entry.openedAt = store.value(QStringLiteral("opened")).toDateTime();
        entry.answered = store.value(QStringLiteral("answered"), -1).toLongLong();
        entry.total = store.value(QStringLiteral("total")).toLongLong();
        if (!entry.file.isEmpty()) m_entries.push_back(entry);
    }
    store.endArray();
}

void RecentProjects::save() {
    QSettings& store = m_settings.raw();
    store.remove(kGroup);
    store.beginWriteArray(kGroup, static_cast<int>(m_entries.size()));
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const Entry& entry = m_entries[i];
        store.setArrayIndex(static_cast<int>(i));
        store.setValue(QStringLiteral("file"), entry.file);
        store.setValue(QStringLiteral("name"), entry.name);
        store.setValue(QStringLiteral("opened"), entry.openedAt);
        store.setValue(QStringLiteral("answered"), entry.answered);
        store.setValue(QStringLiteral("total"), entry.total);
    }
    store.endArray();
}

void RecentProjects::opened(const QString& file, const QString& name, qint64 answered, qint64 total) {
    const QString path = QFileInfo(file).absoluteFilePath();
    beginResetModel();
    std::erase_if(m_entries, [&path](const Entry& entry) { return entry.file == path; });
    m_entries.insert(m_entries.begin(), Entry{path, name, QDateTime::currentDateTime(), answered, total, false});
    if (m_entries.size() > kMost) m_entries.resize(kMost);
    endResetModel();
    save();
}

void RecentProjects::remove(const QString& file) {
    const auto found =
        std::find_if(m_entries.begin(), m_entries.end(), [&file](const Entry& entry) { return entry.file == file; });
    if (found == m_entries.end()) return;
    const int row = static_cast<int>(found - m_entries.begin());
    beginRemoveRows({}, row, row);
    m_entries.erase(found);
    endRemoveRows();
    save();
}

void RecentProjects::refresh() {
    QStringList files;
    for (const Entry& entry : m_entries)
        files << entry.file;
    if (files.isEmpty()) return;
    m_pool.run(
        this,
        [files] {
            QStringList gone;
            for (const QString& file : files) {
                if (!QFileInfo::exists(file)) gone << file;
            }
            return gone;
        },
        [this](const QStringList& gone) {
            for (int row = 0; row < rowCount(); ++row) {
                Entry& entry = m_entries[static_cast<std::size_t>(row)];
                const bool missing = gone.contains(entry.file);
                if (missing == entry.missing) continue;
                entry.missing = missing;
                Q_EMIT dataChanged(index(row), index(row));
            }
        });
}

int RecentProjects::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant RecentProjects::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const Entry& entry = m_entries[static_cast<std::size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole:
            return entry.name;
        case Qt::ToolTipRole:
            return QDir::toNativeSeparators(entry.file);
        case Qt::AccessibleTextRole:
            return entry.missing ? tr("%1, the file is missing").arg(entry.name) : entry.name;
        case FileRole:
            return entry.file;
        case FolderRole:
            return QDir::toNativeSeparators(QFileInfo(entry.file).absolutePath());
        case MissingRole:
            return entry.missing;
        case AnsweredRole:
            return entry.answered;
        case TotalRole:
            return entry.total;
        case OpenedRole:
            return entry.openedAt;
        default:
            return {};
    }
}

}  // namespace querent::app::models

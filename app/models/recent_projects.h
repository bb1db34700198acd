#pragma once

#include <QAbstractListModel>
#include <QDateTime>
#include <QString>

#include <vector>

namespace querent::app::bridge {
class TaskPool;
}

namespace querent::app::preferences {
class Settings;
}

namespace querent::app::models {

/**
 * The projects opened last, newest first, at most 12. Name, progress and whether the file is there are read on a pool
 * thread: a slow network drive does not hold up the window. Owned by the Application; UI thread only.
 */
class RecentProjects : public QAbstractListModel {
    Q_OBJECT
 public:
    enum Role {
        FileRole = Qt::UserRole + 1,
        FolderRole,
        MissingRole,   // bool
        AnsweredRole,  // items answered, -1 while not known
        TotalRole,
        OpenedRole,  // QDateTime
    };

    RecentProjects(preferences::Settings& settings, bridge::TaskPool& pool, QObject* parent = nullptr);
    ~RecentProjects() override;

    /** Moves `file` to the front. */
    void opened(const QString& file, const QString& name, qint64 answered, qint64 total);
    void remove(const QString& file);
    /** Asks again which files are there. */
    void refresh();
    bool isEmpty() const { return m_entries.empty(); }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

 private:
    struct Entry {
        QString file;
        QString name;
        QDateTime openedAt;
        qint64 answered = -1;
        qint64 total = 0;
        bool missing = false;
    };
    void load();
    void save();

    preferences::Settings& m_settings;
    bridge::TaskPool& m_pool;
    std::vector<Entry> m_entries;
};

}  // namespace querent::app::models

#pragma once

#include "engine/core/records.h"

#include <QCache>
#include <QImage>
#include <QObject>
#include <QSet>
#include <QThreadPool>

#include <deque>

namespace querent::session::project {
class Project;
}

namespace querent::app::models {

/**
 * Thumbnails for lists, made on one background thread, the newest wish first: what is on screen now matters most. Keeps
 * the last few hundred. Waits for its worker when it dies; the project must outlive it. UI thread only.
 */
class ThumbnailLoader : public QObject {
    Q_OBJECT

 public:
    static constexpr int kKept = 600;
    static constexpr std::size_t kWaiting = 200;  // older wishes are dropped: they have scrolled away

    explicit ThumbnailLoader(session::project::Project& project, QObject* parent = nullptr);
    ~ThumbnailLoader() override;

    /** The thumbnail; a null image while it is being made (ready() follows) and where it cannot be made. */
    QImage thumbnail(ItemId id);
    void forget(ItemId id) { m_cache.remove(id.value); }

 Q_SIGNALS:
    void ready(querent::ItemId id);

 private:
    void pump();

    session::project::Project& m_project;
    QCache<qint64, QImage> m_cache{kKept};
    std::deque<ItemId> m_waiting;  // newest first
    QSet<qint64> m_asked;          // waiting or running
    bool m_running = false;
    QThreadPool m_pool;
};

}  // namespace querent::app::models

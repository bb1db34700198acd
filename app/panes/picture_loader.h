#pragma once

#include "engine/core/geometry.h"
#include "engine/core/ids.h"

#include <QCache>
#include <QImage>
#include <QObject>
#include <QSet>
#include <QThreadPool>

#include <deque>
#include <vector>

namespace querent::session::project {
class Project;
}

namespace querent::app::panes {

/** A decoded picture on its way to the canvas. */
struct LoadedPicture {
    QImage image;       // may be smaller than `size`
    Size size;          // of the original, display orientation
    bool full = false;  // not reduced
    QString problem;    // why there is no image, one sentence
};

/**
 * Decodes pictures on a small pool, the wanted one first, then its neighbours in the direction of travel, and keeps the
 * last ones. The UI thread only looks into the cache. Owned by the page; waits for its workers when it dies, so the
 * project must outlive it. UI thread only.
 */
class PictureLoader : public QObject {
    Q_OBJECT

 public:
    static constexpr int kAhead = 3;
    static constexpr int kBehind = 1;
    static constexpr int kCacheMegabytes = 768;

    explicit PictureLoader(session::project::Project& project, QObject* parent = nullptr);
    ~PictureLoader() override;

    /** Pictures are decoded to about this many device pixels at first; full() asks for all of them. */
    void setViewSize(Size size);
    /** The picture, when it is here. */
    const LoadedPicture* cached(ItemId id) const;
    /** Wanted now: loaded() follows, also for one that is cached. `neighbours` are decoded after it, nearest first. */
    void want(ItemId id, const std::vector<ItemId>& neighbours);
    /** All pixels of a picture that was decoded smaller; loaded() follows. */
    void wantFull(ItemId id);
    /** Forgets a picture: its file has changed or moved. */
    void forget(ItemId id);

 Q_SIGNALS:
    void loaded(querent::ItemId id);

 private:
    struct Request {
        ItemId id;
        bool full = false;
    };
    void pump();
    void finish(Request request, LoadedPicture picture);
    static qint64 keyOf(const Request& request) { return request.full ? -request.id.value : request.id.value; }
    bool isRunning(const Request& request) const { return m_running.contains(keyOf(request)); }

    session::project::Project& m_project;
    Size m_viewSize;
    QCache<qint64, LoadedPicture> m_cache;  // cost in kilobytes
    QSet<qint64> m_running;                 // ids, or -id for a full decode
    std::deque<Request> m_queue;            // next one first
    QThreadPool m_pool;
};

}  // namespace querent::app::panes

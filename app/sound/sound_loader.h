#pragma once

#include "app/bridge/task_pool.h"
#include "app/sound/sound_stock.h"
#include "engine/core/records.h"

#include <QCache>
#include <QObject>
#include <QSet>
#include <QString>

#include <deque>
#include <memory>
#include <vector>

namespace querent::session::project {
class Project;
}

namespace querent::session::sound {
class Sound;
}

namespace querent::app::sound {

class FileSoundProvider;

/** An item's sound, opened, or why there is none. */
struct LoadedSound {
    std::shared_ptr<FileSoundProvider> provider;  // null when there is nothing to show
    QString problem;                              // why not, one sentence; empty for an item without a sound
    QString note;                                 // what is wrong with a sound that can be shown all the same
};

/**
 * Opens sounds on a small pool, the wanted one first, then its neighbours, and keeps the last ones. Short sounds are
 * made ready as a whole, so that going to the next one costs no more than painting it; of long ones the shown one is
 * read to its end in the background. The UI thread only looks at what is here. Owned by the pane; waits for its workers
 * when it dies, so the project must outlive it. UI thread only.
 */
class SoundLoader : public QObject {
    Q_OBJECT

 public:
    static constexpr qsizetype kKeptMegabytes = 96;

    explicit SoundLoader(session::project::Project& project, QObject* parent = nullptr);
    ~SoundLoader() override;

    /** How sounds are going to be looked at: what is made ready from now on fits. */
    void setSight(const SoundSight& sight) { m_sight = sight; }
    /** The sound, when it is here. */
    const LoadedSound* cached(ItemId id) const { return m_cache.object(id.value); }
    /**
     * Wanted now: loaded() follows, at once for one that is here. A problem is looked at again: its file may be back.
     * `neighbours` are opened after it, nearest first.
     */
    void want(ItemId id, const std::vector<ItemId>& neighbours);
    /** Nothing is wanted: what runs comes to its end, and no more begins. */
    void wantNothing();

 Q_SIGNALS:
    void loaded(querent::ItemId id);

 private:
    /** What a worker has found. */
    struct Opened {
        std::shared_ptr<session::sound::Sound> sound;
        SoundStock stock;
        QString problem;
    };

    void pump();
    static Opened open(const session::project::Project& project, ItemId id, const SoundSight& sight, bool wanted);
    void finish(ItemId id, Opened opened);
    void show(ItemId id);

    session::project::Project& m_project;
    SoundSight m_sight;
    ItemId m_wanted;
    std::shared_ptr<FileSoundProvider> m_shown;
    QCache<qint64, LoadedSound> m_cache;  // cost in kilobytes
    QSet<qint64> m_running;
    std::deque<ItemId> m_queue;    // next one first
    bridge::TaskPool m_builds{1};  // reads long sounds to their end
    bridge::TaskPool m_pool{2};    // last: dies first
};

}  // namespace querent::app::sound

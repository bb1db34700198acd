#pragma once

#include "engine/session/background.h"

#include <QElapsedTimer>
#include <QMetaType>
#include <QObject>
#include <QString>

#include <memory>

namespace querent::app::bridge {

/**
 * The background worker as the window sees it: work goes in, queued signals come out on the UI thread.
 * Progress and ticks come at most 20 times a second (the last one of a task always comes); started, finished, failed
 * and cancelled always pass, and exactly one of the last three ends each started task. What a worker tells after
 * stopAndWait() or after this object's death is dropped. Owned by the Application; UI thread only.
 */
class BackgroundBridge : public QObject {
    Q_OBJECT
 public:
    explicit BackgroundBridge(QObject* parent = nullptr);
    ~BackgroundBridge() override;

    /** False, and nothing happens, while another task runs. */
    bool start(const QString& task, session::Background::Work work);
    /** Asks the running task to stop; cancelled() follows within 0.5 s. */
    void cancel();
    /** Cancels, waits (under 0.5 s) and tells cancelled(): what must happen before a project closes. */
    void stopAndWait();
    /** From start() until the signal that ends the task has been sent. */
    bool busy() const { return !m_task.isEmpty(); }
    QString task() const { return m_task; }
    bool cancelling() const { return m_cancelling; }
    /** What session::RoundOptions::onStep is set to; called on the worker's thread. */
    std::function<void(const TrainingStep&)> tickHandler();

 Q_SIGNALS:
    void started(const QString& task);
    void progressed(const QString& task, const querent::Progress& progress);
    void ticked(const querent::TrainingStep& tick);
    void finished(const QString& task);
    void failed(const QString& task, const querent::Error& error);
    void cancelled(const QString& task);
    /** After each of the above but progressed and ticked. */
    void busyChanged(bool busy);

 private:
    struct Gate;
    void restart();
    void deliver(int generation, const session::BackgroundEvent& event);
    void end(const session::BackgroundEvent& event);

    std::shared_ptr<Gate> m_gate;
    int m_generation = 0;
    QString m_task;
    bool m_cancelling = false;
    std::unique_ptr<session::Background> m_background;  // last: dies first, and waits
};

}  // namespace querent::app::bridge

Q_DECLARE_METATYPE(querent::Progress)
Q_DECLARE_METATYPE(querent::Error)
Q_DECLARE_METATYPE(querent::TrainingStep)

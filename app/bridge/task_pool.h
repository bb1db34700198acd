#pragma once

#include "app/bridge/between_threads.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <memory>
#include <utility>

namespace querent::app::bridge {

/**
 * A small pool for short work that must not hold up the window: a thumbnail, a backup, a few writes. Long work with
 * progress belongs to BackgroundBridge. Owned by the Application; UI thread only. waitForDone() before a project
 * closes.
 */
class TaskPool {
 public:
    explicit TaskPool(int threads = 2) { m_pool.setMaxThreadCount(threads); }
    ~TaskPool() { waitForDone(); }
    TaskPool(const TaskPool&) = delete;
    TaskPool& operator=(const TaskPool&) = delete;

    /** Runs work() on a pool thread, then then(result) on the UI thread if `receiver` is still alive. */
    template <typename Work, typename Then>
    void run(QObject* receiver, Work work, Then then) {
        startOn(m_pool,
                [receiver = QPointer<QObject>(receiver), work = std::move(work), then = std::move(then)]() mutable {
                    // Shared, as queued calls are copied and results (an open project) may only move.
                    auto result = std::make_shared<decltype(work())>(work());
                    callLater(QCoreApplication::instance(), [receiver, result, then = std::move(then)]() mutable {
                        if (receiver) then(std::move(*result));
                    });
                });
    }

    /** Drops what has not begun and waits for what has. */
    void waitForDone() {
        m_pool.clear();
        m_pool.waitForDone();
    }

 private:
    QThreadPool m_pool;
};

}  // namespace querent::app::bridge

#include "app/bridge/background_bridge.h"

#include "app/bridge/between_threads.h"

#include <QMetaObject>

#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

namespace querent::app::bridge {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = session::BackgroundEvent::Kind;
constexpr auto kInterval = std::chrono::milliseconds(50);  // 20 a second

/** Keeps the newest event of one sort, and says when the next may pass. */
struct Throttle {
    Clock::time_point last{};
    std::optional<session::BackgroundEvent> held;

    bool admit(const session::BackgroundEvent& event, bool always) {
        const auto now = Clock::now();
        if (!always && now - last < kInterval) {
            held = event;
            return false;
        }
        last = now;
        held.reset();
        return true;
    }
};

}  // namespace

/** Between the worker's thread and the UI thread: knows whether the receiver lives, and what has been held back. */
struct BackgroundBridge::Gate {
    std::mutex mutex;
    BackgroundBridge* receiver = nullptr;
    Throttle progress;
    Throttle ticks;
    std::string phase;

    void post(int generation, const session::BackgroundEvent& event) {
        if (receiver == nullptr) return;
        BackgroundBridge* bridge = receiver;
        callLater(bridge, [bridge, generation, event] { bridge->deliver(generation, event); });
    }

    void take(int generation, const session::BackgroundEvent& event) {
        const std::lock_guard lock(mutex);
        if (event.kind == Kind::Progressed) {
            const bool newPhase = event.progress.phase != phase;
            phase = event.progress.phase;
            if (progress.admit(event, newPhase)) post(generation, event);
        } else if (event.kind == Kind::Ticked) {
            if (ticks.admit(event, false)) post(generation, event);
        } else {
            flushHeld(generation);
            post(generation, event);
        }
    }

    void flushHeld(int generation) {
        for (Throttle* throttle : {&progress, &ticks}) {
            if (throttle->held) post(generation, *throttle->held);
            *throttle = Throttle{};
        }
        phase.clear();
    }
};

BackgroundBridge::BackgroundBridge(QObject* parent) : QObject(parent), m_gate(std::make_shared<Gate>()) {
    qRegisterMetaType<querent::Progress>();
    qRegisterMetaType<querent::Error>();
    qRegisterMetaType<querent::TrainingStep>();
    m_gate->receiver = this;
    restart();
}

BackgroundBridge::~BackgroundBridge() {
    {
        const std::lock_guard lock(m_gate->mutex);
        m_gate->receiver = nullptr;
    }
    m_background.reset();
}

void BackgroundBridge::restart() {
    m_background.reset();
    ++m_generation;
    m_background = std::make_unique<session::Background>(
        [gate = m_gate, generation = m_generation](const session::BackgroundEvent& event) {
            gate->take(generation, event);
        });
}

bool BackgroundBridge::start(const QString& task, session::Background::Work work) {
    if (busy() || !m_background->start(task.toStdString(), std::move(work))) return false;
    m_task = task;
    m_cancelling = false;
    return true;
}

void BackgroundBridge::cancel() {
    if (!busy()) return;
    m_cancelling = true;
    m_background->cancel();
}

void BackgroundBridge::stopAndWait() {
    if (!busy()) return;
    restart();
    session::BackgroundEvent event;
    event.kind = Kind::Cancelled;
    end(event);
}

std::function<void(const TrainingStep&)> BackgroundBridge::tickHandler() {
    return [background = m_background.get()](const TrainingStep& tick) { background->tick(tick); };
}

void BackgroundBridge::deliver(int generation, const session::BackgroundEvent& event) {
    if (generation != m_generation || !busy()) return;
    switch (event.kind) {
        case Kind::Started:
            Q_EMIT started(m_task);
            Q_EMIT busyChanged(true);
            return;
        case Kind::Progressed:
            Q_EMIT progressed(m_task, event.progress);
            return;
        case Kind::Ticked:
            Q_EMIT ticked(event.tick);
            return;
        case Kind::Finished:
        case Kind::Failed:
        case Kind::Cancelled:
            end(event);
    }
}

void BackgroundBridge::end(const session::BackgroundEvent& event) {
    // Idle before anyone hears of it, so that a listener may start the next task at once.
    const QString task = std::exchange(m_task, {});
    m_cancelling = false;
    if (event.kind == Kind::Finished) Q_EMIT finished(task);
    if (event.kind == Kind::Failed) Q_EMIT failed(task, event.error);
    if (event.kind == Kind::Cancelled) Q_EMIT cancelled(task);
    Q_EMIT busyChanged(busy());
}

}  // namespace querent::app::bridge

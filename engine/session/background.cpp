#include "engine/session/background.h"

#include "engine/session/logbook/logbook.h"
#include "engine/session/thread_priority.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace querent::session {
namespace {

constexpr int kNiceness = 10;  // the threads that torch starts from this one inherit it

Result<void> runGuarded(const Background::Work& work, const Job& job) {
    try {
        return work(job);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "There is not enough memory for this.");
    } catch (const std::exception& e) {
        return fail(ErrorCode::Internal, std::string("Something went wrong inside: ") + e.what());
    }
}

}  // namespace

struct Background::State {
    Listener listener;
    mutable std::mutex mutex;
    std::condition_variable_any wake;
    std::string task;
    Work work;
    bool running = false;
    std::stop_source stop;
    std::jthread thread;  // last: it is joined before the rest dies

    void tell(BackgroundEvent::Kind kind, const std::string& name, const Error& error = {}) const {
        BackgroundEvent event;
        event.kind = kind;
        event.task = name;
        event.error = error;
        listener(event);
    }

    void runOne(const std::string& name, const Work& todo, const std::stop_token& token) {
        tell(BackgroundEvent::Kind::Started, name);
        const Job job(token, [this, &name](const Progress& progress) {
            BackgroundEvent event;
            event.kind = BackgroundEvent::Kind::Progressed;
            event.task = name;
            event.progress = progress;
            listener(event);
        });
        const Result<void> result = runGuarded(todo, job);
        {
            // Idle before the listener hears of the end, so that it may start the next task at once.
            const std::lock_guard lock(mutex);
            running = false;
            task.clear();
        }
        if (result) {
            tell(BackgroundEvent::Kind::Finished, name);
        } else if (result.error().code == ErrorCode::Cancelled) {
            tell(BackgroundEvent::Kind::Cancelled, name);
        } else {
            logbook::error(name + " failed: " + result.error().sentence);
            tell(BackgroundEvent::Kind::Failed, name, result.error());
        }
    }

    void loop(const std::stop_token& end) {
        lowerPriorityOfThisThread(kNiceness);
        while (true) {
            std::unique_lock lock(mutex);
            if (!wake.wait(lock, end, [this] { return static_cast<bool>(work); })) return;
            const Work todo = std::exchange(work, nullptr);
            const std::string name = task;
            const std::stop_token token = stop.get_token();
            lock.unlock();
            runOne(name, todo, token);
        }
    }
};

Background::Background(Listener listener) : m_state(std::make_unique<State>()) {
    m_state->listener = std::move(listener);
    m_state->thread = std::jthread([state = m_state.get()](const std::stop_token& end) { state->loop(end); });
}

Background::~Background() {
    cancel();
    m_state->thread.request_stop();
    m_state->thread.join();
}

bool Background::start(std::string task, Work work) {
    {
        const std::lock_guard lock(m_state->mutex);
        if (m_state->running) return false;
        m_state->running = true;
        m_state->task = std::move(task);
        m_state->work = std::move(work);
        m_state->stop = std::stop_source();
    }
    m_state->wake.notify_one();
    return true;
}

void Background::cancel() {
    const std::lock_guard lock(m_state->mutex);
    m_state->stop.request_stop();
}

bool Background::busy() const {
    const std::lock_guard lock(m_state->mutex);
    return m_state->running;
}

std::string Background::task() const {
    const std::lock_guard lock(m_state->mutex);
    return m_state->task;
}

void Background::tick(const TrainingStep& tick) {
    BackgroundEvent event;
    event.kind = BackgroundEvent::Kind::Ticked;
    event.task = "train";
    event.tick = tick;
    m_state->listener(event);
}

}  // namespace querent::session

#pragma once

#include "engine/core/result.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace querent::store {
class ProjectFile;
}

namespace querent::session::project {

/**
 * The one thread that writes the project file, and the only owner of the writing connection. Work runs in the order
 * in which it came; what is queued when the queue dies is still written.
 */
class WriteQueue {
 public:
    using Work = std::function<void(store::ProjectFile&)>;

    explicit WriteQueue(std::unique_ptr<store::ProjectFile> file);
    ~WriteQueue();
    WriteQueue(const WriteQueue&) = delete;
    WriteQueue& operator=(const WriteQueue&) = delete;

    /** Queues and returns at once; any thread. */
    void post(Work work);
    /** Queues and waits for the answer; any thread but the queue's own. */
    Result<void> run(const std::function<Result<void>(store::ProjectFile&)>& work);
    /** Waits until everything posted so far has run. */
    void flush();

 private:
    void loop();

    std::unique_ptr<store::ProjectFile> m_file;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Work> m_queue;
    bool m_ending = false;
    std::jthread m_thread;
};

}  // namespace querent::session::project

#include "engine/session/project/write_queue.h"

#include "engine/store/project_file.h"

#include <future>
#include <utility>

namespace querent::session::project {

WriteQueue::WriteQueue(std::unique_ptr<store::ProjectFile> file)
    : m_file(std::move(file)), m_thread([this] { loop(); }) {}

WriteQueue::~WriteQueue() {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

void WriteQueue::post(Work work) {
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back(std::move(work));
    }
    m_wake.notify_one();
}

Result<void> WriteQueue::run(const std::function<Result<void>(store::ProjectFile&)>& work) {
    std::promise<Result<void>> answer;
    post([&answer, &work](store::ProjectFile& file) { answer.set_value(work(file)); });
    return answer.get_future().get();
}

void WriteQueue::flush() {
    std::promise<void> reached;
    post([&reached](store::ProjectFile&) { reached.set_value(); });
    reached.get_future().wait();
}

void WriteQueue::loop() {
    while (true) {
        std::unique_lock lock(m_mutex);
        m_wake.wait(lock, [this] { return m_ending || !m_queue.empty(); });
        if (m_queue.empty()) return;
        const Work work = std::move(m_queue.front());
        m_queue.pop_front();
        lock.unlock();
        work(*m_file);
    }
}

}  // namespace querent::session::project

#pragma once

#include <QMetaObject>
#include <QObject>
#include <QThreadPool>

#include <utility>

#if defined(__SANITIZE_THREAD__)
#define QUERENT_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define QUERENT_THREAD_SANITIZER 1
#endif
#endif
#ifdef QUERENT_THREAD_SANITIZER
extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);
#endif

namespace querent::app::bridge {

/**
 * A call that one thread hands to another through a queue of Qt, whose libraries are built without the thread
 * sanitizer: it does not see their locks, and would take the handing over for a race. Each copy says that what it is
 * made of is given, and the call that it is taken; nothing of this in other builds.
 */
template <typename Call>
class HandedOver {
 public:
    explicit HandedOver(Call call) : m_call(std::move(call)) { given(); }
    HandedOver(const HandedOver& other) : m_call(other.m_call) { given(); }
    HandedOver(HandedOver&& other) noexcept : m_call(std::move(other.m_call)) { given(); }
    ~HandedOver() = default;
    HandedOver& operator=(const HandedOver&) = delete;
    HandedOver& operator=(HandedOver&&) = delete;

    void operator()() {
#ifdef QUERENT_THREAD_SANITIZER
        __tsan_acquire(&s_mark);
#endif
        m_call();
    }

 private:
    static void given() {
#ifdef QUERENT_THREAD_SANITIZER
        __tsan_release(&s_mark);
#endif
    }
    // One for all calls of this type: to read which one from the call itself would be too early.
    static inline char s_mark = 0;
    Call m_call;
};

/** Calls `call` on the thread of `receiver`, when that comes to its events; never, once `receiver` is gone. Any thread.
 */
template <typename Call>
void callLater(QObject* receiver, Call call) {
    QMetaObject::invokeMethod(receiver, HandedOver<Call>(std::move(call)), Qt::QueuedConnection);
}

/** Runs `work` on a thread of the pool, after what has been started before. UI thread. */
template <typename Work>
void startOn(QThreadPool& pool, Work work) {
    pool.start(HandedOver<Work>(std::move(work)));
}

}  // namespace querent::app::bridge

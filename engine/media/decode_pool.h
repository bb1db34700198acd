#pragma once

#include "engine/core/raster.h"
#include "engine/core/result.h"
#include "engine/media/picture_cache.h"

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace querent::media {

/**
 * Decodes pictures in the background, most urgent first, and keeps the recent ones: the next item is there before it is
 * asked for. Owned by one part of the program; every function from any thread. Destruction drops what is waiting, waits
 * for what is being decoded (its callbacks still run), and joins.
 */
class DecodePool {
 public:
    using Ticket = std::uint64_t;
    using Picture = std::shared_ptr<const Raster>;
    /** On a pool thread, once for each ticket that was not cancelled; must not throw, and must not destroy the pool. */
    using Callback = std::function<void(const Result<Picture>&)>;

    static constexpr int kDefaultThreads = 2;
    static constexpr std::int64_t kDefaultCacheBytes = 256LL << 20;

    explicit DecodePool(int threads = kDefaultThreads, std::int64_t cacheBytes = kDefaultCacheBytes);
    ~DecodePool();
    DecodePool(const DecodePool&) = delete;
    DecodePool& operator=(const DecodePool&) = delete;

    /** The picture if it is there already; never waits on disk or on a decode. */
    Picture cached(const std::filesystem::path& path, Size wanted);

    /**
     * Asks for a picture (`wanted` as in decode()). Higher priorities first; within one, in the order of asking. Two
     * requests for the same picture are decoded once. The callback may run before submit() returns.
     */
    Ticket submit(const std::filesystem::path& path, Size wanted, int priority, Callback callback);

    /** True: the callback will never run. False: it has run, is running, or the ticket is unknown. */
    bool cancel(Ticket ticket);
    /** Cancels everything that waits with a priority below `priority`; returns how many. */
    std::size_t cancelBelow(int priority);

    std::size_t waiting() const;
    /** Decodes done since the start, cache hits not counted. */
    std::int64_t decodes() const;
    /** Forgets a file that changed on disk. */
    void forget(const std::filesystem::path& path) { m_cache.forget(path); }

 private:
    struct Request {
        Ticket ticket = 0;
        PictureKey key;
        int priority = 0;
        Callback callback;
    };
    void work(const std::stop_token& token);
    /** The waiting request to decode next: of the highest priority, and nobody is at its picture yet. */
    std::vector<Request>::iterator mostUrgent();
    std::vector<Request> takeAllFor(const PictureKey& key);
    Result<Picture> fetch(const PictureKey& key);

    PictureCache m_cache;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::vector<Request> m_waiting;     // guarded by m_mutex, in the order of asking
    std::vector<PictureKey> m_running;  // guarded by m_mutex
    Ticket m_lastTicket = 0;
    std::int64_t m_decodes = 0;
    std::vector<std::jthread> m_threads;  // last: they use everything above
};

}  // namespace querent::media

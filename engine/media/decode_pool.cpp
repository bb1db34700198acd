#include "engine/media/decode_pool.h"

#include "engine/media/picture.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace querent::media {

namespace {

bool same(const PictureKey& a, const PictureKey& b) {
    return a.wanted == b.wanted && a.path == b.path;
}

}  // namespace

DecodePool::DecodePool(int threads, std::int64_t cacheBytes) : m_cache(cacheBytes) {
    for (int i = 0; i < std::max(1, threads); ++i) {
        m_threads.emplace_back([this](const std::stop_token& token) { work(token); });
    }
}

DecodePool::~DecodePool() {
    // All of them before the first join: none may begin another picture meanwhile.
    for (std::jthread& thread : m_threads)
        thread.request_stop();
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_waiting, [&](const Request& request) {
        return std::none_of(m_running.begin(), m_running.end(),
                            [&](const PictureKey& key) { return same(key, request.key); });
    });
}

DecodePool::Picture DecodePool::cached(const std::filesystem::path& path, Size wanted) {
    return m_cache.find({path, wanted});
}

DecodePool::Ticket DecodePool::submit(const std::filesystem::path& path, Size wanted, int priority, Callback callback) {
    Ticket ticket = 0;
    {
        const std::lock_guard lock(m_mutex);
        ticket = ++m_lastTicket;
        m_waiting.push_back({ticket, {path, wanted}, priority, std::move(callback)});
    }
    m_wake.notify_one();
    return ticket;
}

bool DecodePool::cancel(Ticket ticket) {
    const std::lock_guard lock(m_mutex);
    return std::erase_if(m_waiting, [&](const Request& request) { return request.ticket == ticket; }) > 0;
}

std::size_t DecodePool::cancelBelow(int priority) {
    const std::lock_guard lock(m_mutex);
    return std::erase_if(m_waiting, [&](const Request& request) { return request.priority < priority; });
}

std::size_t DecodePool::waiting() const {
    const std::lock_guard lock(m_mutex);
    return m_waiting.size();
}

std::int64_t DecodePool::decodes() const {
    const std::lock_guard lock(m_mutex);
    return m_decodes;
}

std::vector<DecodePool::Request>::iterator DecodePool::mostUrgent() {
    auto best = m_waiting.end();
    for (auto it = m_waiting.begin(); it != m_waiting.end(); ++it) {
        const bool busy =
            std::any_of(m_running.begin(), m_running.end(), [&](const PictureKey& key) { return same(key, it->key); });
        if (!busy && (best == m_waiting.end() || it->priority > best->priority)) best = it;
    }
    return best;
}

std::vector<DecodePool::Request> DecodePool::takeAllFor(const PictureKey& key) {
    std::vector<Request> taken;
    const auto rest = std::stable_partition(m_waiting.begin(), m_waiting.end(),
                                            [&](const Request& request) { return !same(request.key, key); });
    std::move(rest, m_waiting.end(), std::back_inserter(taken));
    m_waiting.erase(rest, m_waiting.end());
    return taken;
}

Result<DecodePool::Picture> DecodePool::fetch(const PictureKey& key) {
    if (Picture there = m_cache.find(key)) return there;
    DecodeOptions options;
    options.wanted = key.wanted;
    Result<Raster> raster = decode(key.path, options);
    {
        const std::lock_guard lock(m_mutex);
        ++m_decodes;
    }
    if (!raster) return raster.error();
    auto picture = std::make_shared<const Raster>(std::move(raster).value());
    m_cache.insert(key, picture);
    return Picture(std::move(picture));
}

// A request stays in the list until its picture is there. So a ticket can be cancelled to the last moment, and whoever
// asks for a picture that is being decoded shares the result.
void DecodePool::work(const std::stop_token& token) {
    quietDecoding();
    while (!token.stop_requested()) {
        PictureKey key;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, token, [this] { return mostUrgent() != m_waiting.end(); })) return;
            if (token.stop_requested()) return;
            key = mostUrgent()->key;
            m_running.push_back(key);
        }
        const Result<Picture> picture = fetch(key);
        std::vector<Request> served;
        {
            const std::lock_guard lock(m_mutex);
            std::erase_if(m_running, [&](const PictureKey& running) { return same(running, key); });
            served = takeAllFor(key);
        }
        for (const Request& request : served) {
            if (request.callback) request.callback(picture);
        }
    }
}

}  // namespace querent::media

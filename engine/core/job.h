#pragma once

#include "engine/core/result.h"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <utility>

namespace querent {

/** How far a long function has come. `total` is 0 while it is not known. */
struct Progress {
    std::string phase;  // "Decoding", "Training", ...: one or two words, for people
    std::int64_t done = 0;
    std::int64_t total = 0;
};

/**
 * What every long function takes: the wish to stop, and somebody to tell.
 * The function asks cancelled() often enough to answer within 0.5 s and then returns Job::stopped().
 * report() is called on the thread that does the work.
 */
class Job {
 public:
    using Listener = std::function<void(const Progress&)>;

    Job() = default;
    explicit Job(std::stop_token token, Listener listener = {})
        : m_token(std::move(token)), m_listener(std::move(listener)) {}

    bool cancelled() const { return m_token.stop_requested(); }
    const std::stop_token& token() const { return m_token; }

    void report(const std::string& phase, std::int64_t done, std::int64_t total) const {
        if (m_listener) m_listener(Progress{phase, done, total});
    }

    static Error stopped() { return fail(ErrorCode::Cancelled, "Cancelled."); }

 private:
    std::stop_token m_token;
    Listener m_listener;
};

}  // namespace querent

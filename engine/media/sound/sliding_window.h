#pragma once

#include "engine/core/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace querent::media::sound {

/**
 * Windows that walk forward over a stream of samples: only what the next windows may need is in memory. Before and
 * after the stream is silence. One thread at a time.
 */
class SlidingWindow {
 public:
    /** Fills its argument with the next samples; fewer than asked for only at the end of the stream. */
    using Source = std::function<Result<std::size_t>(std::span<float>)>;

    explicit SlidingWindow(Source source) : m_source(std::move(source)) {}

    /** Samples [first, first + count), valid until the next call. `first` may be negative, and never goes back. */
    Result<std::span<const float>> at(std::int64_t first, std::size_t count);

 private:
    Result<void> readUpTo(std::int64_t end, std::int64_t keepFrom);

    Source m_source;
    std::vector<float> m_samples;  // from position m_base on
    std::vector<float> m_padded;
    std::int64_t m_base = 0;
    bool m_ended = false;
};

}  // namespace querent::media::sound

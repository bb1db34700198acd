#pragma once

#include "engine/core/job.h"
#include "engine/select/strategy.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace querent::select::geometry {

/**
 * The item that is farthest from all centres, again and again. Adding a centre can only shorten distances, so what is
 * known of an item bounds it from above: an item is compared with the centres it has not met only when that bound could
 * still win. It then meets all of them while its features are in the cache. Distances, picks and the order of equals
 * are those of comparing every item with every centre.
 *
 * Distance: float(item, centre, limit), >= 0, rows of one list; may return `limit` for all that is not below it.
 */
template <typename Distance>
class FarthestFirst {
 public:
    /** `nearest`: to the centres that are there already. `keys`, which order equals, are referred to. */
    FarthestFirst(Distance distance, std::vector<std::size_t> open, std::vector<float> nearest,
                  const std::vector<double>& keys)
        : m_distance(std::move(distance)),
          m_open(std::move(open)),
          m_nearest(std::move(nearest)),
          m_keys(keys),
          m_met(m_nearest.size()) {}

    /** Takes the next item, which becomes a centre; at least one is left. Nothing when cancelled. */
    std::optional<std::size_t> take(const Job& job) {
        // A good first candidate spares many others the comparison: what nearly won the last time.
        std::size_t best = std::min(m_runnerUp, m_open.size() - 1);
        meet(m_open[best]);
        m_runnerUp = best;
        for (std::size_t place = 0; place < m_open.size(); ++place) {
            if (place % kRowsBetweenLooks == 0 && job.cancelled()) return std::nullopt;
            if (!beats(m_open[place], m_open[best])) continue;
            meet(m_open[place]);
            if (!beats(m_open[place], m_open[best])) continue;
            m_runnerUp = best;
            best = place;
        }
        const std::size_t item = m_open[best];
        m_open[best] = m_open.back();
        m_open.pop_back();
        m_centres.push_back(item);
        return item;
    }

    /** Of the item taken last: its distance when it was taken. */
    float nearest(std::size_t item) const { return m_nearest[item]; }

 private:
    static constexpr std::size_t kRowsBetweenLooks = 1024;  // how often to ask whether the job was cancelled

    bool beats(std::size_t a, std::size_t b) const {
        return m_nearest[a] > m_nearest[b] || (m_nearest[a] == m_nearest[b] && m_keys[a] > m_keys[b]);
    }

    void meet(std::size_t item) {
        float& nearest = m_nearest[item];
        for (std::size_t& next = m_met[item]; next < m_centres.size(); ++next)
            nearest = std::min(nearest, m_distance(item, m_centres[next], nearest));
    }

    Distance m_distance;
    std::vector<std::size_t> m_open;
    std::vector<float> m_nearest;
    const std::vector<double>& m_keys;
    std::vector<std::size_t> m_met;  // how many of m_centres each item was compared with
    std::vector<std::size_t> m_centres;
    std::size_t m_runnerUp = 0;  // a place in m_open
};

/** Gives a first item that was far from nothing the score of the second: score and first reason, a distance both. */
void settleFirst(std::vector<Pick>& picks);

}  // namespace querent::select::geometry

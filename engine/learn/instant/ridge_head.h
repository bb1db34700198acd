#pragma once

#include "engine/core/matrix.h"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace querent::learn::instant {

/**
 * Classes from features that do not change: ridge regression of what is (1) and is not (0) the answer (Hoerl and
 * Kennard 1970). An answer that comes or goes changes the inverse of the features' products by one rank (Sherman and
 * Morrison 1950), which takes D^2 steps however many answers there are; so it learns while people type.
 *
 * What it says is turned into probabilities by one factor, the likeliest for the answers themselves when each is
 * predicted from all others, which ridge regression tells without another fit. One thread at a time.
 */
class RidgeHead {
 public:
    /** What pulls the weights to 0, for features of about length 1. */
    static constexpr double kRidge = 0.3;

    /**
     * @param features    D >= 1
     * @param classes     C >= 1
     * @param multiLabel  each class is a yes or no by itself
     */
    RidgeHead(std::size_t features, int classes, bool multiLabel);
    ~RidgeHead();
    RidgeHead(RidgeHead&&) noexcept;
    RidgeHead& operator=(RidgeHead&&) noexcept;

    /**
     * Learns an answer: finite features [D], and its classes in [0, C). The number names it for forget().
     */
    std::size_t learn(std::span<const float> features, std::span<const int> labels);
    /** As if it had never been learnt. Each number once. */
    void forget(std::size_t number);
    std::size_t answers() const;

    /** [N, C] probabilities of rows [N, D]; the same for all classes while nothing has been learnt. */
    Matrix probabilities(const Matrix& features);

 private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace querent::learn::instant

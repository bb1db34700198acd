#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"

#include <cstddef>
#include <functional>
#include <span>

namespace querent {

/**
 * Trains a copy of the model for a short time on what is labelled and on these items of the pool, whose answers it is
 * not told, and measures it on validation: the headline metric, [0, 1]; Cancelled, within 0.5 s. Slow: seconds.
 * @param batch  indices into the pool, all different; none: on what is labelled alone
 */
using ProxyOfPool = std::function<Result<double>(std::span<const std::size_t> batch, const Job& job)>;

/**
 * What answers bring, which nobody knows of the pool: the same on validation, whose items the model has not been
 * trained on either. Learns from the items `learnt` with their answers, and measures on the items `measured`, at least
 * one and none of `learnt`; both indices into the holdout, all different.
 */
using ProxyOfAnswered = std::function<Result<double>(std::span<const std::size_t> learnt,
                                                     std::span<const std::size_t> measured, const Job& job)>;

/** What tries batches: copies of one model, trained shortly. Either may be empty. One call at a time. */
struct Proxy {
    ProxyOfPool ofPool;
    ProxyOfAnswered ofAnswered;
};

}  // namespace querent

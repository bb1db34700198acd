#pragma once

#include "engine/core/rng.h"

#include <torch/torch.h>

#include <cstdint>
#include <vector>

namespace querent::learn {

/** Numbers of the normal distribution, the same for the same seed. */
inline torch::Tensor drawn(std::vector<std::int64_t> sizes, std::uint64_t seed) {
    Rng rng(seed);
    const torch::Tensor t = torch::empty(sizes);
    for (std::int64_t i = 0; i < t.numel(); ++i)
        t.data_ptr<float>()[i] = static_cast<float>(rng.normal());
    return t;
}

}  // namespace querent::learn

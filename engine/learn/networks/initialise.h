#pragma once

// Internal: torch inside.

#include "engine/core/rng.h"

#include <torch/torch.h>

namespace querent::learn {

/** Kaiming normal, fan out (He et al. 2015), for every convolution below `module`; norms start at 1 and 0. */
void initialiseConvolutions(torch::nn::Module& module, Rng& rng);

/**
 * The same, but the last layers start small, and the classes' bias at a probability of 0.01 (RetinaNet, section 4.1):
 * otherwise the thousands of background locations drown the first steps.
 */
void initialiseHead(torch::nn::Module& head, Rng& rng);

}  // namespace querent::learn

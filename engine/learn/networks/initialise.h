#pragma once

// Internal: torch inside.

#include "engine/core/rng.h"

#include <torch/torch.h>

namespace querent::learn::networks {

/** Normal numbers of this deviation. */
void fillNormal(torch::Tensor weight, double deviation, Rng& rng);

/** Kaiming normal, fan out (He et al. 2015), for every convolution below `module`; norms start at 1 and 0. */
void initialiseConvolutions(torch::nn::Module& module, Rng& rng);

/**
 * Every convolution, linear and embedding layer below `module`: He normal by fan in (He et al. 2015), embeddings
 * standard normal, biases 0. Layers of LibTorch fill themselves from a global generator; this puts the seed's numbers
 * in their place.
 */
void initialiseLayers(torch::nn::Module& module, Rng& rng);

/**
 * Convolutions as above, but the last layers start small, and the classes' bias at a probability of 0.01 (RetinaNet,
 * section 4.1): otherwise the thousands of background locations drown the first steps.
 */
void initialiseHead(torch::nn::Module& head, Rng& rng);

}  // namespace querent::learn::networks

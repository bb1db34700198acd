#pragma once

// Internal: torch inside.

#include "engine/core/result.h"

#include <torch/torch.h>

#include <functional>

namespace querent::learn {

/** The product [m, n] of matrices [m, k] and [k, n] of the same type; any of the two may be a transposed view. */
using Product = std::function<torch::Tensor(const torch::Tensor&, const torch::Tensor&)>;

/**
 * Asks `product` for matrices of float and double with sides from 1 to 257, odd ones too, each as it is and transposed,
 * and compares every number with a sum in a plain loop. An order of summation may change it by
 * (k + 2) eps (|A| |B|) (Higham 2002, section 3.5, with both sides rounding); more is an error.
 * @return the largest error found, as a share of what rounding explains, in [0, 1]; Internal with a sentence about the
 *         first product that is wrong.
 */
Result<double> compareProducts(const Product& product);

}  // namespace querent::learn

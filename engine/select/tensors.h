#pragma once

// Internal: for the sources of this library that compute with LibTorch. No other header here shows a torch type.

#include "engine/core/matrix.h"

#include <torch/torch.h>

#include <algorithm>

namespace querent::select {

/** [rows, cols] floats that belong to the matrix, for as long as it lives; not to be written to. */
inline torch::Tensor viewOf(const Matrix& matrix) {
    return torch::from_blob(const_cast<float*>(matrix.values.data()),
                            {static_cast<std::int64_t>(matrix.rows), static_cast<std::int64_t>(matrix.cols)});
}

/** A copy of [rows, cols] numbers of any type. */
inline Matrix matrixOf(const torch::Tensor& numbers) {
    const torch::Tensor floats = numbers.detach().to(torch::kFloat).contiguous();
    Matrix matrix(static_cast<std::size_t>(floats.size(0)), static_cast<std::size_t>(floats.size(1)));
    std::copy_n(floats.data_ptr<float>(), matrix.values.size(), matrix.values.begin());
    return matrix;
}

/** A copy of [n] numbers of any type. */
inline std::vector<double> doublesOf(const torch::Tensor& numbers) {
    const torch::Tensor doubles = numbers.detach().to(torch::kDouble).contiguous();
    return {doubles.data_ptr<double>(), doubles.data_ptr<double>() + doubles.numel()};
}

}  // namespace querent::select

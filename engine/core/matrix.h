#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace querent {

/** Row-major floats, [rows, cols]: features and probabilities on their way between modules. */
struct Matrix {
    std::size_t rows = 0;
    std::size_t cols = 0;
    std::vector<float> values;

    Matrix() = default;
    Matrix(std::size_t r, std::size_t c) : rows(r), cols(c), values(r * c) {}

    std::span<float> row(std::size_t i) { return {values.data() + i * cols, cols}; }
    std::span<const float> row(std::size_t i) const { return {values.data() + i * cols, cols}; }
    float& at(std::size_t i, std::size_t j) { return values[i * cols + j]; }
    float at(std::size_t i, std::size_t j) const { return values[i * cols + j]; }
};

/** No NaN, no infinity. */
bool allFinite(std::span<const float> x);

}  // namespace querent

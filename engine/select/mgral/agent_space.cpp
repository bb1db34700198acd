#include "engine/select/mgral/agent_space.h"

#include "engine/core/rng.h"
#include "engine/select/geometry/rows.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace querent::select::mgral {
namespace {

constexpr std::uint64_t kProjectionSeed = 2310;  // fixed: all rounds and projects look from the same side

void standardise(Matrix& rows) {
    const auto count = static_cast<double>(rows.rows);
    for (std::size_t k = 0; k < rows.cols; ++k) {
        double sum = 0.0;
        for (std::size_t i = 0; i < rows.rows; ++i)
            sum += static_cast<double>(rows.at(i, k));
        const double mean = sum / count;
        double squares = 0.0;
        for (std::size_t i = 0; i < rows.rows; ++i)
            squares += (static_cast<double>(rows.at(i, k)) - mean) * (static_cast<double>(rows.at(i, k)) - mean);
        const double deviation = std::sqrt(squares / count);
        const bool varies = deviation > 1e-6 * (std::abs(mean) + 1e-12);  // the rest is rounding
        for (std::size_t i = 0; i < rows.rows; ++i) {
            const double away = static_cast<double>(rows.at(i, k)) - mean;
            rows.at(i, k) = varies ? static_cast<float>(away / deviation) : 0.0F;
        }
    }
}

}  // namespace

Matrix agentSpace(const Matrix& features, std::span<const std::size_t> rows, std::size_t most) {
    Matrix standard(rows.size(), features.cols);
    for (std::size_t i = 0; i < rows.size(); ++i)
        std::copy_n(features.row(rows[i]).begin(), features.cols, standard.row(i).begin());
    standardise(standard);
    if (features.cols <= most) return standard;
    Rng rng(kProjectionSeed, "mgral projection");
    Matrix directions(most, features.cols);
    const double scale = 1.0 / std::sqrt(static_cast<double>(features.cols));
    for (float& number : directions.values)
        number = static_cast<float>(scale * rng.normal());
    Matrix seen(rows.size(), most);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t k = 0; k < most; ++k)
            seen.at(i, k) = geometry::dotProduct(standard.row(i), directions.row(k));
    }
    return seen;
}

}  // namespace querent::select::mgral

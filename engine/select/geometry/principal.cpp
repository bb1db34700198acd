#include "engine/select/geometry/principal.h"

#include "engine/core/rng.h"
#include "engine/select/input_check.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

namespace querent::select::geometry {
namespace {

constexpr int kSweeps = 60;               // Jacobi's converge in fewer than ten
constexpr int kIterations = 300;          // of the subspace
constexpr std::size_t kSpare = 8;         // vectors beyond those wanted, which hasten the last ones
constexpr double kSettled = 1e-9;         // relative change of the eigenvalues that ends the iteration
constexpr double kNothing = 1e-10;        // share of the largest variance below which an axis is rounding
constexpr std::size_t kSmall = 48;        // side of a matrix that is not worth a subspace
constexpr std::size_t kBetweenLooks = 8;  // rows of products between two questions whether to stop

using Vectors = std::vector<std::vector<double>>;

double dot(const std::vector<double>& a, const std::vector<double>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/** Turns rows and columns p and q so that the entry between them is 0; `vectors` (as rows) turn along. */
void rotate(std::vector<double>& a, std::size_t n, std::size_t p, std::size_t q, Vectors& vectors) {
    const double between = a[p * n + q];
    if (between == 0.0) return;
    const double theta = (a[q * n + q] - a[p * n + p]) / (2.0 * between);
    const double t = (theta >= 0.0 ? 1.0 : -1.0) / (std::abs(theta) + std::sqrt(theta * theta + 1.0));
    const double c = 1.0 / std::sqrt(t * t + 1.0);
    const double s = t * c;
    for (std::size_t k = 0; k < n; ++k) {
        const double kp = a[k * n + p], kq = a[k * n + q];
        a[k * n + p] = c * kp - s * kq;
        a[k * n + q] = s * kp + c * kq;
    }
    for (std::size_t k = 0; k < n; ++k) {
        const double pk = a[p * n + k], qk = a[q * n + k];
        a[p * n + k] = c * pk - s * qk;
        a[q * n + k] = s * pk + c * qk;
        const double vp = vectors[p][k], vq = vectors[q][k];
        vectors[p][k] = c * vp - s * vq;
        vectors[q][k] = s * vp + c * vq;
    }
}

double squareBesideDiagonal(const std::vector<double>& a, std::size_t n) {
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j)
            sum += i == j ? 0.0 : a[i * n + j] * a[i * n + j];
    }
    return sum;
}

/** Gram and Schmidt, twice for the rounding; rows that depend on those before become 0. */
void orthonormalise(Vectors& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const double before = std::sqrt(dot(rows[i], rows[i]));
        for (int pass = 0; pass < 2; ++pass) {
            for (std::size_t j = 0; j < i; ++j) {
                const double along = dot(rows[i], rows[j]);
                for (std::size_t d = 0; d < rows[i].size(); ++d)
                    rows[i][d] -= along * rows[j][d];
            }
        }
        const double length = std::sqrt(dot(rows[i], rows[i]));
        const double scale = length > 1e-13 * before && length > 0.0 ? 1.0 / length : 0.0;
        for (double& value : rows[i])
            value *= scale;
    }
}

Vectors times(const std::vector<double>& matrix, std::size_t n, const Vectors& vectors) {
    Vectors result(vectors.size(), std::vector<double>(n, 0.0));
    for (std::size_t i = 0; i < n; ++i) {
        const double* row = matrix.data() + i * n;
        for (std::size_t v = 0; v < vectors.size(); ++v)
            result[v][i] = std::inner_product(row, row + n, vectors[v].begin(), 0.0);
    }
    return result;
}

/** The eigenpairs within the span of orthonormal `basis`, of which `image` is the matrix's product (Rayleigh, Ritz). */
Eigenpairs within(const Vectors& basis, const Vectors& image) {
    const std::size_t k = basis.size();
    std::vector<double> small(k * k);
    for (std::size_t i = 0; i < k; ++i) {
        for (std::size_t j = 0; j <= i; ++j)
            small[i * k + j] = small[j * k + i] = 0.5 * (dot(basis[i], image[j]) + dot(basis[j], image[i]));
    }
    Eigenpairs pairs = symmetricEigenpairs(std::move(small), k);
    Vectors turned(k, std::vector<double>(basis.front().size(), 0.0));
    for (std::size_t i = 0; i < k; ++i) {
        for (std::size_t j = 0; j < k; ++j) {
            for (std::size_t d = 0; d < turned[i].size(); ++d)
                turned[i][d] += pairs.vectors[i][j] * basis[j][d];
        }
    }
    pairs.vectors = std::move(turned);
    return pairs;
}

/** The `count` largest eigenpairs of a matrix without negative ones; nothing when cancelled. */
std::optional<Eigenpairs> largestPairs(const std::vector<double>& matrix, std::size_t n, std::size_t count,
                                       const Job& job) {
    if (n <= std::max(kSmall, count + kSpare)) return symmetricEigenpairs(matrix, n);
    Rng rng(0, "principal components");  // where it starts says nothing about where it ends
    Vectors basis(count + kSpare, std::vector<double>(n));
    for (auto& row : basis) {
        for (double& value : row)
            value = rng.normal();
    }
    orthonormalise(basis);
    Eigenpairs pairs;
    double before = -1.0;
    for (int i = 0; i < kIterations; ++i) {
        if (job.cancelled()) return std::nullopt;
        Vectors image = times(matrix, n, basis);
        pairs = within(basis, image);
        const double sum = std::accumulate(pairs.values.begin(), pairs.values.begin() + static_cast<int>(count), 0.0);
        if (std::abs(sum - before) <= kSettled * std::abs(sum)) break;
        before = sum;
        basis = std::move(image);
        orthonormalise(basis);
    }
    return pairs;
}

std::vector<double> meanOf(const Matrix& features) {
    std::vector<double> mean(features.cols, 0.0);
    for (std::size_t i = 0; i < features.rows; ++i) {
        for (std::size_t d = 0; d < features.cols; ++d)
            mean[d] += static_cast<double>(features.at(i, d)) / static_cast<double>(features.rows);
    }
    return mean;
}

/** Rows without their mean; transposed to [D, N] for `byColumns`. */
Vectors centred(const Matrix& features, const std::vector<double>& mean, bool byColumns) {
    Vectors rows(byColumns ? features.cols : features.rows,
                 std::vector<double>(byColumns ? features.rows : features.cols));
    for (std::size_t i = 0; i < features.rows; ++i) {
        for (std::size_t d = 0; d < features.cols; ++d)
            (byColumns ? rows[d][i] : rows[i][d]) = static_cast<double>(features.at(i, d)) - mean[d];
    }
    return rows;
}

/** Inner products of the rows divided by `divisor`, [n, n]; empty when cancelled. */
std::vector<double> innerProducts(const Vectors& rows, double divisor, const Job& job) {
    const std::size_t n = rows.size();
    std::vector<double> products(n * n);
    for (std::size_t i = 0; i < n; ++i) {
        if (i % kBetweenLooks == 0 && job.cancelled()) return {};
        for (std::size_t j = 0; j <= i; ++j)
            products[i * n + j] = products[j * n + i] = dot(rows[i], rows[j]) / divisor;
    }
    return products;
}

/** From eigenvectors of the rows' products to axes: sums of rows, of length 1. */
std::vector<double> axisOf(const std::vector<double>& vector, const Vectors& rows, bool byColumns) {
    if (byColumns) return vector;
    std::vector<double> axis(rows.front().size(), 0.0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t d = 0; d < axis.size(); ++d)
            axis[d] += vector[i] * rows[i][d];
    }
    const double length = std::sqrt(dot(axis, axis));
    for (double& value : axis)
        value /= length;
    return axis;
}

void append(const std::vector<double>& axis, double variance, PrincipalComponents& components) {
    const auto largest =
        std::max_element(axis.begin(), axis.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
    const double sign = *largest < 0.0 ? -1.0 : 1.0;
    for (const double value : axis)
        components.axes.values.push_back(static_cast<float>(sign * value));
    ++components.axes.rows;
    components.variances.push_back(variance);
}

}  // namespace

Eigenpairs symmetricEigenpairs(std::vector<double> matrix, std::size_t n) {
    Vectors vectors(n, std::vector<double>(n, 0.0));
    double scale = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        vectors[i][i] = 1.0;
        scale += matrix[i * n + i] * matrix[i * n + i];
    }
    scale += squareBesideDiagonal(matrix, n);
    for (int sweep = 0; sweep < kSweeps && squareBesideDiagonal(matrix, n) > 1e-30 * scale; ++sweep) {
        for (std::size_t p = 0; p < n; ++p) {
            for (std::size_t q = p + 1; q < n; ++q)
                rotate(matrix, n, p, q, vectors);
        }
    }
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return matrix[a * n + a] > matrix[b * n + b]; });
    Eigenpairs pairs;
    for (const std::size_t i : order) {
        pairs.values.push_back(matrix[i * n + i]);
        pairs.vectors.push_back(std::move(vectors[i]));
    }
    return pairs;
}

Result<PrincipalComponents> principalComponents(const Matrix& features, std::size_t count, const Job& job) {
    if (features.rows == 0 || features.cols == 0 || features.values.size() != features.rows * features.cols) {
        return fail(ErrorCode::InvalidArgument, "There are no features to find directions in.");
    }
    if (count == 0) return fail(ErrorCode::InvalidArgument, "At least one direction must be asked for.");
    if (!allFinite(features.values)) {
        return fail(ErrorCode::InvalidArgument, "A feature to find directions in is not a finite number.");
    }
    PrincipalComponents components{meanOf(features), Matrix(0, features.cols), {}};
    const bool byColumns = features.cols <= features.rows;
    const Vectors rows = centred(features, components.mean, byColumns);
    const auto products = innerProducts(rows, static_cast<double>(features.rows), job);
    if (products.empty()) return Job::stopped();
    const std::size_t wanted = std::min({count, features.rows, features.cols});
    const auto pairs = largestPairs(products, rows.size(), wanted, job);
    if (!pairs) return Job::stopped();
    for (std::size_t k = 0; k < wanted; ++k) {
        const double variance = pairs->values[k];
        // Means are rounded, so equal rows differ from theirs by a little.
        const double level = 1e-12 * dot(components.mean, components.mean);
        if (variance <= std::max(kNothing * pairs->values.front(), level)) break;
        append(axisOf(pairs->vectors[k], rows, byColumns), variance, components);
    }
    return components;
}

Matrix project(const PrincipalComponents& components, const Matrix& features) {
    Matrix result(features.rows, components.axes.rows);
    for (std::size_t i = 0; i < features.rows; ++i) {
        for (std::size_t k = 0; k < components.axes.rows; ++k) {
            double sum = 0.0;
            for (std::size_t d = 0; d < features.cols; ++d) {
                sum += (static_cast<double>(features.at(i, d)) - components.mean[d]) *
                       static_cast<double>(components.axes.at(k, d));
            }
            result.at(i, k) = static_cast<float>(sum);
        }
    }
    return result;
}

}  // namespace querent::select::geometry

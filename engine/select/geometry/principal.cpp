#include "engine/select/geometry/principal.h"

#include "engine/core/rng.h"
#include "engine/select/input_check.h"
#include "engine/select/tensors.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace querent::select::geometry {
namespace {

using torch::Tensor;

constexpr int kIterations = 300;             // of the subspace
constexpr std::int64_t kSpare = 8;           // vectors beyond those wanted, which hasten the last ones
constexpr double kSettled = 1e-9;            // relative change of the eigenvalues that ends the iteration
constexpr double kNothing = 1e-10;           // share of the largest variance below which an axis is rounding
constexpr std::int64_t kSmall = 48;          // side of a matrix that is not worth a subspace
constexpr std::int64_t kBetweenLooks = 128;  // rows of products between two questions whether to stop

/** The largest first. */
struct Eigenpairs {
    Tensor values;   // [k]
    Tensor vectors;  // [n, k], orthonormal columns
};

Eigenpairs allPairs(const Tensor& matrix) {
    const auto [values, vectors] = torch::linalg_eigh(matrix);
    return {values.flip(0), vectors.flip(1)};
}

Tensor orthonormal(const Tensor& columns) {
    return std::get<0>(torch::linalg_qr(columns));
}

Tensor normals(std::int64_t rows, std::int64_t cols) {
    Rng rng(0, "principal components");  // where it starts says nothing about where it ends
    const Tensor numbers = torch::empty({rows, cols}, torch::kDouble);
    std::generate_n(numbers.data_ptr<double>(), numbers.numel(), [&rng] { return rng.normal(); });
    return numbers;
}

/** The `count` largest eigenpairs, or more, of a matrix without negative ones; nothing when cancelled. */
std::optional<Eigenpairs> largestPairs(const Tensor& matrix, std::int64_t count, const Job& job) {
    const std::int64_t n = matrix.size(0);
    if (n <= std::max(kSmall, count + kSpare)) return allPairs(matrix);
    Tensor basis = orthonormal(normals(n, count + kSpare));
    Eigenpairs within;  // of the span (Rayleigh, Ritz)
    double before = -1.0;
    for (int i = 0; i < kIterations; ++i) {
        if (job.cancelled()) return std::nullopt;
        const Tensor image = matrix.mm(basis);
        within = allPairs(basis.t().mm(image));
        within.vectors = basis.mm(within.vectors);
        const double sum = within.values.narrow(0, 0, count).sum().item<double>();
        if (std::abs(sum - before) <= kSettled * std::abs(sum)) break;
        before = sum;
        basis = orthonormal(image);
    }
    return within;
}

/** [n, n], inner products of the columns of `rows`, [m, n]; nothing when cancelled. */
std::optional<Tensor> innerProducts(const Tensor& rows, const Job& job) {
    Tensor sums = torch::zeros({rows.size(1), rows.size(1)}, torch::kDouble);
    for (const Tensor& some : rows.split(kBetweenLooks)) {
        if (job.cancelled()) return std::nullopt;
        sums.addmm_(some.t(), some);
    }
    return sums;
}

/** Turns each row, [K, D], so that its largest entry is positive. */
Tensor turned(const Tensor& axes) {
    return axes * axes.gather(1, axes.abs().argmax(1, true)).sign();
}

Result<PrincipalComponents> componentsOf(const Tensor& features, std::size_t count, const Job& job) {
    const Tensor mean = features.mean(0);
    const Tensor centred = features - mean;
    const bool byColumns = features.size(1) <= features.size(0);
    const auto products = innerProducts(byColumns ? centred : centred.t(), job);
    if (!products) return Job::stopped();
    const std::int64_t side = products->size(0);
    const std::int64_t wanted = std::min(side, static_cast<std::int64_t>(std::min<std::size_t>(count, 1U << 30)));
    const auto pairs = largestPairs(*products / features.size(0), wanted, job);
    if (!pairs) return Job::stopped();
    // Means are rounded, so equal rows differ from theirs by a little.
    const double level = 1e-12 * mean.dot(mean).item<double>();
    const Tensor variances = pairs->values.narrow(0, 0, wanted);
    const std::int64_t kept =
        variances.gt(std::max(kNothing * variances[0].item<double>(), level)).sum().item<int64_t>();
    Tensor axes = pairs->vectors.narrow(1, 0, kept).t();
    if (!byColumns) axes = axes.mm(centred);
    axes = axes / axes.norm(2, 1, true);
    if (kept > 0) axes = turned(axes);
    return PrincipalComponents{doublesOf(mean), matrixOf(axes), doublesOf(variances.narrow(0, 0, kept))};
}

}  // namespace

Result<PrincipalComponents> principalComponents(const Matrix& features, std::size_t count, const Job& job) {
    if (features.rows == 0 || features.cols == 0 || features.values.size() != features.rows * features.cols) {
        return fail(ErrorCode::InvalidArgument, "There are no features to find directions in.");
    }
    if (count == 0) return fail(ErrorCode::InvalidArgument, "At least one direction must be asked for.");
    if (!allFinite(features.values)) {
        return fail(ErrorCode::InvalidArgument, "A feature to find directions in is not a finite number.");
    }
    const torch::NoGradGuard noGrad;
    try {
        return componentsOf(viewOf(features).to(torch::kDouble), count, job);
    } catch (const std::exception&) {
        return fail(ErrorCode::Internal, "The directions of the features cannot be worked out.");
    }
}

Matrix project(const PrincipalComponents& components, const Matrix& features) {
    const torch::NoGradGuard noGrad;
    const Tensor away = viewOf(features).to(torch::kDouble) - torch::tensor(components.mean, torch::kDouble);
    return matrixOf(away.mm(viewOf(components.axes).to(torch::kDouble).t()));
}

}  // namespace querent::select::geometry

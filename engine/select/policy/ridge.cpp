#include "engine/select/policy/ridge.h"

#include <algorithm>
#include <cmath>

namespace querent::select::policy {
namespace {

constexpr double kShrink = 3.0;
constexpr double kSharpness = 6.0;

std::vector<double> withOne(std::span<const float> row) {
    std::vector<double> values(row.begin(), row.end());
    values.push_back(1.0);
    return values;
}

/** Cholesky's L of a symmetric positive definite [n, n], in place; the upper part is left as it was. */
void factorise(std::vector<double>& a, std::size_t n) {
    for (std::size_t j = 0; j < n; ++j) {
        for (std::size_t i = j; i < n; ++i) {
            double sum = a[i * n + j];
            for (std::size_t k = 0; k < j; ++k)
                sum -= a[i * n + k] * a[j * n + k];
            a[i * n + j] = i == j ? std::sqrt(sum) : sum / a[j * n + j];
        }
    }
}

/** Solves L L^T x = b for every column of b, [n, columns], in place. */
void solve(const std::vector<double>& lower, std::size_t n, std::vector<double>& b, std::size_t columns) {
    for (std::size_t c = 0; c < columns; ++c) {
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t k = 0; k < i; ++k)
                b[i * columns + c] -= lower[i * n + k] * b[k * columns + c];
            b[i * columns + c] /= lower[i * n + i];
        }
        for (std::size_t i = n; i-- > 0;) {
            for (std::size_t k = i + 1; k < n; ++k)
                b[i * columns + c] -= lower[k * n + i] * b[k * columns + c];
            b[i * columns + c] /= lower[i * n + i];
        }
    }
}

}  // namespace

RidgeClassifier::RidgeClassifier(const Matrix& features, std::span<const std::size_t> rows, std::span<const int> labels,
                                 std::size_t classes)
    : m_classes(classes), m_weights((features.cols + 1) * classes, 0.0) {
    const std::size_t n = features.cols + 1;
    std::vector<double> gram(n * n, 0.0);
    for (const std::size_t row : rows) {
        const std::vector<double> x = withOne(features.row(row));
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j <= i; ++j)
                gram[i * n + j] += x[i] * x[j];
            m_weights[i * classes + static_cast<std::size_t>(labels[row])] += x[i];
        }
    }
    for (std::size_t i = 0; i < n; ++i)
        gram[i * n + i] += kShrink;
    factorise(gram, n);
    solve(gram, n, m_weights, classes);
}

std::vector<double> RidgeClassifier::logits(std::span<const float> row) const {
    const std::vector<double> x = withOne(row);
    std::vector<double> result(m_classes, 0.0);
    for (std::size_t i = 0; i < x.size(); ++i) {
        for (std::size_t c = 0; c < m_classes; ++c)
            result[c] += kSharpness * x[i] * m_weights[i * m_classes + c];
    }
    return result;
}

std::vector<double> softmax(std::span<const double> logits) {
    const double largest = *std::max_element(logits.begin(), logits.end());
    std::vector<double> shares;
    double sum = 0.0;
    for (const double logit : logits) {
        shares.push_back(std::exp(logit - largest));
        sum += shares.back();
    }
    for (double& share : shares)
        share /= sum;
    return shares;
}

}  // namespace querent::select::policy

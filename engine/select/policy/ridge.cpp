#include "engine/select/policy/ridge.h"

#include "engine/select/tensors.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace querent::select::policy {
namespace {

constexpr double kShrink = 3.0;
constexpr double kSharpness = 6.0;

std::vector<double> withOne(std::span<const float> row) {
    std::vector<double> values(row.begin(), row.end());
    values.push_back(1.0);
    return values;
}

}  // namespace

RidgeClassifier::RidgeClassifier(const Matrix& features, std::span<const std::size_t> rows, std::span<const int> labels,
                                 std::size_t classes)
    : m_classes(classes) {
    const torch::NoGradGuard noGrad;
    const auto count = static_cast<std::int64_t>(rows.size());
    const auto inputs = static_cast<std::int64_t>(features.cols + 1);
    const torch::Tensor x = torch::empty({count, inputs}, torch::kDouble);
    const torch::Tensor answers = torch::zeros({count, static_cast<std::int64_t>(classes)}, torch::kDouble);
    double* to = x.data_ptr<double>();
    double* answer = answers.data_ptr<double>();
    for (const std::size_t row : rows) {
        const std::vector<double> values = withOne(features.row(row));
        to = std::copy(values.begin(), values.end(), to);
        answer[labels[row]] = 1.0;
        answer += classes;
    }
    const torch::Tensor gram = torch::mm(x.t(), x);
    gram.diagonal().add_(kShrink);
    m_weights = doublesOf(torch::cholesky_solve(torch::mm(x.t(), answers), torch::linalg_cholesky(gram)).flatten());
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

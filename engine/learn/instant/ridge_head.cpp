#include "engine/learn/instant/ridge_head.h"

#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>

namespace querent::learn::instant {

namespace {

/** What the scores may be multiplied by; the likeliest one is taken. */
constexpr std::array<double, 9> kFactors = {1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0, 50.0};
/** Of the answers, the newest: enough to tell one factor from the next. */
constexpr std::size_t kJudged = 300;
/** Fewer tell nothing about it. */
constexpr std::size_t kFewest = 10;
constexpr double kFactorAtFirst = 5.0;
/** In the middle between what is and what is not: multi-label scores say yes above it. */
constexpr double kHalf = 0.5;

torch::Tensor rowOf(std::span<const float> features) {
    return torch::from_blob(const_cast<float*>(features.data()), {static_cast<std::int64_t>(features.size())},
                            torch::kFloat)
        .to(torch::kDouble);
}

}  // namespace

struct RidgeHead::State {
    struct Answer {
        torch::Tensor features;  // [D + 1]
        torch::Tensor target;    // [C]
    };

    std::int64_t classes;
    bool multiLabel;
    torch::Tensor inverse;   // [D + 1, D + 1] of the products of all answers' features, and the ridge
    torch::Tensor products;  // [D + 1, C] of their features and targets
    torch::Tensor weights;   // [D + 1, C]; undefined where an answer has come or gone since
    double factor = kFactorAtFirst;
    std::map<std::size_t, Answer> answers;
    std::size_t next = 0;

    /** Adds the answer (sign 1) or takes it away (-1). */
    void change(const Answer& answer, double sign) {
        const torch::Tensor moved = inverse.mv(answer.features);
        const double weight = sign / (1.0 + sign * answer.features.dot(moved).item<double>());
        inverse.addr_(moved, moved, 1.0, -weight);
        products.addr_(answer.features, answer.target, 1.0, sign);
        weights = torch::Tensor();
    }

    torch::Tensor logitsOf(const torch::Tensor& scores, double by) const {
        return multiLabel ? (scores - kHalf) * (2.0 * by) : scores * by;
    }

    /** The mean likelihood of the targets [n, C], as its logarithm. */
    double likelihood(const torch::Tensor& scores, const torch::Tensor& targets, double by) const {
        const torch::Tensor logits = logitsOf(scores, by);
        if (multiLabel) return -torch::binary_cross_entropy_with_logits(logits, targets).item<double>();
        return (torch::log_softmax(logits, 1) * targets).sum(1).mean().item<double>();
    }

    void refit() {
        const torch::NoGradGuard noGrad;
        weights = inverse.mm(products);
        std::vector<torch::Tensor> features, targets;
        for (auto at = answers.rbegin(); at != answers.rend() && features.size() < kJudged; ++at) {
            features.push_back(at->second.features);
            targets.push_back(at->second.target);
        }
        factor = kFactorAtFirst;
        if (features.size() < kFewest) return;
        // What the head would say of an answer that it had not seen: its own share is taken out (Allen 1974).
        const torch::Tensor x = torch::stack(features);
        const torch::Tensor y = torch::stack(targets);
        const torch::Tensor own = (x.mm(inverse) * x).sum(1, true).clamp_max(1.0 - 1e-9);
        const torch::Tensor unseen = (x.mm(weights) - own * y) / (1.0 - own);
        double best = likelihood(unseen, y, factor);
        for (const double tried : kFactors) {
            const double found = likelihood(unseen, y, tried);
            if (found > best) {
                best = found;
                factor = tried;
            }
        }
    }
};

RidgeHead::RidgeHead(std::size_t features, int classes, bool multiLabel) : m_state(std::make_unique<State>()) {
    const auto wide = static_cast<std::int64_t>(features) + 1;
    m_state->classes = classes;
    m_state->multiLabel = multiLabel;
    m_state->inverse = torch::eye(wide, torch::kDouble) / kRidge;
    m_state->products = torch::zeros({wide, classes}, torch::kDouble);
}

RidgeHead::~RidgeHead() = default;
RidgeHead::RidgeHead(RidgeHead&&) noexcept = default;
RidgeHead& RidgeHead::operator=(RidgeHead&&) noexcept = default;

std::size_t RidgeHead::learn(std::span<const float> features, std::span<const int> labels) {
    const torch::NoGradGuard noGrad;
    State::Answer answer;
    answer.features = torch::cat({rowOf(features), torch::ones({1}, torch::kDouble)});
    answer.target = torch::zeros({m_state->classes}, torch::kDouble);
    for (const int label : labels)
        answer.target[label] = 1.0;
    m_state->change(answer, 1.0);
    const std::size_t number = m_state->next++;
    m_state->answers.emplace(number, std::move(answer));
    return number;
}

void RidgeHead::forget(std::size_t number) {
    const auto at = m_state->answers.find(number);
    if (at == m_state->answers.end()) return;
    const torch::NoGradGuard noGrad;
    m_state->change(at->second, -1.0);
    m_state->answers.erase(at);
}

std::size_t RidgeHead::answers() const {
    return m_state->answers.size();
}

Matrix RidgeHead::probabilities(const Matrix& features) {
    const torch::NoGradGuard noGrad;
    if (!m_state->weights.defined()) m_state->refit();
    const auto rows = static_cast<std::int64_t>(features.rows);
    const auto cols = static_cast<std::int64_t>(features.cols);
    const torch::Tensor weights = m_state->weights.to(torch::kFloat);
    const torch::Tensor x = torch::from_blob(const_cast<float*>(features.values.data()), {rows, cols}, torch::kFloat);
    const torch::Tensor scores = x.mm(weights.slice(0, 0, cols)) + weights[cols];
    const torch::Tensor logits = m_state->logitsOf(scores, m_state->factor);
    const torch::Tensor found = (m_state->multiLabel ? torch::sigmoid(logits) : torch::softmax(logits, 1)).contiguous();
    Matrix probabilities(features.rows, static_cast<std::size_t>(m_state->classes));
    std::copy_n(found.data_ptr<float>(), found.numel(), probabilities.values.begin());
    return probabilities;
}

}  // namespace querent::learn::instant

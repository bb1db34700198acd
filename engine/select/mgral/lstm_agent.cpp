#include "engine/select/mgral/lstm_agent.h"

#include "engine/core/rng.h"
#include "engine/select/geometry/rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace querent::select::mgral {
namespace {

constexpr std::size_t kItemsBetweenLooks = 512;  // how often to ask whether the job was cancelled
constexpr std::size_t kItemsAtOnce = 16;         // whose gradients are summed in one walk over the parameters

/** y += a x; compilers turn such sums into wide ones by themselves. */
void addScaled(float* __restrict y, const float* __restrict x, float a, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i)
        y[i] += a * x[i];
}

/** y += sum of a[j] times row j of x, four rows at once: y is read and written a quarter as often. */
void addRows(float* __restrict y, const float* __restrict x, const float* a, std::size_t rows, std::size_t n) {
    std::size_t j = 0;
    for (; j + 4 <= rows; j += 4, x += 4 * n) {
        const float a0 = a[j], a1 = a[j + 1], a2 = a[j + 2], a3 = a[j + 3];
        for (std::size_t i = 0; i < n; ++i)
            y[i] += (a0 * x[i] + a1 * x[i + n]) + (a2 * x[i + 2 * n] + a3 * x[i + 3 * n]);
    }
    for (; j < rows; ++j, x += n)
        addScaled(y, x, a[j], n);
}

float logistic(float x) {
    return 1.0F / (1.0F + std::exp(-x));
}

std::vector<float> floatsOf(std::span<const double> numbers) {
    std::vector<float> floats;
    floats.reserve(numbers.size());
    for (const double number : numbers)
        floats.push_back(static_cast<float>(number));
    return floats;
}

}  // namespace

LstmAgent::LstmAgent(std::size_t features, std::size_t hidden, std::uint64_t seed)
    : m_features(features), m_hidden(hidden), m_parameters(parameterCount(features, hidden), 0.0) {
    Rng rng(seed, "lstm");
    const double range = 1.0 / std::sqrt(static_cast<double>(hidden));
    const std::size_t weights = inputs() * gates();
    for (std::size_t i = 0; i < weights; ++i)
        m_parameters[i] = rng.uniform(-range, range);
    const std::size_t bias = weights - gates();
    std::fill_n(m_parameters.begin() + static_cast<std::ptrdiff_t>(bias), gates(), 0.0);
    std::fill_n(m_parameters.begin() + static_cast<std::ptrdiff_t>(bias + hidden), hidden, 1.0);
}

std::size_t LstmAgent::parameterCount(std::size_t features, std::size_t hidden) {
    return (features + 1 + hidden + 1) * 4 * hidden + hidden + 1;
}

/** One item: its row of `gates` holds what its features and the bias come to, and gets the gates. */
void LstmAgent::step(Pass& pass, std::size_t at, std::span<const float> weights) const {
    float* gate = pass.gates.row(at).data();
    if (at > 0) {
        const float* score = weights.data() + m_features * gates();
        addScaled(gate, score, static_cast<float>(pass.scores[at - 1]), gates());
        addRows(gate, score + gates(), pass.hidden.row(at - 1).data(), m_hidden, gates());
    }
    for (std::size_t j = 0; j < gates(); ++j)
        gate[j] = j / m_hidden == 2 ? std::tanh(gate[j]) : logistic(gate[j]);
    const double* decoder = m_parameters.data() + inputs() * gates();
    double logit = decoder[m_hidden];
    for (std::size_t j = 0; j < m_hidden; ++j) {
        const float before = at > 0 ? pass.cells.at(at - 1, j) : 0.0F;
        const float cell = gate[m_hidden + j] * before + gate[j] * gate[2 * m_hidden + j];
        pass.cells.at(at, j) = cell;
        pass.hidden.at(at, j) = gate[3 * m_hidden + j] * std::tanh(cell);
        logit += decoder[j] * static_cast<double>(pass.hidden.at(at, j));
    }
    pass.logits[at] = logit;
    pass.scores[at] = 1.0 / (1.0 + std::exp(-logit));
}

std::optional<LstmAgent::Pass> LstmAgent::forward(const Matrix& features, std::span<const std::size_t> order,
                                                  const Job& job) const {
    const std::vector<float> weights = floatsOf(m_parameters);
    const float* bias = weights.data() + (inputs() - 1) * gates();
    Pass pass{{order.begin(), order.end()},  std::vector<double>(order.size()), std::vector<double>(order.size()),
              Matrix(order.size(), gates()), Matrix(order.size(), m_hidden),    Matrix(order.size(), m_hidden)};
    for (std::size_t at = 0; at < order.size(); ++at) {
        if (at % kItemsBetweenLooks == 0 && job.cancelled()) return std::nullopt;
        float* gate = pass.gates.row(at).data();
        std::copy_n(bias, gates(), gate);
        addRows(gate, weights.data(), features.row(order[at]).data(), m_features, gates());
        step(pass, at, weights);
    }
    return pass;
}

/** What goes back through the last item's functions: from its hidden numbers and cells to its gates and cells. */
void LstmAgent::backThroughGates(const Pass& pass, std::size_t at, std::span<const float> toHidden,
                                 std::span<float> toCell, std::span<float> toGates) const {
    const std::span<const float> gate = pass.gates.row(at);
    for (std::size_t j = 0; j < m_hidden; ++j) {
        const float in = gate[j], keep = gate[m_hidden + j], fresh = gate[2 * m_hidden + j];
        const float out = gate[3 * m_hidden + j];
        const float shown = std::tanh(pass.cells.at(at, j));
        const float before = at > 0 ? pass.cells.at(at - 1, j) : 0.0F;
        const float cell = toCell[j] + toHidden[j] * out * (1.0F - shown * shown);
        toGates[j] = cell * fresh * in * (1.0F - in);
        toGates[m_hidden + j] = cell * before * keep * (1.0F - keep);
        toGates[2 * m_hidden + j] = cell * in * (1.0F - fresh * fresh);
        toGates[3 * m_hidden + j] = toHidden[j] * shown * out * (1.0F - out);
        toCell[j] = cell * keep;
    }
}

LstmAgent::Backward LstmAgent::walkBack(const Pass& pass, std::span<const double> logitGradient) const {
    const std::vector<float> weights = floatsOf(m_parameters);
    const float* decoder = weights.data() + inputs() * gates();
    const auto weightsOf = [&](std::size_t input) {
        return std::span<const float>(weights).subspan(input * gates(), gates());
    };
    Backward back{Matrix(pass.order.size(), gates()), {logitGradient.begin(), logitGradient.end()}};
    std::vector<float> toHidden(m_hidden), toCell(m_hidden);
    for (std::size_t at = pass.order.size(); at-- > 0;) {
        const bool goesOn = at + 1 < pass.order.size() && (at + 1) % kUnrolled != 0;
        if (!goesOn) std::fill(toCell.begin(), toCell.end(), 0.0F);
        std::fill(toHidden.begin(), toHidden.end(), 0.0F);
        if (goesOn) {
            const std::span<const float> later = back.gates.row(at + 1);
            const auto toScore = static_cast<double>(geometry::dotProduct(weightsOf(m_features), later));
            back.logits[at] += toScore * pass.scores[at] * (1.0 - pass.scores[at]);
            for (std::size_t j = 0; j < m_hidden; ++j)
                toHidden[j] = geometry::dotProduct(weightsOf(m_features + 1 + j), later);
        }
        addScaled(toHidden.data(), decoder, static_cast<float>(back.logits[at]), m_hidden);
        backThroughGates(pass, at, toHidden, toCell, back.gates.row(at));
    }
    return back;
}

/** [n, D + 1 + H + 1], what each item's gates were made of, in the order of the parameters. */
Matrix LstmAgent::inputsOf(const Matrix& features, const Pass& pass) const {
    Matrix seen(pass.order.size(), inputs());
    for (std::size_t at = 0; at < seen.rows; ++at) {
        const std::span<float> row = seen.row(at);
        std::copy_n(features.row(pass.order[at]).begin(), m_features, row.begin());
        row.back() = 1.0F;
        if (at == 0) continue;
        row[m_features] = static_cast<float>(pass.scores[at - 1]);
        std::copy_n(pass.hidden.row(at - 1).begin(), m_hidden, row.subspan(m_features + 1).begin());
    }
    return seen;
}

std::optional<std::vector<double>> LstmAgent::backward(const Matrix& features, const Pass& pass,
                                                       std::span<const double> logitGradient, const Job& job) const {
    const Backward back = walkBack(pass, logitGradient);
    const Matrix seen = inputsOf(features, pass);
    Matrix sums(inputs(), gates());
    std::array<float, kItemsAtOnce> some{};
    for (std::size_t at = 0; at < seen.rows; at += kItemsAtOnce) {
        if (job.cancelled()) return std::nullopt;
        const std::size_t count = std::min(kItemsAtOnce, seen.rows - at);
        for (std::size_t input = 0; input < seen.cols; ++input) {
            for (std::size_t n = 0; n < count; ++n)
                some[n] = seen.at(at + n, input);
            addRows(sums.row(input).data(), back.gates.row(at).data(), some.data(), count, gates());
        }
    }
    std::vector<double> result(sums.values.begin(), sums.values.end());
    result.resize(m_parameters.size(), 0.0);
    double* decoder = result.data() + inputs() * gates();
    for (std::size_t at = 0; at < seen.rows; ++at) {
        for (std::size_t j = 0; j < m_hidden; ++j)
            decoder[j] += back.logits[at] * static_cast<double>(pass.hidden.at(at, j));
        decoder[m_hidden] += back.logits[at];
    }
    return result;
}

}  // namespace querent::select::mgral

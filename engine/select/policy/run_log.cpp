#include "engine/select/policy/run_log.h"

#include "engine/core/rng.h"

namespace querent::select::policy {
namespace {

template <typename Number>
std::uint64_t withNumbers(std::uint64_t key, std::span<const Number> numbers) {
    return deriveSeed(key, {reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()});
}

std::uint64_t withAnswers(std::uint64_t key, const AnsweredItems& items) {
    for (const ItemTruth& truth : items.truth) {
        std::vector<double> numbers = {static_cast<double>(truth.item)};
        numbers.insert(numbers.end(), truth.labels.begin(), truth.labels.end());
        for (const TrueBox& box : truth.boxes) {
            numbers.insert(numbers.end(), {static_cast<double>(box.label), box.box.left, box.box.top, box.box.right,
                                           box.box.bottom, box.crowd ? 1.0 : 0.0, box.difficult ? 1.0 : 0.0});
        }
        key = withNumbers(key, std::span<const double>(numbers));
    }
    return key;
}

}  // namespace

Result<double> RunLog::next(const std::function<Result<double>()>& run) {
    if (m_asked < m_values.size()) return m_values[m_asked++];
    const Result<double> value = run();
    if (!value) return value;
    m_values.push_back(*value);
    ++m_asked;
    return value;
}

ProxyOfAnswered logged(const ProxyOfAnswered& answered, RunLog& log) {
    return [&answered, &log](std::span<const std::size_t> learnt, std::span<const std::size_t> measured,
                             const Job& job) { return log.next([&] { return answered(learnt, measured, job); }); };
}

std::string searchName(const SelectionInput& input, const Matrix& features, std::span<const double> parameters,
                       std::size_t count, std::uint64_t seed) {
    std::uint64_t key = deriveSeed(seed, std::to_string(count));
    for (const ItemId item : input.pool)
        key = deriveSeed(key, std::to_string(item.value));
    key = withNumbers(key, std::span<const float>(features.values));
    key = withNumbers(key, parameters);
    return std::to_string(withAnswers(withAnswers(key, input.labelled), input.holdout));
}

}  // namespace querent::select::policy

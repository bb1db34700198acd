#include "engine/select/run_log.h"

#include "engine/core/rng.h"

namespace querent::select {

Result<double> RunLog::next(const std::function<Result<double>()>& run) {
    if (m_asked < m_values.size()) return m_values[m_asked++];
    const Result<double> value = run();
    if (!value) return value;
    m_values.push_back(*value);
    ++m_asked;
    return value;
}

AnsweredProxy logged(const AnsweredProxy& answered, RunLog& log) {
    return [&answered, &log](std::span<const std::size_t> learnt, std::span<const std::size_t> measured,
                             const Job& job) { return log.next([&] { return answered(learnt, measured, job); }); };
}

std::string searchName(std::span<const ItemId> pool, std::span<const std::size_t> rows, const Matrix& features,
                       std::size_t count, std::uint64_t seed) {
    std::uint64_t key = deriveSeed(seed, std::to_string(count));
    for (const std::size_t row : rows)
        key = deriveSeed(key, std::to_string(pool[row].value));
    const std::vector<float>& values = features.values;
    key = deriveSeed(key, {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
    return std::to_string(key);
}

}  // namespace querent::select

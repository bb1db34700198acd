#pragma once

#include "engine/core/matrix.h"
#include "engine/core/result.h"
#include "engine/select/strategy.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace querent::select::policy {

/** What is kept of the latest search, for when the same one is begun again. */
struct SearchRecord {
    std::string name;          // searchName(); empty when there was none
    std::vector<double> runs;  // what its slow runs have given
    std::size_t trials = 0;    // how many of the trials that are remembered are its own
};

/**
 * What slow runs have given, in the order in which they were asked for. A search that is stopped and begun again asks
 * for the same ones, and gets these until there are no more.
 */
class RunLog {
 public:
    RunLog() = default;
    explicit RunLog(std::vector<double> known) : m_values(std::move(known)) {}

    /** The next known value, or what `run` gives, which is then known. */
    Result<double> next(const std::function<Result<double>()>& run);
    const std::vector<double>& values() const { return m_values; }

 private:
    std::vector<double> m_values;
    std::size_t m_asked = 0;
};

/** `answered` with its runs in the log; both outlive the result. */
ProxyOfAnswered logged(const ProxyOfAnswered& answered, RunLog& log);

/**
 * Tells one search from another: what it goes by is the same, so that its runs would be, too. Seed, size of the batch,
 * items of the pool, their features, and the answers of the labelled and of the validation items.
 * @param features    what the search sees of the pool
 * @param parameters  of what chooses, where that does not begin anew
 */
std::string searchName(const SelectionInput& input, const Matrix& features, std::span<const double> parameters,
                       std::size_t count, std::uint64_t seed);

}  // namespace querent::select::policy

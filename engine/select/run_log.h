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

namespace querent::select {

/** Slow runs of a search that was stopped, for when it is begun again. */
struct StoppedSearch {
    std::string name;  // searchName(); empty when none was stopped
    std::vector<double> runs;
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
AnsweredProxy logged(const AnsweredProxy& answered, RunLog& log);

/**
 * Tells one search from another: what it goes by is the same, so that its runs would be, too.
 * @param rows      of the pool, in the order that the search goes by
 * @param features  what it sees of them
 */
std::string searchName(std::span<const ItemId> pool, std::span<const std::size_t> rows, const Matrix& features,
                       std::size_t count, std::uint64_t seed);

}  // namespace querent::select

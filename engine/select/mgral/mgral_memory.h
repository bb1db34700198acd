#pragma once

#include "engine/core/result.h"
#include "engine/select/mgral/lstm_agent.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace querent::select {

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

/** What MGRAL keeps between its calls: the agent, and, of a search that was stopped, its runs. */
struct MgralMemory {
    LstmAgent agent;             // before that search
    std::vector<double> trials;  // tryOnValidation() of the latest rounds
    std::string search;          // which search it was; empty when none was stopped
    std::vector<double> runs;
};

std::string packMgral(const MgralMemory& memory);

/**
 * @param fresh  the agent to begin with where the bytes are empty or cannot be used, which `remarks` then says
 */
MgralMemory unpackMgral(std::string_view bytes, LstmAgent fresh, std::vector<std::string>& remarks);

}  // namespace querent::select

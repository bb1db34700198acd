#pragma once

#include "engine/core/result.h"
#include "engine/select/mgral/lstm_agent.h"
#include "engine/select/run_log.h"

#include <string>
#include <string_view>
#include <vector>

namespace querent::select {

/** What MGRAL keeps between its calls: the agent, and, of a search that was stopped, its runs. */
struct MgralMemory {
    LstmAgent agent;             // before that search
    std::vector<double> trials;  // tryOnValidation() of the latest rounds
    StoppedSearch stopped;
};

std::string packMgral(const MgralMemory& memory);

/**
 * @param fresh  the agent to begin with where the bytes are empty or cannot be used, which `remarks` then says
 */
MgralMemory unpackMgral(std::string_view bytes, LstmAgent fresh, std::vector<std::string>& remarks);

}  // namespace querent::select

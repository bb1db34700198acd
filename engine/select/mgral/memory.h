#pragma once

#include "engine/core/result.h"
#include "engine/select/mgral/lstm_agent.h"
#include "engine/select/policy/trials.h"

#include <string>
#include <string_view>
#include <vector>

namespace querent::select::mgral {

/** What MGRAL keeps between its calls. */
struct MgralMemory {
    LstmAgent agent;  // where a search was stopped: as it was before it
    policy::TrialMemory trials;
};

std::string packMgral(const MgralMemory& memory);

/**
 * @param fresh  the agent to begin with where the bytes are empty or cannot be used, which `remarks` then says
 */
MgralMemory unpackMgral(std::string_view bytes, LstmAgent fresh, std::vector<std::string>& remarks);

}  // namespace querent::select::mgral

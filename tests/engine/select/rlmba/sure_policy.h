#pragma once

#include "engine/select/rlmba/candidates.h"
#include "engine/select/rlmba/memory.h"
#include "engine/select/rlmba/start_policy.h"

#include <algorithm>
#include <string>

namespace querent::select {

/** A memory whose policy asks for what the model is surest of. */
inline std::string likingSure() {
    select::rlmba::MbaMemory memory{select::rlmba::startPolicy().value()};
    std::fill(memory.policy.net.parameters().begin(), memory.policy.net.parameters().end(), 0.0);
    const auto names = select::rlmba::policyLayout().features;
    const auto top = std::find(names.begin(), names.end(), "top probability") - names.begin();
    memory.policy.net.direct()[static_cast<std::size_t>(top)] = 20.0;
    return select::rlmba::packMemory(memory);
}

}  // namespace querent::select

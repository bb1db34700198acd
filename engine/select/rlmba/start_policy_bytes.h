#pragma once

#include <string_view>

namespace querent::select::rlmba {

/** resources/policies/start.policy, as it was when the program was built. */
std::string_view startPolicyBytes();

}  // namespace querent::select::rlmba

#pragma once

#include <string>
#include <string_view>

namespace querent::learn::files {

/** SHA-256 (FIPS 180-4) as 64 lower-case hex digits: for what nobody may be able to imitate. */
std::string sha256(std::string_view bytes);

}  // namespace querent::learn::files

#pragma once

#include <string>

namespace querent::store::sqlite {

/** "2026-11-21T02:32:12.123Z". */
std::string nowUtc();
/** "20261121T023212123Z": the same for file names. */
std::string nowForFileName();

}  // namespace querent::store::sqlite

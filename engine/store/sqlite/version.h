#pragma once

#include <string>

namespace querent::store::sqlite {

/** "SQLite 3.40.1", the library that runs. */
std::string libraryInUse();

}  // namespace querent::store::sqlite

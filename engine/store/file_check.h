#pragma once

#include "engine/store/sqlite/connection.h"

#include <string>
#include <vector>

namespace querent::store {

/** ProjectFile::check(): what is wrong, one sentence each. Throws. */
std::vector<std::string> checkFile(sqlite::Connection& db);

/** ProjectFile::repair(): what was mended, one sentence each. One transaction. Throws. */
std::vector<std::string> repairFile(sqlite::Connection& db);

}  // namespace querent::store

#pragma once

#include "engine/store/sqlite/connection.h"

#include <string>
#include <vector>

namespace querent::store {

/** ProjectFile::check(): what is wrong, one sentence each. Throws. */
std::vector<std::string> checkFile(sqlite::Connection& db);

/**
 * Throws Corrupt, with what was found, when pages or rows of the file do not fit together. Reads the whole file, the
 * content of the indices aside: some hundred MB a second.
 */
void quickCheck(sqlite::Connection& db);

/** ProjectFile::repair(): what was mended, one sentence each. One transaction. Throws. */
std::vector<std::string> repairFile(sqlite::Connection& db);

}  // namespace querent::store

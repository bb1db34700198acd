#pragma once

#include <filesystem>
#include <string>

namespace querent::store::sqlite {
class Connection;
}

namespace querent::store {

/**
 * Whose write-ahead log lies beside a project. SQLite plays NAME-wal back into whatever file has the NAME, also when
 * that one came from elsewhere after a program was killed. So the file has a number that is new with each opening for
 * writing, each log and each copy, and the sidecar folder says, for each computer, of which number which log is. A log
 * of which it says nothing, as it came with its file from elsewhere, counts as the file's own.
 */

/**
 * Gives the open file a new number, with `clean` unset, and again whenever its log has become long and is emptied. To
 * be called before anything else is written to it.
 */
void beginLog(sqlite::Connection& db);

/**
 * Throws Corrupt where the log beside an open file goes on from another state than the file is in: both were copied,
 * and the log was emptied in between. SQLite would mix the two.
 */
void requireOneMoment(sqlite::Connection& db);

/** True when the log was written by this computer, and for another file than the one that has the name now. */
bool logIsOfAnotherFile(const std::filesystem::path& project);

/** Moves such a log out of the way, and says so in a sentence. Throws Failure. */
std::string setLogAside(const std::filesystem::path& project);

}  // namespace querent::store

#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace querent::tests {

/**
 * What fault_shim.cpp does is said by the environment, read when the library is loaded and by readFaultEnvironment():
 *   QUERENT_FAULT          write, sync, rename, map or create; unset = nothing fails
 *   QUERENT_FAULT_AT       the first call of that kind that fails, from 1; 0 = calls are only counted
 *   QUERENT_FAULT_ERRNO    what it fails with
 *   QUERENT_FAULT_LASTING  1 = so do all that follow; of ENOSPC also those of other kinds that need room
 *   QUERENT_FAULT_BELOW    the folder whose files are meant, absolute and without links
 *   QUERENT_FAULT_REPORT   a file of the size of FaultReport, into which it is told
 */
struct FaultReport {
    enum Kind { kWrite, kSync, kRename, kMap, kCreate, kKinds };
    std::array<std::atomic<std::int64_t>, kKinds> calls;  // of each kind, so far
    std::atomic<std::int64_t> failed;                     // calls that were made to fail
    std::array<char, 64> function;                        // the first of them
    std::array<char, 512> path;
};

}  // namespace querent::tests

extern "C" void querentReadFaultEnvironment();

#pragma once

namespace querent::tests {

/**
 * From now on the kernel kills this process, and every one that it starts, at socket() for anything but AF_UNIX.
 * False where the system knows no such filters.
 */
bool forbidNetwork();

}  // namespace querent::tests

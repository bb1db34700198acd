#pragma once

namespace querent {

/**
 * Gives those of the descriptors 0, 1 and 2 that are closed to /dev/null: otherwise a file that is opened later gets
 * the number, and what is printed goes into it. Reading and writing there fail as on a closed one. First thing in
 * main().
 */
void keepStandardStreams();

}  // namespace querent

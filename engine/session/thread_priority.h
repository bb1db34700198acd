#pragma once

namespace querent::session {

/**
 * The calling thread, and the threads it starts, yield to others from now on: 0 is as before, 19 the meekest. The
 * window's thread must win every contest for a core. Does nothing where the system cannot tell threads apart.
 */
void lowerPriorityOfThisThread(int niceness);

}  // namespace querent::session

#pragma once

namespace querent::cli {

/** All of querent-cli but the process: parses, runs the subcommand and returns the exit status. */
int runCommandLine(int argc, char** argv);

}  // namespace querent::cli

#include "engine/cli/command_line.h"
#include "engine/core/standard_streams.h"

int main(int argc, char** argv) {
    querent::keepStandardStreams();
    return querent::cli::runCommandLine(argc, argv);
}

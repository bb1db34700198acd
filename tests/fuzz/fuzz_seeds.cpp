// fuzz-seeds FOLDER: writes the good files of every target to FOLDER/TARGET, and lists the targets.

#include "tests/fuzz/target.h"

#include <cstdio>

int main(int count, char** arguments) {
    if (count != 2) {
        std::fprintf(stderr, "fuzz-seeds FOLDER\n");
        return 2;
    }
    for (const fuzz::Target& target : fuzz::targets()) {
        const std::filesystem::path folder = std::filesystem::path(arguments[1]) / target.name;
        std::filesystem::create_directories(folder);
        int number = 0;
        for (const std::string& seed : target.seeds())
            fuzz::writeFile(folder / ("seed-" + std::to_string(number++)), seed);
        std::printf("%s\n", target.name);
    }
    return 0;
}

#pragma once

#include "engine/cli/command_line.h"
#include "tests/support/forked_process.h"

#include <functional>
#include <string>
#include <vector>

namespace querent::tests {

using Words = std::vector<std::string>;

/** querent-cli with these words, as the body of a ForkedProcess; `before` runs first, in that process. */
inline std::function<int()> command(const Words& words, const std::function<void()>& before = {}) {
    return [words, before] {
        if (before) before();
        Words all = words;
        all.insert(all.begin(), "querent-cli");
        std::vector<char*> pointers;
        for (std::string& word : all)
            pointers.push_back(word.data());
        pointers.push_back(nullptr);
        return cli::runCommandLine(static_cast<int>(all.size()), pointers.data());
    };
}

/** The same, to its end. */
inline Ended runCommand(const Words& words, const std::function<void()>& before = {}) {
    return ForkedProcess(command(words, before)).wait();
}

}  // namespace querent::tests

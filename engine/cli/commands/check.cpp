#include "engine/cli/console.h"

#include <cstdio>

namespace querent::cli {
namespace {

struct Options {
    std::string file;
    bool repair = false;
};

int check(const Options& options, const Console& console) {
    auto project = options.repair ? openForWriting(options.file) : openForReading(options.file);
    if (!project) return console.failed(project.error());
    if (options.repair) {
        const auto mended = (*project)->repair();
        if (!mended) return console.failed(mended.error());
        for (const std::string& sentence : *mended)
            std::printf("Mended: %s\n", sentence.c_str());
    }
    const auto findings = (*project)->check();
    for (const std::string& finding : findings)
        std::printf("%s\n", finding.c_str());
    if (findings.empty()) std::printf("All is well.\n");
    return findings.empty() ? kDone : kAtFault;
}

}  // namespace

void addCheck(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("check", "Integrity, missing files, orphan rows, class order");
    command->add_option("project", options->file, "Project file")->required();
    command->add_flag("--repair", options->repair, "Mend what can be mended without guessing");
    command->callback([options, run] { run([options](const Console& console) { return check(*options, console); }); });
}

}  // namespace querent::cli

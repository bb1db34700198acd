#include "engine/session/demo.h"

#include "engine/cli/console.h"

#include <cstdio>

namespace querent::cli {
namespace {

struct Options {
    std::filesystem::path to;
    std::string kind = "pictures";
    int items = 360;
    std::uint64_t seed = 1;
};

int demo(const Options& options, const Console& console) {
    const auto file = session::createDemo(options.to, options.items, options.seed, console.job());
    if (!file) return console.failed(file.error());
    console.endProgress();
    std::printf("%s\n", file->c_str());
    return kDone;
}

}  // namespace

void addDemo(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("demo", "Draw a demo data set with known answers");
    command->add_option("--to", options->to, "Folder")->required();
    command->add_option("--kind", options->kind, "pictures")->check(CLI::IsMember({"pictures"}));
    command->add_option("--items", options->items, "How many pictures")->check(CLI::Range(20, 100000));
    command->add_option("--seed", options->seed, "Other pictures");
    command->callback([options, run] { run([options](const Console& console) { return demo(*options, console); }); });
}

}  // namespace querent::cli

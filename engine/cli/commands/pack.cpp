#include "engine/cli/console.h"
#include "engine/session/shard.h"

#include <cstdio>

namespace querent::cli::commands {
namespace {

struct Options {
    std::string file;
    std::filesystem::path to;
};

int pack(const Options& options, const Console& console) {
    auto project = openForReading(options.file);
    if (!project) return console.failed(project.error());
    const auto items = session::packShard(**project, options.to, console.job());
    if (!items) return console.failed(items.error());
    console.endProgress();
    std::printf("%lld items\n", static_cast<long long>(*items));
    return kDone;
}

}  // namespace

void addPack(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("pack", "Decoded samples in one file, for a machine with LibTorch only");
    command->add_option("project", options->file, "Project file")->required();
    command->add_option("--to", options->to, "Target .shard file")->required();
    command->callback([options, run] { run([options](const Console& console) { return pack(*options, console); }); });
}

}  // namespace querent::cli::commands

#include "engine/cli/console.h"
#include "engine/session/transfer/transfer.h"

#include <cstdio>

namespace querent::cli::commands {
namespace {

struct Options {
    std::string file;
    std::string split = "pool";
    std::filesystem::path to;
    std::string device = "auto";
    bool overwrite = false;
};

int predict(const Options& options, const Console& console) {
    auto project = openForReading(options.file);
    if (!project) return console.failed(project.error());
    const auto report = session::transfer::writePredictions(**project, splitFromText(options.split), options.to,
                                                            options.overwrite, options.device, console.job());
    if (!report) return console.failed(report.error());
    console.endProgress();
    std::printf("%lld boxes on %lld items\n", static_cast<long long>(report->annotations),
                static_cast<long long>(report->items));
    return kDone;
}

}  // namespace

void addPredict(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("predict", "Write what the current model sees, as COCO results");
    command->add_option("project", options->file, "Project file")->required();
    command->add_option("--split", options->split, "pool (unanswered items), train, val or test")
        ->check(CLI::IsMember({"pool", "train", "val", "test"}));
    command->add_option("--to", options->to, "Target .json file")->required();
    command->add_option("--device", options->device, "auto, cpu, cuda or cuda:N");
    command->add_flag("--overwrite", options->overwrite, "Replace a file that is there");
    command->callback(
        [options, run] { run([options](const Console& console) { return predict(*options, console); }); });
}

}  // namespace querent::cli::commands

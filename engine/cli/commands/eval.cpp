#include "engine/cli/console.h"
#include "engine/cli/print.h"
#include "engine/session/measuring.h"

namespace querent::cli::commands {
namespace {

struct Options {
    std::string file;
    std::string split = "val";
    std::string device = "auto";
    bool json = false;
};

int evaluate(const Options& options, const Console& console) {
    auto project = openForReading(options.file);
    if (!project) return console.failed(project.error());
    const Split split = splitFromText(options.split).value_or(Split::Val);
    const auto metrics = session::measureSplit(**project, split, options.device, console.job(), console.note());
    if (!metrics) return console.failed(metrics.error());
    if (metrics->empty()) {
        return console.failed(fail(ErrorCode::NotFound, "The split " + options.split + " has no labelled items."));
    }
    console.endProgress();
    if (options.json) {
        printJson(toJson(*metrics, (*project)->classes()));
    } else {
        printMetrics(*metrics, (*project)->classes());
    }
    return kDone;
}

}  // namespace

void addEval(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("eval", "Measure the current model on a labelled split");
    command->add_option("project", options->file, "Project file")->required();
    command->add_option("--split", options->split, "train, val or test")
        ->check(CLI::IsMember({"train", "val", "test"}));
    command->add_option("--device", options->device, "auto, cpu, cuda or cuda:N");
    command->add_flag("--json", options->json, "Print one JSON document");
    command->callback(
        [options, run] { run([options](const Console& console) { return evaluate(*options, console); }); });
}

}  // namespace querent::cli::commands

#include "engine/cli/console.h"
#include "engine/cli/print.h"
#include "engine/session/measuring.h"

namespace querent::cli::commands {
namespace {

struct Options {
    std::string file;
    std::string split = "val";
    std::string device = "auto";
    bool instant = false;
    bool json = false;
};

int evaluateInstantly(const Options& options, const session::Project& project, Split split, const Console& console) {
    const auto measured = session::measureInstantly(project, split, console.job(), console.note());
    if (!measured) return console.failed(measured.error());
    console.endProgress();
    if (options.json) {
        nlohmann::json document = toJson(measured->metrics, project.classes());
        document["seconds_features"] = measured->lookSeconds;
        document["seconds_head"] = measured->fitSeconds;
        printJson(document);
    } else {
        printMetrics(measured->metrics, project.classes());
    }
    return kDone;
}

int evaluate(const Options& options, const Console& console) {
    auto project = openForReading(options.file);
    if (!project) return console.failed(project.error());
    const Split split = splitFromText(options.split).value_or(Split::Val);
    if (options.instant) return evaluateInstantly(options, **project, split, console);
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
    command->add_flag("--instant", options->instant,
                      "No model: what the labelled items say through features that nothing was learnt for");
    command->add_flag("--json", options->json, "Print one JSON document");
    command->callback(
        [options, run] { run([options](const Console& console) { return evaluate(*options, console); }); });
}

}  // namespace querent::cli::commands

#include "engine/cli/console.h"
#include "engine/cli/print.h"
#include "engine/core/paths.h"
#include "engine/session/transfer/transfer.h"

#include <cstdio>

namespace querent::cli::commands {
namespace {

struct Options {
    std::string file;
    session::transfer::ExportRequest request;
    std::string what = "labels";
    std::string split = "all";
    bool withoutImages = false;
    bool json = false;
};

int exportData(Options& options, const Console& console) {
    options.request.predictions = options.what == "predictions";
    options.request.split = splitFromText(options.split);
    options.request.copyImages = !options.withoutImages;
    auto project = openForReading(options.file);
    if (!project) return console.failed(project.error());
    const auto report = session::transfer::exportFrom(**project, options.request, console.job());
    if (!report) return console.failed(report.error());
    console.endProgress();
    if (options.json) {
        nlohmann::json files = nlohmann::json::array();
        for (const auto& path : report->files)
            files.push_back(utf8(path));
        printJson({{"items", report->items},
                   {"annotations", report->annotations},
                   {"losses", report->losses},
                   {"files", files}});
        return kDone;
    }
    for (const std::string& loss : report->losses)
        std::printf("Lost: %s\n", shown(loss).c_str());
    std::printf("%s%lld items, %lld annotations, %zu files\n", options.request.dryRun ? "Would export: " : "",
                static_cast<long long>(report->items), static_cast<long long>(report->annotations),
                report->files.size());
    return kDone;
}

}  // namespace

void addExport(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("export", "Write the answers in a public format");
    command->add_option("project", options->file, "Project file")->required();
    command
        ->add_option("--format", options->request.format, session::transfer::listed(session::transfer::exportFormats()))
        ->required();
    command->add_option("--to", options->request.to, "Target file or folder")->required();
    command->add_option("--what", options->what, "labels or predictions")
        ->check(CLI::IsMember({"labels", "predictions"}));
    command->add_option("--split", options->split, "train, val, test or all")
        ->check(CLI::IsMember({"train", "val", "test", "all"}));
    command->add_flag("--with-unlabelled", options->request.withUnlabelled, "Items nobody has answered, too");
    command->add_flag("--without-images", options->withoutImages, "Do not copy pictures beside their labels");
    command->add_flag("--overwrite", options->request.overwrite, "Replace files that are there");
    command->add_flag("--dry-run", options->request.dryRun, "Only say what would be written and lost");
    command->add_flag("--json", options->json, "Print one JSON document");
    command->callback(
        [options, run] { run([options](const Console& console) { return exportData(*options, console); }); });
}

}  // namespace querent::cli::commands

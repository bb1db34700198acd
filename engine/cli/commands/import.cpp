#include "engine/cli/console.h"
#include "engine/cli/print.h"
#include "engine/core/paths.h"
#include "engine/session/transfer/transfer.h"

#include <algorithm>
#include <cstdio>

namespace querent::cli::commands {
namespace {

struct Options {
    std::string file;
    session::transfer::ImportRequest request;
    std::string as = "labels";
    bool json = false;
};

constexpr std::size_t kComplaintsShown = 50;

nlohmann::json toJson(const session::transfer::ImportReport& report) {
    nlohmann::json document = {{"items", report.items},
                               {"new_items", report.newItems},
                               {"annotations", report.annotations},
                               {"unchanged", report.unchanged},
                               {"kept", report.kept},
                               {"replaced", report.replaced},
                               {"incomplete", report.incomplete},
                               {"new_classes", report.newClasses},
                               {"splits", nlohmann::json::object()},
                               {"complaints", nlohmann::json::array()}};
    for (const auto& [split, count] : report.bySplit)
        document["splits"][toText(split)] = count;
    for (const auto& complaint : report.complaints) {
        document["complaints"].push_back(
            {{"path", utf8(complaint.where.path)}, {"line", complaint.where.line}, {"sentence", complaint.sentence}});
    }
    return document;
}

void print(const session::transfer::ImportReport& report, bool dryRun) {
    const std::size_t shown = std::min(kComplaintsShown, report.complaints.size());
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& complaint = report.complaints[i];
        std::fprintf(stderr, "%s\n",
                     cli::shown(Error{ErrorCode::Malformed, complaint.sentence, complaint.where}.text()).c_str());
    }
    if (shown < report.complaints.size()) {
        std::fprintf(stderr, "... and %zu more complaints (--json lists them all)\n", report.complaints.size() - shown);
    }
    const auto counted = [](std::int64_t count, const char* one, const char* many) {
        return std::to_string(count) + ' ' + (count == 1 ? one : many);
    };
    std::printf("%s%s (%lld new), %s", dryRun ? "Would import: " : "", counted(report.items, "item", "items").c_str(),
                static_cast<long long>(report.newItems),
                counted(report.annotations, "annotation", "annotations").c_str());
    for (const auto& [split, count] : report.bySplit) {
        std::printf(", %s %lld", toText(split), static_cast<long long>(count));
    }
    std::printf("\n");
    if (report.unchanged > 0)
        std::printf("%s just these answers already.\n", counted(report.unchanged, "item has", "items have").c_str());
    if (report.kept > 0)
        std::printf("%s other answers already, which were kept (--replace takes those of the data instead).\n",
                    counted(report.kept, "item has", "items have").c_str());
    if (report.replaced > 0)
        std::printf("%s the answers of the data instead of others.\n",
                    counted(report.replaced, "item has", "items have").c_str());
    if (report.incomplete > 0)
        std::printf(
            "%s that could not be read: flagged, with a note, and not for training until somebody has looked.\n",
            counted(report.incomplete, "item lost answers", "items lost answers").c_str());
}

int import(Options& options, const Console& console) {
    if (options.as == "predictions") options.request.as = session::transfer::ImportAs::Predictions;
    if (options.as == "truth") options.request.as = session::transfer::ImportAs::Truth;
    auto project = openForWriting(options.file);
    if (!project) return console.failed(project.error());
    const auto report = session::transfer::importInto(**project, options.request, console.job());
    if (!report) return console.failed(report.error());
    console.endProgress();
    if (options.json) {
        printJson(toJson(*report));
    } else {
        print(*report, options.request.dryRun);
    }
    return kDone;
}

}  // namespace

void addImport(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("import", "Read pictures and answers into a project");
    command->add_option("project", options->file, "Project file")->required();
    command
        ->add_option("--format", options->request.format, session::transfer::listed(session::transfer::importFormats()))
        ->required();
    command->add_option("--from", options->request.from, "The data: a file or folder")->required();
    command->add_option("--files", options->request.files, "Folder of the pictures");
    command->add_option("--splits", options->request.splits, "Folder with train.txt, val.txt and test.txt");
    command->add_option("--as", options->as, "labels, predictions or truth (known, but hidden from training)")
        ->check(CLI::IsMember({"labels", "predictions", "truth"}));
    command->add_flag("--empty-means-confirmed", options->request.emptyMeansConfirmed,
                      "Pictures without boxes were looked at");
    command->add_flag("--replace", options->request.replaceAnswers,
                      "Items that have answers get those of the data instead");
    command->add_flag("--strict", options->request.strict, "Import nothing when there is any complaint");
    command->add_flag("--dry-run", options->request.dryRun, "Read and report, write nothing");
    command->add_flag("--json", options->json, "Print one JSON document");
    command->callback([options, run] { run([options](const Console& console) { return import(*options, console); }); });
}

}  // namespace querent::cli::commands

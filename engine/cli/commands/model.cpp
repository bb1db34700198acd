#include "engine/cli/console.h"
#include "engine/core/paths.h"
#include "engine/session/transfer/model_export.h"
#include "engine/session/transfer/transfer.h"

#include <cstdio>

namespace querent::cli::commands {
namespace {

struct Options {
    std::string file;
    session::transfer::ModelExport request;
    std::int64_t model = 0;
};

int exportModel(Options& options, const Console& console) {
    if (options.model > 0) options.request.model = ModelId(options.model);
    auto project = openForReading(options.file);
    if (!project) return console.failed(project.error());
    const auto model = session::transfer::exportModel(**project, options.request, console.job());
    if (!model) return console.failed(model.error());
    console.endProgress();
    std::printf("Model %lld in %s\n", static_cast<long long>(model->id.value), shown(utf8(options.request.to)).c_str());
    return kDone;
}

}  // namespace

void addModel(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("model", "Take a trained model along");
    command->require_subcommand(1);
    CLI::App* exporting = command->add_subcommand("export", "Write a model as a file that other programs run");
    exporting->add_option("project", options->file, "Project file")->required();
    exporting
        ->add_option("--format", options->request.format, session::transfer::listed(session::transfer::modelFormats()))
        ->required();
    exporting->add_option("--to", options->request.to, "Target file")->required();
    exporting->add_option("--model", options->model, "Number of the model; the current one otherwise")
        ->check(CLI::PositiveNumber);
    exporting->add_flag("--overwrite", options->request.overwrite, "Replace a file that is there");
    exporting->callback(
        [options, run] { run([options](const Console& console) { return exportModel(*options, console); }); });
}

}  // namespace querent::cli::commands

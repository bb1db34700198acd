#include "engine/cli/console.h"
#include "engine/cli/print.h"
#include "engine/session/programs.h"
#include "engine/session/training.h"

#include <cstdio>

namespace querent::cli::commands {
namespace {

struct Options {
    std::string file;
    session::TrainOptions train;
    int epochs = 0;
    std::string backbone;
    bool trustScript = false;
    std::uint64_t seed = 0;
    bool json = false;
};

constexpr int kBatch = 8;
constexpr const char* kBuiltIn = "built-in";

// A program among the weights runs only when this person says so.
Result<void> allowBackbone(const Options& options, const std::string& backbone, const Console& console) {
    const auto asks = session::isUntrustedProgram(backbone);
    if (!asks || !*asks) return {};  // what cannot be read the training says
    const std::string warning = session::programWarning(backbone);
    if (!options.trustScript) {
        return fail(ErrorCode::InvalidArgument, warning + " Then say: train --backbone FILE --trust-script.", backbone);
    }
    console.note()(warning);
    return session::trustProgram(backbone);
}

int train(Options& options, const Console& console) {
    auto project = openForWriting(options.file);
    if (!project) return console.failed(project.error());
    const std::string backbone = options.backbone.empty() ? (*project)->settings().backboneWeights : options.backbone;
    if (const auto allowed = allowBackbone(options, backbone, console); !allowed)
        return console.failed(allowed.error());
    if (!options.backbone.empty()) {
        const auto saved = (*project)->changeSettings([&options](ProjectSettings& settings) {
            settings.backboneWeights = options.backbone == kBuiltIn ? std::string() : options.backbone;
            const bool weights = options.backbone != kNoBackbone && options.backbone != kBuiltIn;
            if (settings.networkSize == "small" && weights) settings.networkSize = "base";
        });
        if (!saved) return console.failed(saved.error());
    }
    if (options.epochs > 0) {
        const std::int64_t labels = (*project)->counts().trainable(Split::Train);
        options.train.steps = static_cast<int>((labels * options.epochs + kBatch - 1) / kBatch);
    }
    options.train.onNote = console.note();
    const auto model = session::trainNow(**project, options.train,
                                         options.seed != 0 ? std::optional(options.seed) : std::nullopt, console.job());
    if (!model) return console.failed(model.error());
    console.endProgress();
    std::vector<Metric> metrics;
    for (const Metric& metric : (*project)->metrics()) {
        if (metric.model == model->id) metrics.push_back(metric);
    }
    if (options.json) {
        nlohmann::json document = toJson(metrics, (*project)->classes());
        document["labels"] = model->labels;
        document["seconds_train"] = model->trainSeconds;
        document["config"] = nlohmann::json::parse(model->config);
        printJson(document);
    } else {
        std::printf("Trained on %lld items in %.1f s\n", static_cast<long long>(model->labels), model->trainSeconds);
        printMetrics(metrics, (*project)->classes());
    }
    return kDone;
}

}  // namespace

void addTrain(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("train", "Train on every answer of the train split");
    command->add_option("project", options->file, "Project file")->required();
    command->add_option("--device", options->train.device, "auto, cpu, cuda or cuda:N");
    command->add_option("--epochs", options->epochs, "Passes over the labelled items (default: by their number)");
    command->add_option("--steps", options->train.steps, "Steps of 8 pictures, instead of epochs");
    command->add_option("--backbone", options->backbone,
                        "What the network starts from: built-in (the default), none, ResNet weights (.pth, "
                        ".safetensors) or TorchScript");
    command->add_flag("--trust-script", options->trustScript,
                      "Let a TorchScript backbone run, and remember this file: it is a program, and can do whatever "
                      "you can do on this machine");
    command->add_option("--seed", options->seed, "Makes the training repeatable");
    command->add_flag("--json", options->json, "Print one JSON document");
    command->callback([options, run] { run([options](const Console& console) { return train(*options, console); }); });
}

}  // namespace querent::cli::commands

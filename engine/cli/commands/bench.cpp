#include "engine/session/bench/bench.h"

#include "engine/cli/console.h"
#include "engine/cli/print.h"

#include <cstdio>
#include <unistd.h>

namespace querent::cli::commands {
namespace {

struct Options {
    std::string what;
    int pool = 100000;
    int images = 2000;
    int classes = 10;
    int dimensions = 512;
    int batch = 100;
    std::filesystem::path folder;
    bool json = false;
};

std::filesystem::path scratchFolder() {
    return std::filesystem::temp_directory_path() / ("querent-bench-" + std::to_string(::getpid()));
}

int bench(const Options& options, const Console& console) {
    const bool keep = !options.folder.empty();
    const std::filesystem::path folder = keep ? options.folder : scratchFolder();
    const auto figures = [&]() -> Result<session::bench::BenchFigures> {
        if (options.what == "map") return session::bench::benchEvaluation(options.images, options.classes);
        if (options.what == "store") return session::bench::benchStore(folder, options.pool, console.job());
        if (options.what == "select")
            return session::bench::benchSelection(options.pool, options.dimensions, options.batch, console.job());
        if (options.what == "head") return session::bench::benchHead(options.pool, options.dimensions, options.classes);
        if (options.what == "train") return session::bench::benchTraining(folder, console.job());
        return session::bench::benchDecode(folder);
    }();
    std::error_code ignored;
    if (!keep) std::filesystem::remove_all(folder, ignored);
    if (!figures) return console.failed(figures.error());
    console.endProgress();
    if (options.json) printJson(nlohmann::json(*figures));
    for (const auto& [name, value] : *figures) {
        if (!options.json) std::printf("%-28s %12.3f\n", name.c_str(), value);
    }
    return kDone;
}

}  // namespace

void addBench(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("bench", "Measure a part of the engine on this machine");
    command->add_option("what", options->what, "map, store, select, decode, head or train")
        ->required()
        ->check(CLI::IsMember({"map", "store", "select", "decode", "head", "train"}));
    command->add_option("--pool", options->pool, "store, select, head: items of the generated project or pool")
        ->check(CLI::PositiveNumber);
    command->add_option("--dim", options->dimensions, "select, head: features of an item")->check(CLI::PositiveNumber);
    command->add_option("--batch", options->batch, "select: items to choose")->check(CLI::PositiveNumber);
    command->add_option("--images", options->images, "map: pictures")->check(CLI::PositiveNumber);
    command->add_option("--classes", options->classes, "map, head: classes")->check(CLI::PositiveNumber);
    command->add_option("--folder", options->folder, "Keep what was generated in this folder");
    command->add_flag("--json", options->json, "Print one JSON document");
    command->callback([options, run] { run([options](const Console& console) { return bench(*options, console); }); });
}

}  // namespace querent::cli::commands

#include "engine/cli/console.h"
#include "engine/cli/print.h"
#include "engine/core/paths.h"
#include "engine/session/pool.h"

#include <cstdio>

namespace querent::cli::commands {
namespace {

struct Options {
    std::string file;
    std::string strategy;    // empty = the project's
    int count = 0;           // 0 = the project's
    std::uint64_t seed = 0;  // 0 = that of the next round
    std::string device = "auto";
    bool json = false;
};

int suggest(const Options& options, const Console& console) {
    auto project = openForReading(options.file);
    if (!project) return console.failed(project.error());
    const auto entries = session::rankPool(**project, {options.strategy, options.count, 0, options.device, 0},
                                           options.seed != 0 ? std::optional(options.seed) : std::nullopt,
                                           console.job(), console.note());
    if (!entries) return console.failed(entries.error());
    console.endProgress();
    nlohmann::json document = nlohmann::json::array();
    for (const QueryEntry& entry : *entries) {
        const auto item = (*project)->item(entry.item);
        const std::string path = item ? utf8((*project)->picturePath(*item)) : "";
        if (!options.json) std::printf("%8.4f  %s\n", entry.score, shown(path).c_str());
        document.push_back({{"item", entry.item.value},
                            {"name", item ? item->name : ""},
                            {"path", path},
                            {"score", entry.score},
                            {"reason", toJson(entry.reasons)},
                            {"control", entry.control}});
    }
    if (options.json) printJson(document);
    return kDone;
}

}  // namespace

void addSuggest(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("suggest", "Rank the unlabelled pool");
    command->add_option("project", options->file, "Project file")->required();
    command->add_option("--strategy", options->strategy, "See: querent-cli strategies (default: the project's)");
    command->add_option("--count", options->count, "How many items (default: the project's batch)")
        ->check(CLI::PositiveNumber);
    command->add_option("--seed", options->seed, "Makes the choice repeatable (default: that of the next round)");
    command->add_option("--device", options->device, "auto, cpu, cuda or cuda:N");
    command->add_flag("--json", options->json, "Print one JSON document");
    command->callback(
        [options, run] { run([options](const Console& console) { return suggest(*options, console); }); });
}

}  // namespace querent::cli::commands

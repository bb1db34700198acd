#include "engine/cli/console.h"
#include "engine/cli/print.h"
#include "engine/session/policies.h"

#include <cstdio>
#include <memory>

namespace querent::cli::commands {
namespace {

struct Options {
    std::string file;
    std::string strategy = "rl-mba";
    std::filesystem::path policy;
    std::string version = "start";
    int steps = 1000;
    int tasks = 250;
    std::uint64_t seed = 1;
    bool json = false;
};

int inform(const Options& options, const Console& console) {
    auto project = openForReading(options.file);
    if (!project) return console.failed(project.error());
    const auto history = session::policyHistory(**project, options.strategy);
    if (!history) return console.failed(history.error());
    if (options.json) {
        printJson({{"strategy", history->strategy},
                   {"start", history->startVersion},
                   {"rounds", history->rounds},
                   {"rehearsed_episodes", history->rehearsedEpisodes},
                   {"own", history->own}});
        return kDone;
    }
    std::printf("%s: %lld real rounds, %lld rehearsed episodes, started from \"%s\"%s\n", history->strategy.c_str(),
                static_cast<long long>(history->rounds), static_cast<long long>(history->rehearsedEpisodes),
                shown(history->startVersion).c_str(),
                history->own ? "" : " (the project has no policy of its own yet)");
    return kDone;
}

int save(const Options& options, const Console& console) {
    auto project = openForReading(options.file);
    if (!project) return console.failed(project.error());
    const auto saved = session::savePolicy(**project, options.strategy, options.policy);
    return saved ? static_cast<int>(kDone) : console.failed(saved.error());
}

int load(const Options& options, const Console& console) {
    auto project = openForWriting(options.file);
    if (!project) return console.failed(project.error());
    const auto loaded = session::loadPolicy(**project, options.strategy, options.policy);
    return loaded ? static_cast<int>(kDone) : console.failed(loaded.error());
}

int practise(const Options& options, const Console& console) {
    const auto comparisons = session::practiseStartPolicy(options.policy, options.steps, options.tasks, options.seed,
                                                          options.version, console.job());
    if (!comparisons) return console.failed(comparisons.error());
    console.endProgress();
    nlohmann::json document = nlohmann::json::object();
    for (const session::PracticeComparison& each : *comparisons) {
        document[each.strategy] = {{"gain", each.gain}, {"low", each.low}, {"high", each.high}};
        if (!options.json) {
            std::printf("over %-10s %+.4f [%+.4f, %+.4f]\n", each.strategy.c_str(), each.gain, each.low, each.high);
        }
    }
    if (options.json) printJson(document);
    return kDone;
}

using Work = int (*)(const Options&, const Console&);

CLI::App* add(CLI::App& parent, const char* name, const char* sentence, const std::shared_ptr<Options>& options,
              const Runner& run, Work work) {
    CLI::App* command = parent.add_subcommand(name, sentence);
    command->callback(
        [options, run, work] { run([options, work](const Console& console) { return work(*options, console); }); });
    return command;
}

}  // namespace

void addPolicy(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("policy", "Look at, move or make the policy of a learned strategy");
    command->require_subcommand(1);
    CLI::App* info = add(*command, "info", "What the project's policy has learnt from", options, run, inform);
    CLI::App* saving = add(*command, "save", "Write the project's policy to a file", options, run, save);
    CLI::App* loading = add(*command, "load", "Make a policy file the project's policy", options, run, load);
    for (CLI::App* each : {info, saving, loading}) {
        each->add_option("project", options->file, "Project file")->required();
        each->add_option("--strategy", options->strategy, "Whose policy")->capture_default_str();
    }
    info->add_flag("--json", options->json, "Print one JSON document");
    saving->add_option("--to", options->policy, "Policy file")->required();
    loading->add_option("--from", options->policy, "Policy file")->required();

    CLI::App* practice =
        add(*command, "practise", "Train a starting policy on generated tasks and compare it", options, run, practise);
    practice->add_option("--to", options->policy, "Policy file")->required();
    practice->add_option("--steps", options->steps, "Updates")->check(CLI::PositiveNumber)->capture_default_str();
    practice->add_option("--tasks", options->tasks, "New tasks to compare on")->check(CLI::Range(2, 100000));
    practice->add_option("--seed", options->seed, "Seed")->capture_default_str();
    practice->add_option("--version", options->version, "What the policy is called");
    practice->add_flag("--json", options->json, "Print one JSON document");
}

}  // namespace querent::cli::commands

#include "engine/cli/console.h"
#include "engine/session/machine.h"
#include "engine/session/simulation/simulation.h"
#include "engine/session/simulation/simulation_files.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace querent::cli::commands {
namespace {

struct Options {
    std::string file;
    session::simulation::SimulationOptions simulation;
    std::string strategies;
    std::string shard;
    int jobs = 1;
    bool json = false;
};

bool parseShard(const std::string& text, session::simulation::SimulationOptions& options) {
    if (text.empty()) return true;
    char end = 0;
    return std::sscanf(text.c_str(), "%d/%d%c", &options.shard, &options.shards, &end) == 2;
}

void print(const session::simulation::SimulationSummary& summary) {
    if (!summary.complete) {
        std::printf("This shard is done; the summary comes with the last one.\n");
        return;
    }
    std::printf("%s on %s; full pool %.4f\n", summary.metric.c_str(), summary.split.c_str(), summary.fullPool);
    std::printf("%-18s %-26s %-10s %-12s %s\n", "strategy", "mean over the rounds", "last", "labels to 95%",
                "over random");
    for (const session::simulation::StrategySummary& entry : summary.strategies) {
        std::printf("%-18s %.4f [%.4f, %.4f]   %.4f     ", entry.name.c_str(), entry.aulc.mean, entry.aulc.low,
                    entry.aulc.high, entry.final.mean);
        const std::string labels = entry.labelsTo95 ? std::to_string(std::lround(*entry.labelsTo95)) : "not reached";
        std::printf("%-12s ", labels.c_str());
        if (entry.overRandom) {
            std::printf("%+.4f [%+.4f, %+.4f]", entry.overRandom->mean, entry.overRandom->low, entry.overRandom->high);
        }
        std::printf("\n");
    }
}

// Waits for a child; all of them are told when the program is to stop.
int statusOf(pid_t child, const std::vector<pid_t>& children, const Console& console) {
    int status = 0;
    while (::waitpid(child, &status, WNOHANG) == 0) {
        if (console.job().cancelled()) {
            for (const pid_t each : children)
                ::kill(each, SIGTERM);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : static_cast<int>(kInternal);
}

// Runs that nobody else has taken go to processes of their own: torch's threads and its memory are one process's.
int runShards(Options& options, const Console& console) {
    // Threads of several trainings that wait for one another on the same cores make each of them many times slower.
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    std::vector<pid_t> children;
    for (int i = 0; i < options.jobs; ++i) {
        const pid_t child = ::fork();
        if (child != 0) {
            children.push_back(child);
            continue;
        }
        Console::watchInChild();
        session::setComputeThreads(std::max(1, cores / options.jobs));
        options.simulation.shard = i;
        options.simulation.shards = options.jobs;
        auto project = session::project::Project::open(options.file, session::project::OpenMode::ReadOnly);
        if (!project) ::_exit(console.failed(project.error()));
        const auto summary = session::simulation::simulate(**project, options.simulation, console.job());
        ::_exit(summary ? kDone : console.failed(summary.error()));
    }
    int worst = kDone;
    for (const pid_t child : children)
        worst = std::max(worst, statusOf(child, children, console));
    return worst;
}

int simulate(Options& options, const Console& console) {
    std::istringstream names(options.strategies);
    for (std::string name; std::getline(names, name, ',');)
        options.simulation.strategies.push_back(name);
    if (!parseShard(options.shard, options.simulation)) {
        return console.failed(fail(ErrorCode::InvalidArgument, "A shard is written i/n, for example 0/4."));
    }
    if (options.jobs > 1) {
        if (const int status = runShards(options, console); status != kDone) return status;
    }
    auto project = session::project::Project::open(options.file, session::project::OpenMode::ReadOnly);
    if (!project) return console.failed(project.error());
    const auto summary = session::simulation::simulate(**project, options.simulation, console.job());
    if (!summary) return console.failed(summary.error());
    console.endProgress();
    if (options.json) {
        std::printf("%s\n", session::simulation::toJson(*summary, options.simulation).c_str());
    } else {
        print(*summary);
    }
    return kDone;
}

}  // namespace

void addSimulate(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("simulate", "Compare strategies with the train split's labels hidden");
    command->add_option("project", options->file, "Project file")->required();
    command->add_option("--strategies", options->strategies, "Names, separated by commas")->required();
    command->add_option("--initial", options->simulation.initial, "Labels before the first model")->required();
    command->add_option("--batch", options->simulation.batch, "Labels a round")->required();
    command->add_option("--rounds", options->simulation.rounds, "Rounds after the first model")->required();
    command->add_option("--seeds", options->simulation.seeds, "Repetitions")->required();
    command->add_option("--seed", options->simulation.seed, "Shifts the seeds");
    command->add_option("--steps", options->simulation.steps, "Steps of each training (default: by the labels)");
    command->add_option("--long-tail", options->simulation.longTail,
                        "Class c keeps this number to the power of c of its items, 0.6 for example");
    command->add_option("--device", options->simulation.device, "auto, cpu, cuda or cuda:N");
    command->add_option("--out", options->simulation.out, "Folder for curves.csv and summary.json")->required();
    command->add_option("--jobs", options->jobs, "Processes")->check(CLI::PositiveNumber);
    command->add_option("--shard", options->shard, "i/n: only every n-th run, beginning with the i-th");
    command->add_flag("--json", options->json, "Print one JSON document");
    command->callback(
        [options, run] { run([options](const Console& console) { return simulate(*options, console); }); });
}

}  // namespace querent::cli::commands

#include "engine/cli/console.h"
#include "engine/cli/print.h"
#include "engine/core/paths.h"

#include <cstdio>

namespace querent::cli::commands {
namespace {

struct Options {
    std::string file;
    bool json = false;
};

nlohmann::json countsOf(const PoolCounts& counts) {
    nlohmann::json document = nlohmann::json::object();
    for (const Split split : {Split::Train, Split::Val, Split::Test}) {
        nlohmann::json states = nlohmann::json::object();
        for (const ItemState state : {ItemState::Unlabelled, ItemState::Labelled, ItemState::ConfirmedEmpty,
                                      ItemState::Skipped, ItemState::Unsure}) {
            states[toText(state)] = counts.inState(split, state);
        }
        const auto annotations = counts.annotations.find(split);
        document[toText(split)] = {{"items", counts.inSplit(split)},
                                   {"states", states},
                                   {"annotations", annotations == counts.annotations.end() ? 0 : annotations->second}};
    }
    return document;
}

std::int64_t totalOf(const PoolCounts& counts, ClassId label) {
    std::int64_t sum = 0;
    for (const auto& [split, byClass] : counts.annotationsByClass) {
        if (const auto found = byClass.find(label); found != byClass.end()) sum += found->second;
    }
    return sum;
}

nlohmann::json roundsOf(const session::Project& project) {
    nlohmann::json rounds = nlohmann::json::array();
    for (const RoundRecord& round : project.rounds()) {
        rounds.push_back({{"round", round.number},
                          {"step", toText(round.step)},
                          {"strategy", round.strategy},
                          {"seed", round.seed},
                          {"batch", project.batch(round.id).size()},
                          {"labels", round.labelsAtTraining},
                          {"seconds_train", round.trainSeconds},
                          {"seconds_select", round.selectSeconds}});
    }
    return rounds;
}

nlohmann::json infoOf(const session::Project& project) {
    const ProjectSettings settings = project.settings();
    const PoolCounts counts = project.counts();
    nlohmann::json document = {{"name", settings.name},        {"task", toText(settings.task)},
                               {"file", utf8(project.file())}, {"read_only", project.readOnly()},
                               {"items", counts.total()},      {"splits", countsOf(counts)},
                               {"flagged", counts.flagged},    {"missing", counts.missing},
                               {"rounds", roundsOf(project)},  {"classes", nlohmann::json::array()}};
    std::int64_t annotations = 0;
    for (const auto& [split, count] : counts.annotations)
        annotations += count;
    document["annotations"] = annotations;
    for (const ClassLabel& label : project.classes()) {
        document["classes"].push_back({{"name", label.name},
                                       {"export_index", label.exportIndex},
                                       {"archived", label.archived},
                                       {"annotations", totalOf(counts, label.id)}});
    }
    if (const auto model = project.currentModel()) {
        std::vector<Metric> last;
        for (const Metric& metric : project.metrics()) {
            if (metric.model == model->id && metric.split == Split::Val) last.push_back(metric);
        }
        document["last_metrics"] = toJson(last, project.classes());
        document["last_metrics"]["labels"] = model->labels;
    }
    return document;
}

void print(const nlohmann::json& info) {
    std::printf("%s: %s, %lld items, %lld annotations\n", shown(info["name"].get<std::string>()).c_str(),
                info["task"].get<std::string>().c_str(), info["items"].get<long long>(),
                info["annotations"].get<long long>());
    for (const char* split : {"train", "val", "test"}) {
        const auto& part = info["splits"][split];
        std::printf("  %-6s %6lld items", split, part["items"].get<long long>());
        for (const auto& [state, count] : part["states"].items()) {
            if (count.get<long long>() > 0) std::printf(", %lld %s", count.get<long long>(), state.c_str());
        }
        std::printf(", %lld annotations\n", part["annotations"].get<long long>());
    }
    for (const auto& label : info["classes"]) {
        std::printf("  class %-20s %lld\n", shown(label["name"].get<std::string>()).c_str(),
                    label["annotations"].get<long long>());
    }
    for (const auto& round : info["rounds"]) {
        std::printf("  round %-3lld %-12s %s, batch of %lld\n", round["round"].get<long long>(),
                    shown(round["strategy"].get<std::string>()).c_str(), round["step"].get<std::string>().c_str(),
                    round["batch"].get<long long>());
    }
}

int info(const Options& options, const Console& console) {
    const auto project = openForReading(options.file);
    if (!project) return console.failed(project.error());
    const nlohmann::json document = infoOf(**project);
    if (options.json) {
        printJson(document);
    } else {
        print(document);
    }
    return kDone;
}

}  // namespace

void addInfo(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("info", "Counts, classes, rounds, last metrics");
    command->add_option("project", options->file, "Project file")->required();
    command->add_flag("--json", options->json, "Print one JSON document");
    command->callback([options, run] { run([options](const Console& console) { return info(*options, console); }); });
}

}  // namespace querent::cli::commands

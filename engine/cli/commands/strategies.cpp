#include "engine/session/strategies.h"

#include "engine/cli/console.h"
#include "engine/cli/print.h"

#include <cstdio>

namespace querent::cli::commands {
namespace {

nlohmann::json tasksOf(const StrategyInfo& choice) {
    nlohmann::json words = nlohmann::json::array();
    for (const TaskKind task : choice.tasks)
        words.push_back(toText(task));
    return words;
}

}  // namespace

void addStrategies(CLI::App& parent, const Runner& run) {
    const auto json = std::make_shared<bool>(false);
    CLI::App* command = parent.add_subcommand("strategies", "What there is to choose from");
    command->add_flag("--json", *json, "Print one JSON document");
    command->callback([json, run] {
        run([json](const Console&) {
            nlohmann::json document = nlohmann::json::array();
            for (const StrategyInfo& choice : session::allStrategies()) {
                if (!*json) std::printf("%-18s %s\n", choice.name.c_str(), choice.sentence.c_str());
                document.push_back({{"name", choice.name},
                                    {"sentence", choice.sentence},
                                    {"source", choice.source},
                                    {"needs_model", choice.waitsForModel()},
                                    {"tasks", tasksOf(choice)}});
            }
            if (*json) printJson(document);
            return static_cast<int>(kDone);
        });
    });
}

}  // namespace querent::cli::commands

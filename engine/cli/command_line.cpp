#include "engine/cli/command_line.h"

#include "engine/cli/console.h"
#include "engine/session/logbook/logbook.h"
#include "engine/session/machine.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

namespace querent::cli {
namespace {

/** Many of these may run at once, so the log is written only where somebody asks for it. */
void beginLog() {
    const char* file = std::getenv("QUERENT_LOG");
    if (file == nullptr || *file == '\0') return;
    if (session::logbook::begin(file, "querent-cli " QUERENT_VERSION)) {
        session::logbook::noteAsIs(session::softwareInUse());
    } else {
        std::fprintf(stderr, "%s: The log cannot be written.\n", file);
    }
}

}  // namespace

int runCommandLine(int argc, char** argv) {
    CLI::App app{"Querent without a screen: the learner asks, a person answers."};
    app.name("querent-cli");
    app.require_subcommand(1);
    app.set_version_flag("--version", QUERENT_VERSION);

    Action action;
    const Runner run = [&action](Action chosen) { action = std::move(chosen); };
    for (const auto add :
         {commands::addCreate, commands::addImport, commands::addExport, commands::addInfo, commands::addTrain,
          commands::addEval, commands::addPredict, commands::addSuggest, commands::addRound, commands::addSimulate,
          commands::addDemo, commands::addCheck, commands::addClasses, commands::addStrategies, commands::addBench,
          commands::addPack, commands::addModel, commands::addPolicy, commands::addSelftest}) {
        add(app, run);
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        const Console console;
        return endOf(app.exit(e) == 0 ? kDone : kUsage, console);
    }
    beginLog();
    try {
        const Console console;
        return endOf(action(console), console);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "Something went wrong inside: %s\n", e.what());
        session::logbook::error(std::string("Something went wrong inside: ") + e.what());
        return kInternal;
    }
}

}  // namespace querent::cli

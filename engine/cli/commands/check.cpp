#include "engine/cli/console.h"
#include "engine/session/project/restore.h"

#include <cstdio>

namespace querent::cli::commands {
namespace {

struct Options {
    std::string file;
    std::string restore;
    bool repair = false;
};

// What somebody whose project is damaged needs to know next.
void listBackups(const std::string& file) {
    const auto backups = session::project::backupsOf(file);
    if (backups.empty()) {
        std::printf("There are no backups.\n");
        return;
    }
    std::printf("Backups, newest first:\n");
    for (const std::filesystem::path& backup : backups)
        std::printf("  %s\n", shown(backup.string()).c_str());
    std::printf("To go back to one: querent-cli check \"%s\" --restore \"%s\"\n", shown(file).c_str(),
                shown(backups.front().string()).c_str());
}

// Naming the backup is the consent: nothing is ever restored without.
Result<void> restore(const Options& options) {
    const auto aside = session::project::restoreBackup(options.restore, options.file);
    if (!aside) return aside.error();
    std::printf("Restored %s.\n", shown(options.restore).c_str());
    if (!aside->empty()) std::printf("What was there is kept as %s.\n", shown(aside->string()).c_str());
    return {};
}

Result<void> repair(session::Project& project) {
    const auto mended = project.repair();
    if (!mended) return mended.error();
    for (const std::string& sentence : *mended)
        std::printf("Mended: %s\n", shown(sentence).c_str());
    return {};
}

int check(const Options& options, const Console& console) {
    if (!options.restore.empty()) {
        if (const auto restored = restore(options); !restored) return console.failed(restored.error());
    }
    auto project = options.repair ? openForRepair(options.file) : openForReading(options.file);
    if (!project) {
        if (project.error().code != ErrorCode::NotFound) listBackups(options.file);
        return console.failed(project.error());
    }
    if (options.repair) {
        if (const auto mended = repair(**project); !mended) return console.failed(mended.error());
    }
    const auto findings = (*project)->check(console.job());
    if (console.job().cancelled()) return console.failed(Job::stopped());
    for (const std::string& finding : findings)
        std::printf("%s\n", shown(finding).c_str());
    if (findings.empty()) std::printf("All is well.\n");
    listBackups(options.file);
    return findings.empty() ? kDone : kAtFault;
}

}  // namespace

void addCheck(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("check", "Integrity, missing files, orphan rows, class order");
    command->add_option("project", options->file, "Project file")->required();
    command->add_flag("--repair", options->repair, "Mend what can be mended without guessing");
    command->add_option("--restore", options->restore,
                        "Put this backup in the project's place; what is there now is kept beside it");
    command->callback([options, run] { run([options](const Console& console) { return check(*options, console); }); });
}

}  // namespace querent::cli::commands

#include "engine/cli/console.h"

#include <sstream>

namespace querent::cli {
namespace {

struct Options {
    std::string file;
    std::string task = "detect";
    std::string media = "image";
    std::string classes;
    std::uint64_t seed = 1;
};

std::vector<std::string> parts(const std::string& text) {
    std::vector<std::string> found;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, ',');) {
        const auto begin = part.find_first_not_of(" \t");
        const auto end = part.find_last_not_of(" \t");
        if (begin != std::string::npos) found.push_back(part.substr(begin, end - begin + 1));
    }
    return found;
}

int create(const Options& options, const Console& console) {
    const auto task = taskFromText(options.task);
    if (task != TaskKind::Detect || options.media != "image") {
        return console.failed(
            fail(ErrorCode::Unsupported, "This version knows one kind of project: --task detect --media image."));
    }
    ProjectSettings settings;
    settings.name = std::filesystem::path(options.file).stem().string();
    settings.task = *task;
    settings.seed = options.seed;
    const auto project = session::Project::create(options.file, settings, parts(options.classes));
    return project ? kDone : console.failed(project.error());
}

}  // namespace

void addCreate(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("create", "Make a new project");
    command->add_option("project", options->file, "Project file, NAME.querent")->required();
    command->add_option("--task", options->task, "detect")->required();
    command->add_option("--media", options->media, "image")->required();
    command->add_option("--classes", options->classes, "Names, separated by commas");
    command->add_option("--seed", options->seed, "Makes the holdout repeatable");
    command->callback([options, run] { run([options](const Console& console) { return create(*options, console); }); });
}

}  // namespace querent::cli

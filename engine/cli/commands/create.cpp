#include "engine/cli/console.h"
#include "engine/core/paths.h"

#include <algorithm>
#include <sstream>

namespace querent::cli::commands {
namespace {

struct Options {
    std::string file;
    std::string task = "detect";
    std::string media = "image";
    std::string classes;
    bool multiLabel = false;
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

// Empty for what is not a list of media.
std::vector<Modality> mediaFromText(const std::string& text) {
    std::vector<Modality> media;
    for (const std::string& word : parts(text)) {
        const auto modality = modalityFromText(word);
        if (!modality || std::find(media.begin(), media.end(), *modality) != media.end()) return {};
        media.push_back(*modality);
    }
    return media;
}

int create(const Options& options, const Console& console) {
    const auto task = taskFromText(options.task);
    const auto media = mediaFromText(options.media);
    if (!task || media.empty()) {
        return console.failed(fail(ErrorCode::InvalidArgument,
                                   "A task is detect or classify; media are image, audio and text, each once, with "
                                   "commas between them."));
    }
    if (task == TaskKind::Detect && (media.size() != 1 || media.front() == Modality::Text)) {
        return console.failed(
            fail(ErrorCode::InvalidArgument, "Boxes lie on one medium: --media image or --media audio."));
    }
    ProjectSettings settings;
    settings.media = media;
    settings.multiLabel = options.multiLabel;
    settings.name = utf8(std::filesystem::path(options.file).stem());
    settings.task = *task;
    settings.seed = options.seed;
    const auto project = session::project::Project::create(options.file, settings, parts(options.classes));
    return project ? kDone : console.failed(project.error());
}

}  // namespace

void addCreate(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("create", "Make a new project");
    command->add_option("project", options->file, "Project file, NAME.querent")->required();
    command->add_option("--task", options->task, "detect (boxes) or classify")->required();
    command->add_option("--media", options->media, "image, audio, text, or several with commas")->required();
    command->add_flag("--multi-label", options->multiLabel, "An item may be of any number of classes");
    command->add_option("--classes", options->classes, "Names, separated by commas");
    command->add_option("--seed", options->seed, "Makes the holdout repeatable");
    command->callback([options, run] { run([options](const Console& console) { return create(*options, console); }); });
}

}  // namespace querent::cli::commands

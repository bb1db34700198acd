#include "engine/cli/console.h"
#include "engine/cli/print.h"
#include "engine/core/name_limits.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

namespace querent::cli::commands {
namespace {

struct Options {
    std::string file;
    std::string from;
    std::string to;
    bool json = false;
};

// "#3" is the class with that number: some names cannot be typed.
std::optional<int> numberIn(const std::string& text) {
    int number = 0;
    if (text.size() < 2 || text.front() != '#') return std::nullopt;
    const auto [end, problem] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<ClassLabel> classOf(const session::Project& project, const std::string& text) {
    const std::vector<ClassLabel> classes = project.classes();
    const auto named =
        std::find_if(classes.begin(), classes.end(), [&](const ClassLabel& label) { return label.name == text; });
    if (named != classes.end()) return *named;
    const std::optional<int> number = numberIn(text);
    if (!number) return std::nullopt;
    const auto found = std::find_if(classes.begin(), classes.end(),
                                    [&](const ClassLabel& label) { return label.exportIndex == *number; });
    return found == classes.end() ? std::nullopt : std::optional(*found);
}

int list(const Options& options, const Console& console) {
    const auto project = openForRepair(options.file);
    if (!project) return console.failed(project.error());
    nlohmann::json document = nlohmann::json::array();
    for (const ClassLabel& label : (*project)->classes()) {
        document.push_back({{"number", label.exportIndex}, {"name", label.name}, {"archived", label.archived}});
        if (!options.json)
            std::printf("#%-6d %s%s\n", label.exportIndex, shown(label.name.substr(0, kLongestName)).c_str(),
                        label.archived ? "  (archived)" : "");
    }
    if (options.json) printJson(document);
    return kDone;
}

int rename(const Options& options, const Console& console) {
    auto project = openForRepair(options.file);
    if (!project) return console.failed(project.error());
    const auto label = classOf(**project, options.from);
    if (!label)
        return console.failed(fail(ErrorCode::NotFound, "There is no class \"" + options.from + "\".", options.file));
    const auto renamed = (*project)->renameClass(label->id, options.to);
    return renamed ? kDone : console.failed(renamed.error());
}

}  // namespace

void addClasses(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("classes", "List the classes, or give one another name");
    command->require_subcommand(1);
    CLI::App* listing = command->add_subcommand("list", "Numbers and names");
    listing->add_option("project", options->file, "Project file")->required();
    listing->add_flag("--json", options->json, "Print one JSON document");
    listing->callback([options, run] { run([options](const Console& console) { return list(*options, console); }); });
    CLI::App* renaming = command->add_subcommand("rename", "Give a class another name; its labels stay");
    renaming->add_option("project", options->file, "Project file")->required();
    renaming->add_option("old", options->from, "Its name, or #N for the class with the number N")->required();
    renaming->add_option("new", options->to, "The new name")->required();
    renaming->callback(
        [options, run] { run([options](const Console& console) { return rename(*options, console); }); });
}

}  // namespace querent::cli::commands

#include "engine/formats/yolo/yolo_names.h"

#include "engine/core/paths.h"
#include "engine/formats/reading.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <set>
#include <utility>
#include <yaml-cpp/yaml.h>

namespace querent::formats::yolo {
namespace {

namespace fs = std::filesystem;

std::int64_t lineOf(const YAML::Node& node) {
    return node.Mark().line + 1;
}

// A scalar as it is written: to YAML `~` and `null` are no text, but somebody's class may be called so.
std::string nameOf(const YAML::Node& node, std::string_view text) {
    if (!node.IsNull()) return std::string(text::trimmed(node.as<std::string>()));
    const auto at = static_cast<std::size_t>(std::max(0, node.Mark().pos));
    if (node.Mark().is_null() || at >= text.size()) return {};
    const std::string_view rest = text.substr(at);
    const std::string_view word = text::trimmed(rest.substr(0, rest.find_first_of(",]}#\r\n")));
    const std::string lower = text::lowered(word);
    return lower == "~" || lower == "null" ? std::string(word) : std::string();
}

// `names` is a list, or a map from numbers. A name that is no text (a list in a list) throws, like all of yaml-cpp.
void collect(const YAML::Node& names, std::string_view text, YoloLayout& found, Complaints& complaints) {
    if (names.IsSequence()) {
        std::int64_t index = 0;
        for (const YAML::Node& name : names)
            found.names[index++] = nameOf(name, text);
        return;
    }
    for (const auto& entry : names) {
        const std::optional<std::int64_t> index = text::parseInteger(entry.first.as<std::string>());
        if (!index || *index < 0) {
            complaints.drop(
                {found.source, lineOf(entry.first)},
                "The class number " + text::inQuotes(entry.first.as<std::string>()) + " is not a whole number from 0.");
            continue;
        }
        found.names[*index] = nameOf(entry.second, text);
    }
}

constexpr std::pair<const char*, Split> kParts[] = {{"train", Split::Train},
                                                    {"val", Split::Val},
                                                    {"valid", Split::Val},
                                                    {"validation", Split::Val},
                                                    {"test", Split::Test}};

// Where the splits are: a folder or a list of files each, or several of them.
void collectParts(const YAML::Node& root, YoloLayout& found) {
    if (const YAML::Node path = root["path"]; path && path.IsScalar()) found.path = path.as<std::string>();
    for (const auto& [word, split] : kParts) {
        const YAML::Node part = root[word];
        if (!part) continue;
        if (part.IsScalar()) found.parts[split].push_back(part.as<std::string>());
        for (const YAML::Node& one : part) {
            if (one.IsScalar()) found.parts[split].push_back(one.as<std::string>());
        }
    }
    if (const YAML::Node shape = root["kpt_shape"]; shape && shape.IsSequence()) {
        for (const YAML::Node& number : shape)
            found.keypoints.push_back(number.as<int>());
    }
}

// False when the file has no names at all.
Result<bool> readYaml(const fs::path& path, YoloLayout& found, Complaints& complaints) {
    const Result<std::string> text = readText(path, complaints, 16 << 20);
    if (!text) return text.error();
    try {
        const YAML::Node root = YAML::Load(*text);
        if (!root.IsMap() || !root["names"]) return false;
        const YAML::Node names = root["names"];
        if (!names.IsSequence() && !names.IsMap())
            return fail(ErrorCode::Malformed, "The entry 'names' is neither a list nor a map.", path, lineOf(names));
        found.source = found.config = path;
        collect(names, *text, found, complaints);
        collectParts(root, found);
        if (const YAML::Node gaps = root[kGapsEntry]; gaps && gaps.IsSequence()) {
            for (const YAML::Node& gap : gaps) {
                const auto number = text::parseInteger(gap.IsScalar() ? gap.Scalar() : std::string());
                if (number) found.gaps.insert(*number);
            }
        }
        return true;
    } catch (const YAML::Exception& problem) {
        return fail(ErrorCode::Malformed, "This is not the YAML of a data set: " + problem.msg + ".", path,
                    problem.mark.line + 1);
    }
}

// darknet's obj.data: lines of "train = data/train.txt".
void readObjData(const fs::path& path, YoloLayout& found, Complaints& complaints) {
    std::error_code problem;
    if (!fs::is_regular_file(path, problem)) return;
    const Result<std::string> text = readText(path, complaints, 1 << 20);
    if (!text) return complaints.drop(text.error().where, text.error().sentence);
    found.config = path;
    for (const text::TextLine& line : text::linesOf(*text)) {
        const std::size_t sign = line.text.find('=');
        if (sign == std::string_view::npos) continue;
        const std::string key = text::lowered(text::trimmed(line.text.substr(0, sign)));
        for (const auto& [word, split] : kParts) {
            if (key == word) found.parts[split].emplace_back(text::trimmed(line.text.substr(sign + 1)));
        }
    }
}

bool isYaml(const fs::path& path) {
    const std::string extension = text::lowered(utf8(path.extension()));
    return extension == ".yaml" || extension == ".yml";
}

std::vector<fs::path> yamlCandidates(const fs::path& from, const fs::path& root) {
    if (isYaml(from)) return {from};
    std::vector<fs::path> paths;
    for (const fs::path& folder : {root, root.parent_path()}) {
        for (const char* name : {"data.yaml", "data.yml", "dataset.yaml", "dataset.yml"})
            paths.push_back(folder / name);
    }
    return paths;
}

// Doubles and empty names are said once; an empty name is as good as none. A gap's name stays: should a label have its
// number all the same, then somebody's class is called so.
void check(YoloLayout& found, Complaints& complaints) {
    std::set<std::string> seen;
    for (auto entry = found.names.begin(); entry != found.names.end();) {
        const auto& [index, name] = *entry;
        if (name.empty()) {
            complaints.drop({found.source, 0}, "Class number " + std::to_string(index) + " has no name.");
            entry = found.names.erase(entry);
            continue;
        }
        if (!seen.insert(name).second)
            complaints.note({found.source, 0},
                            "The class name " + text::inQuotes(name) + " appears twice; both became one class.");
        ++entry;
    }
}

// A list of names where every line counts, blank ones too: its position is the class number.
void readList(const fs::path& path, YoloLayout& found, Complaints& complaints) {
    std::error_code problem;
    if (!fs::is_regular_file(path, problem)) return;
    const Result<std::string> text = readText(path, complaints, 16 << 20);
    if (!text) return complaints.drop(text.error().where, text.error().sentence);
    found.source = path;
    for (const text::TextLine& line : text::linesOf(*text))
        found.names[line.number - 1] = std::string(text::trimmed(line.text));
    while (!found.names.empty() && found.names.rbegin()->second.empty())
        found.names.erase(std::prev(found.names.end()));
}

}  // namespace

Result<YoloLayout> findYoloLayout(const ReadOptions& options, const fs::path& root, Complaints& complaints) {
    YoloLayout found;
    std::error_code problem;
    for (const fs::path& path : yamlCandidates(options.from, root)) {
        if (!fs::is_regular_file(path, problem)) continue;
        const Result<bool> read = readYaml(path, found, complaints);
        if (!read) return read.error();
        if (*read) break;
    }
    if (found.config.empty()) readObjData(root / "obj.data", found, complaints);
    for (const char* list : {"classes.txt", "obj.names"}) {
        for (const fs::path& folder : {root, root / "labels", root.parent_path()}) {
            if (found.names.empty()) readList(folder / list, found, complaints);
        }
    }
    if (found.names.empty()) {
        found.source.clear();
        for (std::size_t i = 0; i < options.classes.size(); ++i)
            found.names[static_cast<std::int64_t>(i)] = options.classes[i];
    }
    check(found, complaints);
    if (found.names.empty())
        return fail(ErrorCode::NotFound,
                    "The classes have no names: there is no data.yaml, classes.txt or obj.names, and none were given.",
                    options.from);
    return found;
}

}  // namespace querent::formats::yolo

#include "tests/engine/cli/command_tasks.h"

#include "engine/session/project/project.h"
#include "engine/session/project/restore.h"
#include "tests/engine/cli/command_process.h"
#include "tests/engine/session/pictures.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <set>
#include <unistd.h>

namespace querent::tests {
namespace {

namespace fs = std::filesystem;
using session::project::OpenMode;
using session::project::Project;

constexpr int kItems = 12;
constexpr int kEdits = 10;
const ItemId kEdited{1};
constexpr const char* kNote = "UNFINISHED-querent-export-yolo.txt";

std::map<std::string, std::string> filesBelow(const fs::path& folder) {
    std::map<std::string, std::string> files;
    std::error_code none;
    for (const auto& entry : fs::recursive_directory_iterator(folder, none)) {
        if (!entry.is_regular_file(none)) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        files[entry.path().lexically_relative(folder).string()] = {std::istreambuf_iterator<char>(in), {}};
    }
    return files;
}

/** Without what only the next export looks at. */
std::map<std::string, std::string> seen(std::map<std::string, std::string> files) {
    std::erase_if(files, [](const auto& file) { return file.first.starts_with(".querent-export"); });
    return files;
}

void mustRun(const Words& words) {
    const Ended ended = runCommand(words);
    if (ended.status == 0) return;
    std::fprintf(stderr, "%s: %s\n", words.front().c_str(), ended.text().c_str());
    std::abort();
}

int sayAndFail(const Error& error) {
    std::fprintf(stderr, "%s\n", error.text().c_str());
    return error.code == ErrorCode::Internal ? 3 : 1;
}

/** Draws boxes one after the other and writes "yes ID" or "no ID sentence" for each into the journal. */
int drawBoxes(const fs::path& file, const fs::path& journal) {
    const int book = ::open(journal.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    auto project = Project::open(file, OpenMode::ReadWrite);
    if (!project) return sayAndFail(project.error());
    int status = 0;
    for (int i = 0; i < kEdits; ++i) {
        Annotation box;
        box.id = (*project)->newAnnotationId();
        box.label = (*project)->classes().front().id;
        box.box = Box{1.0 + i, 2.0, 20.0 + i, 30.0};
        Edit edit;
        edit.item = kEdited;
        edit.gesture = "Draw box";
        edit.changes = {{std::nullopt, box}};
        (*project)->post(edit, [&status, book, id = box.id.value](const Result<void>& done) {
            if (!done) status = std::max(status, sayAndFail(done.error()));
            const std::string line = (done ? "yes " : "no ") + std::to_string(id) + " " +
                                     (done ? std::string() : done.error().sentence) + "\n";
            if (::write(book, line.data(), line.size()) < 0) std::abort();
        });
        (*project)->flush();
    }
    if (const auto closed = (*project)->close(); !closed) status = std::max(status, sayAndFail(closed.error()));
    return status;
}

}  // namespace

CommandTasks::CommandTasks()
    : m_root(fs::canonical(m_dir.path().toStdString())), m_work(m_root / "work"), m_project(m_work / "p.querent") {
    prepare();
    addChanges();
    addExports();
    addLearning();
}

void CommandTasks::startFrom(const CommandTask& task) const {
    fs::remove_all(m_work);
    fs::remove(outside("journal"));
    fs::copy(task.start, m_work, fs::copy_options::recursive);
}

// Folders to start from, each named after the last thing that was done in it.
void CommandTasks::prepare() {
    drawSquares(m_root / "data", kItems);
    const std::string p = m_project;
    fs::create_directories(outside("nothing"));
    fs::create_directories(m_work);
    const auto keep = [&](const char* name) { fs::copy(m_work, outside(name), fs::copy_options::recursive); };
    mustRun({"create", p, "--task", "detect", "--media", "image", "--classes", "red,blue"});
    keep("created");
    mustRun({"import", p, "--format", "csv", "--from", m_root / "data/boxes.csv", "--files", m_root / "data/pictures"});
    keep("imported");
    mustRun({"info", p});  // makes the first backup
    keep("backed up");
    const Words yolo = {"export", p, "--format", "yolo", "--to", m_work / "yolo"};
    const Words coco = {"export", p, "--format", "coco", "--to", m_work / "coco"};
    mustRun(yolo);
    mustRun(coco);
    m_oldYolo = filesBelow(m_work / "yolo");
    m_oldCoco = filesBelow(m_work / "coco");
    mustRun({"classes", "rename", p, "red", "crimson"});
    mustRun({"train", p, "--steps", "2"});
    mustRun({"policy", "save", p, "--to", outside("start.policy")});
    if (ForkedProcess([&] { return drawBoxes(m_project, outside("journal")); }).wait().status != 0) std::abort();
    keep("exported");
    std::ofstream(m_work / "yolo" / "mine.txt") << "not Querent's\n";
    keep("among others");
    fs::remove(m_work / "yolo" / "mine.txt");
    mustRun(yolo);
    mustRun(coco);
    m_newYolo = filesBelow(m_work / "yolo");
    m_newCoco = filesBelow(m_work / "coco");
    if (m_oldYolo == m_newYolo || m_oldCoco == m_newCoco) std::abort();
}

void CommandTasks::addChanges() {
    const std::string p = m_project;
    m_tasks.push_back({"create", outside("nothing"),
                       command({"create", p, "--task", "detect", "--media", "image", "--classes", "red,blue"}),
                       [this](const Ended& ended) -> std::string {
                           return ended.status == 0 && !fs::exists(m_project) ? "not there" : std::string();
                       },
                       4, false});
    m_tasks.push_back({"import", outside("created"),
                       command({"import", p, "--format", "csv", "--from", m_root / "data/boxes.csv", "--files",
                                m_root / "data/pictures"}),
                       [this](const Ended& ended) -> std::string {
                           const auto project = Project::open(m_project, OpenMode::ReadOnly);
                           const std::int64_t count = project ? (*project)->count({}) : -1;
                           const bool right = count == kItems || (count == 0 && ended.status != 0);
                           return right ? "" : std::to_string(count) + " items";
                       }});
    m_tasks.push_back({"edit", outside("backed up"), [this] { return drawBoxes(m_project, outside("journal")); },
                       [this](const Ended&) -> std::string { return judgeEdits(); }, 12});
    m_tasks.push_back({"rename", outside("backed up"), command({"classes", "rename", p, "red", "crimson"}),
                       [this](const Ended& ended) -> std::string { return judgeRename(ended); }, 4, false});
    m_tasks.push_back({"backup", outside("imported"), command({"info", p}), [this](const Ended& ended) -> std::string {
                           const bool made = !session::project::backupsOf(m_project).empty();
                           const bool said = ended.err.find("automatic backup could not be made") != std::string::npos;
                           return ended.status == 0 && !made && !said ? "a missing backup is not mentioned"
                                                                      : std::string();
                       }});
    const fs::path backup = session::project::backupsOf(outside("backed up") / "p.querent").front();
    const fs::path there = m_project.string() + ".d/backups/" + backup.filename().string();
    m_tasks.push_back({"restore", outside("exported"), command({"check", p, "--restore", there}),
                       [this](const Ended& ended) -> std::string {
                           const auto project = Project::open(m_project, OpenMode::ReadOnly);
                           if (!project) return project.error().text();
                           const std::string name = (*project)->classes().front().name;
                           if (name != "crimson" && name != "red") return "neither the old project nor the new one";
                           return name == "crimson" && ended.status == 0 ? "said to be restored, and is not"
                                                                         : std::string();
                       }});
}

void CommandTasks::addExports() {
    const auto exporting = [this](const char* format) {
        return command({"export", m_project, "--format", format, "--to", m_work / format});
    };
    m_tasks.push_back({"yolo", outside("backed up"), exporting("yolo"), [this](const Ended& ended) -> std::string {
                           return judgeExport(ended, "yolo", {}, m_oldYolo);
                       }});
    m_tasks.push_back({"yolo again", outside("exported"), exporting("yolo"), [this](const Ended& ended) -> std::string {
                           return judgeExport(ended, "yolo", m_oldYolo, m_newYolo);
                       }});
    m_tasks.push_back({"coco again", outside("exported"), exporting("coco"), [this](const Ended& ended) -> std::string {
                           return judgeExport(ended, "coco", m_oldCoco, m_newCoco);
                       }});
    // Among others' files it cannot be one step: then a note says so until it is put right.
    m_tasks.push_back(
        {"yolo among others", outside("among others"), exporting("yolo"), [this](const Ended& ended) -> std::string {
             Files before = m_oldYolo, after = m_newYolo;
             before["mine.txt"] = after["mine.txt"] = "not Querent's\n";
             return judgeExport(ended, "yolo", before, after);
         }});
    m_tasks.push_back({"pack", outside("backed up"), command({"pack", m_project, "--to", m_work / "p.shard"}),
                       [this](const Ended& ended) -> std::string {
                           return ended.status == 0 && !fs::exists(m_work / "p.shard") ? "no shard" : std::string();
                       },
                       2});
}

void CommandTasks::addLearning() {
    const std::string p = m_project;
    m_tasks.push_back({"train", outside("backed up"), command({"train", p, "--steps", "2"}),
                       [this](const Ended& ended) -> std::string {
                           const auto project = Project::open(m_project, OpenMode::ReadOnly);
                           if (!project) return project.error().text();
                           const auto model = (*project)->currentModel();
                           if (!model) return ended.status == 0 ? "no model" : std::string();
                           return fs::exists((*project)->sidecar() / model->checkpoint) ? std::string()
                                                                                        : "the model has no file";
                       },
                       1});
    const auto nothing = [](const Ended&) { return std::string(); };
    m_tasks.push_back({"round", outside("backed up"),
                       command({"round", p, "--strategy", "random", "--count", "2", "--steps", "2"}), nothing, 1});
    m_tasks.push_back(
        {"suggest", outside("exported"), command({"suggest", p, "--strategy", "entropy", "--count", "2"}), nothing, 1});
    m_tasks.push_back({"eval", outside("exported"), command({"eval", p, "--split", "val"}), nothing, 1});
    m_tasks.push_back({"policy", outside("backed up"),
                       command({"policy", "load", p, "--from", outside("start.policy")}), nothing, 2});
}

std::string CommandTasks::leftover() const {
    static const std::vector<std::string> endings = {".tmp",    ".part", ".creating", ".restoring",
                                                     ".saving", ".new",  ".old"};
    const std::set<fs::path> exports = {m_work / "yolo", m_work / "coco"};
    for (auto entry = fs::recursive_directory_iterator(m_work); entry != fs::end(entry); ++entry) {
        if (exports.contains(entry->path())) {
            entry.disable_recursion_pending();  // judgeExport() looks there
            continue;
        }
        const std::string name = entry->path().filename();
        for (const std::string& ending : endings)
            if (name.ends_with(ending)) return "left over: " + entry->path().string();
    }
    return {};
}

std::string CommandTasks::judgeProject(bool mayBeNone) const {
    if (mayBeNone && !fs::exists(m_project)) return {};
    auto project = Project::open(m_project, OpenMode::ReadWrite);
    if (!project) return "does not open: " + project.error().text();
    if (const auto problems = (*project)->check(); !problems.empty()) return "check: " + problems.front();
    if (const auto closed = (*project)->close(); !closed) return "close: " + closed.error().text();
    for (const fs::path& backup : session::project::backupsOf(m_project)) {
        const auto opened = Project::open(backup, OpenMode::ReadOnly);
        if (!opened) return "backup: " + opened.error().text();
        for (const std::string& problem : (*opened)->check())  // sources are named relative to the project's own place
            if (problem.find("file is missing") == std::string::npos) return "backup: " + problem;
    }
    return {};
}

// All old or all new; and whatever it was, the next export makes it new and leaves nothing lying about.
std::string CommandTasks::judgeExport(const Ended& ended, const char* format, const Files& before,
                                      const Files& after) const {
    const fs::path folder = m_work / format;
    const Files found = seen(filesBelow(folder));
    const bool fresh = found == seen(after);
    const bool half = !fresh && found != seen(before);
    if (half && !found.contains(kNote)) return "half an export";
    if (half && !before.contains("mine.txt")) return "half an export, although nothing else is in the folder";
    if (ended.status == 0 && !fresh) return "said to be exported, and is not";
    const Ended again = runCommand({"export", m_project, "--format", format, "--to", folder});
    if (again.status != 0) return "a second export: " + again.text();
    const Files second = filesBelow(folder);
    for (const auto& [name, content] : second)
        if (!after.contains(name)) return "a second export leaves " + name;
    if (second != after) return "a second export differs";
    return leftover();
}

std::string CommandTasks::judgeEdits() const {
    std::set<std::int64_t> there;
    const auto project = Project::open(m_project, OpenMode::ReadOnly);
    if (!project) return project.error().text();
    for (const Annotation& box : (*project)->annotations(kEdited))
        there.insert(box.id.value);
    std::ifstream journal(outside("journal"));
    std::int64_t id = 0;
    for (std::string word, rest; journal >> word >> id && std::getline(journal, rest);) {
        if (word == "yes" && !there.contains(id)) return "acknowledged and lost: " + std::to_string(id);
        if (word == "no" && rest.find("nothing was changed") != std::string::npos && there.contains(id))
            return "\"" + rest + "\" is false";
    }
    return {};
}

std::string CommandTasks::judgeRename(const Ended& ended) const {
    const auto project = Project::open(m_project, OpenMode::ReadOnly);
    if (!project) return project.error().text();
    const bool renamed = (*project)->classes().front().name == "crimson";
    if (ended.status == 0) return renamed ? "" : "not renamed";
    const bool denied = ended.err.find("nothing was changed") != std::string::npos;
    return renamed && denied ? "\"" + ended.err + "\" is false" : std::string();
}

std::string CommandTasks::judge(const CommandTask& task, const Ended& ended, bool killed) const {
    if (!killed && ended.signal != 0) return "ended by a signal";
    if (!killed && ended.status != 0 && ended.status != 1) return "status";
    if (ended.status == 1 && ended.err.empty()) return "no sentence";
    std::string wrong = judgeProject(std::string(task.name) == "create");
    if (wrong.empty()) wrong = task.judge(ended);
    if (!wrong.empty()) return wrong;
    if (killed && (task.again || !fs::exists(m_project))) {
        const Ended again = ForkedProcess(task.run).wait();
        if (again.status != 0) return "a second time: " + again.text();
    }
    return leftover();
}

}  // namespace querent::tests

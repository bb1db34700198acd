// Opening a stranger's project: any bytes, and a project of ours after any SQL.

#include "engine/session/project/project.h"
#include "engine/store/project_file.h"
#include "tests/fuzz/target.h"

#include <algorithm>
#include <memory>
#include <sqlite3.h>

namespace fuzz {
namespace fs = std::filesystem;
using namespace querent;
namespace {

fs::path projectPath() {
    return scratch() / "project" / "p.querent";
}

/** Everything that the window and the command line ask a project, and one edit where it lets itself be written to. */
void use(const fs::path& file, session::project::OpenMode mode) {
    auto opened = session::Project::open(file, mode);
    if (!opened) return;
    session::Project& project = **opened;
    (void)project.settings();
    (void)project.openingProblems();
    (void)project.classes();
    (void)project.persons();
    (void)project.sources();
    (void)project.counts();
    (void)project.models();
    (void)project.currentModel();
    (void)project.metrics();
    (void)project.throughput();
    for (const RoundRecord& round : project.rounds())
        (void)project.batch(round.id);
    (void)project.openRound();
    for (const ItemOrder order : {ItemOrder::Name, ItemOrder::Score, ItemOrder::Boxes})
        (void)project.ids({.text = "i", .order = order});
    const std::vector<ItemRow> rows = project.rows({}, 0, 20);
    for (const ItemRow& row : rows) {
        const Result<Item> item = project.item(row.id);
        (void)project.annotations(row.id);
        (void)project.predictions(row.id);
        (void)project.queryOf(row.id);
        (void)project.undoHistory(row.id, 10);
        if (item) (void)project.picturePath(*item);
    }
    const std::vector<ClassLabel> classes = project.classes();
    if (!project.readOnly() && !rows.empty() && !classes.empty()) {
        Annotation box;
        box.id = project.newAnnotationId();
        box.label = classes.front().id;
        box.box = Box{1, 2, 3, 4};
        Edit edit;
        edit.item = rows.front().id;
        edit.gesture = "Draw box";
        edit.changes = {{std::nullopt, box}};
        if (project.apply(edit)) {
            const std::vector<Annotation> kept = project.annotations(edit.item);
            require(std::any_of(kept.begin(), kept.end(), [&](const Annotation& a) { return a.id == box.id; }),
                    "An edit that was said to be saved is not there.");
        }
    }
    (void)project.check();
    (void)project.close();
}

void openTwice() {
    use(projectPath(), session::project::OpenMode::ReadOnly);
    use(projectPath(), session::project::OpenMode::BestEffort);
}

void makePlace() {
    std::error_code ignored;
    fs::remove_all(projectPath().parent_path(), ignored);
    fs::create_directories(projectPath().parent_path(), ignored);
}

void openBytes(std::string_view bytes) {
    makePlace();
    writeFile(projectPath(), bytes);
    openTwice();
}

template <typename T>
T good(Result<T> result) {
    if (!result) broken("A seed could not be written: " + result.error().text());
    return std::move(result).value();
}
void good(const Result<void>& result) {
    if (!result) broken("A seed could not be written: " + result.error().text());
}

/** A small project with a row in every table. */
std::string makeProject() {
    makePlace();
    {
        store::ProjectFile file = good(store::ProjectFile::create(projectPath(), ProjectSettings{}));
        const ClassId cat = good(file.classes().add("cat"));
        (void)good(file.classes().add("dog"));
        const PersonId person = good(file.persons().ensure("Ann"));
        const SourceId source = good(file.sources().add("pictures"));
        std::vector<ItemId> items;
        for (const char* name : {"img0.png", "img1.png", "img2.png"}) {
            Medium medium;
            medium.source = source;
            medium.path = name;
            medium.size = {64, 48};
            items.push_back(good(file.items().add(name, Split::Train, {medium})));
        }
        Annotation box;
        box.id = good(file.annotations().nextId());
        box.label = cat;
        box.box = Box{1, 2, 30, 40};
        box.author = person;
        Edit edit;
        edit.item = items[0];
        edit.gesture = "Draw box";
        edit.author = person;
        edit.changes = {{std::nullopt, box}};
        edit.markBefore = ItemMark{};
        edit.markAfter = ItemMark{ItemState::Labelled, false, "note"};
        (void)good(file.annotations().apply(edit));
        ModelRecord model;
        model.checkpoint = "models/1.safetensors";
        model.config = R"({"classes":[1,2]})";
        model.current = true;
        const ModelId trained = good(file.models().add(model));
        good(file.models().addMetrics(std::vector<Metric>{{trained, Split::Val, "map50", {}, 0.5, 0.4, 0.6}}));
        RoundRecord round;
        round.strategy = "entropy";
        round.suggestedBy = trained;
        (void)good(file.rounds().start(round, std::vector<QueryEntry>{{items[1], 0, 0.5, {{"entropy", 0.5}}, false}}));
    }
    std::string bytes = readFile(projectPath());
    makePlace();
    return bytes;
}

const std::string& goodProject() {
    static const std::string bytes = makeProject();
    return bytes;
}

/** Runs what a stranger could have done to the file with any other program; other files are out of its reach. */
void openAfterSql(std::string_view script) {
    makePlace();
    writeFile(projectPath(), goodProject());
    sqlite3* database = nullptr;
    if (sqlite3_open(projectPath().c_str(), &database) != SQLITE_OK) broken("The project cannot be opened.");
    sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
    int left = 50;  // times 1000 steps
    sqlite3_progress_handler(
        database, 1000, [](void* steps) { return --*static_cast<int*>(steps) < 0 ? 1 : 0; }, &left);
    sqlite3_exec(database,
                 "PRAGMA max_page_count = 500; PRAGMA ignore_check_constraints = 1; PRAGMA writable_schema = 1;",
                 nullptr, nullptr, nullptr);
    // A line each: one that fails does not keep the others from running.
    for (std::size_t begin = 0; begin < script.size();) {
        const std::size_t end = std::min(script.find('\n', begin), script.size());
        sqlite3_exec(database, std::string(script.substr(begin, end - begin)).c_str(), nullptr, nullptr, nullptr);
        begin = end + 1;
    }
    sqlite3_close(database);
    openTwice();
}

std::vector<std::string> projects() {
    return {goodProject()};
}

std::vector<std::string> scripts() {
    return {"UPDATE round SET step = 99, seed = -1;\nUPDATE item SET state = 7, width = -1;\n",
            "UPDATE annotation SET left_px = 9e999, class_id = 77;\nUPDATE event SET body = '[[';\n",
            "DROP TRIGGER event_stays;\nUPDATE event SET body = '{\"changes\":[{\"after\":{\"id\":1}}]}', kind = 5;\n",
            "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM annotation; END;\n"
            "CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c;\n",
            "UPDATE meta SET value = '{\"name\":1}' WHERE key = 'settings';\nINSERT INTO meta VALUES ('x', 'y');\n",
            "UPDATE medium SET path = '/etc/passwd', modality = 9;\nUPDATE source SET folder = x'ff';\n",
            "UPDATE model SET config = '{', checkpoint = '../x', current = 3;\nUPDATE metric SET value = NULL;\n",
            "UPDATE query SET reasons = '[[\"a\"]]', rank = -5, item_id = 99;\nDELETE FROM class;\n",
            "PRAGMA user_version = 9999;\nPRAGMA application_id = 1;\nDROP TABLE item;\n",
            "INSERT INTO item (name, sort_key, split) VALUES ('', x'', 9);\nDELETE FROM sqlite_sequence;\n",
            "INSERT INTO policy_state VALUES ('mgral', x'00');\nUPDATE sqlite_schema SET sql = 'x';\n"};
}

constexpr Target kTargets[] = {{"project", openBytes, projects}, {"project_sql", openAfterSql, scripts}};

}  // namespace

std::span<const Target> projectTargets() {
    return kTargets;
}

}  // namespace fuzz

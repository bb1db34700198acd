#include "engine/store/file_check.h"

#include "engine/store/migrations.h"
#include "engine/store/schema_check.h"
#include "engine/store/sqlite/verified_copy.h"

#include <array>
#include <map>
#include <utility>

namespace querent::store {
namespace {

// What is counted twice in the file: how many rows disagree, and how to set them right.
struct Cache {
    const char* name;
    const char* wrong;  // SELECT count(*)
    const char* mend;
};

constexpr std::array kCaches = {
    Cache{"the number of annotations of",
          "SELECT count(*) FROM item WHERE annotations <> (SELECT count(*) FROM annotation WHERE item_id = item.id)",
          "UPDATE item SET annotations = (SELECT count(*) FROM annotation WHERE item_id = item.id) "
          "WHERE annotations <> (SELECT count(*) FROM annotation WHERE item_id = item.id)"},
    Cache{"the missing files of",
          "SELECT count(*) FROM item "
          "WHERE missing <> ifnull((SELECT max(missing) FROM medium WHERE item_id = item.id), 0)",
          "UPDATE item SET missing = ifnull((SELECT max(missing) FROM medium WHERE item_id = item.id), 0) "
          "WHERE missing <> ifnull((SELECT max(missing) FROM medium WHERE item_id = item.id), 0)"},
    Cache{"the last round of",
          "SELECT count(*) FROM item WHERE round <> ifnull((SELECT max(r.number) FROM query q "
          "JOIN round r ON r.id = q.round_id WHERE q.item_id = item.id), 0)",
          "UPDATE item SET (round, score) = (SELECT ifnull(max(r.number), 0), q.score FROM query q "
          "JOIN round r ON r.id = q.round_id WHERE q.item_id = item.id) "
          "WHERE round <> ifnull((SELECT max(r.number) FROM query q JOIN round r ON r.id = q.round_id "
          "WHERE q.item_id = item.id), 0)"},
};

constexpr const char* kTallyWrong =
    "SELECT count(*) FROM (SELECT split, class_id, annotations FROM tally WHERE annotations <> 0 "
    "EXCEPT SELECT i.split, a.class_id, count(*) FROM annotation a JOIN item i ON i.id = a.item_id GROUP BY 1, 2) "
    "UNION ALL SELECT count(*) FROM (SELECT i.split, a.class_id, count(*) FROM annotation a "
    "JOIN item i ON i.id = a.item_id GROUP BY 1, 2 EXCEPT SELECT split, class_id, annotations FROM tally)";

// An Undo (1) takes back a Do (0) or a Redo (2) of the same item, a Redo an Undo.
constexpr const char* kStrayUndo =
    "SELECT count(*) FROM event e LEFT JOIN event r ON r.id = e.reverts AND r.id < e.id AND r.item_id = e.item_id "
    "AND r.kind IN (CASE e.kind WHEN 1 THEN 0 ELSE 1 END, CASE e.kind WHEN 1 THEN 2 ELSE 1 END) "
    "WHERE e.kind IN (1, 2) AND r.id IS NULL";

// Each class whose number an older one has. Not by the index, which may be what is broken.
constexpr const char* kDuplicateIndex =
    "SELECT a.name, b.name, b.export_index, b.id "
    "FROM (SELECT id, name, export_index, min(id) OVER (PARTITION BY export_index) AS first FROM class NOT INDEXED) b "
    "JOIN class a ON a.id = b.first WHERE b.id <> b.first ORDER BY b.id";

struct Orphan {
    std::string table;
    std::int64_t row = 0;
    std::string parent;
    std::int64_t key = 0;  // which foreign key of the table
};

std::vector<Orphan> orphans(sqlite::Connection& db) {
    std::vector<Orphan> all;
    SQLite::Statement q(db.raw(), "PRAGMA foreign_key_check");
    while (q.executeStep())
        all.push_back({q.getColumn(0).getString(), q.getColumn(1).getInt64(), q.getColumn(2).getString(),
                       q.getColumn(3).getInt64()});
    return all;
}

std::string rows(std::int64_t count) {
    return std::to_string(count) + (count == 1 ? " row" : " rows");
}

std::vector<std::string> namedOrphans(sqlite::Connection& db) {
    std::map<std::pair<std::string, std::string>, std::int64_t> counts;
    for (const Orphan& orphan : orphans(db))
        ++counts[{orphan.table, orphan.parent}];
    std::vector<std::string> found;
    for (const auto& [tables, count] : counts)
        found.push_back(rows(count) + " of " + tables.first + (count == 1 ? " belongs" : " belong") + " to a " +
                        tables.second + " that does not exist.");
    return found;
}

std::int64_t countWrong(sqlite::Connection& db, const char* sql) {
    std::int64_t sum = 0;
    SQLite::Statement q(db.raw(), sql);
    while (q.executeStep())
        sum += q.getColumn(0).getInt64();
    return sum;
}

std::vector<std::string> duplicateClassNumbers(sqlite::Connection& db) {
    std::vector<std::string> found;
    SQLite::Statement q(db.raw(), kDuplicateIndex);
    while (q.executeStep())
        found.push_back("The classes \"" + q.getColumn(0).getString() + "\" and \"" + q.getColumn(1).getString() +
                        "\" have the same number " + q.getColumn(2).getString() + ".");
    return found;
}

// The column behind a foreign key, and whether it may be empty.
std::pair<std::string, bool> columnOf(sqlite::Connection& db, const Orphan& orphan) {
    std::string column;
    SQLite::Statement keys(db.raw(), "PRAGMA foreign_key_list(\"" + orphan.table + "\")");
    while (keys.executeStep())
        if (keys.getColumn(0).getInt64() == orphan.key) column = keys.getColumn(3).getString();
    SQLite::Statement columns(db.raw(), "PRAGMA table_info(\"" + orphan.table + "\")");
    while (columns.executeStep())
        if (columns.getColumn(1).getString() == column) return {column, columns.getColumn(3).getInt() == 0};
    return {column, false};
}

std::vector<std::string> mendOrphans(sqlite::Connection& db) {
    std::vector<std::string> done;
    for (const Orphan& orphan : orphans(db)) {
        if (orphan.table == "event") continue;  // the log is never rewritten, not even here
        const auto [column, nullable] = columnOf(db, orphan);
        const std::string where = " WHERE rowid = " + std::to_string(orphan.row);
        if (nullable)
            db.run("UPDATE \"" + orphan.table + "\" SET \"" + column + "\" = NULL" + where);
        else
            db.run("DELETE FROM \"" + orphan.table + "\"" + where);
        done.push_back(std::string(nullable ? "Unlinked" : "Removed") + " row " + std::to_string(orphan.row) + " of " +
                       orphan.table + ", whose " + orphan.parent + " does not exist.");
    }
    return done;
}

std::vector<std::string> mendClassNumbers(sqlite::Connection& db) {
    std::vector<std::string> done;
    std::map<std::int64_t, std::string> later;  // by class id: the first one keeps its number
    {
        SQLite::Statement q(db.raw(), kDuplicateIndex);
        while (q.executeStep())
            later[q.getColumn(3).getInt64()] = q.getColumn(1).getString();
    }
    for (const auto& [id, name] : later) {
        db.run("UPDATE class SET export_index = (SELECT max(export_index) + 1 FROM class) WHERE id = " +
               std::to_string(id));
        done.push_back("Gave the class \"" + name + "\" a number of its own.");
    }
    return done;
}

std::vector<std::string> mendSchema(sqlite::Connection& db) {
    std::vector<std::string> done;
    for (const auto& [name, part] : foreignParts(db, builtInMigrations())) {
        std::string quoted;
        for (const char c : name)
            quoted += c == '"' ? "\"\"" : std::string(1, c);
        db.run("DROP " + part.type + " \"" + quoted + "\"");
        done.push_back("Removed the " + part.type + " " + name + ", which Querent did not make.");
    }
    db.setTriggers(true);
    for (const auto& [name, part] : missingParts(db, builtInMigrations())) {
        if (part.type == "table") continue;  // its rows are gone: that is for a backup, not for us
        db.run(part.sql);
        done.push_back("Made the " + part.type + " " + name + " again.");
    }
    return done;
}

std::vector<std::string> mendCaches(sqlite::Connection& db) {
    std::vector<std::string> done;
    for (const Cache& cache : kCaches) {
        const std::int64_t wrong = countWrong(db, cache.wrong);
        if (wrong == 0) continue;
        db.run(cache.mend);
        done.push_back("Corrected " + std::string(cache.name) + " items (" + rows(wrong) + ").");
    }
    if (countWrong(db, kTallyWrong) > 0) {
        db.run("DELETE FROM tally");
        db.run(
            "INSERT INTO tally (split, class_id, annotations) SELECT i.split, a.class_id, count(*) "
            "FROM annotation a JOIN item i ON i.id = a.item_id GROUP BY 1, 2");
        done.push_back("Counted the annotations of each class again.");
    }
    return done;
}

void append(std::vector<std::string>& all, std::vector<std::string> more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void append(std::vector<std::string>& all, const std::vector<std::string>& findings, const char* before) {
    for (const std::string& finding : findings)
        all.push_back(before + finding + ".");
}

}  // namespace

std::vector<std::string> checkFile(sqlite::Connection& db) {
    std::vector<std::string> problems;
    append(problems, sqlite::integrityProblems(db.raw()), "The file is damaged: ");
    for (const auto& [name, part] : missingParts(db, builtInMigrations()))
        problems.push_back("The " + part.type + " " + name + " is missing.");
    for (const auto& [name, part] : foreignParts(db, builtInMigrations()))
        problems.push_back("Querent did not make the " + part.type + " " + name + ".");
    append(problems, duplicateClassNumbers(db));
    if (!problems.empty()) return problems;  // the questions below need the whole schema

    try {
        requireKnownValues(db);
    } catch (const sqlite::Failure& failure) {
        problems.push_back(failure.error.sentence);
    }
    append(problems, namedOrphans(db));
    for (const Cache& cache : kCaches)
        if (const std::int64_t wrong = countWrong(db, cache.wrong); wrong > 0)
            problems.push_back("The project is wrong about " + std::string(cache.name) + " items (" + rows(wrong) +
                               ").");
    if (const std::int64_t stray = countWrong(db, kStrayUndo); stray > 0)
        problems.push_back(rows(stray) + " of event undo or redo nothing that was done.");
    if (countWrong(db, kTallyWrong) > 0)
        problems.push_back("The project is wrong about the number of annotations of some classes.");
    return problems;
}

void quickCheck(sqlite::Connection& db) {
    std::string found;
    {
        SQLite::Statement q(db.raw(), "PRAGMA quick_check(1)");
        if (q.executeStep() && q.getColumn(0).getString() != "ok") found = q.getColumn(0).getString() + ".";
    }
    if (found.empty()) {
        const std::vector<std::string> lost = namedOrphans(db);
        if (lost.empty()) return;
        found = lost.front();
    }
    throw sqlite::Failure(fail(ErrorCode::Corrupt, "The project file is damaged: " + found, db.path()));
}

std::vector<std::string> repairFile(sqlite::Connection& db) {
    std::vector<std::string> done;
    sqlite::WriteScope scope(db);
    if (!sqlite::integrityProblems(db.raw()).empty()) {
        // Indices hold nothing of their own; damage elsewhere remains, and check() will say so.
        db.run("REINDEX");
        done.push_back("Built the indices again.");
    }
    append(done, mendClassNumbers(db));
    append(done, mendSchema(db));
    append(done, mendOrphans(db));
    append(done, mendCaches(db));
    scope.commit();
    return done;
}

}  // namespace querent::store

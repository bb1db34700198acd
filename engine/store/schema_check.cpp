#include "engine/store/schema_check.h"

#include "engine/store/tables/settings_json.h"

#include <array>
#include <cctype>

namespace querent::store {
namespace {

// Tables, indices, views and triggers by name; those that SQLite makes by itself are left out.
std::map<std::string, SchemaPart> schemaOf(SQLite::Database& database) {
    std::map<std::string, SchemaPart> parts;
    SQLite::Statement q(
        database,
        "SELECT name, type, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' "
        "ESCAPE '\\'");
    while (q.executeStep())
        parts[q.getColumn(0).getString()] = {q.getColumn(1).getString(), q.getColumn(2).getString()};
    return parts;
}

std::map<std::string, SchemaPart> referenceOf(std::span<const Migration> steps, std::int64_t version) {
    SQLite::Database reference(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    for (const Migration& step : steps)
        if (step.version <= version) reference.exec(std::string(step.sql));
    return schemaOf(reference);
}

// Versions of SQLite put spaces elsewhere when a table is altered.
std::string withoutSpaces(const std::string& sql) {
    std::string text;
    for (const char c : sql)
        if (std::isspace(static_cast<unsigned char>(c)) == 0) text += c;
    return text;
}

bool same(const SchemaPart& a, const SchemaPart& b) {
    return a.type == b.type && withoutSpaces(a.sql) == withoutSpaces(b.sql);
}

sqlite::Failure damaged(const sqlite::Connection& db, const std::string& sentence) {
    return sqlite::Failure(fail(ErrorCode::Corrupt, sentence, db.path()));
}

// Values that readers turn into words or sizes, and the rows that have others.
struct Rule {
    const char* what;
    const char* table;
    const char* value;  // what to show of the first row
    const char* wrong;
};

constexpr const char* kNoBox =
    "left_px IS NOT NULL AND NOT ifnull(right_px > left_px AND bottom_px > top_px AND left_px > -1e15 AND top_px > "
    "-1e15 "
    "AND right_px < 1e15 AND bottom_px < 1e15, 0)";

constexpr std::array kRules = {
    Rule{"an unknown part of the data", "item", "split", "split NOT BETWEEN 0 AND 2"},
    Rule{"an unknown state", "item", "state", "state NOT BETWEEN 0 AND 4"},
    Rule{"an unknown kind of medium", "medium", "modality", "modality NOT BETWEEN 0 AND 2"},
    Rule{"a size below nothing", "medium", "width", "min(width, height) < 0 OR max(width, height) > 10000000"},
    Rule{"an unknown origin", "annotation", "provenance", "provenance NOT BETWEEN 0 AND 3"},
    Rule{"a box that is none", "annotation", "left_px", kNoBox},
    Rule{"a box that is none", "truth", "left_px", kNoBox},
    Rule{"a box that is none", "prediction", "left_px", kNoBox},
    Rule{"an unknown kind", "event", "kind", "kind NOT BETWEEN 0 AND 3"},
    Rule{"an unknown step", "round", "step", "step NOT BETWEEN 0 AND 4"},
    Rule{"a number that is none", "round", "number", "number NOT BETWEEN 0 AND 1000000000"},
    Rule{"an unknown part of the data", "metric", "split", "split NOT BETWEEN 0 AND 2"},
    Rule{"a number that is none", "class", "export_index", "export_index NOT BETWEEN 0 AND 2147483647"},
};

void requireNames(sqlite::Connection& db) {
    constexpr int kLongestRead = 4096;  // bytes; far above what is taken in, far below what hangs a window
    SQLite::Statement q(db.raw(),
                        "SELECT export_index, length(CAST(name AS BLOB)) FROM class "
                        "WHERE length(CAST(name AS BLOB)) > " +
                            std::to_string(kLongestRead) + " LIMIT 1");
    if (!q.executeStep()) return;
    const std::string number = q.getColumn(0).getString();
    throw damaged(db, "The name of the class with the number " + number + " is " + q.getColumn(1).getString() +
                          " bytes long. Give it another one: querent-cli classes rename PROJECT '#" + number +
                          "' NAME.");
}

}  // namespace

std::map<std::string, SchemaPart> missingParts(sqlite::Connection& db, std::span<const Migration> steps) {
    const std::map<std::string, SchemaPart> present = schemaOf(db.raw());
    std::map<std::string, SchemaPart> missing = referenceOf(steps, steps.back().version);
    std::erase_if(missing, [&](const auto& part) { return present.contains(part.first); });
    return missing;
}

std::map<std::string, SchemaPart> foreignParts(sqlite::Connection& db, std::span<const Migration> steps) {
    const auto reference = referenceOf(steps, db.integer("PRAGMA user_version"));
    std::map<std::string, SchemaPart> foreign = schemaOf(db.raw());
    std::erase_if(foreign, [&](const auto& part) {
        if (part.second.type != "trigger" && part.second.type != "view") return true;
        const auto ours = reference.find(part.first);
        return ours != reference.end() && same(ours->second, part.second);
    });
    return foreign;
}

void requireOurTables(sqlite::Connection& db, std::span<const Migration> steps) {
    const std::int64_t version = db.integer("PRAGMA user_version");
    const bool newer = version > steps.back().version;  // may have columns that this program does not know
    const std::map<std::string, SchemaPart> present = schemaOf(db.raw());
    for (const auto& [name, ours] : referenceOf(steps, version)) {
        if (ours.type != "table") continue;
        const auto found = present.find(name);
        if (found == present.end()) throw damaged(db, "The table " + name + " is missing.");
        const bool ordinary = found->second.type == "table" && found->second.sql.starts_with("CREATE TABLE");
        if (!ordinary || (!newer && !same(ours, found->second)))
            throw damaged(db, "The table " + name + " is not as Querent makes it.");
    }
}

void requireKnownValues(sqlite::Connection& db) {
    for (const Rule& rule : kRules) {
        SQLite::Statement q(
            db.raw(), std::string("SELECT count(*), ") + rule.value + " FROM " + rule.table + " WHERE " + rule.wrong);
        if (!q.executeStep() || q.getColumn(0).getInt64() == 0) continue;
        const std::int64_t rows = q.getColumn(0).getInt64();
        throw damaged(db, std::to_string(rows) + (rows == 1 ? " row of " : " rows of ") + rule.table +
                              (rows == 1 ? " has " : " have ") + rule.what + " (" + rule.value + " = " +
                              q.getColumn(1).getString() + ").");
    }
    requireNames(db);
    tables::settingsFromJson(db.meta("settings").value_or("{}"));
}

}  // namespace querent::store

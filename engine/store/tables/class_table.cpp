#include "engine/store/tables/class_table.h"

#include "engine/core/name_limits.h"
#include "engine/core/utc.h"
#include "engine/store/sqlite/connection.h"
#include "engine/store/tables/annotation_rows.h"
#include "engine/store/tables/event_log.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace querent::store::tables {
namespace {

constexpr const char* kClassColumns = "id, name, colour, export_index, archived";

ClassLabel readClass(const sqlite::Query& row) {
    return {row.id<ClassId>(0), row.text(1), row.text(2), row.number(3), row.flag(4)};
}

// Channel of an HSV colour (s, v in [0, 1], h in degrees): value - value * saturation * max(0, min(k, 4 - k, 1)).
int channel(double hue, double saturation, double value, double n) {
    const double k = std::fmod(n + hue / 60.0, 6.0);
    const double x = value - value * saturation * std::max(0.0, std::min({k, 4.0 - k, 1.0}));
    return static_cast<int>(std::lround(255.0 * x));
}

// Eight colours that stay apart for colour-blind eyes (Okabe and Ito 2008, black replaced), then hues by the golden
// angle.
std::string colourFor(int index) {
    constexpr std::array kFirst = {"#e69f00", "#56b4e9", "#009e73", "#f0e442",
                                   "#0072b2", "#d55e00", "#cc79a7", "#7f3fbf"};
    if (index < static_cast<int>(kFirst.size())) return kFirst[static_cast<std::size_t>(index)];
    const double hue = std::fmod(137.50776 * index, 360.0);
    const double value = index % 2 == 0 ? 0.95 : 0.75;
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "#%02x%02x%02x", channel(hue, 0.75, value, 5.0) & 0xff,
                  channel(hue, 0.75, value, 3.0) & 0xff, channel(hue, 0.75, value, 1.0) & 0xff);
    return text.data();
}

void requireFreeName(sqlite::Connection& db, const std::string& name, ClassId self) {
    sqlite::requireName(db, "A class", name, kLongestName);
    sqlite::Query q = db.query("SELECT archived FROM class WHERE name = ?1 AND id IS NOT ?2");
    if (!q.with(name, self).next()) return;
    throw sqlite::Failure(fail(ErrorCode::InvalidArgument,
                               q.flag(0) ? "The class \"" + name + "\" exists already; it is archived."
                                         : "The class \"" + name + "\" exists already.",
                               db.path()));
}

ClassLabel requireClass(sqlite::Connection& db, ClassId id) {
    sqlite::Query q = db.query(std::string("SELECT ") + kClassColumns + " FROM class WHERE id = ?1");
    if (!q.with(id).next())
        throw sqlite::Failure(
            fail(ErrorCode::NotFound, "There is no class " + std::to_string(id.value) + ".", db.path()));
    return readClass(q);
}

std::int64_t countWhereClass(sqlite::Connection& db, const std::string& what, ClassId id) {
    sqlite::Query q = db.query("SELECT count(" + what + " WHERE class_id = ?1");
    q.with(id).next();
    return q.integer(0);
}

ClassUsage usageOf(sqlite::Connection& db, ClassId id) {
    return {countWhereClass(db, "*) FROM annotation", id), countWhereClass(db, "DISTINCT item_id) FROM annotation", id),
            countWhereClass(db, "*) FROM truth", id), countWhereClass(db, "*) FROM prediction", id)};
}

// One edit for each item that has the class: what the event log is told of a merge.
std::vector<Edit> relabellings(sqlite::Connection& db, ClassId from, ClassId into, PersonId author,
                               const std::string& gesture) {
    sqlite::Query q = db.query(std::string("SELECT item_id, ") + kAnnotationColumns +
                               " FROM annotation WHERE class_id = ?1 ORDER BY item_id, id");
    q.with(from);
    std::vector<Edit> edits;
    while (q.next()) {
        const auto item = q.id<ItemId>(0);
        if (edits.empty() || edits.back().item != item) {
            edits.emplace_back();
            edits.back().item = item;
            edits.back().kind = EditKind::Bulk;
            edits.back().gesture = gesture;
            edits.back().author = author;
        }
        AnnotationChange change;
        change.before = readAnnotation(q, 1);
        change.after = change.before;
        change.after->label = into;
        edits.back().changes.push_back(std::move(change));
    }
    return edits;
}

}  // namespace

Result<std::vector<ClassLabel>> ClassTable::list() const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query(std::string("SELECT ") + kClassColumns + " FROM class ORDER BY export_index");
        std::vector<ClassLabel> all;
        while (q.next())
            all.push_back(readClass(q));
        return all;
    });
}

Result<ClassLabel> ClassTable::get(ClassId id) const {
    return sqlite::guarded(m_db, [&] { return requireClass(m_db, id); });
}

Result<std::optional<ClassLabel>> ClassTable::find(const std::string& name) const {
    return sqlite::guarded(m_db, [&]() -> std::optional<ClassLabel> {
        sqlite::Query q = m_db.query(std::string("SELECT ") + kClassColumns + " FROM class WHERE name = ?1");
        if (!q.with(name).next()) return std::nullopt;
        return readClass(q);
    });
}

Result<ClassId> ClassTable::add(const std::string& name, const std::string& colour, std::optional<int> exportIndex) {
    return sqlite::guardedWrite(m_db, [&] {
        requireFreeName(m_db, name, {});
        const auto next = static_cast<int>(m_db.integer("SELECT ifnull(max(export_index), -1) + 1 FROM class"));
        const int index = exportIndex.value_or(next);
        if (index < 0)
            throw sqlite::Failure(fail(ErrorCode::InvalidArgument, "A class number cannot be negative.", m_db.path()));
        sqlite::Query taken = m_db.query("SELECT name FROM class WHERE export_index = ?1");
        if (taken.with(index).next())
            throw sqlite::Failure(fail(
                ErrorCode::InvalidArgument,
                "The class number " + std::to_string(index) + " belongs to \"" + taken.text(0) + "\".", m_db.path()));
        // None is ever deleted: that many there are.
        const auto classes = static_cast<int>(m_db.integer("SELECT ifnull(max(id), 0) FROM class"));
        m_db.query("INSERT INTO class (name, colour, export_index) VALUES (?1, ?2, ?3)")
            .with(name, colour.empty() ? colourFor(classes) : colour, index)
            .run();
        return ClassId{m_db.lastId()};
    });
}

Result<void> ClassTable::rename(ClassId id, const std::string& name) {
    return sqlite::guardedWrite(m_db, [&] {
        requireClass(m_db, id);
        requireFreeName(m_db, name, id);
        m_db.query("UPDATE class SET name = ?2 WHERE id = ?1").with(id, name).run();
    });
}

Result<void> ClassTable::setColour(ClassId id, const std::string& colour) {
    return sqlite::guardedWrite(m_db, [&] {
        requireClass(m_db, id);
        m_db.query("UPDATE class SET colour = ?2 WHERE id = ?1").with(id, colour).run();
    });
}

Result<void> ClassTable::setArchived(ClassId id, bool archived) {
    return sqlite::guardedWrite(m_db, [&] {
        requireClass(m_db, id);
        m_db.query("UPDATE class SET archived = ?2 WHERE id = ?1").with(id, archived).run();
    });
}

Result<ClassUsage> ClassTable::usage(ClassId id) const {
    return sqlite::guarded(m_db, [&] {
        requireClass(m_db, id);
        return usageOf(m_db, id);
    });
}

Result<ClassUsage> ClassTable::merge(ClassId from, ClassId into, PersonId author) {
    return sqlite::guardedWrite(m_db, [&] {
        if (from == into)
            throw sqlite::Failure(
                fail(ErrorCode::InvalidArgument, "A class cannot be merged into itself.", m_db.path()));
        const ClassLabel source = requireClass(m_db, from);
        const ClassLabel target = requireClass(m_db, into);
        const ClassUsage usage = usageOf(m_db, from);
        const std::string gesture = "Merge class " + source.name + " into " + target.name;
        const std::string at = utcNow();
        for (const Edit& edit : relabellings(m_db, from, into, author, gesture))
            insertEvent(m_db, edit, at);
        for (const char* table : {"annotation", "truth", "prediction"})
            m_db.query(std::string("UPDATE ") + table + " SET class_id = ?2 WHERE class_id = ?1")
                .with(from, into)
                .run();
        m_db.query("UPDATE class SET archived = 1 WHERE id = ?1").with(from).run();
        return usage;
    });
}

}  // namespace querent::store::tables

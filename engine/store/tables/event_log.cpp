#include "engine/store/tables/event_log.h"

#include "engine/store/sqlite/connection.h"
#include "engine/store/tables/annotation_rows.h"
#include "engine/store/tables/edit_json.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace querent::store::tables {
namespace {

constexpr const char* kEventColumns = "id, at, item_id, person_id, kind, reverts, gesture, active_seconds, body";

EventRecord readEvent(const sqlite::Query& row) {
    EventRecord event;
    event.id = row.id<EventId>(0);
    event.atUtc = row.text(1);
    event.edit.item = row.id<ItemId>(2);
    event.edit.author = row.id<PersonId>(3);
    event.edit.kind = row.as<EditKind>(4);
    event.reverts = row.id<EventId>(5);
    event.edit.gesture = row.text(6);
    event.edit.activeSeconds = row.real(7);
    readEditBody(row.text(8), event.edit);
    return event;
}

EventRecord eventOf(sqlite::Connection& db, EventId id) {
    sqlite::Query q = db.query(std::string("SELECT ") + kEventColumns + " FROM event WHERE id = ?1");
    q.with(id).next();
    return readEvent(q);
}

std::vector<EventRecord> newest(sqlite::Connection& db, const std::vector<EventId>& stack, std::size_t limit) {
    std::vector<EventRecord> events;
    for (std::size_t i = stack.size() - std::min(stack.size(), limit); i < stack.size(); ++i)
        events.push_back(eventOf(db, stack[i]));
    return events;
}

// What an event does to the undo stack.
struct Step {
    EventId id;
    EditKind kind = EditKind::Do;
    EventId reverts;
};

// Those since the newest import or merge, oldest first.
std::vector<Step> stepsOf(sqlite::Connection& db, ItemId item) {
    sqlite::Query q = db.query("SELECT id, kind, reverts FROM event WHERE item_id = ?1 ORDER BY id DESC");
    q.with(item);
    std::vector<Step> steps;
    while (q.next()) {
        const auto kind = q.as<EditKind>(1);
        if (kind == EditKind::Bulk) break;
        steps.push_back({q.id<EventId>(0), kind, q.id<EventId>(2)});
    }
    std::reverse(steps.begin(), steps.end());
    return steps;
}

// As in UndoHistory.
struct Stacks {
    std::vector<EventId> undo;
    std::vector<EventId> redo;
};

// Nearly always the last one: writes that had to be tried again can have come in another order.
void take(std::vector<EventId>& stack, EventId id) {
    const auto found = std::find(stack.rbegin(), stack.rend(), id);
    if (found != stack.rend()) stack.erase(std::next(found).base());
}

Stacks replay(sqlite::Connection& db, ItemId item) {
    Stacks stacks;
    for (const Step& step : stepsOf(db, item)) {
        if (step.kind == EditKind::Undo) {
            take(stacks.undo, step.reverts);
            stacks.redo.push_back(step.id);
        } else if (step.kind == EditKind::Redo) {
            take(stacks.redo, step.reverts);
            stacks.undo.push_back(step.id);
        } else {
            stacks.redo.clear();
            stacks.undo.push_back(step.id);
        }
    }
    return stacks;
}

// The event that an Undo or a Redo takes back; none of it in the history.
std::optional<EventId> takenBack(sqlite::Connection& db, const Edit& edit) {
    const Stacks stacks = replay(db, edit.item);
    const std::vector<EventId>& stack = edit.kind == EditKind::Undo ? stacks.undo : stacks.redo;
    const std::string wanted = editBody(edit.reversed());
    const auto found = std::find_if(stack.rbegin(), stack.rend(),
                                    [&](EventId id) { return editBody(eventOf(db, id).edit) == wanted; });
    if (found == stack.rend()) return std::nullopt;
    return *found;
}

}  // namespace

Result<std::vector<EventRecord>> EventLog::history(ItemId item) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q =
            m_db.query(std::string("SELECT ") + kEventColumns + " FROM event WHERE item_id = ?1 ORDER BY id");
        q.with(item);
        std::vector<EventRecord> events;
        while (q.next())
            events.push_back(readEvent(q));
        return events;
    });
}

Result<UndoHistory> EventLog::undoHistory(ItemId item, std::size_t limit) const {
    return sqlite::guarded(m_db, [&] {
        const Stacks stacks = replay(m_db, item);
        return UndoHistory{newest(m_db, stacks.undo, limit), newest(m_db, stacks.redo, limit)};
    });
}

Result<std::int64_t> EventLog::count() const {
    return sqlite::guarded(m_db, [&] { return m_db.integer("SELECT count(*) FROM event"); });
}

Result<std::vector<Throughput>> EventLog::throughput() const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query(
            "SELECT person_id, substr(at, 1, 10) AS day, count(DISTINCT item_id), count(*), sum(active_seconds) "
            "FROM event WHERE kind <> ?1 GROUP BY person_id, day ORDER BY day, person_id");
        q.with(EditKind::Bulk);
        std::vector<Throughput> all;
        while (q.next())
            all.push_back({q.id<PersonId>(0), q.text(1), q.integer(2), q.integer(3), q.real(4)});
        return all;
    });
}

EventId insertEvent(sqlite::Connection& db, const Edit& edit, const std::string& at) {
    EditKind kind = edit.kind;
    EventId reverts;
    if (kind == EditKind::Undo || kind == EditKind::Redo) {
        const std::optional<EventId> found = takenBack(db, edit);
        if (!found && kind == EditKind::Undo)
            throw changedMeanwhile(db, edit.item, "what should be taken back is not in its history");
        // A Redo that had to be tried again behind a newer deed, which ended what could be redone: it is a deed now.
        if (found)
            reverts = *found;
        else
            kind = EditKind::Do;
    }
    db.query(
          "INSERT INTO event (at, item_id, person_id, kind, reverts, gesture, active_seconds, body) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
        .with(at, edit.item, edit.author, kind, reverts, edit.gesture, edit.activeSeconds, editBody(edit))
        .run();
    return EventId{db.lastId()};
}

}  // namespace querent::store::tables

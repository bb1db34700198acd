#include "engine/store/tables/event_log.h"

#include "engine/store/sqlite/connection.h"
#include "engine/store/tables/edit_json.h"

#include <algorithm>

namespace querent::store::tables {
namespace {

constexpr const char* kEventColumns = "id, at, item_id, person_id, kind, reverts, gesture, active_seconds, body";

LoggedEvent readEvent(const sqlite::Query& row) {
    LoggedEvent event;
    event.record.id = row.id<EventId>(0);
    event.record.atUtc = row.text(1);
    event.record.edit.item = row.id<ItemId>(2);
    event.record.edit.author = row.id<PersonId>(3);
    event.kind = row.as<EventKind>(4);
    event.reverts = row.id<EventId>(5);
    event.record.edit.gesture = row.text(6);
    event.record.edit.activeSeconds = row.real(7);
    readEditBody(row.text(8), event.record.edit);
    return event;
}

std::vector<LoggedEvent> readEvents(sqlite::Query& rows) {
    std::vector<LoggedEvent> events;
    while (rows.next())
        events.push_back(readEvent(rows));
    return events;
}

// Takes the event with that id out of the stack; false when it is not there (older than what was looked at).
bool take(std::vector<LoggedEvent>& stack, EventId id) {
    const auto found = std::find_if(stack.rbegin(), stack.rend(), [&](const auto& e) { return e.record.id == id; });
    if (found == stack.rend()) return false;
    stack.erase(std::next(found).base());
    return true;
}

UndoState replay(std::vector<LoggedEvent> events) {
    UndoState state;
    for (LoggedEvent& event : events) {
        switch (event.kind) {
            case EventKind::Do:
                state.redo.clear();
                state.undo.push_back(std::move(event));
                break;
            case EventKind::Undo:
                take(state.undo, event.reverts);
                state.redo.push_back(std::move(event));
                break;
            case EventKind::Redo:
                take(state.redo, event.reverts);
                state.undo.push_back(std::move(event));
                break;
            case EventKind::Bulk:
                state = {};
                break;
        }
    }
    return state;
}

}  // namespace

Result<std::vector<LoggedEvent>> EventLog::history(ItemId item) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q =
            m_db.query(std::string("SELECT ") + kEventColumns + " FROM event WHERE item_id = ?1 ORDER BY id");
        q.with(item);
        return readEvents(q);
    });
}

Result<std::vector<LoggedEvent>> EventLog::last(std::int64_t limit) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query(std::string("SELECT ") + kEventColumns + " FROM event ORDER BY id DESC LIMIT ?1");
        q.with(limit);
        std::vector<LoggedEvent> events = readEvents(q);
        std::reverse(events.begin(), events.end());
        return events;
    });
}

Result<UndoState> EventLog::undoState(std::optional<ItemId> item, std::int64_t limit) const {
    if (!item) {
        Result<std::vector<LoggedEvent>> events = last(limit);
        if (!events) return events.error();
        return replay(std::move(*events));
    }
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query(std::string("SELECT ") + kEventColumns +
                                     " FROM event WHERE item_id = ?1 ORDER BY id DESC LIMIT ?2");
        q.with(*item, limit);
        std::vector<LoggedEvent> events = readEvents(q);
        std::reverse(events.begin(), events.end());
        return replay(std::move(events));
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
        q.with(EventKind::Bulk);
        std::vector<Throughput> all;
        while (q.next())
            all.push_back({q.id<PersonId>(0), q.text(1), q.integer(2), q.integer(3), q.real(4)});
        return all;
    });
}

}  // namespace querent::store::tables

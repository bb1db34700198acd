#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace querent::store::sqlite {
class Connection;
}

namespace querent::store::tables {

/** The numbers are stored: append only. */
enum class EventKind : std::uint8_t {
    Do = 0,
    Undo = 1,  // reverts the event it names
    Redo = 2,  // reverts the Undo it names
    Bulk = 3,  // imports and class merges: undo does not reach behind it
};

struct LoggedEvent {
    EventRecord record;
    EventKind kind = EventKind::Do;
    EventId reverts;
};

/** The undo stack as the log tells it, so that it survives a restart. */
struct UndoState {
    std::vector<LoggedEvent> undo;  // oldest first: the last one is undone next (Do or Redo events)
    std::vector<LoggedEvent> redo;  // the last one is redone next: its (Undo) edit reversed is what to apply
};

/** The append-only record of every change of a label. AnnotationTable writes it. Owned by ProjectFile. */
class EventLog {
 public:
    explicit EventLog(sqlite::Connection& connection) : m_db(connection) {}

    /** All events of an item, oldest first. */
    Result<std::vector<LoggedEvent>> history(ItemId item) const;
    /** The newest events, oldest of them first. */
    Result<std::vector<LoggedEvent>> last(std::int64_t limit) const;
    /** What can be undone and redone, for one item or for the project; looks at the newest `limit` events. */
    Result<UndoState> undoState(std::optional<ItemId> item = {}, std::int64_t limit = 1000) const;
    Result<std::int64_t> count() const;
    /** By day (UTC) and person; imports are no one's work and are left out. */
    Result<std::vector<Throughput>> throughput() const;

 private:
    sqlite::Connection& m_db;
};

}  // namespace querent::store::tables

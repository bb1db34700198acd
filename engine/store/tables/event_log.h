#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace querent::store::sqlite {
class Connection;
}

namespace querent::store::tables {

/** The append-only record of every change of a label. AnnotationTable and ClassTable write it. Owned by ProjectFile. */
class EventLog {
 public:
    explicit EventLog(sqlite::Connection& connection) : m_db(connection) {}

    /** All events of an item, oldest first. */
    Result<std::vector<EventRecord>> history(ItemId item) const;
    /** The undo stack of an item: at most `limit` (the newest) of what can be undone, and of what can be redone. */
    Result<UndoHistory> undoHistory(ItemId item, std::size_t limit) const;
    Result<std::int64_t> count() const;
    /** By day (UTC) and person; imports and merges of classes are no one's work and left out. */
    Result<std::vector<Throughput>> throughput() const;

 private:
    sqlite::Connection& m_db;
};

/**
 * Appends to the log, within the caller's transaction; `edit` is the final one, ids included. An Undo or a Redo names
 * the newest event of the item's undo stack that it is the reverse of; throws InvalidArgument where there is none.
 */
EventId insertEvent(sqlite::Connection& db, const Edit& edit, const std::string& at);

}  // namespace querent::store::tables

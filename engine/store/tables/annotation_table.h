#pragma once

#include "engine/core/annotation.h"
#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace querent::store::sqlite {
class Connection;
}

namespace querent::store::tables {

/** The annotations of one item, by id. */
struct ItemAnnotations {
    ItemId item;
    std::vector<Annotation> annotations;
};

/** The labels. They change through apply() alone, so that each change is in the event log. Owned by ProjectFile. */
class AnnotationTable {
 public:
    explicit AnnotationTable(sqlite::Connection& connection) : m_db(connection) {}

    /** By id. */
    Result<std::vector<Annotation>> of(ItemId item) const;
    /** One entry for each of the given items, in their order, also where it has no annotations. */
    Result<std::vector<ItemAnnotations>> of(std::span<const ItemId> items) const;
    /** The same for all items of a split (of the project without one), by item id. */
    Result<std::vector<ItemAnnotations>> of(std::optional<Split> split) const;

    /** Never given out before and never again; for the instance that writes. Costs no write. */
    Result<AnnotationId> nextId();

    /**
     * One gesture: annotations, mark, counters and the event, in one transaction. Refuses with InvalidArgument, and
     * changes nothing, when a `before` is not what is stored ("changed meanwhile"), when a box is empty or not finite,
     * or an id does not exist. A created annotation without an id gets one. An Undo or a Redo names the event that it
     * takes back in the log. An Undo is refused in the same way where the log has none that it would; such a Redo,
     * written behind a newer deed, is logged as a deed.
     */
    Result<EventId> apply(const Edit& edit);

    /**
     * Many edits in one transaction, one event each: imports. All or nothing; cancelling leaves nothing.
     * 10,000 items with ten boxes each take a few seconds.
     */
    Result<void> applyAll(std::span<const Edit> edits, const Job& job = {});

 private:
    sqlite::Connection& m_db;
    std::int64_t m_lastId = 0;
};

}  // namespace querent::store::tables

#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"

#include <optional>
#include <span>
#include <vector>

namespace querent::store::sqlite {
class Connection;
}

namespace querent::store::tables {

/** Rounds and the batches they asked for. Owned by ProjectFile. */
class RoundTable {
 public:
    explicit RoundTable(sqlite::Connection& connection) : m_db(connection) {}

    /**
     * Freezes a batch: the round, its queries and the items' "asked in" in one transaction. `round.id` is ignored,
     * an empty startedUtc becomes now. InvalidArgument when the number is taken or an item is in the batch twice.
     */
    Result<RoundId> start(const RoundRecord& round, std::span<const QueryEntry> batch);
    /** Writes every field of the round. With other rows (a model, metrics): in one Transaction. */
    Result<void> update(const RoundRecord& round);
    /** By number. */
    Result<std::vector<RoundRecord>> list() const;
    Result<std::optional<RoundRecord>> latest() const;

    /** By rank. */
    Result<std::vector<QueryEntry>> queries(RoundId round) const;
    /** Everything that was ever asked, by item id. */
    Result<std::vector<ItemId>> askedItems() const;

 private:
    sqlite::Connection& m_db;
};

}  // namespace querent::store::tables

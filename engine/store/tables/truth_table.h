#pragma once

#include "engine/core/annotation.h"
#include "engine/core/records.h"
#include "engine/core/result.h"

#include <optional>
#include <span>
#include <vector>

namespace querent::store::sqlite {
class Connection;
}

namespace querent::store::tables {

/**
 * Known answers, kept apart from the labels: for simulation and for measuring people. Training never sees them.
 * An item whose truth is known to be "nothing there" differs from one whose truth is not known. Owned by ProjectFile.
 */
class TruthTable {
 public:
    explicit TruthTable(sqlite::Connection& connection) : m_db(connection) {}

    /** Replaces what was known. Of each annotation the class, the box and the four marks are kept; ids are new. */
    Result<void> set(ItemId item, const std::vector<Annotation>& answers);
    Result<void> clear(ItemId item);
    /** Nothing when the truth of the item is not known. */
    Result<std::optional<std::vector<Annotation>>> of(ItemId item) const;
    struct ItemTruth {
        ItemId item;
        std::vector<Annotation> answers;
    };
    /** Everything known, by item id. */
    Result<std::vector<ItemTruth>> of(std::optional<Split> split) const;
    /** By item id. */
    Result<std::vector<ItemId>> itemsWithTruth(std::optional<Split> split = {}) const;

 private:
    sqlite::Connection& m_db;
};

}  // namespace querent::store::tables

#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace querent::store::sqlite {
class Connection;
}

namespace querent::store::tables {

/** How often a class is used; what a merge would change. */
struct ClassUsage {
    std::int64_t annotations = 0;
    std::int64_t items = 0;  // with at least one of them
    std::int64_t truths = 0;
    std::int64_t predictions = 0;
};

/**
 * The classes. An id and an export index belong to one class for ever: classes are archived, never deleted, and an
 * index is never given out again. Owned by ProjectFile.
 */
class ClassTable {
 public:
    explicit ClassTable(sqlite::Connection& connection) : m_db(connection) {}

    /** By export index, archived ones included. */
    Result<std::vector<ClassLabel>> list() const;
    Result<ClassLabel> get(ClassId id) const;
    Result<std::optional<ClassLabel>> find(const std::string& name) const;
    /**
     * Without a colour ("#rrggbb") it gets one that stands out; without an index the next free one.
     * InvalidArgument when the name is empty, too long (kLongestName) or taken (by an archived class too), or the index
     * is taken or negative.
     */
    Result<ClassId> add(const std::string& name, const std::string& colour = {}, std::optional<int> exportIndex = {});
    /** InvalidArgument when the name is empty, too long or taken. */
    Result<void> rename(ClassId id, const std::string& name);
    Result<void> setColour(ClassId id, const std::string& colour);
    Result<void> setArchived(ClassId id, bool archived);
    Result<ClassUsage> usage(ClassId id) const;
    /**
     * Every annotation, known answer and prediction of `from` becomes one of `into`, and `from` is archived; each item
     * gets an event. Undo does not reach behind it (EventLog::undoHistory). Returns what was changed.
     */
    Result<ClassUsage> merge(ClassId from, ClassId into, PersonId author);

 private:
    sqlite::Connection& m_db;
};

}  // namespace querent::store::tables

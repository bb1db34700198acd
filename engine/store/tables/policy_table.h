#pragma once

#include "engine/core/result.h"

#include <optional>
#include <string>

namespace querent::store::sqlite {
class Connection;
}

namespace querent::store::tables {

/** What a selection policy has learnt: bytes (JSON or a serialised module) under a name. Owned by ProjectFile. */
class PolicyTable {
 public:
    explicit PolicyTable(sqlite::Connection& connection) : m_db(connection) {}

    Result<std::optional<std::string>> get(const std::string& key) const;
    Result<void> set(const std::string& key, const std::string& bytes);
    Result<void> remove(const std::string& key);

 private:
    sqlite::Connection& m_db;
};

}  // namespace querent::store::tables

#pragma once

#include "engine/core/result.h"

#include <optional>
#include <string>

namespace querent::store {

class Connection;

/** What a selection policy has learnt: bytes (JSON or a serialised module) under a name. Owned by ProjectFile. */
class PolicyTable {
 public:
    explicit PolicyTable(Connection& connection) : m_db(connection) {}

    Result<std::optional<std::string>> get(const std::string& key) const;
    Result<void> set(const std::string& key, const std::string& bytes);
    Result<void> remove(const std::string& key);

 private:
    Connection& m_db;
};

}  // namespace querent::store

#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"

#include <string>
#include <vector>

namespace querent::store::sqlite {
class Connection;
}

namespace querent::store::tables {

/** Who works on the project. Owned by ProjectFile. */
class PersonTable {
 public:
    explicit PersonTable(sqlite::Connection& connection) : m_db(connection) {}

    /** The person of that name, added when there is none. InvalidArgument when the name is empty. */
    Result<PersonId> ensure(const std::string& name);
    Result<std::vector<Person>> list() const;

 private:
    sqlite::Connection& m_db;
};

}  // namespace querent::store::tables

#include "engine/store/tables/person_table.h"

#include "engine/core/name_limits.h"
#include "engine/store/sqlite/connection.h"

namespace querent::store::tables {

Result<PersonId> PersonTable::ensure(const std::string& name) {
    return sqlite::guarded(m_db, [&] {
        sqlite::requireName(m_db, "A person", name, kLongestName);
        {
            sqlite::Query q = m_db.query("SELECT id FROM person WHERE name = ?1");
            if (q.with(name).next()) return q.id<PersonId>(0);
        }
        sqlite::WriteScope scope(m_db);
        m_db.query("INSERT INTO person (name) VALUES (?1)").with(name).run();
        const PersonId id{m_db.lastId()};
        scope.commit();
        return id;
    });
}

Result<std::vector<Person>> PersonTable::list() const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query("SELECT id, name FROM person ORDER BY id");
        std::vector<Person> all;
        while (q.next())
            all.push_back({q.id<PersonId>(0), q.text(1)});
        return all;
    });
}

}  // namespace querent::store::tables

#include "engine/store/tables/policy_table.h"

#include "engine/core/utc.h"
#include "engine/store/sqlite/connection.h"

namespace querent::store::tables {

Result<std::optional<std::string>> PolicyTable::get(const std::string& key) const {
    return sqlite::guarded(m_db, [&]() -> std::optional<std::string> {
        sqlite::Query q = m_db.query("SELECT body FROM policy_state WHERE key = ?1");
        if (!q.with(key).next()) return std::nullopt;
        return q.text(0);
    });
}

Result<void> PolicyTable::set(const std::string& key, const std::string& bytes) {
    return sqlite::guardedWrite(m_db, [&] {
        m_db.query(
                "INSERT INTO policy_state (key, body, updated_at) VALUES (?1, ?2, ?3) "
                "ON CONFLICT (key) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at")
            .with(key, sqlite::Blob{bytes}, utcNow())
            .run();
    });
}

Result<void> PolicyTable::remove(const std::string& key) {
    return sqlite::guardedWrite(m_db, [&] { m_db.query("DELETE FROM policy_state WHERE key = ?1").with(key).run(); });
}

}  // namespace querent::store::tables

#include "engine/store/tables/source_table.h"

#include "engine/core/paths.h"
#include "engine/store/sqlite/connection.h"

#include <algorithm>

namespace querent::store::tables {
namespace {

namespace fs = std::filesystem;

// How many steps up a relative path begins with.
std::ptrdiff_t stepsUp(const fs::path& path) {
    return std::count(path.begin(), path.end(), fs::path(".."));
}

std::optional<SourceId> findSource(sqlite::Connection& db, const std::string& folder) {
    sqlite::Query q = db.query("SELECT id FROM source WHERE folder = ?1");
    if (!q.with(folder).next()) return std::nullopt;
    return q.id<SourceId>(0);
}

}  // namespace

fs::path SourceTable::stored(const fs::path& folder) const {
    constexpr std::ptrdiff_t kMostStepsUp = 2;
    const fs::path whole = (m_projectFolder / folder).lexically_normal();
    fs::path relative = whole.lexically_relative(m_projectFolder);
    if (relative.empty() || stepsUp(relative) > kMostStepsUp) relative = whole;
    // A trailing slash must not make another source of the same folder.
    return relative.has_filename() || relative == relative.root_path() ? relative : relative.parent_path();
}

fs::path SourceTable::resolve(const Source& source) const {
    const fs::path whole = (m_projectFolder / source.folder).lexically_normal();
    return whole.has_filename() ? whole : whole.parent_path();
}

Result<SourceId> SourceTable::add(const fs::path& folder) {
    return sqlite::guarded(m_db, [&] {
        const std::string text = utf8(stored(folder));
        if (const auto known = findSource(m_db, text)) return *known;
        sqlite::WriteScope scope(m_db);
        m_db.query("INSERT INTO source (folder) VALUES (?1)").with(text).run();
        const SourceId id{m_db.lastId()};
        scope.commit();
        return id;
    });
}

Result<std::vector<Source>> SourceTable::list() const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query("SELECT id, folder FROM source ORDER BY id");
        std::vector<Source> all;
        while (q.next())
            all.push_back({q.id<SourceId>(0), fs::path(q.text(1))});
        return all;
    });
}

Result<void> SourceTable::setFolder(SourceId id, const fs::path& folder) {
    return sqlite::guardedWrite(m_db, [&] {
        const std::string text = utf8(stored(folder));
        if (const auto known = findSource(m_db, text); known && *known != id)
            throw sqlite::Failure(fail(ErrorCode::InvalidArgument,
                                       "Another source of the project is this folder already.", fs::path(text)));
        if (m_db.query("UPDATE source SET folder = ?2 WHERE id = ?1").with(id, text).run() == 0)
            throw sqlite::Failure(
                fail(ErrorCode::NotFound, "There is no source " + std::to_string(id.value) + ".", m_db.path()));
    });
}

Result<fs::path> SourceTable::folder(SourceId id) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query("SELECT folder FROM source WHERE id = ?1");
        if (!q.with(id).next())
            throw sqlite::Failure(
                fail(ErrorCode::NotFound, "There is no source " + std::to_string(id.value) + ".", m_db.path()));
        return resolve(Source{id, fs::path(q.text(0))});
    });
}

}  // namespace querent::store::tables

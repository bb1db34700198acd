#include "engine/store/sqlite/connection.h"

#include <cerrno>
#include <sqlite3.h>

namespace querent::store::sqlite {
namespace {

bool noSpace(int systemError) {
    return systemError == ENOSPC || systemError == EDQUOT || systemError == EFBIG;
}

Error explainConstraint(int extendedCode, const std::string& message, const std::filesystem::path& path) {
    switch (extendedCode) {
        case SQLITE_CONSTRAINT_FOREIGNKEY:
            return fail(ErrorCode::InvalidArgument, "The change names something that the project does not have.", path);
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
            return fail(ErrorCode::InvalidArgument, "The project has this already (" + message + ").", path);
        default:
            return fail(ErrorCode::InvalidArgument, "The project refused the change (" + message + ").", path);
    }
}

}  // namespace

Error explainCode(int extendedCode, int systemError, const std::string& message, const std::filesystem::path& path) {
    switch (extendedCode & 0xff) {
        case SQLITE_FULL:
            return fail(ErrorCode::DiskFull, "The disk is full; nothing was changed.", path);
        case SQLITE_NOTADB:
            return fail(ErrorCode::Malformed, "This is not a Querent project.", path);
        case SQLITE_CORRUPT:
            return fail(ErrorCode::Corrupt, "The project file is damaged (" + message + ").", path);
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return fail(ErrorCode::Locked, "Another program keeps the project file busy.", path);
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return fail(ErrorCode::ReadOnly, "The project file cannot be written to.", path);
        case SQLITE_CANTOPEN:
            return noSpace(systemError)
                       ? fail(ErrorCode::DiskFull, "The disk is full; nothing was changed.", path)
                       : fail(ErrorCode::Io, "The project file cannot be opened (" + message + ").", path);
        case SQLITE_NOMEM:
            return fail(ErrorCode::OutOfMemory, "There is not enough memory.", path);
        case SQLITE_CONSTRAINT:
            return explainConstraint(extendedCode, message, path);
        case SQLITE_IOERR:
            return noSpace(systemError)
                       ? fail(ErrorCode::DiskFull, "The disk is full; nothing was changed.", path)
                       : fail(ErrorCode::Io, "The project file cannot be read or written (" + message + ").", path);
        default:
            return fail(ErrorCode::Internal, "The project file gave an error (" + message + ").", path);
    }
}

Query::~Query() {
    if (m_statement == nullptr) return;
    m_statement->tryReset();
    try {
        m_statement->clearBindings();
    } catch (const SQLite::Exception&) {
        // Every use binds all its values anew; leftovers cost memory only.
    }
}

// The exceptions are explained where they arise: a rollback on the way out would replace the error of the system.
bool Query::next() {
    try {
        return m_statement->executeStep();
    } catch (const SQLite::Exception& exception) {
        throw Failure(m_connection->explain(exception));
    }
}

int Query::run() {
    try {
        return m_statement->exec();
    } catch (const SQLite::Exception& exception) {
        throw Failure(m_connection->explain(exception));
    }
}

void Connection::run(const std::string& sql) {
    try {
        m_database.exec(sql);
    } catch (const SQLite::Exception& exception) {
        throw Failure(explain(exception));
    }
}

Connection::Connection(std::filesystem::path path, const std::string& name, int flags)
    : m_path(std::move(path)), m_database(name, flags, 5000) {
    sqlite3_extended_result_codes(m_database.getHandle(), 1);
    m_readOnly = sqlite3_db_readonly(m_database.getHandle(), "main") == 1;
}

Query Connection::query(const std::string& sql) {
    auto& statement = m_statements[sql];
    if (!statement) statement = std::make_unique<SQLite::Statement>(m_database, sql);
    return Query(*statement, *this);
}

bool Connection::inTransaction() const {
    return sqlite3_get_autocommit(m_database.getHandle()) == 0;
}

Error Connection::explain(const SQLite::Exception& exception) const {
    const int current = errno;
    // SQLite does not keep the number for every failed write (a quota, a file size limit).
    const int kept = sqlite3_system_errno(m_database.getHandle());
    return explainCode(exception.getExtendedErrorCode(), kept != 0 ? kept : current, exception.what(), m_path);
}

std::optional<std::string> Connection::meta(const std::string& key) {
    Query q = query("SELECT value FROM meta WHERE key = ?1");
    q.with(key);
    if (!q.next()) return std::nullopt;
    return q.text(0);
}

void Connection::setMeta(const std::string& key, const std::string& json) {
    query("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        .with(key, json)
        .run();
}

void beginScope(Connection& db, bool nested) {
    if (nested)
        db.run("SAVEPOINT step");
    else
        db.run(db.readOnly() ? "BEGIN DEFERRED" : "BEGIN IMMEDIATE");
}

void commitScope(Connection& db, bool nested) {
    // A full disk makes SQLite take back the whole transaction by itself.
    if (!db.inTransaction())
        throw Failure(fail(ErrorCode::Io, "An earlier error has taken these changes back.", db.path()));
    db.query(nested ? "RELEASE step" : "COMMIT").run();
}

void rollbackScope(Connection& db, bool nested) noexcept {
    if (!db.inTransaction()) return;
    try {
        db.run(nested ? "ROLLBACK TO step; RELEASE step" : "ROLLBACK");
    } catch (const std::exception&) {
        // SQLite has rolled back already, or will when the connection closes; nothing was committed either way.
    }
}

WriteScope::WriteScope(Connection& connection) : m_db(connection), m_nested(connection.inTransaction()) {
    if (connection.readOnly())
        throw Failure(fail(ErrorCode::ReadOnly, "The project is open for reading only.", connection.path()));
    beginScope(m_db, m_nested);
}

WriteScope::~WriteScope() {
    if (m_open) rollbackScope(m_db, m_nested);
}

void WriteScope::commit() {
    commitScope(m_db, m_nested);
    m_open = false;
}

}  // namespace querent::store::sqlite

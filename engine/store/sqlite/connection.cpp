#include "engine/store/sqlite/connection.h"

#include "engine/core/paths.h"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <fcntl.h>
#include <sqlite3.h>
#include <system_error>
#include <unistd.h>

namespace querent::store::sqlite {
namespace {

constexpr int kBusyMilliseconds = 5000;
constexpr int kStepsBetweenQuestions = 200000;  // of SQLite's machine: some 10 ms

std::stop_token& stopToken() {
    static std::stop_token token;
    return token;
}

int wantsToStop(void*) {
    return stopToken().stop_requested() ? 1 : 0;
}

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

bool forbidden(int systemError) {
    return systemError == EACCES || systemError == EPERM || systemError == EROFS;
}

// SQLite tries a second time, to read only, and keeps the reason of that time: why the first one failed, another new
// file in the folder can tell. 0 where it cannot.
int whyNothingCanBeMade(const std::filesystem::path& folder) {
#ifdef O_TMPFILE
    const int file = ::open(folder.empty() ? "." : folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) return errno;
    ::close(file);
#endif
    return 0;
}

Error explainCannotOpen(int systemError, const std::string& message, const std::filesystem::path& path) {
    std::error_code none;
    const bool missing = systemError == ENOENT || systemError == ENOTDIR;
    if (missing && !std::filesystem::is_directory(path.has_parent_path() ? path.parent_path() : ".", none))
        return fail(ErrorCode::Io, "There is no such folder.", path);
    const int reason = missing ? whyNothingCanBeMade(path.parent_path()) : systemError;
    if (noSpace(reason)) return fail(ErrorCode::DiskFull, "The disk is full; nothing was changed.", path);
    if (forbidden(reason))
        return fail(ErrorCode::ReadOnly, "The project file or its folder cannot be written to.", path);
    return fail(ErrorCode::Io, "The project file cannot be opened (" + message + ").", path);
}

void harden(sqlite3* handle) {
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    sqlite3_progress_handler(handle, kStepsBetweenQuestions, wantsToStop, nullptr);
}

}  // namespace

void stopLongStatementsOn(std::stop_token token) {
    stopToken() = std::move(token);
}

bool longStatementsStop() {
    return stopToken().stop_requested();
}

std::vector<std::filesystem::path> companionsOf(const std::filesystem::path& path) {
    std::vector<std::filesystem::path> all;
    for (const char* suffix : {"-wal", "-shm", "-journal"})
        all.push_back(std::filesystem::path(path) += suffix);
    return all;
}

int codeOf(const SQLite::Exception& exception) {
    return exception.getExtendedErrorCode() != -1 ? exception.getExtendedErrorCode() : exception.getErrorCode();
}

Error explainCode(int extendedCode, int systemError, const std::string& message, const std::filesystem::path& path) {
    if (extendedCode == -1) return fail(ErrorCode::Internal, "The project file gave an error (" + message + ").", path);
    switch (extendedCode & 0xff) {
        case SQLITE_INTERRUPT:
            return fail(ErrorCode::Cancelled, "Cancelled.", path);
        case SQLITE_ERROR:
        case SQLITE_MISMATCH:
        case SQLITE_TOOBIG:
            return fail(ErrorCode::Corrupt, "The project file is not built as it should be (" + message + ").", path);
        case SQLITE_FULL:
            return fail(ErrorCode::DiskFull, "The disk is full; nothing was changed.", path);
        case SQLITE_NOTADB:
            return fail(ErrorCode::Malformed, "This is not a Querent project.", path);
        case SQLITE_CORRUPT:
            return fail(ErrorCode::Corrupt, "The project file is damaged (" + message + ").", path);
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
            return fail(ErrorCode::Locked, "Another program keeps the project file busy.", path);
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return fail(ErrorCode::ReadOnly, "The project file cannot be written to.", path);
        case SQLITE_CANTOPEN:
            return explainCannotOpen(systemError, message, path);
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

Error explainOther(const std::exception& exception, const std::filesystem::path& path) {
    if (dynamic_cast<const nlohmann::json::exception*>(&exception) != nullptr)
        return fail(ErrorCode::Corrupt,
                    std::string("A value in the project cannot be read (") + exception.what() + ").", path);
    if (const auto* system = dynamic_cast<const std::filesystem::filesystem_error*>(&exception)) {
        const std::filesystem::path& where = system->path1().empty() ? path : system->path1();
        if (forbidden(system->code().value())) return fail(ErrorCode::ReadOnly, "Permission is missing here.", where);
        return fail(noSpace(system->code().value()) ? ErrorCode::DiskFull : ErrorCode::Io,
                    system->code().message() + ".", where);
    }
    return fail(ErrorCode::Internal, std::string("Unexpected: ") + exception.what(), path);
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
    : m_path(std::move(path)), m_database(name, flags, kBusyMilliseconds) {
    harden(m_database.getHandle());
    m_readOnly = sqlite3_db_readonly(m_database.getHandle(), "main") == 1;
    if (const auto identity = identityOf(m_path)) m_open = OpenFile(*identity);
}

std::unique_ptr<Connection> Connection::immutable(const std::filesystem::path& path) {
    constexpr const char* kHex = "0123456789ABCDEF";
    std::string uri = "file:";
    for (const char c : utf8(std::filesystem::absolute(path))) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '%' || c == '?' || c == '#')
            uri += {'%', kHex[byte >> 4], kHex[byte & 15]};
        else
            uri += c;
    }
    return std::make_unique<Connection>(path, uri + "?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

void Connection::setTriggers(bool on) {
    sqlite3_db_config(m_database.getHandle(), SQLITE_DBCONFIG_ENABLE_TRIGGER, on ? 1 : 0, nullptr);
}

void Connection::leaveLogAlone() {
    sqlite3_db_config(m_database.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

bool Connection::displaced() {
    if (m_displaced) return true;
    int moved = 0;
    sqlite3_file_control(m_database.getHandle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    // SQLite compares inodes only, and two disks can have the same ones.
    m_displaced = moved != 0 || identityOf(m_path) != m_open.identity();
    return m_displaced;
}

void Connection::requireInPlace() {
    if (!displaced()) return;
    abandon();
    throw Failure(fail(ErrorCode::Io,
                       "Another program has moved, replaced or removed the project file; nothing more is saved here.",
                       m_path));
}

void Connection::beginSession() {
    m_commits = 0;
    m_companions.clear();
    for (const std::filesystem::path& companion : companionsOf(m_path))
        if (const auto identity = identityOf(companion)) m_companions.emplace_back(companion, *identity);
}

void Connection::whenLogIsLong(int pages, std::function<void()> work) {
    m_longLog = m_nextLongLog = pages;
    m_onLongLog = std::move(work);
    const auto remember = [](void* pagesOfLog, sqlite3*, const char*, int now) {
        *static_cast<int*>(pagesOfLog) = now;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(m_database.getHandle(), remember, &m_logPages);  // in the place of SQLite's own checkpoints
}

void Connection::lookAtLog() noexcept {
    if (!m_onLongLog || m_logPages < m_nextLongLog || inTransaction()) return;
    const std::function<void()> work = std::exchange(m_onLongLog, {});  // it commits too
    try {
        work();
    } catch (const std::exception&) {
        // What was committed is safe in the log, however long that is.
    }
    m_onLongLog = work;
    m_nextLongLog = m_logPages + m_longLog;  // the log may be as long as before: somebody reads it
}

void Connection::abandon() noexcept {
    if (m_abandoned) return;
    m_abandoned = true;
    constexpr int kPatience = 500;  // ms: a reader in the middle of something
    sqlite3* handle = m_database.getHandle();
    rollbackScope(*this, false);
    sqlite3_busy_timeout(handle, kPatience);
    sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    // At its end SQLite would remove what has the log's name, whosever that is by then.
    leaveLogAlone();
    for (const auto& [path, identity] : m_companions) {
        std::error_code ignored;
        if (identityOf(path) == identity) std::filesystem::remove(path, ignored);
    }
}

// The log can hold the whole change although the disk did not confirm it, and whoever opens the project next would play
// it back. Only an emptied log makes sure that it does not.
Error Connection::afterFailedCommit(Error error) {
    const int code = sqlite3_extended_errcode(m_database.getHandle());
    if (code != SQLITE_IOERR_FSYNC && code != SQLITE_IOERR_DIR_FSYNC) return error;
    const int kept = sqlite3_system_errno(m_database.getHandle());
    const std::string reason = kept != 0 ? std::system_category().message(kept) : std::string("no reason given");
    rollbackScope(*this, false);
    const int emptied =
        sqlite3_wal_checkpoint_v2(m_database.getHandle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    error.sentence = emptied == SQLITE_OK ? "The disk did not take the change (" + reason + "); nothing was changed."
                                          : "The disk did not confirm that it keeps the last change (" + reason +
                                                "); look when the project is opened again whether it is there.";
    return error;
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
    return explainCode(codeOf(exception), kept != 0 ? kept : current, exception.what(), m_path);
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

void requireName(const Connection& db, const std::string& what, const std::string& name, std::size_t longest) {
    constexpr std::size_t kShown = 40;  // enough to find it again
    if (name.empty()) throw Failure(fail(ErrorCode::InvalidArgument, what + " needs a name.", db.path()));
    if (name.size() <= longest) return;
    std::size_t end = kShown;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U)
        --end;  // never within a character
    throw Failure(fail(ErrorCode::InvalidArgument,
                       what + " cannot have a name of " + std::to_string(name.size()) + " bytes (\"" +
                           name.substr(0, end) + "…\"); " + std::to_string(longest) + " are the most.",
                       db.path()));
}

void beginScope(Connection& db, bool nested) {
    if (nested) {
        db.run("SAVEPOINT step");
        return;
    }
    if (!db.readOnly()) db.requireInPlace();
    db.run(db.readOnly() ? "BEGIN DEFERRED" : "BEGIN IMMEDIATE");
}

void commitScope(Connection& db, bool nested) {
    // A full disk makes SQLite take back the whole transaction by itself.
    if (!db.inTransaction())
        throw Failure(fail(ErrorCode::Io, "An earlier error has taken these changes back.", db.path()));
    if (nested || db.readOnly()) {
        db.query(nested ? "RELEASE step" : "COMMIT").run();
        return;
    }
    db.requireInPlace();
    try {
        db.query("COMMIT").run();
    } catch (const Failure& failure) {
        throw Failure(db.afterFailedCommit(failure.error));
    }
    db.countCommit();
    db.requireInPlace();
    db.lookAtLog();
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
    if (connection.readOnly() || !connection.checked())
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

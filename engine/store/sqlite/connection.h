#pragma once

#include "engine/core/ids.h"
#include "engine/core/result.h"
#include "engine/store/sqlite/open_file.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace querent::store::sqlite {

/** How an Error travels within this module, so that transactions unwind; guarded() turns it into a Result. */
struct Failure : std::exception {
    explicit Failure(Error e) : error(std::move(e)) {}
    const char* what() const noexcept override { return error.sentence.c_str(); }
    Error error;
};

/** Bytes to bind as a blob. */
struct Blob {
    std::string_view bytes;
};

class Connection;

/** A prepared statement in use; at its end it goes back to the connection's cache. Columns count from 0. */
class Query {
 public:
    Query(SQLite::Statement& statement, const Connection& connection)
        : m_statement(&statement), m_connection(&connection) {}
    Query(Query&& other) noexcept
        : m_statement(std::exchange(other.m_statement, nullptr)), m_connection(other.m_connection) {}
    Query& operator=(Query&&) = delete;
    ~Query();

    /** Binds the values to ?1, ?2, ... */
    template <typename... Values>
    Query& with(const Values&... values) {
        int index = 0;
        (bind(++index, values), ...);
        return *this;
    }
    template <typename T>
    void bind(int index, const T& value) {
        if constexpr (std::is_enum_v<T>) {
            m_statement->bind(index, static_cast<std::int64_t>(value));
        } else if constexpr (std::is_integral_v<T>) {
            m_statement->bind(index, static_cast<std::int64_t>(value));
        } else if constexpr (std::is_same_v<T, Blob>) {
            m_statement->bind(index, value.bytes.data(), static_cast<int>(value.bytes.size()));
        } else {
            m_statement->bind(index, value);
        }
    }
    template <typename Tag>
    void bind(int index, const Id<Tag>& id) {
        // "none" is NULL, so that foreign keys hold.
        if (id.valid())
            m_statement->bind(index, id.value);
        else
            m_statement->bind(index);
    }
    template <typename T>
    void bind(int index, const std::optional<T>& value) {
        if (value)
            bind(index, *value);
        else
            m_statement->bind(index);
    }

    bool next();
    /** Runs a statement without rows; how many rows it changed. */
    int run();
    /** Ready for new values, without going back to the cache. */
    void again() { m_statement->reset(); }

    bool null(int column) const { return m_statement->isColumnNull(column); }
    std::int64_t integer(int column) const { return m_statement->getColumn(column).getInt64(); }
    int number(int column) const { return m_statement->getColumn(column).getInt(); }
    bool flag(int column) const { return integer(column) != 0; }
    double real(int column) const { return m_statement->getColumn(column).getDouble(); }
    std::string text(int column) const { return m_statement->getColumn(column).getString(); }
    template <typename T>
    T id(int column) const {
        return T{integer(column)};  // NULL reads as 0: none
    }
    template <typename E>
    E as(int column) const {
        return static_cast<E>(integer(column));
    }

 private:
    SQLite::Statement* m_statement;
    const Connection* m_connection;
};

/**
 * One SQLite connection with its prepared statements. Throws Failure or SQLite::Exception. One thread at a time.
 * Nothing that a schema from elsewhere brings along is run but triggers, which openConnection() looks through.
 */
class Connection {
 public:
    /** `flags` are SQLite's. `name` may be a URI when the flags say so. */
    Connection(std::filesystem::path path, const std::string& name, int flags);
    /** For reading a file that nobody changes: nothing is locked, and a write-ahead log is not looked at. */
    static std::unique_ptr<Connection> immutable(const std::filesystem::path& path);

    const std::filesystem::path& path() const { return m_path; }
    SQLite::Database& raw() { return m_database; }
    bool readOnly() const { return m_readOnly; }
    void setReadOnly(bool readOnly) { m_readOnly = readOnly; }
    /** The program that had the file open for writing before us did not close it. */
    bool afterUncleanEnd() const { return m_afterUncleanEnd; }
    void setAfterUncleanEnd(bool unclean) { m_afterUncleanEnd = unclean; }
    /** What somebody who opens the file should know, one sentence each. */
    const std::vector<std::string>& remarks() const { return m_remarks; }
    void remark(std::string sentence) { m_remarks.push_back(std::move(sentence)); }

    /** False while a look through the whole file is owed: nothing may be written before. */
    bool checked() const { return m_checked; }
    void setChecked(bool checked) { m_checked = checked; }
    /** Whether triggers run. */
    void setTriggers(bool on);
    /** What is in the write-ahead log stays there when the connection closes. */
    void leaveLogAlone();

    /** True for good once the name stands for another file, or for none: moved, removed or replaced. */
    bool displaced();
    /** Throws Io when it is displaced(); then whatever of ours lies beside the name is gone from there. */
    void requireInPlace();
    /** Remembers which write-ahead log is ours, so that nobody else's is ever removed, and counts commits from here. */
    void beginSession();
    /** Transactions since then. */
    std::int64_t commits() const { return m_commits; }
    void countCommit() { ++m_commits; }
    /** After a commit that has made the write-ahead log longer than `pages`, `work` runs; it makes the log short. */
    void whenLogIsLong(int pages, std::function<void()> work);
    /** To be called after each commit. */
    void lookAtLog() noexcept;
    /** For a displaced file: all that was committed goes into it, and its log does not stay beside another one. */
    void abandon() noexcept;
    /** After a COMMIT that failed: what is true of it now. */
    Error afterFailedCommit(Error error);

    /** A statement that is kept for the next time; `sql` must not be in use by a Query that is still alive. */
    Query query(const std::string& sql);
    void run(const std::string& sql);
    /** The one value that the query answers with. */
    std::int64_t integer(const std::string& sql) { return m_database.execAndGet(sql).getInt64(); }
    std::string text(const std::string& sql) { return m_database.execAndGet(sql).getString(); }
    /** Forgets the statements: needed before the schema changes or the connection closes. */
    void forgetStatements() { m_statements.clear(); }

    bool inTransaction() const;
    std::int64_t lastId() const { return m_database.getLastInsertRowid(); }
    /** The plain sentence and code for what SQLite said. */
    Error explain(const SQLite::Exception& exception) const;

    std::optional<std::string> meta(const std::string& key);
    void setMeta(const std::string& key, const std::string& json);

 private:
    std::filesystem::path m_path;
    bool m_readOnly = false;
    bool m_afterUncleanEnd = false;
    bool m_checked = true;
    bool m_displaced = false;
    bool m_abandoned = false;
    std::int64_t m_commits = 0;
    int m_logPages = 0;  // as of the last commit
    int m_longLog = 0;
    int m_nextLongLog = 0;
    std::function<void()> m_onLongLog;
    std::vector<std::string> m_remarks;
    std::vector<std::pair<std::filesystem::path, FileIdentity>> m_companions;
    OpenFile m_open;  // before the database, which must be closed when this ends
    SQLite::Database m_database;
    std::unordered_map<std::string, std::unique_ptr<SQLite::Statement>> m_statements;
};

/** From now on statements of this process that run for long end with Cancelled once `token` asks for it. */
void stopLongStatementsOn(std::stop_token token);
bool longStatementsStop();

/** NAME-wal, NAME-shm and NAME-journal without NAME: what SQLite keeps beside a database. */
std::vector<std::filesystem::path> companionsOf(const std::filesystem::path& path);

/** The extended code of an exception; those of SQLiteCpp's backups have the plain one only. */
int codeOf(const SQLite::Exception& exception);

/** Throws InvalidArgument for an empty name and one of more than `longest` bytes. `what` is "A class", "An item". */
void requireName(const Connection& db, const std::string& what, const std::string& name, std::size_t longest);

/** One transaction, or a step of the one that is open. Takes everything back unless commit() was called. */
class WriteScope {
 public:
    /** Throws ReadOnly on a read-only connection. */
    explicit WriteScope(Connection& connection);
    WriteScope(const WriteScope&) = delete;
    WriteScope& operator=(const WriteScope&) = delete;
    ~WriteScope();
    void commit();

 private:
    Connection& m_db;
    bool m_nested;
    bool m_open = true;
};

/** The two halves of a scope; for Transaction, whose life is the caller's. */
void beginScope(Connection& db, bool nested);
void commitScope(Connection& db, bool nested);
void rollbackScope(Connection& db, bool nested) noexcept;

/** Error of any other exception: of JSON in the file that is none, of a folder that may not be looked into, or ours. */
Error explainOther(const std::exception& exception, const std::filesystem::path& path);

/** Turns what `body` throws into an Error: the edge of this module. */
template <typename Body>
auto guarded(const Connection& db, Body&& body) -> Result<std::invoke_result_t<Body>> {
    try {
        if constexpr (std::is_void_v<std::invoke_result_t<Body>>) {
            body();
            return {};
        } else {
            return body();
        }
    } catch (const Failure& failure) {
        return failure.error;
    } catch (const SQLite::Exception& exception) {
        return db.explain(exception);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "There is not enough memory.", db.path());
    } catch (const std::exception& exception) {
        return explainOther(exception, db.path());
    }
}

/** The same, as one transaction. */
template <typename Body>
auto guardedWrite(Connection& db, Body&& body) -> Result<std::invoke_result_t<Body>> {
    return guarded(db, [&] {
        WriteScope scope(db);
        if constexpr (std::is_void_v<std::invoke_result_t<Body>>) {
            body();
            scope.commit();
        } else {
            auto value = body();
            scope.commit();
            return value;
        }
    });
}

/** Error of an SQLite exception without a connection (it could not be opened). `systemError` is an errno or 0. */
Error explainCode(int extendedCode, int systemError, const std::string& message, const std::filesystem::path& path);

}  // namespace querent::store::sqlite

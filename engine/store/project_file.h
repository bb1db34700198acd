#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/store/tables/annotation_table.h"
#include "engine/store/tables/class_table.h"
#include "engine/store/tables/event_log.h"
#include "engine/store/tables/item_table.h"
#include "engine/store/tables/model_table.h"
#include "engine/store/tables/person_table.h"
#include "engine/store/tables/policy_table.h"
#include "engine/store/tables/prediction_table.h"
#include "engine/store/tables/round_table.h"
#include "engine/store/tables/source_table.h"
#include "engine/store/tables/truth_table.h"

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace querent::store::sqlite {
class Connection;
}

namespace querent::store {

/** From now on long questions to any project file of this process end with Cancelled once `token` asks for it. */
void stopLongQuestionsOn(const std::stop_token& token);

enum class Access {
    ReadWrite,
    ReadOnly,
    Unchecked,  // ReadWrite, but nothing may be written before accept()
    Repair,     // ReadWrite for a file that is not as it should be
    AsItIs,     // ReadOnly for such a file
};

/**
 * Several writes as one: all of them are on disk after commit(), none of them after anything else. Functions that are
 * one transaction by themselves (apply() and so on) become a step of it. On a read-only file it is one unmoving view.
 * Does not outlive its ProjectFile. Transactions nest: the inner ones take back their own part only.
 */
class Transaction {
 public:
    Transaction(Transaction&&) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();  // takes back what has not been committed

    Result<void> commit();

 private:
    friend class ProjectFile;
    explicit Transaction(sqlite::Connection& connection, bool nested);
    sqlite::Connection* m_connection;
    bool m_nested;
};

/**
 * The project file NAME.querent: one SQLite database, one connection. An instance belongs to one thread at a time;
 * other threads open their own, read-only. Every function that changes something is durable when it returns, and does
 * all of it or nothing. At most one instance is open for writing: see ProjectLock, which the owner takes first.
 *
 * The functions of the tables live in their own classes: file.items().rows(...), file.annotations().apply(...).
 *
 * Errors common to all functions: Locked (another program kept the file busy for 5 s), DiskFull, ReadOnly, Corrupt, Io.
 */
class ProjectFile {
 public:
    /** A new project; InvalidArgument when `path` exists. A crash leaves a whole project or none. */
    static Result<ProjectFile> create(const std::filesystem::path& path, const ProjectSettings& settings);

    /**
     * An existing project. Opening for writing brings an old schema up to date (after a verified backup beside the
     * file) and checks the whole file first when the last program did not close it.
     * NotFound: no such file. Malformed: not a database, or empty. Unsupported: a database of another program.
     * NewerVersion: its schema can no longer be opened by this program; or, read-only, it is older and not migrated
     * yet (Unsupported). ReadOnly: asked for writing where that is not allowed. Corrupt: damaged, or holding what no
     * Querent has written, with what was found; triggers and views of others are a reason not to write only.
     */
    static Result<ProjectFile> open(const std::filesystem::path& path, Access access);

    ProjectFile(ProjectFile&&) noexcept;
    ProjectFile& operator=(ProjectFile&&) noexcept;
    ~ProjectFile();  // marks the file as closed in good order

    /**
     * For Access::Unchecked, and nothing otherwise: checks the whole file (some hundred MB a second), then lets it be
     * written to. Corrupt, with what was found: it stays as it is, and can be read.
     */
    Result<void> accept();

    /** Where it is, links followed. */
    const std::filesystem::path& path() const;
    Access access() const;
    /** What somebody who opens it should know, one sentence each. */
    const std::vector<std::string>& remarks() const;
    /**
     * The name stands for another file by now, or for none: moved, removed or replaced by another program. Nothing more
     * is written then, every change is Io. What was written before is still here, to be read and copied.
     */
    bool displaced() const;
    /** Leaves no write-ahead log beside a file that has taken the name; does nothing while the file is in its place. */
    void leaveName();
    /** displaced(), and something was written since it was opened. */
    bool lostWrites() const;
    /** NAME.querent.d, made by the first who needs it: checkpoints, caches, backups, the lock. */
    std::filesystem::path sidecarFolder() const;

    Result<ProjectSettings> settings() const;
    Result<void> setSettings(const ProjectSettings& settings);

    Result<Transaction> begin();

    tables::ItemTable& items();
    tables::ClassTable& classes();
    tables::PersonTable& persons();
    tables::SourceTable& sources();
    tables::AnnotationTable& annotations();
    tables::EventLog& events();
    tables::TruthTable& truth();
    tables::RoundTable& rounds();
    tables::ModelTable& models();
    tables::PredictionTable& predictions();
    tables::PolicyTable& policies();

    /** A verified copy under a new name; replaces `target`, whole or not at all. Not within a Transaction. */
    Result<void> backupTo(const std::filesystem::path& target);
    /** A verified copy in NAME.querent.d/backups; the newest ten are kept. Returns its path. */
    Result<std::filesystem::path> backup();

    /** Opened for writing, and the last program that did so never closed it: killed, or the power failed. */
    bool afterUncleanEnd() const;
    /** What is wrong with the file, one sentence each; empty when all is well. Reads everything: seconds. */
    Result<std::vector<std::string>> check() const;
    /** Mends what can be mended without guessing (counters, indices, rows of nothing); says what it did. */
    Result<std::vector<std::string>> repair();

 private:
    struct Parts;
    explicit ProjectFile(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

}  // namespace querent::store

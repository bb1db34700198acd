#pragma once

#include "engine/core/annotation.h"
#include "engine/core/job.h"
#include "engine/core/raster.h"
#include "engine/core/records.h"
#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace querent::store {
class ProjectFile;
class ProjectLock;
}  // namespace querent::store

namespace querent::session::project {

enum class OpenMode {
    ReadWrite,   // an Error with code Locked when another program writes
    ReadOnly,    // never locks
    BestEffort,  // read-write where possible, otherwise read-only with holder() or openingProblems() telling why
    Repair,      // ReadWrite for a project that others refuse to write to, or to open at all
};

/** From now on long questions to any project of this process end with Cancelled once `token` asks for it. */
void stopLongQuestionsOn(const std::stop_token& token);

/**
 * An open project: what the window and the command line know of the project file.
 *
 * Reading functions use one connection behind a mutex and may be called from any thread; each takes well under a
 * millisecond but for those that say otherwise. Changes of annotations go to one writer thread by post(); everything
 * else that writes waits for its turn on that thread and returns when it is durable.
 * Owned by the caller; jobs that run in the background must end before it dies.
 */
class Project {
 public:
    static Result<std::unique_ptr<Project>> create(const std::filesystem::path& file, const ProjectSettings& settings,
                                                   const std::vector<std::string>& classes);
    static Result<std::unique_ptr<Project>> open(const std::filesystem::path& file, OpenMode mode);
    /** close(), whatever comes of it. */
    ~Project();
    Project(const Project&) = delete;
    Project& operator=(const Project&) = delete;

    /**
     * Waits for what was posted and for the automatic backup, and lets go of the file; nothing else may be called then.
     * Io when the file is not in its place any more and something was written to it.
     */
    Result<void> close();

    /** Links followed. */
    const std::filesystem::path& file() const;
    /** NAME.querent.d: checkpoints, thumbnails, caches, backups; everything but the backups can be rebuilt. */
    std::filesystem::path sidecar() const;
    bool readOnly() const;
    /**
     * Another program has moved, replaced or removed the file since it was opened. Then nothing is written any more,
     * every change is an Error; all that was written is still here, and saveAs() puts it elsewhere. After the answer
     * yes the writer's next step takes our log away from beside the other file; a long import may be before it, and
     * nobody waits for it here.
     */
    bool displaced() const;
    /** Who else writes to it; set only when that is why it is read-only. */
    const std::optional<LockHolder>& holder() const;
    /**
     * What was found at opening: by the check after an unclean end (the last program was killed, or the power failed),
     * by the quick check of any other file, or why it is open for reading only; empty when all is well.
     */
    std::vector<std::string> openingProblems() const;

    ProjectSettings settings() const;
    /** Reads, changes and writes the settings in one step of the writer thread: no two changes undo each other. */
    Result<void> changeSettings(const std::function<void(ProjectSettings&)>& change);

    // Classes. Ids are permanent; archiving keeps the annotations; merging moves them and archives the source.
    std::vector<ClassLabel> classes() const;
    Result<ClassId> addClass(const std::string& name);
    Result<void> renameClass(ClassId id, const std::string& name);
    Result<void> setClassColour(ClassId id, const std::string& colour);
    Result<void> archiveClass(ClassId id, bool archived);
    Result<void> mergeClasses(ClassId from, ClassId into);

    Result<PersonId> ensurePerson(const std::string& name);
    std::vector<Person> persons() const;

    // Items.
    Result<Item> item(ItemId id) const;
    std::vector<ItemRow> rows(const ItemFilter& filter, std::int64_t offset, std::int64_t limit) const;
    /** The rows of these items, in the order given; unknown ids are left out. */
    std::vector<ItemRow> rowsOf(std::span<const ItemId> items) const;
    /** All ids in the filter's order: 100,000 take some 50 ms; not for every key press. */
    std::vector<ItemId> ids(const ItemFilter& filter) const;
    std::int64_t count(const ItemFilter& filter) const;
    PoolCounts counts() const;
    Result<void> setSplit(const std::vector<ItemId>& items, Split split);
    /** Where the picture of an item is on disk; empty for an item without one. */
    std::filesystem::path picturePath(const Item& item) const;
    std::vector<Source> sources() const;
    /** Looks for a source's missing files below `folder`; the number found. Files are not touched. */
    Result<std::int64_t> relocate(SourceId source, const std::filesystem::path& folder, const Job& job);
    /** Marks items whose files are gone, and unmarks those that are back; the number missing. */
    Result<std::int64_t> findMissing(const Job& job);

    // Annotations.
    std::vector<Annotation> annotations(ItemId item) const;
    /** Predictions of the current model, best first. */
    std::vector<Prediction> predictions(ItemId item) const;
    /** The undo stack of an item, read from its log: at most `limit` of what can be undone, and of what can be redone.
     */
    UndoHistory undoHistory(ItemId item, std::size_t limit) const;
    /** A new permanent id; unique in this project for ever. Thread-safe. */
    AnnotationId newAnnotationId();
    /**
     * Queues an edit for the writer thread and returns at once. `done` is called on the writer thread when it is
     * durable, or with the error that kept it from being so: then nothing of it has been written. Edits are written
     * in the order in which they are posted; each is one transaction.
     */
    void post(Edit edit, std::function<void(Result<void>)> done = {});
    /** post(), waiting for the answer. */
    Result<void> apply(const Edit& edit);
    /** Waits until everything posted so far is durable. */
    void flush();

    // Rounds.
    std::vector<RoundRecord> rounds() const;
    /** The newest round that is not done; nothing before the first suggestion. */
    std::optional<RoundRecord> openRound() const;
    std::vector<QueryEntry> batch(RoundId round) const;
    /** The entry that asked for this item last. */
    std::optional<QueryEntry> queryOf(ItemId item) const;
    std::vector<ModelRecord> models() const;
    std::optional<ModelRecord> currentModel() const;
    Result<void> setCurrentModel(ModelId id);
    std::vector<Metric> metrics() const;
    std::vector<Throughput> throughput() const;

    /**
     * Why the automatic backup could not be made, in one sentence; empty while all is well. A backup is made in the
     * background when a project is opened for writing, the newest is a day old and something has changed since.
     * Waits for it only where asked to.
     */
    std::string backupProblem(bool wait = false) const;
    /** A verified copy among the automatic backups, now; its path. Slow, and holds nobody up: for worker threads. */
    Result<std::filesystem::path> backUp() const;
    /** A verified copy of the project file, made while others go on working. */
    Result<void> backupTo(const std::filesystem::path& file);
    /**
     * The whole project under another name: the file, `unsaved` edits that could not be written here, models and
     * policies; not the backups. Works for a project that is displaced, on a full disk or read-only. Sources that are
     * named relative to the file are found again. The file of that name is replaced, and only when all is there.
     * InvalidArgument for this project's own place; Locked when somebody has the other one open.
     * @return how many of `unsaved` could not be written, as they do not fit what is stored
     */
    Result<std::int64_t> saveAs(const std::filesystem::path& file, std::span<const Edit> unsaved);
    /** Integrity, orphans, counters, class order and missing files; one sentence a finding. Cancelled: what it has. */
    std::vector<std::string> check(const Job& job = {}) const;
    Result<std::vector<std::string>> repair();

    /**
     * The first picture of an item, or else its first sound as a coloured spectrogram, at most 256 pixels on its longer
     * side; slow when it is not cached yet. NotFound for an item of texts alone.
     */
    Result<Raster> thumbnail(const Item& item) const;
    /** The item's picture decoded for a view of `wanted` pixels (0 = full size). Slow: for worker threads. */
    Result<Raster> picture(const Item& item, Size wanted) const;

    /** For this module: runs `work` on the writer thread with the writing connection, and waits. */
    Result<void> write(const std::function<Result<void>(store::ProjectFile&)>& work);
    /** For this module: runs `work` with the reading connection. */
    void read(const std::function<void(store::ProjectFile&)>& work) const;

 private:
    struct State;
    explicit Project(std::unique_ptr<State> state);
    static Result<std::unique_ptr<Project>> connect(const std::filesystem::path& file, OpenMode mode);
    static Result<void> openWriter(State& state, OpenMode mode);
    static void addProblem(State& state, const std::string& sentence);
    std::unique_ptr<State> m_state;
};

}  // namespace querent::session::project

namespace querent::session {
/** What the whole session speaks of, and whoever uses it. */
using project::Project;
}  // namespace querent::session

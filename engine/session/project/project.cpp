#include "engine/session/project/project.h"

#include "engine/session/logbook/logbook.h"
#include "engine/session/project/project_internal.h"
#include "engine/store/backups.h"

#include <chrono>
#include <ctime>
#include <utility>

namespace querent::session::project {
namespace {

constexpr int kThumbnailEdge = 256;
constexpr std::int64_t kThumbnailBytes = std::int64_t{512} << 20;
constexpr std::uintmax_t kCheckedAtOnce = std::uintmax_t{64} << 20;  // bytes: a fraction of a second

Error readOnlyError(const std::filesystem::path& file) {
    return fail(ErrorCode::ReadOnly, "The project is open for reading only.", file);
}

// What does not keep a project from being read.
bool readable(ErrorCode code) {
    return code == ErrorCode::ReadOnly || code == ErrorCode::Corrupt || code == ErrorCode::DiskFull;
}

// The lock, or why there is none; with BestEffort a lock that cannot be had is no error.
Result<std::optional<store::ProjectLock>> lockFor(const std::filesystem::path& file, OpenMode mode,
                                                  std::vector<std::string>& problems) {
    if (mode == OpenMode::ReadOnly) return std::optional<store::ProjectLock>();
    Result<store::ProjectLock> lock = store::ProjectLock::acquire(file);
    if (lock) return std::optional<store::ProjectLock>(std::move(lock).value());
    if (mode != OpenMode::BestEffort) return lock.error();
    const ErrorCode code = lock.error().code;
    // Under two names SQLite has two logs of one file: what is read under the other name is not what is there.
    const bool otherName = code == ErrorCode::Locked && !store::ProjectLock::holder(file);
    if (otherName || (code != ErrorCode::Locked && !readable(code))) return lock.error();
    if (code == ErrorCode::DiskFull) problems.push_back(lock.error().sentence);
    return std::optional<store::ProjectLock>();
}

std::string automaticBackup(const std::filesystem::path& file) {
    const auto made = store::backupIfDue(file);
    return made || made.error().code == ErrorCode::Cancelled ? std::string() : made.error().text();
}

}  // namespace

void Project::addProblem(State& state, const std::string& sentence) {
    const std::lock_guard lock(state.problemsMutex);
    state.openingProblems.push_back(sentence);
}

// The writing connection, after a look at what a program that never came to its end has left behind.
Result<void> Project::openWriter(State& state, OpenMode mode) {
    const bool repair = mode == OpenMode::Repair;
    Result<store::ProjectFile> opened =
        store::ProjectFile::open(state.file, repair ? store::Access::Repair : store::Access::Unchecked);
    std::error_code error;
    const bool large = std::filesystem::file_size(state.file, error) > kCheckedAtOnce;
    std::optional<Error> why;
    if (!opened) {
        why = opened.error();
    } else if (!large) {
        if (const auto accepted = opened->accept(); !accepted) why = accepted.error();
    }
    if (why) {
        if (mode != OpenMode::BestEffort || !readable(why->code)) return *why;
        // A damaged file is not written to any more; what can still be read is shown, with the way to a backup.
        if (why->code != ErrorCode::ReadOnly) addProblem(state, why->sentence);
        state.lock.reset();
        return {};
    }
    if (opened->afterUncleanEnd() && !repair) state.openingProblems = valueOr(opened->check());
    for (const std::string& remark : opened->remarks())
        addProblem(state, remark);
    const auto next = opened->annotations().nextId();
    if (!next) return next.error();
    state.lastAnnotation = next->value;
    state.writer = std::make_unique<WriteQueue>(std::make_unique<store::ProjectFile>(std::move(opened).value()));
    // Nothing is written before it; what is posted meanwhile waits, and nobody else does.
    if (large)
        state.writer->post([&state](store::ProjectFile& file) {
            if (const auto accepted = file.accept(); !accepted) addProblem(state, accepted.error().sentence);
        });
    return {};
}

void stopLongQuestionsOn(const std::stop_token& token) {
    store::stopLongQuestionsOn(token);
}

Project::Project(std::unique_ptr<State> state) : m_state(std::move(state)) {}

// The writer's connection is the last to close: it alone can fold the write-ahead log into the file, so that the file
// is whole by itself when the project is closed.
Result<void> Project::close() {
    if (!m_state->reader) return {};
    backupProblem(true);
    Result<void> answer;
    if (m_state->writer) {
        answer = m_state->writer->run([](store::ProjectFile& file) -> Result<void> {
            if (!file.lostWrites()) return {};
            return fail(ErrorCode::Io,
                        "Another program has moved, replaced or removed the project file; what was saved since it was "
                        "opened is not in the file that is there now.",
                        file.path());
        });
    }
    m_state->reader.reset();
    m_state->writer.reset();
    m_state->lock.reset();  // last: until here another writer could meet ours
    return answer;
}

Project::~Project() {
    if (const auto closed = close(); !closed) return;  // who wants to know has called it
}

Result<std::unique_ptr<Project>> Project::create(const std::filesystem::path& file, const ProjectSettings& settings,
                                                 const std::vector<std::string>& classes) {
    {
        Result<store::ProjectFile> created = store::ProjectFile::create(file, settings);
        if (!created) return created.error();
        for (const std::string& name : classes) {
            if (const auto added = created->classes().add(name); !added) return added.error();
        }
    }
    return connect(file, OpenMode::ReadWrite);
}

Result<std::unique_ptr<Project>> Project::open(const std::filesystem::path& file, OpenMode mode) {
    auto project = connect(file, mode);
    if (!project) return project;
    // A thread of its own with a connection of its own: neither the window nor the writer waits for the copy.
    State& state = *(*project)->m_state;
    if (state.writer) state.backup = std::async(std::launch::async, automaticBackup, state.file);
    return project;
}

Result<std::unique_ptr<Project>> Project::connect(const std::filesystem::path& file, OpenMode mode) {
    auto state = std::make_unique<State>();
    state->file = store::realPathOf(std::filesystem::absolute(file));
    std::error_code ignored;
    if (!std::filesystem::exists(state->file, ignored) && !store::restoreWasBegun(state->file)) {
        return fail(ErrorCode::NotFound, "There is no such project file.", file);
    }
    if (std::filesystem::exists(state->file, ignored) && !std::filesystem::is_regular_file(state->file, ignored))
        return fail(ErrorCode::InvalidArgument, "A project is a file, and this is none.", file);
    const bool unfinished = store::restoreWasBegun(state->file);
    Result<std::optional<store::ProjectLock>> lock = lockFor(state->file, mode, state->openingProblems);
    if (lock && *lock && unfinished) {
        store::finishWhatWasBegun(state->file);
        *lock = std::nullopt;  // it may be that of the file that had the name
        lock = lockFor(state->file, mode, state->openingProblems);
    }
    if (!lock) return lock.error();
    state->lock = std::move(lock).value();
    if (state->lock) {
        store::finishWhatWasBegun(state->file);
        if (const auto opened = openWriter(*state, mode); !opened) return opened.error();
    } else if (mode == OpenMode::BestEffort) {
        state->holder = store::ProjectLock::holder(state->file);
    }
    Result<store::ProjectFile> reading = store::ProjectFile::open(
        state->file, mode == OpenMode::Repair ? store::Access::AsItIs : store::Access::ReadOnly);
    if (!reading) return reading.error();
    state->reader = std::make_unique<store::ProjectFile>(std::move(reading).value());
    state->sidecar = state->reader->sidecarFolder();
    state->thumbnails =
        std::make_unique<media::ThumbnailCache>(state->sidecar / "thumbnails", kThumbnailEdge, kThumbnailBytes);
    return std::unique_ptr<Project>(new Project(std::move(state)));
}

const std::filesystem::path& Project::file() const {
    return m_state->file;
}
std::filesystem::path Project::sidecar() const {
    return m_state->sidecar;
}
bool Project::readOnly() const {
    return !m_state->writer;
}
bool Project::displaced() const {
    bool displaced = false;
    read([&](store::ProjectFile& file) { displaced = file.displaced(); });
    // At the writer's next step: who opens the other file would play our log back into it.
    if (displaced && m_state->writer && !m_state->leaving.exchange(true))
        m_state->writer->post([](store::ProjectFile& file) { file.leaveName(); });
    return displaced;
}
const std::optional<LockHolder>& Project::holder() const {
    return m_state->holder;
}

Result<void> Project::write(const std::function<Result<void>(store::ProjectFile&)>& work) {
    if (readOnly()) return readOnlyError(m_state->file);
    return m_state->writer->run(work);
}

void Project::read(const std::function<void(store::ProjectFile&)>& work) const {
    const std::lock_guard lock(m_state->readMutex);
    work(*m_state->reader);
}

Result<void> Project::changeSettings(const std::function<void(ProjectSettings&)>& change) {
    return write([&](store::ProjectFile& file) -> Result<void> {
        Result<ProjectSettings> settings = file.settings();
        if (!settings) return settings.error();
        change(*settings);
        return file.setSettings(*settings);
    });
}

Result<ClassId> Project::addClass(const std::string& name) {
    ClassId id;
    const Result<void> done = write([&](store::ProjectFile& file) -> Result<void> {
        const auto added = file.classes().add(name);
        if (!added) return added.error();
        id = *added;
        return {};
    });
    if (!done) return done.error();
    return id;
}

Result<void> Project::renameClass(ClassId id, const std::string& name) {
    return write([&](store::ProjectFile& file) { return file.classes().rename(id, name); });
}

Result<void> Project::setClassColour(ClassId id, const std::string& colour) {
    return write([&](store::ProjectFile& file) { return file.classes().setColour(id, colour); });
}

Result<void> Project::archiveClass(ClassId id, bool archived) {
    return write([&](store::ProjectFile& file) { return file.classes().setArchived(id, archived); });
}

Result<void> Project::mergeClasses(ClassId from, ClassId into) {
    return write([&](store::ProjectFile& file) -> Result<void> {
        const auto merged = file.classes().merge(from, into, PersonId());
        if (!merged) return merged.error();
        return {};
    });
}

Result<PersonId> Project::ensurePerson(const std::string& name) {
    PersonId id;
    const Result<void> done = write([&](store::ProjectFile& file) -> Result<void> {
        const auto ensured = file.persons().ensure(name);
        if (!ensured) return ensured.error();
        id = *ensured;
        return {};
    });
    if (!done) return done.error();
    return id;
}

Result<void> Project::setSplit(const std::vector<ItemId>& items, Split split) {
    return write([&](store::ProjectFile& file) { return file.items().setSplit(items, split); });
}

Result<void> Project::setCurrentModel(ModelId id) {
    return write([&](store::ProjectFile& file) { return file.models().setCurrent(id); });
}

AnnotationId Project::newAnnotationId() {
    return AnnotationId(++m_state->lastAnnotation);
}

void Project::post(Edit edit, std::function<void(Result<void>)> done) {
    if (readOnly()) {
        if (done) done(readOnlyError(m_state->file));
        return;
    }
    m_state->writer->post([edit = std::move(edit), done = std::move(done)](store::ProjectFile& file) {
        const auto written = file.annotations().apply(edit);
        if (!done) return;
        if (written) {
            done({});
        } else {
            done(written.error());
        }
    });
}

Result<void> Project::apply(const Edit& edit) {
    return write([&](store::ProjectFile& file) -> Result<void> {
        const auto written = file.annotations().apply(edit);
        if (!written) return written.error();
        return {};
    });
}

void Project::flush() {
    if (m_state->writer) m_state->writer->flush();
}

std::string Project::backupProblem(bool wait) const {
    const std::lock_guard lock(m_state->backupMutex);
    std::future<std::string>& backup = m_state->backup;
    if (wait && backup.valid()) backup.wait();
    if (backup.valid() && backup.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
        m_state->backupProblem = backup.get();
    return m_state->backupProblem;
}

Result<std::filesystem::path> Project::backUp() const {
    if (readOnly()) return fail(ErrorCode::ReadOnly, "The project is open for reading only.", m_state->file);
    m_state->writer->flush();
    return store::backUpNow(m_state->file);
}

Result<void> Project::backupTo(const std::filesystem::path& target) {
    return write([&](store::ProjectFile& file) { return file.backupTo(target); });
}

Result<std::vector<std::string>> Project::repair() {
    std::vector<std::string> mended;
    const Result<void> done = write([&](store::ProjectFile& file) -> Result<void> {
        auto repaired = file.repair();
        if (!repaired) return repaired.error();
        mended = std::move(repaired).value();
        return {};
    });
    if (!done) return done.error();
    return mended;
}

}  // namespace querent::session::project

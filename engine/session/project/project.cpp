#include "engine/session/project/project.h"

#include "engine/session/project/project_internal.h"
#include "engine/store/backups.h"

#include <chrono>
#include <ctime>
#include <utility>

namespace querent::session::project {
namespace {

constexpr int kThumbnailEdge = 256;
constexpr std::int64_t kThumbnailBytes = std::int64_t{512} << 20;

Error readOnlyError(const std::filesystem::path& file) {
    return fail(ErrorCode::ReadOnly, "The project is open for reading only.", file);
}

// The lock, or why there is none; with BestEffort a lock that cannot be had is no error.
Result<std::optional<store::ProjectLock>> lockFor(const std::filesystem::path& file, OpenMode mode) {
    if (mode == OpenMode::ReadOnly) return std::optional<store::ProjectLock>();
    Result<store::ProjectLock> lock = store::ProjectLock::acquire(file);
    if (lock) return std::optional<store::ProjectLock>(std::move(lock).value());
    const ErrorCode code = lock.error().code;
    if (mode == OpenMode::BestEffort && (code == ErrorCode::Locked || code == ErrorCode::ReadOnly)) {
        return std::optional<store::ProjectLock>();
    }
    return lock.error();
}

std::string automaticBackup(const std::filesystem::path& file) {
    const auto made = store::backupIfDue(file);
    return made ? std::string() : made.error().text();
}

}  // namespace

// The writing connection, after a look at what a program that never came to its end has left behind.
Result<void> Project::openWriter(State& state, OpenMode mode) {
    Result<store::ProjectFile> opened = store::ProjectFile::open(state.file, store::Access::ReadWrite);
    if (!opened) {
        const ErrorCode code = opened.error().code;
        const bool readable = code == ErrorCode::ReadOnly || code == ErrorCode::Corrupt;
        if (mode == OpenMode::ReadWrite || !readable) return opened.error();
        // A damaged file is not written to any more; what can still be read is shown, with the way to a backup.
        if (code == ErrorCode::Corrupt) state.openingProblems.push_back(opened.error().sentence);
        state.lock.reset();
        return {};
    }
    if (opened->afterUncleanEnd()) state.openingProblems = valueOr(opened->check());
    const auto next = opened->annotations().nextId();
    if (!next) return next.error();
    state.lastAnnotation = next->value;
    state.writer = std::make_unique<WriteQueue>(std::make_unique<store::ProjectFile>(std::move(opened).value()));
    return {};
}

Project::Project(std::unique_ptr<State> state) : m_state(std::move(state)) {}

// The writer's connection is the last to close: it alone can fold the write-ahead log into the file, so that the file
// is whole by itself when the project is closed.
Project::~Project() {
    if (m_state->backup.valid()) m_state->backup.wait();
    if (m_state->writer) m_state->writer->flush();
    m_state->reader.reset();
    m_state->writer.reset();
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
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) {
        return fail(ErrorCode::NotFound, "There is no such project file.", file);
    }
    auto state = std::make_unique<State>();
    state->file = std::filesystem::absolute(file, ignored).lexically_normal();
    Result<std::optional<store::ProjectLock>> lock = lockFor(file, mode);
    if (!lock) return lock.error();
    state->lock = std::move(lock).value();
    if (state->lock) {
        if (const auto opened = openWriter(*state, mode); !opened) return opened.error();
    } else if (mode == OpenMode::BestEffort) {
        state->holder = store::ProjectLock::holder(file);
    }
    Result<store::ProjectFile> reading = store::ProjectFile::open(state->file, store::Access::ReadOnly);
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

std::string Project::backupProblem() const {
    const std::lock_guard lock(m_state->readMutex);
    std::future<std::string>& backup = m_state->backup;
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

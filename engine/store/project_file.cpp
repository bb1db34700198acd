#include "engine/store/project_file.h"

#include "engine/store/backups.h"
#include "engine/store/file_check.h"
#include "engine/store/open_project.h"
#include "engine/store/sqlite/connection.h"
#include "engine/store/sqlite/verified_copy.h"
#include "engine/store/tables/settings_json.h"

namespace querent::store {

namespace fs = std::filesystem;

struct ProjectFile::Parts {
    Parts(fs::path p, Access a, std::unique_ptr<Connection> connection)
        : path(std::move(p)), access(a), db(std::move(connection)), sources(*db, fs::absolute(path).parent_path()) {}
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;
    ~Parts() { closeConnection(*db); }

    fs::path path;
    Access access;
    std::unique_ptr<Connection> db;
    ItemTable items{*db};
    ClassTable classes{*db};
    PersonTable persons{*db};
    SourceTable sources;
    AnnotationTable annotations{*db};
    EventLog events{*db};
    TruthTable truth{*db};
    RoundTable rounds{*db};
    ModelTable models{*db};
    PredictionTable predictions{*db};
    PolicyTable policies{*db};
};

Transaction::Transaction(Connection& connection, bool nested) : m_connection(&connection), m_nested(nested) {}
Transaction::Transaction(Transaction&& other) noexcept
    : m_connection(std::exchange(other.m_connection, nullptr)), m_nested(other.m_nested) {}

Transaction::~Transaction() {
    if (m_connection != nullptr) rollbackScope(*m_connection, m_nested);
}

Result<void> Transaction::commit() {
    Result<void> done = guarded(*m_connection, [&] { commitScope(*m_connection, m_nested); });
    if (done) m_connection = nullptr;
    return done;
}

ProjectFile::ProjectFile(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}
ProjectFile::ProjectFile(ProjectFile&&) noexcept = default;
ProjectFile& ProjectFile::operator=(ProjectFile&&) noexcept = default;
ProjectFile::~ProjectFile() = default;

Result<ProjectFile> ProjectFile::create(const fs::path& path, const ProjectSettings& settings) {
    try {
        createProject(path, settings);
    } catch (const Failure& failure) {
        return failure.error;
    }
    return open(path, Access::ReadWrite);
}

Result<ProjectFile> ProjectFile::open(const fs::path& path, Access access) {
    try {
        auto connection = openConnection(path, access, builtInMigrations());
        return ProjectFile(std::make_unique<Parts>(path, access, std::move(connection)));
    } catch (const Failure& failure) {
        return failure.error;
    } catch (const std::exception& exception) {
        return fail(ErrorCode::Internal, std::string("Unexpected: ") + exception.what(), path);
    }
}

const fs::path& ProjectFile::path() const {
    return m_parts->path;
}
Access ProjectFile::access() const {
    return m_parts->access;
}
fs::path ProjectFile::sidecarFolder() const {
    return sidecarFolderOf(m_parts->path);
}

Result<ProjectSettings> ProjectFile::settings() const {
    return guarded(*m_parts->db, [&] { return settingsFromJson(m_parts->db->meta("settings").value_or("{}")); });
}

Result<void> ProjectFile::setSettings(const ProjectSettings& settings) {
    return guardedWrite(*m_parts->db, [&] { m_parts->db->setMeta("settings", settingsToJson(settings)); });
}

Result<Transaction> ProjectFile::begin() {
    return guarded(*m_parts->db, [&] {
        const bool nested = m_parts->db->inTransaction();
        beginScope(*m_parts->db, nested);
        return Transaction(*m_parts->db, nested);
    });
}

ItemTable& ProjectFile::items() {
    return m_parts->items;
}
ClassTable& ProjectFile::classes() {
    return m_parts->classes;
}
PersonTable& ProjectFile::persons() {
    return m_parts->persons;
}
SourceTable& ProjectFile::sources() {
    return m_parts->sources;
}
AnnotationTable& ProjectFile::annotations() {
    return m_parts->annotations;
}
EventLog& ProjectFile::events() {
    return m_parts->events;
}
TruthTable& ProjectFile::truth() {
    return m_parts->truth;
}
RoundTable& ProjectFile::rounds() {
    return m_parts->rounds;
}
ModelTable& ProjectFile::models() {
    return m_parts->models;
}
PredictionTable& ProjectFile::predictions() {
    return m_parts->predictions;
}
PolicyTable& ProjectFile::policies() {
    return m_parts->policies;
}

Result<void> ProjectFile::backupTo(const fs::path& target) {
    return guarded(*m_parts->db, [&] { verifiedCopy(*m_parts->db, target); });
}

Result<fs::path> ProjectFile::backup() {
    return guarded(*m_parts->db, [&] { return makeBackup(*m_parts->db, path()); });
}

bool ProjectFile::afterUncleanEnd() const {
    return m_parts->db->afterUncleanEnd();
}

Result<std::vector<std::string>> ProjectFile::check() const {
    return guarded(*m_parts->db, [&] { return checkFile(*m_parts->db); });
}

Result<std::vector<std::string>> ProjectFile::repair() {
    return guarded(*m_parts->db, [&] { return repairFile(*m_parts->db); });
}

}  // namespace querent::store

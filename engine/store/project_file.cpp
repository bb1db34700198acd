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
    Parts(fs::path p, Access a, std::unique_ptr<sqlite::Connection> connection)
        : path(std::move(p)), access(a), db(std::move(connection)), sources(*db, fs::absolute(path).parent_path()) {}
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;
    ~Parts() { closeConnection(*db); }

    fs::path path;
    Access access;
    std::unique_ptr<sqlite::Connection> db;
    tables::ItemTable items{*db};
    tables::ClassTable classes{*db};
    tables::PersonTable persons{*db};
    tables::SourceTable sources;
    tables::AnnotationTable annotations{*db};
    tables::EventLog events{*db};
    tables::TruthTable truth{*db};
    tables::RoundTable rounds{*db};
    tables::ModelTable models{*db};
    tables::PredictionTable predictions{*db};
    tables::PolicyTable policies{*db};
};

void stopLongQuestionsOn(const std::stop_token& token) {
    sqlite::stopLongStatementsOn(token);
}

Transaction::Transaction(sqlite::Connection& connection, bool nested) : m_connection(&connection), m_nested(nested) {}
Transaction::Transaction(Transaction&& other) noexcept
    : m_connection(std::exchange(other.m_connection, nullptr)), m_nested(other.m_nested) {}

Transaction::~Transaction() {
    if (m_connection != nullptr) sqlite::rollbackScope(*m_connection, m_nested);
}

Result<void> Transaction::commit() {
    Result<void> done = sqlite::guarded(*m_connection, [&] { sqlite::commitScope(*m_connection, m_nested); });
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
    } catch (const sqlite::Failure& failure) {
        return failure.error;
    }
    return open(path, Access::ReadWrite);
}

Result<ProjectFile> ProjectFile::open(const fs::path& path, Access access) {
    try {
        auto connection = openConnection(path, access, builtInMigrations());
        return ProjectFile(std::make_unique<Parts>(connection->path(), access, std::move(connection)));
    } catch (const sqlite::Failure& failure) {
        return failure.error;
    } catch (const std::exception& exception) {
        return sqlite::explainOther(exception, path);
    }
}

Result<void> ProjectFile::accept() {
    return sqlite::guarded(*m_parts->db, [&] { acceptConnection(*m_parts->db); });
}

const fs::path& ProjectFile::path() const {
    return m_parts->path;
}
Access ProjectFile::access() const {
    return m_parts->access;
}
const std::vector<std::string>& ProjectFile::remarks() const {
    return m_parts->db->remarks();
}
bool ProjectFile::displaced() const {
    return m_parts->db->displaced();
}
void ProjectFile::leaveName() {
    if (m_parts->db->displaced()) m_parts->db->abandon();
}
bool ProjectFile::lostWrites() const {
    return m_parts->db->commits() > 0 && m_parts->db->displaced();
}
fs::path ProjectFile::sidecarFolder() const {
    return sidecarFolderOf(m_parts->path);
}

Result<ProjectSettings> ProjectFile::settings() const {
    return sqlite::guarded(*m_parts->db,
                           [&] { return tables::settingsFromJson(m_parts->db->meta("settings").value_or("{}")); });
}

Result<void> ProjectFile::setSettings(const ProjectSettings& settings) {
    return sqlite::guardedWrite(*m_parts->db,
                                [&] { m_parts->db->setMeta("settings", tables::settingsToJson(settings)); });
}

Result<Transaction> ProjectFile::begin() {
    return sqlite::guarded(*m_parts->db, [&] {
        const bool nested = m_parts->db->inTransaction();
        sqlite::beginScope(*m_parts->db, nested);
        return Transaction(*m_parts->db, nested);
    });
}

tables::ItemTable& ProjectFile::items() {
    return m_parts->items;
}
tables::ClassTable& ProjectFile::classes() {
    return m_parts->classes;
}
tables::PersonTable& ProjectFile::persons() {
    return m_parts->persons;
}
tables::SourceTable& ProjectFile::sources() {
    return m_parts->sources;
}
tables::AnnotationTable& ProjectFile::annotations() {
    return m_parts->annotations;
}
tables::EventLog& ProjectFile::events() {
    return m_parts->events;
}
tables::TruthTable& ProjectFile::truth() {
    return m_parts->truth;
}
tables::RoundTable& ProjectFile::rounds() {
    return m_parts->rounds;
}
tables::ModelTable& ProjectFile::models() {
    return m_parts->models;
}
tables::PredictionTable& ProjectFile::predictions() {
    return m_parts->predictions;
}
tables::PolicyTable& ProjectFile::policies() {
    return m_parts->policies;
}

Result<void> ProjectFile::backupTo(const fs::path& target) {
    return sqlite::guarded(*m_parts->db, [&] { sqlite::verifiedCopy(*m_parts->db, target); });
}

Result<fs::path> ProjectFile::backup() {
    return sqlite::guarded(*m_parts->db, [&] { return makeBackup(*m_parts->db, path()); });
}

bool ProjectFile::afterUncleanEnd() const {
    return m_parts->db->afterUncleanEnd();
}

Result<std::vector<std::string>> ProjectFile::check() const {
    return sqlite::guarded(*m_parts->db, [&] { return checkFile(*m_parts->db); });
}

Result<std::vector<std::string>> ProjectFile::repair() {
    return sqlite::guarded(*m_parts->db, [&] { return repairFile(*m_parts->db); });
}

}  // namespace querent::store

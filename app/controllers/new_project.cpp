#include "app/controllers/new_project.h"

#include "engine/session/project/project.h"

#include <QCoreApplication>

#include <set>
#include <system_error>

namespace querent::app::controllers {
namespace {

QString translate(const char* text) {
    return QCoreApplication::translate("NewProject", text);
}

void removeProject(const std::filesystem::path& file) {
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
        std::filesystem::path part = file;
        part += suffix;
        std::filesystem::remove(part, ignored);
    }
    std::filesystem::path sidecar = file;
    sidecar += ".d";
    std::filesystem::remove_all(sidecar, ignored);
}

Result<session::transfer::ImportReport> createAndImport(const NewProjectPlan& plan, const Job& job) {
    auto project = session::project::Project::create(plan.file, plan.settings, plan.classes);
    if (!project) return project.error();
    if (plan.data.from.empty()) return session::transfer::ImportReport{};
    return session::transfer::importInto(**project, plan.data, job);
}

}  // namespace

Result<session::transfer::ImportReport> createProject(const NewProjectPlan& plan, const Job& job) {
    std::error_code error;
    if (std::filesystem::exists(plan.file, error)) {
        return fail(ErrorCode::InvalidArgument, translate("There is a file of this name already.").toStdString(),
                    plan.file);
    }
    if (plan.file.has_parent_path()) std::filesystem::create_directories(plan.file.parent_path(), error);
    if (error) {
        return fail(
            ErrorCode::Io,
            translate("The folder cannot be made: %1.").arg(QString::fromStdString(error.message())).toStdString(),
            plan.file.parent_path());
    }
    auto report = createAndImport(plan, job);
    if (!report) removeProject(plan.file);
    return report;
}

QString planProblem(const NewProjectPlan& plan) {
    std::error_code error;
    if (plan.settings.name.empty()) return translate("The project needs a name.");
    if (plan.file.empty()) return translate("Choose a place for the project.");
    if (std::filesystem::exists(plan.file, error)) return translate("There is a project of this name in this place.");
    if (!plan.data.from.empty() && !std::filesystem::exists(plan.data.from, error)) {
        return translate("There is nothing at the place of the data: check the path.");
    }
    if (plan.settings.media.empty()) return translate("Choose what an item has: pictures, sounds or texts.");
    std::set<std::string> names;
    for (const std::string& name : plan.classes) {
        if (!names.insert(name).second) {
            return translate("The class “%1” is listed twice.").arg(QString::fromStdString(name));
        }
    }
    if (plan.settings.holdoutShare + plan.settings.testShare >= 0.9) {
        return translate("Validation and test together leave too little to label.");
    }
    return {};
}

}  // namespace querent::app::controllers

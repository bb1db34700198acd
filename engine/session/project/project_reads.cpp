#include "engine/session/project/project.h"
#include "engine/session/project/project_internal.h"

#include <algorithm>

namespace querent::session::project {
namespace {

// Reads through a table function that returns Result<T>; what cannot be read comes back empty.
template <typename T, typename Read>
T readOr(const Project& project, Read read) {
    T value{};
    project.read([&](store::ProjectFile& file) { value = valueOr<T>(read(file)); });
    return value;
}

}  // namespace

std::vector<std::string> Project::openingProblems() const {
    const std::lock_guard lock(m_state->problemsMutex);
    return m_state->openingProblems;
}

ProjectSettings Project::settings() const {
    return readOr<ProjectSettings>(*this, [](store::ProjectFile& file) { return file.settings(); });
}

std::vector<ClassLabel> Project::classes() const {
    return readOr<std::vector<ClassLabel>>(*this, [](store::ProjectFile& file) { return file.classes().list(); });
}

std::vector<Person> Project::persons() const {
    return readOr<std::vector<Person>>(*this, [](store::ProjectFile& file) { return file.persons().list(); });
}

Result<Item> Project::item(ItemId id) const {
    std::optional<Result<Item>> found;
    read([&](store::ProjectFile& file) { found = file.items().item(id); });
    return *found;
}

std::vector<ItemRow> Project::rows(const ItemFilter& filter, std::int64_t offset, std::int64_t limit) const {
    return readOr<std::vector<ItemRow>>(
        *this, [&](store::ProjectFile& file) { return file.items().rows(filter, offset, limit); });
}

std::vector<ItemRow> Project::rowsOf(std::span<const ItemId> items) const {
    return readOr<std::vector<ItemRow>>(*this, [&](store::ProjectFile& file) { return file.items().rows(items); });
}

std::vector<ItemId> Project::ids(const ItemFilter& filter) const {
    return readOr<std::vector<ItemId>>(*this, [&](store::ProjectFile& file) { return file.items().rowIds(filter); });
}

std::int64_t Project::count(const ItemFilter& filter) const {
    return readOr<std::int64_t>(*this, [&](store::ProjectFile& file) { return file.items().count(filter); });
}

PoolCounts Project::counts() const {
    return readOr<PoolCounts>(*this, [](store::ProjectFile& file) { return file.items().counts(); });
}

std::vector<Source> Project::sources() const {
    return readOr<std::vector<Source>>(*this, [](store::ProjectFile& file) { return file.sources().list(); });
}

std::vector<Annotation> Project::annotations(ItemId item) const {
    return readOr<std::vector<Annotation>>(*this,
                                           [&](store::ProjectFile& file) { return file.annotations().of(item); });
}

std::vector<Prediction> Project::predictions(ItemId item) const {
    std::vector<Prediction> found;
    read([&](store::ProjectFile& file) {
        const auto model = valueOr(file.models().current());
        if (model) found = valueOr(file.predictions().of(item, model->id));
    });
    return found;
}

UndoHistory Project::undoHistory(ItemId item, std::size_t limit) const {
    return readOr<UndoHistory>(*this, [&](store::ProjectFile& file) { return file.events().undoHistory(item, limit); });
}

std::vector<RoundRecord> Project::rounds() const {
    return readOr<std::vector<RoundRecord>>(*this, [](store::ProjectFile& file) { return file.rounds().list(); });
}

std::optional<RoundRecord> Project::openRound() const {
    auto latest =
        readOr<std::optional<RoundRecord>>(*this, [](store::ProjectFile& file) { return file.rounds().latest(); });
    if (latest && latest->step == RoundStep::Done) return std::nullopt;
    return latest;
}

std::vector<QueryEntry> Project::batch(RoundId round) const {
    return readOr<std::vector<QueryEntry>>(*this,
                                           [&](store::ProjectFile& file) { return file.rounds().queries(round); });
}

std::optional<QueryEntry> Project::queryOf(ItemId item) const {
    const auto all = rounds();
    for (auto round = all.rbegin(); round != all.rend(); ++round) {
        for (QueryEntry& entry : batch(round->id)) {
            if (entry.item == item) return entry;
        }
    }
    return std::nullopt;
}

std::vector<ModelRecord> Project::models() const {
    return readOr<std::vector<ModelRecord>>(*this, [](store::ProjectFile& file) { return file.models().list(); });
}

std::optional<ModelRecord> Project::currentModel() const {
    return readOr<std::optional<ModelRecord>>(*this, [](store::ProjectFile& file) { return file.models().current(); });
}

std::vector<Metric> Project::metrics() const {
    return readOr<std::vector<Metric>>(*this, [](store::ProjectFile& file) { return file.models().metrics(); });
}

std::vector<Throughput> Project::throughput() const {
    return readOr<std::vector<Throughput>>(*this, [](store::ProjectFile& file) { return file.events().throughput(); });
}

}  // namespace querent::session::project

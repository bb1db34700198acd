#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"

#include <optional>
#include <span>
#include <vector>

namespace querent::store::sqlite {
class Connection;
}

namespace querent::store::tables {

/** Trained models and their measured numbers. Owned by ProjectFile. */
class ModelTable {
 public:
    explicit ModelTable(sqlite::Connection& connection) : m_db(connection) {}

    /** `model.id` is ignored, an empty createdUtc becomes now. A model that is current replaces the current one. */
    Result<ModelId> add(const ModelRecord& model);
    /** By id: oldest first. */
    Result<std::vector<ModelRecord>> list() const;
    Result<ModelRecord> get(ModelId id) const;
    Result<std::optional<ModelRecord>> current() const;
    /** An invalid id: none is current. */
    Result<void> setCurrent(ModelId id);

    /** Replaces numbers of the same model, split, name and class. */
    Result<void> addMetrics(std::span<const Metric> metrics);
    Result<std::vector<Metric>> metrics(ModelId model) const;
    Result<std::vector<Metric>> metrics() const;

 private:
    sqlite::Connection& m_db;
};

}  // namespace querent::store::tables

#include "engine/store/tables/model_table.h"

#include "engine/core/utc.h"
#include "engine/store/sqlite/connection.h"

#include <limits>
#include <string>

namespace querent::store::tables {
namespace {

constexpr const char* kModelColumns = "id, round, checkpoint, config, labels, train_seconds, created_at, current";

ModelRecord readModel(const sqlite::Query& row) {
    return {row.id<ModelId>(0), row.number(1), row.text(2), row.text(3),
            row.integer(4),     row.real(5),   row.text(6), row.flag(7)};
}

// SQLite stores NaN as NULL.
double readNumber(const sqlite::Query& row, int column) {
    return row.null(column) ? std::numeric_limits<double>::quiet_NaN() : row.real(column);
}

std::vector<Metric> readMetrics(sqlite::Query& rows) {
    std::vector<Metric> all;
    while (rows.next())
        all.push_back({rows.id<ModelId>(0), rows.as<Split>(1), rows.text(2), rows.id<ClassId>(3), readNumber(rows, 4),
                       readNumber(rows, 5), readNumber(rows, 6)});
    return all;
}

void clearCurrent(sqlite::Connection& db) {
    db.query("UPDATE model SET current = 0 WHERE current = 1").run();
}

}  // namespace

Result<ModelId> ModelTable::add(const ModelRecord& model) {
    return sqlite::guardedWrite(m_db, [&] {
        if (model.current) clearCurrent(m_db);
        m_db.query(
                "INSERT INTO model (round, checkpoint, config, labels, train_seconds, created_at, current) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
            .with(model.round, model.checkpoint, model.config, model.labels, model.trainSeconds,
                  model.createdUtc.empty() ? utcNow() : model.createdUtc, model.current)
            .run();
        return ModelId{m_db.lastId()};
    });
}

Result<std::vector<ModelRecord>> ModelTable::list() const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query(std::string("SELECT ") + kModelColumns + " FROM model ORDER BY id");
        std::vector<ModelRecord> all;
        while (q.next())
            all.push_back(readModel(q));
        return all;
    });
}

Result<ModelRecord> ModelTable::get(ModelId id) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query(std::string("SELECT ") + kModelColumns + " FROM model WHERE id = ?1");
        if (!q.with(id).next())
            throw sqlite::Failure(
                fail(ErrorCode::NotFound, "There is no model " + std::to_string(id.value) + ".", m_db.path()));
        return readModel(q);
    });
}

Result<std::optional<ModelRecord>> ModelTable::current() const {
    return sqlite::guarded(m_db, [&]() -> std::optional<ModelRecord> {
        sqlite::Query q = m_db.query(std::string("SELECT ") + kModelColumns + " FROM model WHERE current = 1");
        if (!q.next()) return std::nullopt;
        return readModel(q);
    });
}

Result<void> ModelTable::setCurrent(ModelId id) {
    return sqlite::guardedWrite(m_db, [&] {
        clearCurrent(m_db);
        if (!id.valid()) return;
        if (m_db.query("UPDATE model SET current = 1 WHERE id = ?1").with(id).run() == 0)
            throw sqlite::Failure(
                fail(ErrorCode::NotFound, "There is no model " + std::to_string(id.value) + ".", m_db.path()));
    });
}

Result<void> ModelTable::addMetrics(std::span<const Metric> metrics) {
    return sqlite::guardedWrite(m_db, [&] {
        for (const Metric& m : metrics)
            m_db.query(
                    "INSERT INTO metric (model_id, split, name, class_id, value, low, high) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
                    "ON CONFLICT (model_id, split, name, ifnull(class_id, 0)) "
                    "DO UPDATE SET value = excluded.value, low = excluded.low, high = excluded.high")
                .with(m.model, m.split, m.name, m.label, m.value, m.low, m.high)
                .run();
    });
}

Result<std::vector<Metric>> ModelTable::metrics(ModelId model) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query(
            "SELECT model_id, split, name, class_id, value, low, high FROM metric WHERE model_id = ?1 ORDER BY id");
        q.with(model);
        return readMetrics(q);
    });
}

Result<std::vector<Metric>> ModelTable::metrics() const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q =
            m_db.query("SELECT model_id, split, name, class_id, value, low, high FROM metric ORDER BY model_id, id");
        return readMetrics(q);
    });
}

}  // namespace querent::store::tables

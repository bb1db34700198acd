#include "engine/store/tables/prediction_table.h"

#include "engine/store/sqlite/connection.h"
#include "engine/store/tables/annotation_rows.h"

namespace querent::store::tables {
namespace {

void insertPredictions(sqlite::Connection& db, ModelId model, const ItemPredictions& item) {
    for (const Prediction& p : item.predictions) {
        requireSound(db, p.box, p.score);
        sqlite::Query q = db.query(
            "INSERT INTO prediction (model_id, item_id, class_id, left_px, top_px, right_px, bottom_px, score) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        if (p.box)
            q.with(model, item.item, p.label, p.box->left, p.box->top, p.box->right, p.box->bottom, p.score);
        else {
            q.with(model, item.item, p.label);
            q.bind(8, p.score);
        }
        q.run();
    }
}

// Columns: class_id, the box, score, model_id beginning at `first`.
Prediction readPrediction(const sqlite::Query& row, int first) {
    return {row.id<ClassId>(first), readBox(row, first + 1), row.real(first + 5), row.id<ModelId>(first + 6)};
}

}  // namespace

Result<void> PredictionTable::replaceAll(ModelId model, std::span<const ItemPredictions> items) {
    return sqlite::guardedWrite(m_db, [&] {
        m_db.query("DELETE FROM prediction WHERE model_id = ?1").with(model).run();
        for (const ItemPredictions& item : items)
            insertPredictions(m_db, model, item);
    });
}

Result<void> PredictionTable::replace(ModelId model, std::span<const ItemPredictions> items) {
    return sqlite::guardedWrite(m_db, [&] {
        for (const ItemPredictions& item : items) {
            m_db.query("DELETE FROM prediction WHERE model_id = ?1 AND item_id = ?2").with(model, item.item).run();
            insertPredictions(m_db, model, item);
        }
    });
}

Result<std::vector<Prediction>> PredictionTable::of(ItemId item, ModelId model) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query(
            "SELECT class_id, left_px, top_px, right_px, bottom_px, score, model_id FROM prediction "
            "WHERE model_id = ?2 AND item_id = ?1 ORDER BY score DESC, id");
        q.with(item, model);
        std::vector<Prediction> all;
        while (q.next())
            all.push_back(readPrediction(q, 0));
        return all;
    });
}

Result<std::vector<ItemPredictions>> PredictionTable::of(ModelId model) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query(
            "SELECT item_id, class_id, left_px, top_px, right_px, bottom_px, score, model_id FROM prediction "
            "WHERE model_id = ?1 ORDER BY item_id, score DESC, id");
        q.with(model);
        std::vector<ItemPredictions> all;
        while (q.next()) {
            const auto item = q.id<ItemId>(0);
            if (all.empty() || all.back().item != item) all.push_back({item, {}});
            all.back().predictions.push_back(readPrediction(q, 1));
        }
        return all;
    });
}

Result<void> PredictionTable::keepOnly(ModelId model) {
    return sqlite::guardedWrite(
        m_db, [&] { m_db.query("DELETE FROM prediction WHERE model_id IS NOT ?1").with(model).run(); });
}

}  // namespace querent::store::tables

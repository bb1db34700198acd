#pragma once

#include "engine/core/annotation.h"
#include "engine/core/result.h"

#include <span>
#include <vector>

namespace querent::store::sqlite {
class Connection;
}

namespace querent::store::tables {

struct ItemPredictions {
    ItemId item;
    std::vector<Prediction> predictions;  // their `model` is ignored: the call names it
};

/** What models say about items; never labels. Can be rebuilt from a checkpoint. Owned by ProjectFile. */
class PredictionTable {
 public:
    explicit PredictionTable(sqlite::Connection& connection) : m_db(connection) {}

    /** All of the model's predictions are these now. */
    Result<void> replaceAll(ModelId model, std::span<const ItemPredictions> items);
    /** The model's predictions for these items are these now; those for other items stay. */
    Result<void> replace(ModelId model, std::span<const ItemPredictions> items);
    /** Best score first. */
    Result<std::vector<Prediction>> of(ItemId item, ModelId model) const;
    /** By item id, best score first; items without predictions are left out. */
    Result<std::vector<ItemPredictions>> of(ModelId model) const;
    /** Deletes the predictions of every other model. */
    Result<void> keepOnly(ModelId model);

 private:
    sqlite::Connection& m_db;
};

}  // namespace querent::store::tables

#include "engine/store/tables/truth_table.h"

#include "engine/store/sqlite/connection.h"
#include "engine/store/tables/annotation_rows.h"

namespace querent::store::tables {
namespace {

Annotation readTruth(const sqlite::Query& row, int first) {
    Annotation a = readAnswer(row, first);
    a.provenance = Provenance::Import;
    return a;
}

void forget(sqlite::Connection& db, ItemId item, bool known) {
    requireItem(db, item);
    db.query("DELETE FROM truth WHERE item_id = ?1").with(item).run();
    db.query("UPDATE item SET truth_known = ?2 WHERE id = ?1").with(item, known).run();
}

}  // namespace

Result<void> TruthTable::set(ItemId item, const std::vector<Annotation>& answers) {
    return sqlite::guardedWrite(m_db, [&] {
        forget(m_db, item, true);
        for (const Annotation& answer : answers) {
            requireSound(m_db, answer.box, std::nullopt);
            insertTruth(m_db, item, answer);
        }
    });
}

Result<void> TruthTable::clear(ItemId item) {
    return sqlite::guardedWrite(m_db, [&] { forget(m_db, item, false); });
}

Result<std::optional<std::vector<Annotation>>> TruthTable::of(ItemId item) const {
    return sqlite::guarded(m_db, [&]() -> std::optional<std::vector<Annotation>> {
        sqlite::Query known = m_db.query("SELECT truth_known FROM item WHERE id = ?1");
        if (!known.with(item).next())
            throw sqlite::Failure(
                fail(ErrorCode::NotFound, "There is no item " + std::to_string(item.value) + ".", m_db.path()));
        if (!known.flag(0)) return std::nullopt;
        sqlite::Query q = m_db.query(
            "SELECT id, class_id, left_px, top_px, right_px, bottom_px, difficult, crowd, truncated, occluded "
            "FROM truth WHERE item_id = ?1 ORDER BY id");
        q.with(item);
        std::vector<Annotation> answers;
        while (q.next())
            answers.push_back(readTruth(q, 0));
        return answers;
    });
}

Result<std::vector<TruthTable::ItemTruth>> TruthTable::of(std::optional<Split> split) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query(
            "SELECT i.id, t.id, t.class_id, t.left_px, t.top_px, t.right_px, t.bottom_px, t.difficult, t.crowd, "
            "t.truncated, t.occluded FROM item i LEFT JOIN truth t ON t.item_id = i.id "
            "WHERE i.truth_known = 1 AND (?1 IS NULL OR i.split = ?1) ORDER BY i.id, t.id");
        q.with(split);
        std::vector<ItemTruth> all;
        while (q.next()) {
            const auto item = q.id<ItemId>(0);
            if (all.empty() || all.back().item != item) all.push_back({item, {}});
            if (!q.null(1)) all.back().answers.push_back(readTruth(q, 1));
        }
        return all;
    });
}

Result<std::vector<ItemId>> TruthTable::itemsWithTruth(std::optional<Split> split) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q =
            m_db.query("SELECT id FROM item WHERE truth_known = 1 AND (?1 IS NULL OR split = ?1) ORDER BY id");
        q.with(split);
        std::vector<ItemId> all;
        while (q.next())
            all.push_back(q.id<ItemId>(0));
        return all;
    });
}

}  // namespace querent::store::tables

#include "engine/store/tables/annotation_table.h"

#include "engine/core/utc.h"
#include "engine/store/sqlite/connection.h"
#include "engine/store/tables/annotation_rows.h"
#include "engine/store/tables/event_log.h"

#include <algorithm>
#include <string>
#include <vector>

namespace querent::store::tables {
namespace {

// Checks one change against what is stored and carries it out; a created annotation gets its id.
void applyChange(sqlite::Connection& db, ItemId item, AnnotationChange& change) {
    if (change.before && change.after && change.before->id != change.after->id)
        throw sqlite::Failure(
            fail(ErrorCode::InvalidArgument, "A change cannot give an annotation another id.", db.path()));
    if (change.before && findAnnotation(db, change.before->id, item) != change.before)
        throw changedMeanwhile(db, item, "an annotation is not what it was");
    if (change.after) requireSound(db, change.after->box, change.after->score);

    if (change.before && change.after)
        updateAnnotation(db, *change.after);
    else if (change.before)
        deleteAnnotation(db, change.before->id);
    else if (change.after) {
        if (change.after->id.valid()) {
            sqlite::Query q = db.query("SELECT 1 FROM annotation WHERE id = ?1");
            if (q.with(change.after->id).next()) throw changedMeanwhile(db, item, "the annotation exists already");
        }
        change.after->id = insertAnnotation(db, item, *change.after);
    }
}

void applyMark(sqlite::Connection& db, ItemId item, const std::optional<ItemMark>& before, const ItemMark& after) {
    sqlite::Query q = db.query("SELECT state, flagged, note FROM item WHERE id = ?1");
    q.with(item);
    q.next();
    const ItemMark stored{q.as<ItemState>(0), q.flag(1), q.text(2)};
    if (before && *before != stored) throw changedMeanwhile(db, item, "its state is not what it was");
    if (stored == after) return;
    db.query("UPDATE item SET state = ?2, flagged = ?3, note = ?4 WHERE id = ?1")
        .with(item, after.state, after.flagged, after.note)
        .run();
}

// Carries out what an import brings: annotations with ids that nobody has. False where it is anything else.
bool addAll(sqlite::Connection& db, const Edit& edit) {
    const bool allNew = std::all_of(edit.changes.begin(), edit.changes.end(), [](const AnnotationChange& change) {
        return !change.before && change.after && change.after->id.valid();
    });
    if (edit.kind != EditKind::Bulk || !allNew) return false;
    std::vector<Annotation> added;
    added.reserve(edit.changes.size());
    for (const AnnotationChange& change : edit.changes) {
        requireSound(db, change.after->box, change.after->score);
        added.push_back(*change.after);
    }
    insertAnnotations(db, edit.item, added);
    return true;
}

EventId applyEdit(sqlite::Connection& db, Edit edit, const std::string& at) {
    requireItem(db, edit.item);
    if (!addAll(db, edit)) {
        for (AnnotationChange& change : edit.changes)
            applyChange(db, edit.item, change);
    }
    if (edit.markAfter) applyMark(db, edit.item, edit.markBefore, *edit.markAfter);
    return insertEvent(db, edit, at);
}

// Rows of kAnnotationColumns after an item id, grouped by item.
std::vector<ItemAnnotations> grouped(sqlite::Query& rows) {
    std::vector<ItemAnnotations> all;
    while (rows.next()) {
        const auto item = rows.id<ItemId>(0);
        if (all.empty() || all.back().item != item) all.push_back({item, {}});
        if (!rows.null(1)) all.back().annotations.push_back(readAnnotation(rows, 1));
    }
    return all;
}

}  // namespace

Result<std::vector<Annotation>> AnnotationTable::of(ItemId item) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q =
            m_db.query(std::string("SELECT ") + kAnnotationColumns + " FROM annotation WHERE item_id = ?1 ORDER BY id");
        q.with(item);
        std::vector<Annotation> all;
        while (q.next())
            all.push_back(readAnnotation(q, 0));
        return all;
    });
}

Result<std::vector<ItemAnnotations>> AnnotationTable::of(std::span<const ItemId> items) const {
    return sqlite::guarded(m_db, [&] {
        std::vector<ItemAnnotations> all;
        all.reserve(items.size());
        sqlite::Query q =
            m_db.query(std::string("SELECT ") + kAnnotationColumns + " FROM annotation WHERE item_id = ?1 ORDER BY id");
        for (const ItemId item : items) {
            all.push_back({item, {}});
            q.with(item);
            while (q.next())
                all.back().annotations.push_back(readAnnotation(q, 0));
            q.again();
        }
        return all;
    });
}

Result<std::vector<ItemAnnotations>> AnnotationTable::of(std::optional<Split> split) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query(
            "SELECT i.id, a.id, a.class_id, a.left_px, a.top_px, a.right_px, a.bottom_px, a.difficult, a.crowd, "
            "a.truncated, a.occluded, a.provenance, a.author_id, a.model_id, a.score, a.round "
            "FROM item i LEFT JOIN annotation a ON a.item_id = i.id "
            "WHERE ?1 IS NULL OR i.split = ?1 ORDER BY i.id, a.id");
        q.with(split);
        return grouped(q);
    });
}

Result<AnnotationId> AnnotationTable::nextId() {
    return sqlite::guarded(m_db, [&] {
        // sqlite_sequence remembers the highest id there ever was, deleted ones included.
        sqlite::Query q = m_db.query("SELECT seq FROM sqlite_sequence WHERE name = 'annotation'");
        const std::int64_t stored = q.next() ? q.integer(0) : 0;
        m_lastId = std::max(m_lastId, stored) + 1;
        return AnnotationId{m_lastId};
    });
}

Result<EventId> AnnotationTable::apply(const Edit& edit) {
    return sqlite::guardedWrite(m_db, [&] { return applyEdit(m_db, edit, utcNow()); });
}

Result<void> AnnotationTable::applyAll(std::span<const Edit> edits, const Job& job) {
    constexpr std::size_t kReportEvery = 200;
    return sqlite::guardedWrite(m_db, [&] {
        const std::string at = utcNow();
        for (std::size_t i = 0; i < edits.size(); ++i) {
            if (i % kReportEvery == 0) {
                if (job.cancelled()) throw sqlite::Failure(Job::stopped());
                job.report("Storing", static_cast<std::int64_t>(i), static_cast<std::int64_t>(edits.size()));
            }
            applyEdit(m_db, edits[i], at);
        }
    });
}

}  // namespace querent::store::tables

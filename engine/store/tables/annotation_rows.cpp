#include "engine/store/tables/annotation_rows.h"

#include <cmath>

namespace querent::store::tables {
namespace {

// The four columns of a box, or four NULLs.
struct BoxColumns {
    explicit BoxColumns(const std::optional<Box>& box) {
        if (!box) return;
        left = box->left;
        top = box->top;
        right = box->right;
        bottom = box->bottom;
    }
    std::optional<double> left, top, right, bottom;
};

constexpr int kColumns = 16;

std::string insertion(std::size_t rows) {
    std::string row = "(?";
    for (int column = 1; column < kColumns; ++column)
        row += ", ?";
    row += ")";
    std::string sql =
        "INSERT INTO annotation (id, item_id, class_id, left_px, top_px, right_px, bottom_px, difficult, crowd, "
        "truncated, occluded, provenance, author_id, model_id, score, round) VALUES " +
        row;
    for (std::size_t i = 1; i < rows; ++i)
        sql += ", " + row;
    return sql;
}

// The values of the row of this number, from 0 on.
void bindRow(sqlite::Query& q, std::size_t row, ItemId item, const Annotation& a) {
    const BoxColumns b(a.box);
    int index = static_cast<int>(row) * kColumns;
    const auto bindAll = [&](const auto&... values) { (q.bind(++index, values), ...); };
    bindAll(a.id, item, a.label, b.left, b.top, b.right, b.bottom, a.difficult, a.crowd, a.truncated, a.occluded,
            a.provenance, a.author, a.model, a.score, a.round);
}

}  // namespace

std::optional<Box> readBox(const sqlite::Query& row, int first) {
    if (row.null(first)) return std::nullopt;
    return Box{row.real(first), row.real(first + 1), row.real(first + 2), row.real(first + 3)};
}

Annotation readAnswer(const sqlite::Query& row, int first) {
    Annotation a;
    a.id = row.id<AnnotationId>(first);
    a.label = row.id<ClassId>(first + 1);
    a.box = readBox(row, first + 2);
    a.difficult = row.flag(first + 6);
    a.crowd = row.flag(first + 7);
    a.truncated = row.flag(first + 8);
    a.occluded = row.flag(first + 9);
    return a;
}

Annotation readAnnotation(const sqlite::Query& row, int first) {
    Annotation a = readAnswer(row, first);
    a.provenance = row.as<Provenance>(first + 10);
    a.author = row.id<PersonId>(first + 11);
    a.model = row.id<ModelId>(first + 12);
    if (!row.null(first + 13)) a.score = row.real(first + 13);
    a.round = row.number(first + 14);
    return a;
}

std::optional<Annotation> findAnnotation(sqlite::Connection& db, AnnotationId id, ItemId item) {
    sqlite::Query q =
        db.query(std::string("SELECT ") + kAnnotationColumns + " FROM annotation WHERE id = ?1 AND item_id = ?2");
    q.with(id, item);
    if (!q.next()) return std::nullopt;
    return readAnnotation(q, 0);
}

AnnotationId insertAnnotation(sqlite::Connection& db, ItemId item, const Annotation& a) {
    sqlite::Query q = db.query(insertion(1));
    bindRow(q, 0, item, a);
    q.run();
    return a.id.valid() ? a.id : AnnotationId{db.lastId()};
}

void insertAnnotations(sqlite::Connection& db, ItemId item, std::span<const Annotation> annotations) {
    constexpr std::size_t kRows = 64;
    static const std::string kMany = insertion(kRows);
    while (annotations.size() >= kRows) {
        sqlite::Query q = db.query(kMany);
        for (std::size_t row = 0; row < kRows; ++row)
            bindRow(q, row, item, annotations[row]);
        q.run();
        annotations = annotations.subspan(kRows);
    }
    for (const Annotation& annotation : annotations)
        insertAnnotation(db, item, annotation);
}

void updateAnnotation(sqlite::Connection& db, const Annotation& a) {
    const BoxColumns b(a.box);
    db.query(
          "UPDATE annotation SET class_id = ?2, left_px = ?3, top_px = ?4, right_px = ?5, bottom_px = ?6, "
          "difficult = ?7, crowd = ?8, truncated = ?9, occluded = ?10, provenance = ?11, author_id = ?12, "
          "model_id = ?13, score = ?14, round = ?15 WHERE id = ?1")
        .with(a.id, a.label, b.left, b.top, b.right, b.bottom, a.difficult, a.crowd, a.truncated, a.occluded,
              a.provenance, a.author, a.model, a.score, a.round)
        .run();
}

void deleteAnnotation(sqlite::Connection& db, AnnotationId id) {
    db.query("DELETE FROM annotation WHERE id = ?1").with(id).run();
}

void insertTruth(sqlite::Connection& db, ItemId item, const Annotation& a) {
    const BoxColumns b(a.box);
    db.query(
          "INSERT INTO truth (item_id, class_id, left_px, top_px, right_px, bottom_px, difficult, crowd, truncated, "
          "occluded) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
        .with(item, a.label, b.left, b.top, b.right, b.bottom, a.difficult, a.crowd, a.truncated, a.occluded)
        .run();
}

void requireSound(const sqlite::Connection& db, const std::optional<Box>& box, std::optional<double> score) {
    if (box) {
        const bool finite = std::isfinite(box->left) && std::isfinite(box->top) && std::isfinite(box->right) &&
                            std::isfinite(box->bottom);
        if (!finite || box->empty())
            throw sqlite::Failure(fail(ErrorCode::InvalidArgument, "A box must have a width and a height.", db.path()));
    }
    if (score && !(*score >= 0.0 && *score <= 1.0))
        throw sqlite::Failure(fail(ErrorCode::InvalidArgument, "A score must be between 0 and 1.", db.path()));
}

sqlite::Failure changedMeanwhile(const sqlite::Connection& db, ItemId item, const std::string& what) {
    return sqlite::Failure(fail(ErrorCode::InvalidArgument,
                                "Item " + std::to_string(item.value) + " has changed meanwhile: " + what + ".",
                                db.path()));
}

void requireItem(sqlite::Connection& db, ItemId item) {
    sqlite::Query q = db.query("SELECT 1 FROM item WHERE id = ?1");
    q.with(item);
    if (!q.next())
        throw sqlite::Failure(
            fail(ErrorCode::NotFound, "There is no item " + std::to_string(item.value) + ".", db.path()));
}

}  // namespace querent::store::tables

#pragma once

#include "engine/core/annotation.h"
#include "engine/store/sqlite/connection.h"

#include <span>
#include <string>

namespace querent::store::tables {

/** The columns that readAnnotation() reads, in its order. */
inline constexpr const char* kAnnotationColumns =
    "id, class_id, left_px, top_px, right_px, bottom_px, difficult, crowd, truncated, occluded, provenance, "
    "author_id, model_id, score, round";

/** Reads what annotations and known answers share, id to occluded, beginning at column `first`. */
Annotation readAnswer(const sqlite::Query& row, int first);
/** Reads kAnnotationColumns beginning at column `first`. */
Annotation readAnnotation(const sqlite::Query& row, int first);
/** Reads left_px, top_px, right_px, bottom_px beginning at column `first`. */
std::optional<Box> readBox(const sqlite::Query& row, int first);

std::optional<Annotation> findAnnotation(sqlite::Connection& db, AnnotationId id, ItemId item);
/** Inserts; a valid id is kept. Returns the id. */
AnnotationId insertAnnotation(sqlite::Connection& db, ItemId item, const Annotation& annotation);
/**
 * Inserts annotations of an item, all with new ids, many with each statement: one with triggers keeps a journal of
 * every page that it changes, which for single rows costs more than the rows. Throws when an id is taken.
 */
void insertAnnotations(sqlite::Connection& db, ItemId item, std::span<const Annotation> annotations);
void updateAnnotation(sqlite::Connection& db, const Annotation& annotation);
void deleteAnnotation(sqlite::Connection& db, AnnotationId id);
void insertTruth(sqlite::Connection& db, ItemId item, const Annotation& answer);

/** Throws InvalidArgument for a box that is empty or not finite, or a score outside [0, 1]. */
void requireSound(const sqlite::Connection& db, const std::optional<Box>& box, std::optional<double> score);

/** The refusal of an edit that does not fit what is stored; `what` ends its sentence. */
sqlite::Failure changedMeanwhile(const sqlite::Connection& db, ItemId item, const std::string& what);

/** Throws NotFound unless the item exists. */
void requireItem(sqlite::Connection& db, ItemId item);

}  // namespace querent::store::tables

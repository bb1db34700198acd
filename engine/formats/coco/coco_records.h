#pragma once

#include "engine/core/geometry.h"
#include "engine/core/job.h"
#include "engine/core/result.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace querent::formats::coco {

/** A JSON value without its structure, as far as COCO needs it. */
struct CocoValue {
    enum class Kind { Missing, Null, Bool, Integer, Real, Text, Other };
    Kind kind = Kind::Missing;
    double number = 0.0;
    std::int64_t integer = 0;
    std::string text;  // of a text; of a whole number beyond 64 bits its digits
};

/** A run-length mask column by column: alternately how many pixels are out and in. */
struct CocoRuns {
    std::int64_t height = 0;
    std::vector<std::int64_t> counts;
    std::string packed;  // the counts as COCO's tools compress them, instead
};

enum class CocoField {
    Id,
    FileName,
    Width,
    Height,
    ImageId,
    CategoryId,
    Name,
    SuperCategory,
    IsCrowd,
    Score,
    Status,
    Split,
    Provenance,
    Annotator,
    Round,
    Difficult,
    Truncated,
    Occluded,
    Count
};

enum class CocoSection { Images, Annotations, Categories, Results };

/** One object of one of the arrays: its known fields (those of `attributes` among them), everything else left out. */
struct CocoRecord {
    CocoSection section = CocoSection::Images;
    std::int64_t line = 0;      // where the object ends
    std::int64_t position = 0;  // in its array, from 1
    std::array<CocoValue, static_cast<std::size_t>(CocoField::Count)> fields;
    std::vector<CocoValue> bbox;   // at most 5 entries are kept
    std::vector<CocoValue> exact;  // al_box
    bool hasMask = false;          // a segmentation that is not empty
    std::optional<Box> outline;    // around its polygons
    CocoRuns runs;                 // its run-length mask

    CocoValue& operator[](CocoField field) { return fields[static_cast<std::size_t>(field)]; }
    const CocoValue& operator[](CocoField field) const { return fields[static_cast<std::size_t>(field)]; }
};

struct CocoShape {
    bool isObject = false;
    bool hasResults = false;  // a list whose records have an image_id
    bool hasImages = false;
    bool hasAnnotations = false;
    std::int64_t nonNumbers = 0;  // literals NaN and Infinity, given as Null
};

/** The box around the pixels that are in; nullopt for a mask that is empty, has no height or makes no sense. */
std::optional<Box> boxOf(const CocoRuns& runs);

/**
 * Streams a COCO file: calls `sink` for every object of images, annotations, categories, or of an array at the top
 * (results). Memory does not grow with the file. The record is the reader's own: copy what is to be kept.
 */
Result<CocoShape> streamCoco(const std::filesystem::path& path, const Job& job,
                             const std::function<void(const CocoRecord&)>& sink);

}  // namespace querent::formats::coco

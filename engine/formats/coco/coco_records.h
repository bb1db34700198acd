#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace querent::formats::coco {

/** A JSON value without its structure, as far as COCO needs it. */
struct CocoValue {
    enum class Kind { Missing, Null, Bool, Integer, Real, Text, Other };
    Kind kind = Kind::Missing;
    double number = 0.0;
    std::int64_t integer = 0;
    std::string text;
};

enum class CocoField {
    Id,
    FileName,
    Width,
    Height,
    ImageId,
    CategoryId,
    Name,
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

    CocoValue& operator[](CocoField field) { return fields[static_cast<std::size_t>(field)]; }
    const CocoValue& operator[](CocoField field) const { return fields[static_cast<std::size_t>(field)]; }
};

struct CocoShape {
    bool isObject = false;
    bool hasImages = false;
    bool hasAnnotations = false;
    std::int64_t nonNumbers = 0;  // literals NaN and Infinity, given as Null
};

/**
 * Streams a COCO file: calls `sink` for every object of images, annotations, categories, or of an array at the top
 * (results). Memory does not grow with the file. The record is the reader's own: copy what is to be kept.
 */
Result<CocoShape> streamCoco(const std::filesystem::path& path, const Job& job,
                             const std::function<void(const CocoRecord&)>& sink);

}  // namespace querent::formats::coco

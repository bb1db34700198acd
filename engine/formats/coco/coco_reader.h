#pragma once

#include "engine/formats/coco/coco_records.h"
#include "engine/formats/complaints.h"
#include "engine/formats/dataset.h"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace querent::formats::coco {

/**
 * Ids are compared as texts: tools write numbers of any length, and names. A whole number is its digits, so that 7, 7.0
 * and "7" are one id.
 */
using CocoId = std::string;

struct CocoImage {
    CocoId id;
    std::string fileName;
    Size size;
    std::optional<ItemState> state;
    std::optional<Split> split;
    std::int64_t line = 0;
};

struct CocoAnnotation {
    CocoId imageId;  // results of some tools have the name of the image here
    CocoId categoryId;
    Box box;
    std::int64_t line = 0;
    std::int64_t position = 0;  // in its array, from 1
    DatasetBox flags;
};

/** One COCO file: its records checked one by one, and not yet connected with each other, for they come in any order. */
class CocoFile {
 public:
    CocoFile(std::filesystem::path path, Complaints& complaints) : m_path(std::move(path)), m_complaints(complaints) {}

    /** Reads the file; an Error when it is no JSON at all. */
    Result<void> read(const Job& job);

    const std::filesystem::path& path() const { return m_path; }
    bool isResults() const { return m_shape.hasResults; }
    bool isCoco() const { return m_shape.isObject && m_shape.hasImages; }
    std::optional<std::string> category(const CocoId& id) const;
    const std::vector<std::string>& categoryNames() const { return m_categoryNames; }
    const std::vector<CocoImage>& images() const { return m_images; }
    const std::vector<CocoAnnotation>& annotations() const { return m_annotations; }
    /** Ids of images of which an annotation was left out: they are not complete. */
    const std::unordered_map<CocoId, int>& lost() const { return m_lost; }

 private:
    void take(const CocoRecord& record);
    void takeImage(const CocoRecord& record);
    void takeCategory(const CocoRecord& record);
    void takeAnnotation(const CocoRecord& record);
    bool readBox(const CocoRecord& record, const std::string& title, CocoAnnotation& annotation);
    void readFlags(const CocoRecord& record, const std::string& title, CocoAnnotation& annotation);
    std::optional<double> number(const CocoValue& value, const Where& where);
    std::optional<std::int64_t> integer(const CocoValue& value, const Where& where);
    std::optional<CocoId> id(const CocoValue& value, const Where& where);
    void leaveOutHeadings();
    bool flag(const CocoValue& value) const;

    std::filesystem::path m_path;
    Complaints& m_complaints;
    CocoShape m_shape;
    std::vector<CocoImage> m_images;
    std::vector<CocoAnnotation> m_annotations;
    std::unordered_map<CocoId, std::string> m_categories;
    std::unordered_set<std::string> m_superCategories;
    std::unordered_set<CocoId> m_usedCategories;
    std::vector<std::string> m_categoryNames;  // in the order of the file
    std::unordered_map<CocoId, int> m_imageIds;
    std::unordered_map<std::int64_t, int> m_annotationIds;
    std::unordered_map<CocoId, int> m_lost;
};

}  // namespace querent::formats::coco

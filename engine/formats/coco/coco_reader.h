#pragma once

#include "engine/formats/coco/coco_records.h"
#include "engine/formats/complaints.h"
#include "engine/formats/dataset.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace querent::formats::coco {

struct CocoImage {
    std::int64_t id = 0;
    std::string fileName;
    Size size;
    std::optional<ItemState> state;
    std::optional<Split> split;
    std::int64_t line = 0;
};

struct CocoAnnotation {
    std::int64_t imageId = 0;
    std::string imageName;  // results of some tools name the image instead
    std::int64_t categoryId = 0;
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
    bool isResults() const { return !m_shape.isObject; }
    bool isCoco() const { return m_shape.isObject && m_shape.hasImages; }
    std::optional<std::string> category(std::int64_t id) const;
    const std::vector<std::string>& categoryNames() const { return m_categoryNames; }
    const std::vector<CocoImage>& images() const { return m_images; }
    const std::vector<CocoAnnotation>& annotations() const { return m_annotations; }
    /** Ids of images of which an annotation was left out: having no boxes, they are still not empty. */
    const std::unordered_map<std::int64_t, int>& lost() const { return m_lost; }

 private:
    void take(const CocoRecord& record);
    void takeImage(const CocoRecord& record);
    void takeCategory(const CocoRecord& record);
    void takeAnnotation(const CocoRecord& record);
    bool readBox(const CocoRecord& record, const std::string& title, CocoAnnotation& annotation);
    void readFlags(const CocoRecord& record, const std::string& title, CocoAnnotation& annotation);
    std::optional<double> number(const CocoValue& value, const Where& where);
    std::optional<std::int64_t> integer(const CocoValue& value, const Where& where);
    bool flag(const CocoValue& value) const;

    std::filesystem::path m_path;
    Complaints& m_complaints;
    CocoShape m_shape;
    std::vector<CocoImage> m_images;
    std::vector<CocoAnnotation> m_annotations;
    std::map<std::int64_t, std::string> m_categories;
    std::vector<std::string> m_categoryNames;  // in the order of the file
    std::unordered_map<std::int64_t, int> m_imageIds;
    std::unordered_map<std::int64_t, int> m_annotationIds;
    std::unordered_map<std::int64_t, int> m_lost;
};

}  // namespace querent::formats::coco

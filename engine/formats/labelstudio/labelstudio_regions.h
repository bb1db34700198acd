#pragma once

#include "engine/core/geometry.h"
#include "engine/core/result.h"
#include "engine/formats/complaints.h"
#include "engine/formats/sounds/sound_items.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace querent::formats::labelstudio {

/** The results of one annotation of a task as answers about its item; what cannot be one is complained of. */
class LabelStudioRegions {
 public:
    /** `tag`: the name of the item's medium in the labelling configuration; results for another one are left out. */
    LabelStudioRegions(const DatasetItem& item, std::string tag, const Where& where, Complaints& complaints)
        : m_item(item), m_tag(std::move(tag)), m_where(where), m_complaints(complaints) {}

    /** `result` is the array; `score` holds for regions that have none of their own. */
    void read(const nlohmann::json& result, std::optional<double> score);

    std::vector<DatasetBox> boxes;
    std::int64_t lost = 0;  // objects that were left out

 private:
    void readRegion(const nlohmann::json& region, std::optional<double> score);
    std::optional<Box> shapeOf(const std::string& kind, const nlohmann::json& region, const std::string& what);
    std::optional<Box> rectangle(const nlohmann::json& region, const std::string& what);
    std::optional<Box> outline(const nlohmann::json& region, const std::string& what);
    std::optional<Box> ellipse(const nlohmann::json& region, const std::string& what);
    std::optional<Box> brush(const nlohmann::json& region, const std::string& what);
    std::optional<Box> stretch(const nlohmann::json& value, const std::string& what);
    std::optional<Box> onImage(Box shares, const nlohmann::json& region, const std::string& what);
    void pass(const std::string& kind);
    void lose(const std::string& sentence);

    const DatasetItem& m_item;
    std::string m_tag;
    const Where& m_where;
    Complaints& m_complaints;
};

/** The size of the picture as the first region of any annotation or prediction of the task says it; else 0 x 0. */
Size saidSize(const nlohmann::json& task);

/** True for true, and for a number that is not 0. */
bool flagOf(const nlohmann::json& object, const char* name);

}  // namespace querent::formats::labelstudio

#include "engine/formats/labelstudio/labelstudio_regions.h"

#include "engine/formats/reading.h"
#include "engine/formats/text/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace querent::formats::labelstudio {
namespace {

using Json = nlohmann::json;

// The texts of an array, without blanks at their ends.
std::vector<std::string> textsOf(const Json& list) {
    std::vector<std::string> texts;
    if (!list.is_array()) return texts;
    for (const Json& entry : list) {
        if (entry.is_string()) texts.emplace_back(text::trimmed(entry.get_ref<const std::string&>()));
    }
    std::erase(texts, std::string());
    return texts;
}

// The smallest upright box around one that is turned about its upper left corner, clockwise.
Box envelope(double x, double y, double width, double height, double degrees) {
    const double angle = degrees * std::numbers::pi / 180.0;
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    const std::array<double, 4> xs = {0.0, width * c, -height * s, width * c - height * s};
    const std::array<double, 4> ys = {0.0, width * s, height * c, width * s + height * c};
    const auto [left, right] = std::minmax_element(xs.begin(), xs.end());
    const auto [top, bottom] = std::minmax_element(ys.begin(), ys.end());
    return {x + *left, y + *top, x + *right, y + *bottom};
}

}  // namespace

const Json& memberOf(const Json& object, const char* name) {
    static const Json kNothing;
    if (!object.is_object()) return kNothing;
    const auto found = object.find(name);
    return found == object.end() ? kNothing : *found;
}

std::string textOf(const Json& object, const char* name) {
    const Json& member = memberOf(object, name);
    return member.is_string() ? member.get<std::string>() : std::string();
}

std::optional<double> numberOf(const Json& object, const char* name) {
    const Json& member = memberOf(object, name);
    if (!member.is_number()) return std::nullopt;
    const auto number = member.get<double>();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

bool flagOf(const Json& object, const char* name) {
    const Json& member = memberOf(object, name);
    return member.is_boolean() ? member.get<bool>() : numberOf(object, name).value_or(0.0) != 0.0;
}

Size saidSize(const Json& task) {
    for (const char* list : {"annotations", "completions", "predictions"}) {
        for (const Json& annotation : memberOf(task, list)) {
            for (const Json& region : memberOf(annotation, "result")) {
                const double width = numberOf(region, "original_width").value_or(0.0);
                const double height = numberOf(region, "original_height").value_or(0.0);
                if (width >= 1.0 && height >= 1.0 && width <= 1e9 && height <= 1e9)
                    return {static_cast<int>(width), static_cast<int>(height)};
            }
        }
    }
    return {};
}

void LabelStudioRegions::lose(const std::string& sentence) {
    lost = true;
    m_complaints.drop(m_where, sentence);
}

void LabelStudioRegions::read(const Json& result, std::optional<double> score) {
    if (!result.is_array()) return lose("The annotation has no list of results.");
    for (const Json& region : result) {
        std::optional<double> own = numberOf(region, "score");
        if (!own) own = score;
        if (own && (*own < 0.0 || *own > 1.0)) {
            m_complaints.note(m_where, "The score is not between 0 and 1; the region was read without.");
            own.reset();
        }
        readRegion(region, own);
    }
}

void LabelStudioRegions::readRegion(const Json& region, std::optional<double> score) {
    const std::string kind = textOf(region, "type");
    const Json& value = memberOf(region, "value");
    const bool placed = value.is_object() && (value.contains("x") || value.contains("start"));
    const bool rectangle_ = kind == "rectanglelabels";
    const bool stretch_ = kind == "labels" && !value.contains("text") && value.contains("start");
    if (!rectangle_ && !stretch_ && !(kind == "choices" && !placed))
        return lose("A result of the kind " + text::inQuotes(kind) + (placed ? " with a place" : "") + " is not read.");
    const std::vector<std::string> labels = textsOf(memberOf(value, kind.c_str()));
    if (labels.empty()) return lose("A result of the kind " + text::inQuotes(kind) + " has no class.");
    const std::string what = "The region of " + text::inQuotes(labels.front());
    std::optional<Box> box;
    if (rectangle_) box = rectangle(region, what);
    if (stretch_) box = stretch(value, what);
    if (!box && kind != "choices") return void(lost = true);
    for (const std::string& label : labels) {
        DatasetBox answer;
        answer.label = label;
        answer.box = box;
        answer.score = score;
        boxes.push_back(std::move(answer));
    }
}

std::optional<Box> LabelStudioRegions::rectangle(const Json& region, const std::string& what) {
    const Json& value = memberOf(region, "value");
    const auto x = numberOf(value, "x");
    const auto y = numberOf(value, "y");
    const auto width = numberOf(value, "width");
    const auto height = numberOf(value, "height");
    const auto refuse = [&](const char* reason) {
        m_complaints.drop(m_where, what + reason);
        return std::nullopt;
    };
    if (!x || !y || !width || !height) return refuse(" lacks a number.");
    if (m_item.size.empty()) return refuse(" cannot be placed, because the size of its image is not known.");
    if (numberOf(region, "image_rotation").value_or(0.0) != 0.0)
        return refuse(" belongs to an image that was turned, which is not read.");
    const double across = m_item.size.width / 100.0;
    const double down = m_item.size.height / 100.0;
    const double turn = numberOf(value, "rotation").value_or(0.0);
    Box box{*x * across, *y * down, (*x + *width) * across, (*y + *height) * down};
    if (turn != 0.0) {
        box = envelope(box.left, box.top, box.width(), box.height(), turn);
        m_complaints.note(m_where, what + " is turned; the upright box around it was read.");
    }
    return acceptBox(box, m_item.size, m_where, what, m_complaints, 1e-3);
}

std::optional<Box> LabelStudioRegions::stretch(const Json& value, const std::string& what) {
    const auto begin = numberOf(value, "start");
    const auto end = numberOf(value, "end");
    if (!begin || !end) {
        m_complaints.drop(m_where, what + " lacks its start or its end.");
        return std::nullopt;
    }
    if (m_item.sound.empty()) {
        m_complaints.drop(m_where, what + " cannot be placed, because its sound is missing or cannot be read.");
        return std::nullopt;
    }
    return sounds::acceptRegion({*begin, *end, {}, {}}, m_item.sound, m_where, what, m_complaints);
}

}  // namespace querent::formats::labelstudio

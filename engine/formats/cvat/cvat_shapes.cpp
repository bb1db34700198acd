#include "engine/formats/cvat/cvat_shapes.h"

#include "engine/formats/pictures/shapes.h"
#include "engine/formats/text/text.h"

#include <array>
#include <string_view>
#include <vector>

namespace querent::formats::cvat {
namespace {

using pictures::Point;

// "1.5,2;3,4": false when one of them is no point.
bool addPoints(std::string_view list, std::vector<Point>& points) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(';'), list.size());
        const std::string_view pair = text::trimmed(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
        if (pair.empty()) continue;
        const std::size_t comma = pair.find(',');
        if (comma == std::string_view::npos) return false;
        const auto x = text::parseNumber(pair.substr(0, comma));
        const auto y = text::parseNumber(pair.substr(comma + 1));
        if (!x || !y) return false;
        points.push_back({*x, *y});
    }
    return true;
}

// Four attributes that must all be numbers.
std::optional<std::array<double, 4>> four(const pugi::xml_node& element, const std::array<const char*, 4>& names) {
    std::array<double, 4> numbers{};
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::optional<double> number = numberOf(element, names[i]);
        if (!number) return std::nullopt;
        numbers[i] = *number;
    }
    return numbers;
}

std::optional<ShapeBox> rectangleOf(const pugi::xml_node& element) {
    const auto n = four(element, {"xtl", "ytl", "xbr", "ybr"});
    if (!n) return std::nullopt;
    const Box box = Box{(*n)[0], (*n)[1], (*n)[2], (*n)[3]}.normalised();
    const double turn = numberOf(element, "rotation").value_or(0.0);
    if (turn == 0.0) return ShapeBox{box};
    return ShapeBox{pictures::boxAroundTurned(box, turn), true};
}

std::optional<ShapeBox> ellipseOf(const pugi::xml_node& element) {
    const auto n = four(element, {"cx", "cy", "rx", "ry"});
    if (!n) return std::nullopt;
    const double turn = numberOf(element, "rotation").value_or(0.0);
    return ShapeBox{pictures::boxAroundEllipse({(*n)[0], (*n)[1]}, (*n)[2], (*n)[3], turn)};
}

// Its runs begin and end at the edges of the mask, so that nothing need be counted.
std::optional<ShapeBox> maskOf(const pugi::xml_node& element) {
    const auto n = four(element, {"left", "top", "width", "height"});
    if (!n) return std::nullopt;
    return ShapeBox{{(*n)[0], (*n)[1], (*n)[0] + (*n)[2], (*n)[1] + (*n)[3]}};
}

std::optional<ShapeBox> cuboidOf(const pugi::xml_node& element) {
    constexpr std::array<std::array<const char*, 2>, 8> kCorners = {{{"xtl1", "ytl1"},
                                                                     {"xbl1", "ybl1"},
                                                                     {"xtr1", "ytr1"},
                                                                     {"xbr1", "ybr1"},
                                                                     {"xtl2", "ytl2"},
                                                                     {"xbl2", "ybl2"},
                                                                     {"xtr2", "ytr2"},
                                                                     {"xbr2", "ybr2"}}};
    std::vector<Point> points;
    for (const auto& [across, down] : kCorners) {
        const auto x = numberOf(element, across);
        const auto y = numberOf(element, down);
        if (!x || !y) return std::nullopt;
        points.push_back({*x, *y});
    }
    return ShapeBox{*pictures::boxAround(points)};
}

std::optional<ShapeBox> outlineOf(const pugi::xml_node& element) {
    std::vector<Point> points;
    if (!addPoints(element.attribute("points").value(), points)) return std::nullopt;
    for (const pugi::xml_node part : element.children("points")) {
        if (!isOutside(part) && !addPoints(part.attribute("points").value(), points)) return std::nullopt;
    }
    const std::optional<Box> box = pictures::boxAround(points);
    return box ? std::optional(ShapeBox{*box}) : std::nullopt;
}

}  // namespace

ElementKind kindOf(const pugi::xml_node& element) {
    const std::string_view name = element.name();
    if (name == "box") return ElementKind::Box;
    if (name == "tag") return ElementKind::Tag;
    if (name == "points") return ElementKind::Points;
    for (const char* outline : {"polygon", "polyline", "mask", "ellipse", "cuboid", "skeleton"}) {
        if (name == outline) return ElementKind::Outline;
    }
    return ElementKind::Other;
}

std::optional<ShapeBox> boxOf(const pugi::xml_node& element) {
    const std::string_view name = element.name();
    if (name == "box") return rectangleOf(element);
    if (name == "ellipse") return ellipseOf(element);
    if (name == "mask") return maskOf(element);
    if (name == "cuboid") return cuboidOf(element);
    return outlineOf(element);
}

bool isOutside(const pugi::xml_node& element) {
    return text::trimmed(element.attribute("outside").value()) == "1";
}

std::optional<double> numberOf(const pugi::xml_node& element, const char* name) {
    return text::parseNumber(element.attribute(name).value());
}

}  // namespace querent::formats::cvat

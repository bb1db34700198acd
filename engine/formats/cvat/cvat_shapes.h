#pragma once

#include "engine/core/geometry.h"

#include <pugixml.hpp>

#include <optional>
#include <string>

namespace querent::formats::cvat {

/** What an element inside of an <image> is. */
enum class ElementKind { Box, Outline, Points, Tag, Other };
ElementKind kindOf(const pugi::xml_node& element);

/** The upright box around an element that has an extent, and what it was before. */
struct ShapeBox {
    Box box;
    bool turned = false;  // a rectangle that stands askew
};

/** nullopt when the element lacks a number, or has one that is none. */
std::optional<ShapeBox> boxOf(const pugi::xml_node& element);

/** True for an element with the attribute outside="1": the object is not in this picture. */
bool isOutside(const pugi::xml_node& element);

/** The attribute when it is a finite number. */
std::optional<double> numberOf(const pugi::xml_node& element, const char* name);

}  // namespace querent::formats::cvat

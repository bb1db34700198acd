#include "engine/formats/labelstudio/labelstudio_regions.h"

#include "engine/formats/reading.h"
#include "engine/formats/text/json_objects.h"
#include "engine/formats/text/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <unordered_set>

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

// The bits of Label Studio's packed masks, the highest first.
class BitReader {
 public:
    explicit BitReader(const Json& bytes) : m_bytes(bytes) {}
    bool failed() const { return m_failed; }
    std::uint32_t take(int count) {
        std::uint32_t number = 0;
        for (; count > 0; --count, ++m_at) {
            if (m_at / 8 >= m_bytes.size()) return m_failed = true, 0;
            const Json& byte = m_bytes[m_at / 8];
            const int value = byte.is_number_integer() ? byte.get<int>() : 0;
            number = number << 1U | static_cast<std::uint32_t>((value >> (7 - m_at % 8)) & 1);
        }
        return number;
    }

 private:
    const Json& m_bytes;
    std::size_t m_at = 0;
    bool m_failed = false;
};

// The box of a brush: runs of the bytes of an RGBA picture, of which the alpha says what is painted.
std::optional<Box> boxOfBrush(const Json& rle, std::int64_t width, std::int64_t height) {
    constexpr std::int64_t kMostPixels = 400'000'000;
    if (!rle.is_array() || width <= 0 || height <= 0 || width > kMostPixels / height) return std::nullopt;
    BitReader bits(rle);
    const std::int64_t count = bits.take(32);
    if (count > width * height * 4) return std::nullopt;
    const int wordSize = static_cast<int>(bits.take(5)) + 1;
    std::array<int, 4> runBits{};
    for (int& size : runBits)
        size = static_cast<int>(bits.take(4)) + 1;
    std::optional<Box> box;
    const auto paint = [&](std::int64_t pixel) {
        const auto x = static_cast<double>(pixel % width);
        const auto y = static_cast<double>(pixel / width);
        Box& all = box ? *box : box.emplace(Box{x, y, x + 1, y + 1});
        all = {std::min(all.left, x), std::min(all.top, y), std::max(all.right, x + 1), std::max(all.bottom, y + 1)};
    };
    for (std::int64_t at = 0; at < count && !bits.failed();) {
        const bool same = bits.take(1) != 0;
        const std::int64_t end = std::min(count, at + 1 + bits.take(runBits[bits.take(2)]));
        std::uint32_t value = same ? bits.take(wordSize) : 0;
        for (; at < end && !bits.failed(); ++at) {
            if (!same) value = bits.take(wordSize);
            if (at % 4 == 3 && value > 0) paint(at / 4);
        }
    }
    return bits.failed() ? std::nullopt : box;
}

using text::memberOf;
using text::textOf;

std::optional<double> numberOf(const Json& object, const char* name) {
    return text::numberOf(memberOf(object, name));
}

}  // namespace

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
    ++lost;
    m_complaints.drop(m_where, sentence);
}

// A result that is no object and no class of the item: nothing is missing without it.
void LabelStudioRegions::pass(const std::string& kind) {
    m_complaints.tally({m_where.path, 0}, "result of the kind " + text::inQuotes(kind) + " has no place in a project.",
                       "results of the kind " + text::inQuotes(kind) + " have no place in a project.");
}

void LabelStudioRegions::read(const Json& result, std::optional<double> score) {
    if (!result.is_array()) return lose("The annotation has no list of results.");
    // A place and its class may be two results with one id; the one with the class has the place as well.
    std::unordered_set<std::string> classed;
    for (const Json& region : result) {
        if (textOf(region, "type") == "labels") classed.insert(textOf(region, "id"));
    }
    for (const Json& region : result) {
        const std::string kind = textOf(region, "type");
        const std::string id = textOf(region, "id");
        const bool place = kind == "rectangle" || kind == "polygon" || kind == "ellipse" || kind == "brush";
        if (place && !id.empty() && classed.contains(id)) continue;
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
    const bool placed = value.is_object() && (value.contains("x") || value.contains("start") ||
                                              value.contains("points") || value.contains("rle"));
    const std::string to = textOf(region, "to_name");
    if (kind == "choices" && placed) return pass("choices of a region");
    if (kind == "relation" || kind == "textarea" || kind == "number" || kind == "rating" || kind == "taxonomy" ||
        kind == "pairwise" || kind == "ranker")
        return pass(kind);
    if (!placed && kind != "choices") return lose("A result of the kind " + text::inQuotes(kind) + " is not read.");
    if (!m_tag.empty() && !to.empty() && to != m_tag && kind != "region")
        return lose("A result is about " + text::inQuotes(to) + ", which is not the medium that is imported (" +
                    text::inQuotes(m_tag) + ").");
    std::vector<std::string> labels = textsOf(memberOf(value, kind.c_str()));
    if (labels.empty()) labels = textsOf(memberOf(value, "labels"));
    if (labels.empty()) return lose("A result of the kind " + text::inQuotes(kind) + " has no class.");
    std::optional<Box> box;
    if (kind != "choices") {
        box = shapeOf(kind, region, "The region of " + text::inQuotes(labels.front()));
        if (!box) return void(++lost);
    }
    for (const std::string& label : labels) {
        DatasetBox answer;
        answer.label = label;
        answer.box = box;
        answer.score = score;
        boxes.push_back(std::move(answer));
    }
}

std::optional<Box> LabelStudioRegions::shapeOf(const std::string& kind, const Json& region, const std::string& what) {
    const Json& value = memberOf(region, "value");
    if (value.contains("start") && !value.contains("text")) return stretch(value, what);
    if (kind == "rectanglelabels" || (kind == "labels" && value.contains("width"))) return rectangle(region, what);
    if (kind == "polygonlabels" || (kind == "labels" && value.contains("points"))) return outline(region, what);
    if (kind == "ellipselabels" || (kind == "labels" && value.contains("radiusX"))) return ellipse(region, what);
    if (kind == "brushlabels" || (kind == "labels" && value.contains("rle"))) return brush(region, what);
    m_complaints.drop(m_where, "A result of the kind " + text::inQuotes(kind) + " with a place is not read.");
    return std::nullopt;
}

// `shares` in per cent of the image.
std::optional<Box> LabelStudioRegions::onImage(Box shares, const Json& region, const std::string& what) {
    if (m_item.size.empty()) {
        m_complaints.drop(m_where, what + " cannot be placed, because the size of its image is not known.");
        return std::nullopt;
    }
    if (numberOf(region, "image_rotation").value_or(0.0) != 0.0) {
        m_complaints.drop(m_where, what + " belongs to an image that was turned, which is not read.");
        return std::nullopt;
    }
    const double across = m_item.size.width / 100.0;
    const double down = m_item.size.height / 100.0;
    return acceptBox({shares.left * across, shares.top * down, shares.right * across, shares.bottom * down},
                     m_item.size, m_where, what, m_complaints, 1e-3);
}

std::optional<Box> LabelStudioRegions::rectangle(const Json& region, const std::string& what) {
    const Json& value = memberOf(region, "value");
    const auto x = numberOf(value, "x");
    const auto y = numberOf(value, "y");
    const auto width = numberOf(value, "width");
    const auto height = numberOf(value, "height");
    if (!x || !y || !width || !height) {
        m_complaints.drop(m_where, what + " lacks a number.");
        return std::nullopt;
    }
    const double turn = numberOf(value, "rotation").value_or(0.0);
    if (turn == 0.0 || m_item.size.empty()) return onImage({*x, *y, *x + *width, *y + *height}, region, what);
    // The angle is one of pixels, not of per cents.
    const double across = m_item.size.width / 100.0;
    const double down = m_item.size.height / 100.0;
    const Box box = envelope(*x * across, *y * down, *width * across, *height * down, turn);
    m_complaints.note(m_where, what + " is turned; the upright box around it was read.");
    return onImage({box.left / across, box.top / down, box.right / across, box.bottom / down}, region, what);
}

std::optional<Box> LabelStudioRegions::outline(const Json& region, const std::string& what) {
    std::optional<Box> around;
    for (const Json& point : memberOf(memberOf(region, "value"), "points")) {
        if (!point.is_array() || point.size() < 2 || !point[0].is_number() || !point[1].is_number()) continue;
        const Box corner{point[0].get<double>(), point[1].get<double>(), point[0].get<double>(),
                         point[1].get<double>()};
        Box& box = around ? *around : around.emplace(corner);
        box = {std::min(box.left, corner.left), std::min(box.top, corner.top), std::max(box.right, corner.right),
               std::max(box.bottom, corner.bottom)};
    }
    if (!around) {
        m_complaints.drop(m_where, what + " has no points.");
        return std::nullopt;
    }
    m_complaints.tally({m_where.path, 0}, "polygon was read as the box around it.",
                       "polygons were read as the boxes around them.");
    return onImage(*around, region, what);
}

std::optional<Box> LabelStudioRegions::ellipse(const Json& region, const std::string& what) {
    const Json& value = memberOf(region, "value");
    const auto x = numberOf(value, "x");
    const auto y = numberOf(value, "y");
    const auto a = numberOf(value, "radiusX");
    const auto b = numberOf(value, "radiusY");
    if (!x || !y || !a || !b || m_item.size.empty()) {
        m_complaints.drop(m_where, what + " lacks a number, or the size of its image is not known.");
        return std::nullopt;
    }
    const double angle = numberOf(value, "rotation").value_or(0.0) * std::numbers::pi / 180.0;
    const double across = m_item.size.width / 100.0;
    const double down = m_item.size.height / 100.0;
    const double half = std::hypot(*a * across * std::cos(angle), *b * down * std::sin(angle)) / across;
    const double tall = std::hypot(*a * across * std::sin(angle), *b * down * std::cos(angle)) / down;
    m_complaints.tally({m_where.path, 0}, "ellipse was read as the box around it.",
                       "ellipses were read as the boxes around them.");
    return onImage({*x - half, *y - tall, *x + half, *y + tall}, region, what);
}

std::optional<Box> LabelStudioRegions::brush(const Json& region, const std::string& what) {
    const auto width = static_cast<std::int64_t>(numberOf(region, "original_width").value_or(0.0));
    const auto height = static_cast<std::int64_t>(numberOf(region, "original_height").value_or(0.0));
    const std::optional<Box> mask = boxOfBrush(memberOf(memberOf(region, "value"), "rle"), width, height);
    if (!mask) {
        m_complaints.drop(m_where, what + " is a brush whose mask cannot be read.");
        return std::nullopt;
    }
    m_complaints.tally({m_where.path, 0}, "brush was read as the box around it.",
                       "brushes were read as the boxes around them.");
    const double w = 100.0 / static_cast<double>(width);
    const double h = 100.0 / static_cast<double>(height);
    return onImage({mask->left * w, mask->top * h, mask->right * w, mask->bottom * h}, region, what);
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
    if (numberOf(value, "channel").value_or(0.0) > 0.0)
        m_complaints.tally({m_where.path, 0}, "region is of one channel; it was read for all of them.",
                           "regions are of one channel each; they were read for all channels.");
    return sounds::acceptRegion({*begin, *end, {}, {}}, m_item.sound, m_where, what, m_complaints);
}

}  // namespace querent::formats::labelstudio

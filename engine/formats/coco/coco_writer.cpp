#include "engine/core/paths.h"
#include "engine/formats/text/text.h"
#include "engine/formats/writing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

namespace querent::formats::coco {
namespace {

constexpr Capability kCoco = {.name = "COCO",
                              .pictures = true,
                              .details = kAllDetails,
                              .fractions = true,
                              .outside = true,
                              .frequencies = true,
                              .boxes = true,
                              .statuses = true,
                              .empties = true,
                              .unknownSize = true};

// A list of results is about any item that the network can look at, and says only how sure it is.
constexpr Capability kResults = [] {
    Capability results = kCoco;
    results.name = "COCO results";
    results.sounds = true;
    results.details = {.score = true};
    return results;
}();

// Readers add the length to the low edge; the length written is the one whose sum is the high edge to the last bit.
// There is none when the low edge has finer digits than the sum can hold.
double lengthTo(double low, double high) {
    const double length = high - low;
    double below = length;
    double above = length;
    for (int i = 0; i < 4; ++i) {
        if (low + below == high) return below;
        if (low + above == high) return above;
        below = std::nextafter(below, -std::numeric_limits<double>::infinity());
        above = std::nextafter(above, std::numeric_limits<double>::infinity());
    }
    return length;
}

std::string list(std::initializer_list<double> numbers) {
    std::string text(1, '[');
    for (const double number : numbers) {
        if (text.size() > 1) text.push_back(',');
        text.append(text::numberText(number));
    }
    text.push_back(']');
    return text;
}

std::string boxText(const Box& box, bool& exact) {
    const double w = lengthTo(box.left, box.right);
    const double h = lengthTo(box.top, box.bottom);
    exact = box.left + w == box.right && box.top + h == box.bottom;
    return list({box.left, box.top, w, h});
}

std::string attributesOf(const DatasetBox& box) {
    std::string text;
    const auto add = [&](const char* name, const std::string& value) {
        text.append(text.empty() ? "\"" : ",\"").append(name).append("\":").append(value);
    };
    if (!box.provenance.empty()) add("provenance", jsonText(box.provenance));
    if (!box.annotator.empty()) add("annotator", jsonText(box.annotator));
    if (box.round != 0) add("round", std::to_string(box.round));
    if (box.difficult) add("difficult", "true");
    if (box.truncated) add("truncated", "true");
    if (box.occluded) add("occluded", "true");
    return text.empty() ? text : ",\"attributes\":{" + text + "}";
}

std::string annotationText(std::int64_t id, std::int64_t imageId, int index, const DatasetBox& box) {
    bool exact = true;
    std::string text = "{\"id\":" + std::to_string(id) + ",\"image_id\":" + std::to_string(imageId) +
                       ",\"category_id\":" + std::to_string(index + 1) + ",\"bbox\":" + boxText(*box.box, exact) +
                       ",\"area\":" + text::numberText(box.box->area()) + ",\"iscrowd\":" + (box.crowd ? "1" : "0") +
                       ",\"segmentation\":[]";
    if (!exact) text += ",\"al_box\":" + list({box.box->left, box.box->top, box.box->right, box.box->bottom});
    if (box.score) text += ",\"score\":" + text::numberText(*box.score);
    return text + attributesOf(box) + "}";
}

std::string imageText(const ExportItem& item, bool withSplit) {
    const DatasetItem& data = *item.item;
    std::string text = "{\"id\":" + std::to_string(item.id) + ",\"file_name\":" + jsonText(data.name) +
                       ",\"width\":" + std::to_string(data.size.width) +
                       ",\"height\":" + std::to_string(data.size.height) + ",\"al_status\":\"" + toText(data.state) +
                       "\"";
    if (withSplit && data.split) text += std::string(",\"al_split\":\"") + toText(*data.split) + "\"";
    return text + "}";
}

// One object a line, so that a person and `diff` can read it, and nothing is held in memory.
void writeInstances(std::ostream& out, const ExportView& view, const std::vector<const ExportItem*>& items,
                    bool withSplit) {
    const char* separator = "\n";
    const auto next = [&](const std::string& text) {
        out << separator << text;
        separator = ",\n";
    };
    out << "{\"info\":{\"description\":\"Exported by "
           "Querent\",\"version\":\"1.0\"},\n\"licenses\":[],\n\"categories\":[";
    for (const ClassIndex& entry : view.classes)
        next("{\"id\":" + std::to_string(entry.index + 1) + ",\"name\":" + jsonText(entry.name) +
             ",\"supercategory\":\"\"}");
    out << "],\n\"images\":[";
    separator = "\n";
    for (const ExportItem* item : items)
        next(imageText(*item, withSplit));
    out << "],\n\"annotations\":[";
    separator = "\n";
    std::int64_t id = 0;  // the first one is 1: COCO's evaluation takes 0 for "no match"
    for (const ExportItem* item : items) {
        for (const DatasetBox* box : item->boxes)
            next(annotationText(++id, item->id, view.indexOf.at(box->label), *box));
    }
    out << "]}\n";
}

Result<void> checkIds(const ExportView& view) {
    std::map<std::int64_t, const DatasetItem*> ids;
    for (const ExportItem& item : view.items) {
        const auto [entry, isNew] = ids.emplace(item.id, item.item);
        if (!isNew)
            return fail(ErrorCode::InvalidArgument, "The items " + text::inQuotes(entry->second->name) + " and " +
                                                        text::inQuotes(item.item->name) + " have the same number.");
    }
    return {};
}

}  // namespace

Result<LossReport> writeCoco(const Dataset& dataset, const WriteOptions& options, const Job& job) {
    const Result<ExportView> view = makeView(dataset, options, kCoco);
    if (!view) return view.error();
    if (Result<void> checked = checkIds(*view); !checked) return checked.error();
    const Target target = targetOf(options, ".json");
    const bool single = !target.file.empty();
    LossReport report = reportOf(*view);
    ExportPlan plan(target.folder, single ? ".querent-export-files" : ".querent-export-coco", !single);
    std::map<std::string, std::vector<const ExportItem*>> parts;
    for (const ExportItem& item : view->items)
        parts[single ? "" : splitText(*item.item, "default")].push_back(&item);
    if (parts.empty()) parts[single ? "" : "default"];
    for (const auto& [split, items] : parts) {
        plan.add(
            single ? target.file : "annotations/instances_" + split + ".json",
            [&view = *view, &items = items, single](std::ostream& out) { writeInstances(out, view, items, single); });
    }
    planImages(plan, *view, options, report, [](const DatasetItem& item) { return "images/" + item.name; });
    return finishExport(plan, std::move(report), dataset, options, job);
}

Result<LossReport> writeResults(const Dataset& dataset, const WriteOptions& options, const Job& job) {
    if (options.to.empty()) return fail(ErrorCode::InvalidArgument, "The export needs a target.");
    WriteOptions all = options;
    all.allStates = true;
    Result<ExportView> view = makeView(dataset, all, kResults);
    if (!view) return view.error();
    if (Result<void> checked = checkIds(*view); !checked) return checked.error();
    std::int64_t unscored = 0;
    for (ExportItem& item : view->items)
        unscored +=
            static_cast<std::int64_t>(std::erase_if(item.boxes, [](const DatasetBox* box) { return !box->score; }));
    view->boxes -= unscored;
    LossReport report = reportOf(*view);
    if (unscored > 0)
        report.lines.push_back(text::counted(unscored, "box has", "boxes have") + " no score and is no result.");
    std::error_code problem;
    const std::filesystem::path path = std::filesystem::absolute(options.to, problem).lexically_normal();
    ExportPlan plan(path.parent_path(), ".querent-export-files", false);
    plan.add(utf8(path.filename()), [&view = *view](std::ostream& out) {
        const char* separator = "[\n";
        bool exact = true;
        for (const ExportItem& item : view.items) {
            for (const DatasetBox* box : item.boxes) {
                out << separator << "{\"image_id\":" << item.id
                    << ",\"category_id\":" << view.indexOf.at(box->label) + 1
                    << ",\"bbox\":" << boxText(*box->box, exact) << ",\"score\":" << text::numberText(*box->score)
                    << "}";
                separator = ",\n";
            }
        }
        out << (view.boxes == 0 ? "[]\n" : "\n]\n");
    });
    return finishExport(plan, std::move(report), dataset, options, job);
}

}  // namespace querent::formats::coco

#include "engine/formats/text/text.h"
#include "engine/formats/writing.h"

#include <pugixml.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace querent::formats::voc {
namespace {

constexpr Capability kVoc = {.name = "VOC",
                             .pictures = true,
                             .details = {.difficult = true, .truncated = true, .occluded = true},
                             .frequencies = true,
                             .boxes = true,
                             .statuses = true,
                             .empties = true,
                             .unknownSize = true};

void addText(pugi::xml_node parent, const char* name, const std::string& text) {
    parent.append_child(name).text().set(text.c_str());
}

void addFlag(pugi::xml_node parent, const char* name, bool flag) {
    addText(parent, name, flag ? "1" : "0");
}

// The two numbers of one axis. Devkit: whole pixels from 1, the last one inside; rounding (not floor and ceil) moves a
// box neither way on average, and a second trip changes nothing. LabelImg: rounded edges from 0, at least one pixel
// apart.
std::array<long long, 2> axis(double low, double high, int length, bool devkit) {
    long long first = std::llround(low);
    long long last = std::llround(high);
    if (length > 0) first = std::min<long long>(first, length - 1);
    last = std::max(last, first + 1);
    return {devkit ? first + 1 : first, last};
}

void addObject(pugi::xml_node root, const DatasetBox& box, Size size, bool devkit) {
    pugi::xml_node object = root.append_child("object");
    addText(object, "name", box.label);
    addText(object, "pose", "Unspecified");
    addFlag(object, "truncated", box.truncated);
    addFlag(object, "difficult", box.difficult);
    pugi::xml_node corners = object.append_child("bndbox");
    const Box inside = size.empty() ? *box.box : box.box->clampedTo(size);
    const auto x = axis(inside.left, inside.right, size.width, devkit);
    const auto y = axis(inside.top, inside.bottom, size.height, devkit);
    addText(corners, "xmin", std::to_string(x[0]));
    addText(corners, "ymin", std::to_string(y[0]));
    addText(corners, "xmax", std::to_string(x[1]));
    addText(corners, "ymax", std::to_string(y[1]));
    // Behind the box: many scripts read it as the fifth child.
    if (box.occluded) addFlag(object, "occluded", true);
}

void writeXml(std::ostream& out, const ExportItem& item, bool devkit) {
    pugi::xml_document document;
    pugi::xml_node root = document.append_child("annotation");
    const DatasetItem& data = *item.item;
    if (isTrainable(data.state)) root.append_attribute("verified") = "yes";
    root.append_attribute("al_status") = toText(data.state);
    const std::string folder(text::baseName(text::folderOf(data.name)));
    addText(root, "folder", folder.empty() ? "JPEGImages" : folder);
    addText(root, "filename", std::string(text::baseName(data.name)));
    pugi::xml_node source = root.append_child("source");
    addText(source, "database", "Unknown");
    addText(source, "annotation", devkit ? "querent voc=devkit" : "querent voc=labelimg");
    pugi::xml_node size = root.append_child("size");
    addText(size, "width", std::to_string(data.size.width));
    addText(size, "height", std::to_string(data.size.height));
    addText(size, "depth", "3");
    addText(root, "segmented", "0");
    for (const DatasetBox* box : item.boxes)
        addObject(root, *box, data.size, devkit);
    document.save(out, "\t", pugi::format_indent | pugi::format_no_declaration, pugi::encoding_utf8);
}

void planClasses(ExportPlan& plan, const ExportView& view, LossReport& report) {
    planClassList(plan, view, report);
    plan.add("labelmap.txt", [&view](std::ostream& out) {
        out << "# label:color_rgb:parts:actions\n";
        for (const ClassIndex& entry : view.classes) {
            if (entry.name.find(':') == std::string::npos) out << oneLine(entry.name) << ":::\n";
        }
    });
}

}  // namespace

Result<LossReport> writeVoc(const Dataset& dataset, const WriteOptions& options, const Job& job) {
    const Result<ExportView> view = makeView(dataset, options, kVoc);
    if (!view) return view.error();
    const bool devkit = options.vocOrigin != VocOrigin::LabelImg;
    LossReport report = reportOf(*view);
    std::error_code problem;
    ExportPlan plan(std::filesystem::absolute(options.to, problem).lexically_normal(), ".querent-export-voc", true);
    const std::vector<std::string> sidecars = sidecarNames(*view);
    for (std::size_t i = 0; i < sidecars.size(); ++i) {
        const ExportItem& item = view->items[i];
        plan.add("Annotations/" + sidecars[i] + ".xml",
                 [&item, devkit](std::ostream& out) { writeXml(out, item, devkit); });
    }
    planSplitLists(plan, *view, sidecars, "ImageSets/Main", "default", report);  // CVAT's word for no split
    planClasses(plan, *view, report);
    planImages(plan, *view, options, report, [](const DatasetItem& item) { return "JPEGImages/" + item.name; });
    return finishExport(plan, std::move(report), dataset, options, job);
}

}  // namespace querent::formats::voc

#include "engine/formats/text/text.h"
#include "engine/formats/writing.h"

#include <pugixml.hpp>

#include <set>

namespace querent::formats::cvat {
namespace {

constexpr Capability kCvat = {.name = "CVAT",
                              .pictures = true,
                              .details = {.difficult = true, .crowd = true, .truncated = true, .occluded = true},
                              .fractions = true,
                              .frequencies = true,
                              .boxes = true,
                              .wholeItem = true,
                              .statuses = true,
                              .empties = true,
                              .unknownSize = true};

void addText(pugi::xml_node parent, const char* name, const std::string& text) {
    parent.append_child(name).text().set(text.c_str());
}

void addNumber(pugi::xml_node element, const char* name, double value) {
    element.append_attribute(name) = text::numberText(value).c_str();
}

// Marks that CVAT itself has no place for are attributes of the object, as its own exports of VOC data have them.
void addMark(pugi::xml_node element, const char* name, bool mark) {
    if (!mark) return;
    pugi::xml_node attribute = element.append_child("attribute");
    attribute.append_attribute("name") = name;
    attribute.text().set("true");
}

void addMarks(pugi::xml_node element, const DatasetBox& box) {
    addMark(element, "difficult", box.difficult);
    addMark(element, "truncated", box.truncated);
    addMark(element, "is_crowd", box.crowd);
}

void addObject(pugi::xml_node image, const DatasetItem& item, const DatasetBox& box) {
    pugi::xml_node element = image.append_child(box.box ? "box" : "tag");
    element.append_attribute("label") = box.label.c_str();
    element.append_attribute("source") = "manual";
    if (box.box) {
        const Box inside = insideOf(item, *box.box).value_or(*box.box);
        element.append_attribute("occluded") = box.occluded ? "1" : "0";
        addNumber(element, "xtl", inside.left);
        addNumber(element, "ytl", inside.top);
        addNumber(element, "xbr", inside.right);
        addNumber(element, "ybr", inside.bottom);
        element.append_attribute("z_order") = "0";
    } else if (box.occluded) {
        element.append_attribute("occluded") = "1";
    }
    addMarks(element, box);
}

// The labels with the attributes that the objects use: CVAT keeps only those that its task knows.
void addMeta(pugi::xml_node root, const ExportView& view) {
    pugi::xml_node task = root.append_child("meta").append_child("task");
    addText(task, "name", "Querent");
    addText(task, "size", std::to_string(view.items.size()));
    addText(task, "mode", "annotation");
    std::set<std::string> marks;
    for (const ExportItem& out : view.items) {
        for (const DatasetBox* box : out.boxes) {
            if (box->difficult) marks.insert("difficult");
            if (box->truncated) marks.insert("truncated");
            if (box->crowd) marks.insert("is_crowd");
        }
    }
    pugi::xml_node labels = task.append_child("labels");
    for (const ClassIndex& entry : view.classes) {
        pugi::xml_node label = labels.append_child("label");
        addText(label, "name", entry.name);
        pugi::xml_node attributes = label.append_child("attributes");
        for (const std::string& mark : marks) {
            pugi::xml_node attribute = attributes.append_child("attribute");
            addText(attribute, "name", mark);
            addText(attribute, "mutable", "False");
            addText(attribute, "input_type", "checkbox");
            addText(attribute, "default_value", "false");
            addText(attribute, "values", "");
        }
    }
}

void addImage(pugi::xml_node root, const ExportItem& out, std::int64_t number) {
    const DatasetItem& item = *out.item;
    pugi::xml_node image = root.append_child("image");
    image.append_attribute("id") = std::to_string(number).c_str();
    image.append_attribute("name") = item.name.c_str();
    if (item.split) image.append_attribute("subset") = toText(*item.split);
    image.append_attribute("width") = std::to_string(item.size.width).c_str();
    image.append_attribute("height") = std::to_string(item.size.height).c_str();
    image.append_attribute("al_status") = toText(item.state);
    for (const DatasetBox* box : out.boxes)
        addObject(image, item, *box);
}

// One image at a time, so that a large file is never in memory.
void writeXml(std::ostream& out, const ExportView& view) {
    const auto print = [&out](const pugi::xml_document& document) {
        document.first_child().print(out, "  ", pugi::format_indent, pugi::encoding_utf8, 1);
    };
    out << "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n  <version>1.1</version>\n";
    pugi::xml_document meta;
    addMeta(meta, view);
    print(meta);
    for (std::size_t i = 0; i < view.items.size(); ++i) {
        pugi::xml_document image;
        addImage(image, view.items[i], static_cast<std::int64_t>(i));
        print(image);
    }
    out << "</annotations>\n";
}

}  // namespace

Result<LossReport> writeCvat(const Dataset& dataset, const WriteOptions& options, const Job& job) {
    const Result<ExportView> view = makeView(dataset, options, kCvat);
    if (!view) return view.error();
    const Target target = targetOf(options, ".xml");
    const bool single = !target.file.empty();
    LossReport report = reportOf(*view);
    ExportPlan plan(target.folder, single ? ".querent-export-files" : ".querent-export-cvat", !single);
    plan.add(single ? target.file : "annotations.xml", [&view = *view](std::ostream& out) { writeXml(out, view); });
    planImages(plan, *view, options, report, [](const DatasetItem& item) { return "images/" + item.name; });
    return finishExport(plan, std::move(report), dataset, options, job);
}

}  // namespace querent::formats::cvat

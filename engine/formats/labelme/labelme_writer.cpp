#include "engine/formats/text/text.h"
#include "engine/formats/writing.h"

#include <nlohmann/json.hpp>

namespace querent::formats::labelme {
namespace {

using Json = nlohmann::ordered_json;

constexpr Capability kLabelme = {
    .name = "labelme",
    .pictures = true,
    .details = {.score = true, .difficult = true, .crowd = true, .truncated = true, .occluded = true},
    .fractions = true,
    .frequencies = true,
    .boxes = true,
    .statuses = true,
    .empties = true,
    .unknownSize = true};

Json shapeOf(const DatasetItem& item, const DatasetBox& box) {
    const Box inside = insideOf(item, *box.box).value_or(*box.box);
    Json flags = Json::object();
    if (box.difficult) flags["difficult"] = true;
    if (box.truncated) flags["truncated"] = true;
    if (box.occluded) flags["occluded"] = true;
    if (box.crowd) flags["crowd"] = true;
    Json shape = {{"label", box.label},
                  {"points", {{inside.left, inside.top}, {inside.right, inside.bottom}}},
                  {"group_id", nullptr},
                  {"description", ""},
                  {"shape_type", "rectangle"},
                  {"flags", std::move(flags)},
                  {"mask", nullptr}};
    if (box.score) shape["score"] = *box.score;
    return shape;
}

// labelme keeps members that it does not know, so ours for the status and the split come back from it.
Json fileOf(const ExportItem& out) {
    const DatasetItem& item = *out.item;
    Json shapes = Json::array();
    for (const DatasetBox* box : out.boxes)
        shapes.push_back(shapeOf(item, *box));
    Json file = {{"version", "5.5.0"},          {"flags", Json::object()},
                 {"shapes", std::move(shapes)}, {"imagePath", text::baseName(item.name)},
                 {"imageData", nullptr},        {"imageHeight", nullptr},
                 {"imageWidth", nullptr},       {"al_status", toText(item.state)}};
    if (!item.size.empty()) {
        file["imageHeight"] = item.size.height;
        file["imageWidth"] = item.size.width;
    }
    if (item.split) file["al_split"] = toText(*item.split);
    return file;
}

}  // namespace

Result<LossReport> writeLabelme(const Dataset& dataset, const WriteOptions& options, const Job& job) {
    const Result<ExportView> view = makeView(dataset, options, kLabelme);
    if (!view) return view.error();
    LossReport report = reportOf(*view);
    std::error_code problem;
    ExportPlan plan(std::filesystem::absolute(options.to, problem).lexically_normal(), ".querent-export-labelme", true);
    const std::vector<std::string> sidecars = sidecarNames(*view);
    for (std::size_t i = 0; i < sidecars.size(); ++i) {
        const ExportItem& item = view->items[i];
        plan.add(sidecars[i] + ".json", [&item](std::ostream& out) {
            out << fileOf(item).dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
        });
    }
    // The list that labelme is started with: labelme --labels labels.txt
    planClassList(plan, *view, report, "labels.txt");
    planImages(plan, *view, options, report, [](const DatasetItem& item) { return item.name; });
    return finishExport(plan, std::move(report), dataset, options, job);
}

}  // namespace querent::formats::labelme

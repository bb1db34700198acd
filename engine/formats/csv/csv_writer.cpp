#include "engine/formats/csv/csv_writer.h"

#include "engine/formats/text/csv_table.h"
#include "engine/formats/text/text.h"
#include "engine/formats/writing.h"

#include <algorithm>

namespace querent::formats::csv {
namespace {

constexpr Capability kCsv = {.name = "CSV",
                             .pictures = true,
                             .sounds = true,
                             .details = kAllDetails,
                             .fractions = true,
                             .outside = true,
                             .seconds = true,
                             .frequencies = true,
                             .boxes = true,
                             .wholeItem = true,
                             .statuses = true,
                             .empties = true,
                             .unknownSize = true};

constexpr const char* kHeader =
    "path,item_status,class,x0,y0,x1,y1,t0,t1,f0,f1,score,provenance,annotator,round,updated_utc,split,width,height,"
    "difficult,crowd,truncated,occluded\n";

std::string textCell(const std::string& text) {
    return text::csvField(text::guarded(text));
}

// x0 to y1 for pictures, t0 to f1 (seconds and Hz) for sounds.
void writePlace(std::ostream& out, const DatasetItem& item, const std::optional<Box>& box) {
    if (!box) {
        out << ",,,,,,,,";
    } else if (item.sound.empty()) {
        for (const double side : {box->left, box->top, box->right, box->bottom})
            out << ',' << text::numberText(side);
        out << ",,,,";
    } else {
        const double rate = item.sound.rate;
        out << ",,,,";
        for (const double side : {box->left / rate, box->right / rate, box->top, box->bottom})
            out << ',' << text::numberText(side);
    }
}

void writeRow(std::ostream& out, const DatasetItem& item, const DatasetBox* box) {
    const auto flag = [&](bool set) { out << ',' << (box ? (set ? "1" : "0") : ""); };
    out << textCell(item.name) << ',' << toText(item.state) << ',' << (box ? textCell(box->label) : "");
    writePlace(out, item, box ? box->box : std::nullopt);
    out << ',';
    if (box && box->score) out << text::numberText(*box->score);
    out << ',' << (box ? textCell(box->provenance) : "") << ',' << (box ? textCell(box->annotator) : "") << ',';
    if (box && box->round != 0) out << box->round;
    out << ",," << splitText(item, "") << ',';
    if (!item.size.empty())
        out << item.size.width << ',' << item.size.height;
    else
        out << ',';
    flag(box && box->difficult);
    flag(box && box->crowd);
    flag(box && box->truncated);
    flag(box && box->occluded);
    out << '\n';
}

}  // namespace

void sayNoClassList(const ExportView& view, const std::set<std::string>& used, LossReport& report) {
    const auto unused = static_cast<std::int64_t>(view.classes.size() - used.size());
    if (used.size() > 1)
        report.lines.push_back("The order of the classes is not kept: a single CSV file has no place for it.");
    if (unused > 0)
        report.lines.push_back(text::counted(unused, "class that nothing has is", "classes that nothing has are") +
                               " left out: a single CSV file has no place for a list of classes.");
}

Result<LossReport> writeCsv(const Dataset& dataset, const WriteOptions& options, const Job& job) {
    if (isManifest(dataset, options.csvLayout)) return writeManifest(dataset, options, job);
    const Result<ExportView> view = makeView(dataset, options, kCsv);
    if (!view) return view.error();
    const Target target = targetOf(options, ".csv");
    const bool single = !target.file.empty();
    LossReport report = reportOf(*view);
    if (single) {
        std::set<std::string> used;
        for (const ExportItem& item : view->items)
            for (const DatasetBox* box : item.boxes)
                used.insert(box->label);
        sayNoClassList(*view, used, report);
    }
    ExportPlan plan(target.folder, single ? ".querent-export-files" : ".querent-export-csv", !single);
    plan.add(single ? target.file : "annotations.csv", [&view = *view](std::ostream& out) {
        out << kHeader;
        for (const ExportItem& item : view.items) {
            if (item.boxes.empty()) writeRow(out, *item.item, nullptr);
            for (const DatasetBox* box : item.boxes)
                writeRow(out, *item.item, box);
        }
    });
    if (!single) planClassList(plan, *view, report);
    planImages(plan, *view, options, report, [](const DatasetItem& item) { return "images/" + item.name; });
    return finishExport(plan, std::move(report), dataset, options, job);
}

}  // namespace querent::formats::csv

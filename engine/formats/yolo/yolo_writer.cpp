#include "engine/formats/text/text.h"
#include "engine/formats/writing.h"
#include "engine/formats/yolo/yolo_names.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <yaml-cpp/yaml.h>

namespace querent::formats::yolo {
namespace {

namespace fs = std::filesystem;

constexpr Capability kYolo = {
    .name = "YOLO", .pictures = true, .fractions = true, .frequencies = true, .boxes = true, .empties = true};

// Twelve decimals: an edge of a 40,000 pixel image keeps its place to a ten-millionth of a pixel. (Eight would lose
// 2e-4.)
constexpr long long kUnit = 1000000000000LL;

std::string decimals(long long units) {
    std::string text = std::to_string(units % kUnit);
    text.insert(0, 12 - text.size(), '0');
    return std::to_string(units / kUnit) + "." + text;
}

// Centre and length as shares of the side, in units of 1e-12, of edges inside [0, 1]. The centre falls on a unit when
// the length is even; then both edges are exactly what they were rounded to, and never outside: trainers throw away the
// whole image for a box that leaves it by one unit.
std::array<long long, 2> axis(double low, double high, int side) {
    const auto share = [&](double edge) {
        return std::clamp(std::llround(edge / side * static_cast<double>(kUnit)), 0LL, kUnit);
    };
    long long first = share(low);
    long long last = share(high);
    if ((last - first) % 2 != 0) last < kUnit ? ++last : ++first;
    if (first == last) first >= 2 ? first -= 2 : last += 2;
    return {(first + last) / 2, last - first};
}

void writeLabels(std::ostream& out, const ExportItem& item, const ExportView& view) {
    const Size size = item.item->size;
    for (const DatasetBox* box : item.boxes) {
        const Box inside = box->box->clampedTo(size);
        const auto x = axis(inside.left, inside.right, size.width);
        const auto y = axis(inside.top, inside.bottom, size.height);
        out << view.indexOf.at(box->label) << ' ' << decimals(x[0]) << ' ' << decimals(y[0]) << ' ' << decimals(x[1])
            << ' ' << decimals(y[1]) << '\n';
    }
}

// Trainers want a name for each of the numbers 0 to n - 1.
struct Names {
    std::vector<std::string> all;
    std::vector<std::size_t> gaps;  // numbers that no class has; somebody's class may be called as they are
};

Names namesOf(const ExportView& view) {
    Names names;
    for (const ClassIndex& entry : view.classes) {
        for (; static_cast<int>(names.all.size()) < entry.index;
             names.all.push_back("unused_" + std::to_string(names.all.size())))
            names.gaps.push_back(names.all.size());
        names.all.push_back(entry.name);
    }
    return names;
}

void writeYaml(std::ostream& out, const Names& names, bool test) {
    out << "# Without an entry 'path', the folders are looked for beside this file.\ntrain: images/train\nval: "
           "images/val\n";
    if (test) out << "test: images/test\n";
    if (!names.gaps.empty()) {
        YAML::Emitter list;
        list << YAML::Flow << names.gaps;
        out << "# Numbers that no class has.\n" << kGapsEntry << ": " << list.c_str() << '\n';
    }
    out << "nc: " << names.all.size() << "\nnames:\n";
    for (std::size_t i = 0; i < names.all.size(); ++i) {
        YAML::Emitter text;
        text << YAML::DoubleQuoted << names.all[i];
        out << "  " << i << ": " << text.c_str() << '\n';
    }
}

// YOLO finds the labels of an image by its name without extension; two images of one name cannot both have some.
Result<void> checkStems(const ExportView& view) {
    std::map<std::string, const DatasetItem*> stems;
    for (const ExportItem& out : view.items) {
        const auto [entry, isNew] = stems.emplace(
            splitText(*out.item, "unassigned") + "/" + std::string(text::withoutExtension(out.item->name)), out.item);
        if (!isNew)
            return fail(ErrorCode::InvalidArgument, "The images " + text::inQuotes(entry->second->name) + " and " +
                                                        text::inQuotes(out.item->name) +
                                                        " would share a label file; YOLO cannot tell them apart.");
    }
    return {};
}

// Trainers keep what they once read in labels/*.cache, and would not see the new labels.
void planCaches(ExportPlan& plan) {
    for (const char* name :
         {"labels.cache", "labels/train.cache", "labels/val.cache", "labels/test.cache", "labels/labels.cache"})
        plan.removeToo(name);
}

void planLabels(ExportPlan& plan, const ExportView& view) {
    for (const ExportItem& item : view.items) {
        if (!item.settled) continue;  // without a file: unlabelled
        const std::string name =
            splitText(*item.item, "unassigned") + "/" + std::string(text::withoutExtension(item.item->name));
        plan.add("labels/" + name + ".txt", [&item, &view](std::ostream& out) { writeLabels(out, item, view); });
    }
}

void sayMore(const ExportView& view, const WriteOptions& options, LossReport& report) {
    const auto unassigned = std::count_if(view.items.begin(), view.items.end(),
                                          [](const ExportItem& out) { return !out.item->split.has_value(); });
    if (unassigned > 0)
        report.lines.push_back(text::counted(unassigned, "item has", "items have") +
                               " no split and is in the folder 'unassigned', which trainers pass over.");
    sayUnansweredLabels(view, report);
    const auto placeless = std::count_if(view.items.begin(), view.items.end(), [](const ExportItem& out) {
        return !out.settled && out.item->split.has_value();
    });
    if (placeless > 0 && options.images == Images::None)
        report.lines.push_back(
            text::counted(placeless, "unlabelled item loses its split", "unlabelled items lose their splits") +
            ": without a label file it is told by the folder of the image, which is not copied.");
    if (options.images == Images::None)
        report.lines.push_back("Images are not copied; trainers need them in the folder 'images', beside 'labels'.");
}

}  // namespace

Result<LossReport> writeYolo(const Dataset& dataset, const WriteOptions& options, const Job& job) {
    const Result<ExportView> view = makeView(dataset, options, kYolo);
    if (!view) return view.error();
    if (Result<void> checked = checkStems(*view); !checked) return checked.error();
    if (!view->classes.empty() && view->classes.back().index > 100000)
        return fail(ErrorCode::InvalidArgument,
                    "The class numbers are too large for YOLO, which needs them without gaps.");
    LossReport report = reportOf(*view);
    sayMore(*view, options, report);
    std::error_code problem;
    ExportPlan plan(fs::absolute(options.to, problem).lexically_normal(), ".querent-export-yolo", true);
    const Names names = namesOf(*view);
    const bool test = std::any_of(view->items.begin(), view->items.end(),
                                  [](const ExportItem& out) { return out.item->split == Split::Test; });
    plan.add("data.yaml", [&names, test](std::ostream& out) { writeYaml(out, names, test); });
    plan.add("classes.txt", [&names](std::ostream& out) {
        for (std::string name : names.all) {
            std::replace(name.begin(), name.end(), '\n', ' ');
            out << name << '\n';
        }
    });
    planLabels(plan, *view);
    planImages(plan, *view, options, report,
               [](const DatasetItem& item) { return "images/" + splitText(item, "unassigned") + "/" + item.name; });
    planCaches(plan);
    return finishExport(plan, std::move(report), dataset, options, job);
}

}  // namespace querent::formats::yolo

#include "engine/formats/reading.h"
#include "engine/formats/text/text.h"
#include "engine/formats/writing.h"

#include <algorithm>
#include <map>
#include <set>

namespace querent::formats::folders {
namespace {

namespace fs = std::filesystem;

constexpr Capability kFolders = {.name = "A folder for each class",
                                 .pictures = true,
                                 .sounds = true,
                                 .severalMedia = true,  // counted below: such items are left out
                                 .fractions = true,
                                 .outside = true,
                                 .frequencies = true,
                                 .wholeItem = true,
                                 .statuses = true,
                                 .empties = true,
                                 .unknownSize = true};

// Names that are folders on every system, are not hidden, and come back as they were.
bool canBeFolder(const std::string& name) {
    return name.find_first_of("/\\<>:\"|?*") == std::string::npos && !name.starts_with('.') && !name.ends_with('.') &&
           oneLine(name) == name;
}

// Why items are left out, and how many.
struct LeftOut {
    std::int64_t unsettled = 0;
    std::int64_t several = 0;  // media
    std::int64_t many = 0;     // classes
    std::int64_t none = 0;
    std::int64_t named = 0;
    std::int64_t missing = 0;

    bool take(const ExportItem& out) {
        std::error_code problem;
        if (!isTrainable(out.item->state)) return ++unsettled, false;
        if (out.item->media.size() > 1) return ++several, false;
        if (out.boxes.size() > 1) return ++many, false;
        if (out.boxes.empty()) return ++none, false;
        if (!canBeFolder(out.boxes.front()->label)) return ++named, false;
        if (!fs::is_regular_file(out.item->file, problem)) return ++missing, false;
        return true;
    }

    void say(LossReport& report) const {
        const auto line = [&](std::int64_t count, const char* one, const char* many_) {
            if (count > 0) report.lines.push_back(text::counted(count, one, many_));
        };
        line(unsettled, "item is left out, because nobody has settled its class.",
             "items are left out, because nobody has settled their classes.");
        line(several, "item with several media is left out.", "items with several media are left out.");
        line(many, "item with several classes is left out.", "items with several classes are left out.");
        line(none, "item without a class is left out.", "items without a class are left out.");
        line(named, "item has a class that cannot be the name of a folder and is left out.",
             "items have classes that cannot be names of folders and are left out.");
        line(missing, "file is missing and cannot be copied.", "files are missing and cannot be copied.");
    }
};

// The item's name without the folders of a split and of its class, which an import of such folders leaves there.
std::string bareName(const ExportItem& out) {
    std::string_view name = out.item->name;
    const auto takeFirst = [&](auto&& wanted) {
        const std::size_t slash = name.find('/');
        if (slash != std::string_view::npos && wanted(name.substr(0, slash))) name.remove_prefix(slash + 1);
    };
    takeFirst([&](std::string_view part) {
        return out.item->split ? splitFromFolder(part) == out.item->split : part == "unassigned";
    });
    takeFirst([&](std::string_view part) { return part == out.boxes.front()->label; });
    return std::string(name);
}

class Places {
 public:
    explicit Places(const std::vector<const ExportItem*>& items) {
        bool clash = false;  // a class that would be taken for a split
        for (const ExportItem* item : items) {
            m_split |= item->item->split.has_value();
            clash |= splitFromFolder(item->boxes.front()->label).has_value();
            ++m_uses[folder(*item) + bareName(*item)];
        }
        m_split |= clash;
    }

    std::string of(const ExportItem& item) const {
        const std::string place = folder(item);
        const bool bare = m_uses.at(place + bareName(item)) == 1;
        const std::string top = m_split ? splitText(*item.item, "unassigned") + "/" : std::string();
        return top + item.boxes.front()->label + "/" + (bare ? bareName(item) : item.item->name);
    }
    bool hasSplits() const { return m_split; }

 private:
    static std::string folder(const ExportItem& item) {
        return splitText(*item.item, "unassigned") + "/" + item.boxes.front()->label + "/";
    }
    bool m_split = false;
    std::map<std::string, int> m_uses;
};

}  // namespace

Result<LossReport> writeFolders(const Dataset& dataset, const WriteOptions& options, const Job& job) {
    const Result<ExportView> view = makeView(dataset, options, kFolders);
    if (!view) return view.error();
    LossReport report = reportOf(*view);
    LeftOut leftOut;
    std::vector<const ExportItem*> items;
    for (const ExportItem& item : view->items) {
        if (leftOut.take(item)) items.push_back(&item);
    }
    leftOut.say(report);
    report.items = report.boxes = static_cast<std::int64_t>(items.size());
    const Places places(items);
    const auto unassigned = std::count_if(items.begin(), items.end(),
                                          [](const ExportItem* item) { return !item->item->split.has_value(); });
    if (places.hasSplits() && unassigned > 0)
        report.lines.push_back(text::counted(unassigned, "item has", "items have") +
                               " no split and is in the folder 'unassigned'.");
    std::error_code problem;
    ExportPlan plan(fs::absolute(options.to, problem).lexically_normal(), ".querent-export-folders", true);
    for (const ExportItem* item : items)
        plan.addCopy(places.of(*item), item->item->file);
    planClassList(plan, *view, report);
    return finishExport(plan, std::move(report), dataset, options, job);
}

}  // namespace querent::formats::folders

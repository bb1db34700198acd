#include "engine/formats/writing.h"

#include "engine/core/file_names.h"
#include "engine/core/paths.h"
#include "engine/formats/text/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace querent::formats {
namespace {

namespace fs = std::filesystem;

bool isWhole(const Box& box) {
    return std::trunc(box.left) == box.left && std::trunc(box.top) == box.top && std::trunc(box.right) == box.right &&
           std::trunc(box.bottom) == box.bottom;
}

// How far an item reaches: pixels, or frames and Hz; 0 x 0 while that is not known.
struct Reach {
    double width = 0.0;
    double height = 0.0;
};
Reach reachOf(const DatasetItem& item) {
    if (item.sound.empty()) return {static_cast<double>(item.size.width), static_cast<double>(item.size.height)};
    return {static_cast<double>(item.sound.frames), item.sound.nyquist()};
}
bool isKnown(const Reach& reach) {
    return reach.width > 0.0 && reach.height > 0.0;
}

// Counts what a format has no place for; lines() says it.
class Losses {
 public:
    explicit Losses(const Capability& capability) : m_can(capability) {}

    void leftOut(const DatasetItem& item) {
        ++m_itemsOut[item.state];
        m_boxesOut += static_cast<std::int64_t>(item.boxes.size());
    }

    // False when the item cannot go out under its name: it could leave the target, here or on another system.
    bool stays(const DatasetItem& item) {
        if (!text::leadsOut(item.name)) return true;
        if (m_leadingOut++ == 0) m_firstLeadingOut = item.name;
        m_boxesOut += static_cast<std::int64_t>(item.boxes.size());
        return false;
    }

    // False when the format has no place for such an item at all.
    bool holds(const DatasetItem& item) {
        const Modality modality = modalityOf(item);
        const bool can = modality == Modality::Audio  ? m_can.sounds
                         : modality == Modality::Text ? m_can.texts
                                                      : m_can.pictures;
        if (!can) ++m_foreign[modality];
        return can;
    }

    void status(const DatasetItem& item) {
        m_statuses += !m_can.statuses && !isTrainable(item.state) && item.state != ItemState::Unlabelled;
        m_empties += !m_can.empties && item.state == ItemState::ConfirmedEmpty;
        m_media += !m_can.severalMedia && item.media.size() > 1;
    }

    // False for an item whose answers have no place at all: without a word beside them it would come back as empty,
    // which nobody has said.
    bool settled(const DatasetItem& item, bool anyLeft) {
        const bool emptied =
            !m_can.statuses && m_can.empties && item.state == ItemState::Labelled && !item.boxes.empty() && !anyLeft;
        m_emptied += emptied;
        return isTrainable(item.state) && !emptied;
    }

    // What no format can hold, whatever else it can.
    void marks(const DatasetItem& item) {
        m_flagged += item.flagged;
        m_noted += item.noted;
    }

    // False when the box cannot go out at all.
    bool keep(const DatasetItem& item, const DatasetBox& box) {
        if (!box.box) {
            m_wholeItem += !m_can.wholeItem;
            if (m_can.wholeItem) marksOf(box);
            return m_can.wholeItem;
        }
        if (!m_can.boxes) return ++m_boxed, false;
        if (box.box->empty() || !std::isfinite(box.box->width() + box.box->height())) return ++m_noArea, false;
        const Reach reach = reachOf(item);
        const bool needed = !m_can.unknownSize || (m_can.seconds && modalityOf(item) == Modality::Audio);
        if (needed && !isKnown(reach)) return ++m_noSize, false;
        if (!m_can.outside && isKnown(reach)) {
            const std::optional<Box> inside = insideOf(item, *box.box);
            if (!inside) return ++m_noArea, false;
            m_outside += !(*inside == *box.box);
        }
        m_fractions += !m_can.fractions && !isWhole(*box.box);
        m_frequencies +=
            !m_can.frequencies && !item.sound.empty() && (box.box->top > 0.0 || box.box->bottom < reach.height);
        marksOf(box);
        return true;
    }

    std::vector<std::string> lines() {
        m_lines.clear();
        itemLines();
        boxLines();
        return std::move(m_lines);
    }

 private:
    void marksOf(const DatasetBox& box) {
        const BoxDetails& can = m_can.details;
        m_score += !can.score && box.score.has_value();
        m_provenance += !can.provenance && !box.provenance.empty();
        m_annotator += !can.annotator && !box.annotator.empty();
        m_round += !can.round && box.round != 0;
        m_difficult += !can.difficult && box.difficult;
        m_crowd += !can.crowd && box.crowd;
        m_truncated += !can.truncated && box.truncated;
        m_occluded += !can.occluded && box.occluded;
    }

    void say(std::int64_t count, const std::string& one, const std::string& many, const std::string& rest) {
        if (count > 0) m_lines.push_back(text::counted(count, one, many) + rest);
    }

    void itemLines() {
        const std::string name = m_can.name;
        for (const auto& [state, count] : m_itemsOut)
            say(count, std::string(toText(state)) + " item is", std::string(toText(state)) + " items are",
                " left out.");
        say(m_leadingOut, "item is", "items are",
            " left out, because the name leads out of the target; the first is " + text::inQuotes(m_firstLeadingOut) +
                ".");
        say(m_boxesOut, "box goes", "boxes go", " with the items that are left out.");
        const std::string cannot = " left out: " + name + " has no place for such items.";
        say(m_foreign[Modality::Image], "picture is", "pictures are", cannot);
        say(m_foreign[Modality::Audio], "sound is", "sounds are", cannot);
        say(m_foreign[Modality::Text], "text is", "texts are", cannot);
        say(m_media, "item keeps only its first medium", "items keep only their first medium",
            ": " + name + " has one file an item.");
        say(m_statuses, "item loses its", "items lose their",
            " status: " + name + " knows only labelled" +
                (m_can.empties ? ", empty and unlabelled." : " and unlabelled."));
        say(m_empties, "empty item becomes", "empty items become",
            " unlabelled: " + name + " cannot tell the two apart.");
        const std::string noPlace = ": " + name + " has no place for it.";
        say(m_flagged, "item loses its", "items lose their", " flag" + noPlace);
        say(m_noted, "item loses its", "items lose their", " note" + noPlace);
        say(m_wholeItem, "class of a whole item is", "classes of whole items are",
            " left out: " + name + " has boxes only.");
        say(m_boxed, "box is", "boxes are", " left out: " + name + " has classes of whole items only.");
    }

    void boxLines() {
        const std::string name = m_can.name;
        const std::string noPlace = ": " + name + " has no place for it.";
        const std::string one = !m_can.boxes      ? "class loses its"
                                : m_can.wholeItem ? "answer loses its"
                                                  : "box loses its";
        const std::string many = !m_can.boxes      ? "classes lose their"
                                 : m_can.wholeItem ? "answers lose their"
                                                   : "boxes lose their";
        // Formats of sounds have no pictures, and the other way round.
        const std::string whole = m_can.pictures ? "image" : "sound";
        say(m_noArea, "box has", "boxes have", " no area inside the " + whole + " and is left out.");
        say(m_noSize, "box is", "boxes are",
            " left out, because the " + std::string(m_can.pictures ? "size" : "rate") + " of the " + whole +
                " is not known.");
        say(m_outside, "box reaches", "boxes reach", " out of the " + whole + " and is cut at the edge.");
        say(m_emptied, "item loses all its answers and becomes", "items lose all their answers and become",
            " unlabelled.");
        say(m_fractions, "box is", "boxes are", " rounded to whole pixels.");
        say(m_frequencies, "box loses its", "boxes lose their", " frequencies" + noPlace);
        say(m_score, one, many, " score" + noPlace);
        say(m_provenance, one, many, " provenance" + noPlace);
        say(m_annotator, one, many, " annotator" + noPlace);
        say(m_round, one, many, " round" + noPlace);
        say(m_difficult, one, many, " mark 'difficult'" + noPlace);
        say(m_crowd, "crowd region becomes", "crowd regions become", " an ordinary box: " + name + " has no crowds.");
        say(m_truncated, one, many, " mark 'truncated'" + noPlace);
        say(m_occluded, one, many, " mark 'occluded'" + noPlace);
    }

    const Capability& m_can;
    std::vector<std::string> m_lines;
    std::map<ItemState, std::int64_t> m_itemsOut;
    std::map<Modality, std::int64_t> m_foreign;
    std::string m_firstLeadingOut;
    std::int64_t m_leadingOut = 0, m_emptied = 0, m_boxesOut = 0, m_statuses = 0, m_empties = 0, m_media = 0,
                 m_boxed = 0, m_frequencies = 0, m_flagged = 0, m_noted = 0, m_wholeItem = 0, m_noArea = 0,
                 m_noSize = 0, m_outside = 0, m_fractions = 0, m_score = 0, m_provenance = 0, m_annotator = 0,
                 m_round = 0, m_difficult = 0, m_crowd = 0, m_truncated = 0, m_occluded = 0;
};

Result<void> numberClasses(const Dataset& dataset, const WriteOptions& options, ExportView& view) {
    view.classes = options.classes;
    if (view.classes.empty()) {
        std::set<std::string> seen;
        const auto add = [&](const std::string& name) {
            if (seen.insert(name).second) view.classes.push_back({name, static_cast<int>(view.classes.size())});
        };
        for (const std::string& name : dataset.classes)
            add(name);
        for (const DatasetItem& item : dataset.items) {
            for (const DatasetBox& box : item.boxes)
                add(box.label);
        }
    }
    std::set<int> indices;
    for (const ClassIndex& entry : view.classes) {
        if (text::trimmed(entry.name).empty()) return fail(ErrorCode::InvalidArgument, "A class has no name.");
        if (entry.index < 0 || !indices.insert(entry.index).second)
            return fail(ErrorCode::InvalidArgument, "The class " + text::inQuotes(entry.name) + " has the number " +
                                                        std::to_string(entry.index) +
                                                        ", which is negative or used by another class.");
        if (!view.indexOf.emplace(entry.name, entry.index).second)
            return fail(ErrorCode::InvalidArgument, "There are two classes " + text::inQuotes(entry.name) + ".");
    }
    std::sort(view.classes.begin(), view.classes.end(), [](const auto& a, const auto& b) { return a.index < b.index; });
    return {};
}

Result<void> checkItem(const DatasetItem& item, const ExportView& view) {
    for (const DatasetBox& box : item.boxes) {
        if (!view.indexOf.contains(box.label))
            return fail(ErrorCode::InvalidArgument, "The class " + text::inQuotes(box.label) + " of " +
                                                        text::inQuotes(item.name) + " has no number for the export.");
    }
    return {};
}

}  // namespace

Result<ExportView> makeView(const Dataset& dataset, const WriteOptions& options, const Capability& capability) {
    ExportView view;
    if (Result<void> numbered = numberClasses(dataset, options, view); !numbered) return numbered.error();
    std::vector<const DatasetItem*> order;
    for (const DatasetItem& item : dataset.items)
        order.push_back(&item);
    std::stable_sort(order.begin(), order.end(),
                     [](const DatasetItem* a, const DatasetItem* b) { return naturalLess(a->name, b->name); });
    Losses losses(capability);
    std::int64_t place = 0;
    for (const DatasetItem* item : order) {
        ++place;
        ++view.words[item->name];
        ++view.words[std::string(text::withoutExtension(item->name))];
        if (!isTrainable(item->state) && !options.allStates) {
            losses.leftOut(*item);
            continue;
        }
        if (!losses.stays(*item) || !losses.holds(*item)) continue;
        if (Result<void> checked = checkItem(*item, view); !checked) return checked.error();
        losses.status(*item);
        losses.marks(*item);
        ExportItem out{item, item->id != 0 ? item->id : place, true, {}};
        for (const DatasetBox& box : item->boxes) {
            if (losses.keep(*item, box)) out.boxes.push_back(&box);
        }
        out.settled = losses.settled(*item, !out.boxes.empty());
        view.boxes += static_cast<std::int64_t>(out.boxes.size());
        view.items.push_back(std::move(out));
    }
    view.losses = losses.lines();
    return view;
}

std::optional<Box> insideOf(const DatasetItem& item, const Box& box) {
    const Reach reach = reachOf(item);
    if (!isKnown(reach)) return box;
    const Box inside{std::clamp(box.left, 0.0, reach.width), std::clamp(box.top, 0.0, reach.height),
                     std::clamp(box.right, 0.0, reach.width), std::clamp(box.bottom, 0.0, reach.height)};
    return inside.empty() ? std::nullopt : std::optional(inside);
}

std::vector<std::string> sidecarNames(const ExportView& view) {
    std::vector<std::string> names;
    for (const ExportItem& out : view.items) {
        const std::string stem(text::withoutExtension(out.item->name));
        names.push_back(view.words.at(stem) == 1 ? stem : out.item->name);
    }
    return names;
}

std::string oneLine(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return text;
}

bool fitsInList(const std::string& name) {
    return name.find('\n') == std::string::npos && !name.ends_with('\r');
}

void planList(ExportPlan& plan, const std::string& file, std::vector<std::string> names) {
    plan.add(file, [names = std::move(names)](std::ostream& out) {
        constexpr const char* kMark = "\xEF\xBB\xBF";
        if (!names.empty() && names.front().starts_with(kMark)) out << kMark;  // readers take one away
        for (const std::string& name : names)
            out << name << '\n';
    });
}

void planClassList(ExportPlan& plan, const ExportView& view, LossReport& report, const char* file) {
    std::vector<std::string> names;
    for (const ClassIndex& entry : view.classes)
        if (fitsInList(entry.name)) names.push_back(entry.name);
    if (const auto count = static_cast<std::int64_t>(view.classes.size() - names.size()); count > 0)
        report.lines.push_back(text::counted(count, "class name has", "class names have") +
                               " a line end and is not in the list of classes, which has a name a line.");
    planList(plan, file, std::move(names));
}

void planSplitLists(ExportPlan& plan, const ExportView& view, const std::vector<std::string>& names,
                    const std::string& folder, const char* none, LossReport& report) {
    std::map<std::string, std::vector<std::string>> lists;
    std::int64_t unlisted = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string split = splitText(*view.items[i].item, none);
        const bool fits = fitsInList(names[i]);
        if (fits && !split.empty()) lists[split].push_back(names[i]);
        unlisted += !fits && view.items[i].item->split;
    }
    for (auto& [split, list] : lists)
        planList(plan, folder + "/" + split + ".txt", std::move(list));
    if (unlisted > 0)
        report.lines.push_back(text::counted(unlisted, "item loses its split", "items lose their splits") +
                               ": the name has a line end, and a list has a name a line.");
}

LossReport reportOf(const ExportView& view) {
    LossReport report;
    report.lines = view.losses;
    report.items = static_cast<std::int64_t>(view.items.size());
    report.boxes = view.boxes;
    return report;
}

void sayUnansweredLabels(const ExportView& view, LossReport& report) {
    std::int64_t unanswered = 0;
    for (const ExportItem& out : view.items) {
        if (!out.settled) unanswered += static_cast<std::int64_t>(out.boxes.size());
    }
    if (unanswered > 0)
        report.lines.push_back(text::counted(unanswered, "box", "boxes") +
                               " of items that are not labelled cannot be told from labels and is left out.");
    report.boxes -= unanswered;
}

std::string splitText(const DatasetItem& item, const char* none) {
    return item.split ? toText(*item.split) : none;
}

Target targetOf(const WriteOptions& options, const char* extension) {
    std::error_code problem;
    fs::path to = fs::absolute(options.to, problem).lexically_normal();
    if (!to.has_filename()) to = to.parent_path();
    const bool isFile = text::lowered(utf8(to.extension())) == extension && !fs::is_directory(to, problem);
    if (isFile) return {to.parent_path(), utf8(to.filename())};
    return {to, {}};
}

void planImages(ExportPlan& plan, const ExportView& view, const WriteOptions& options, LossReport& report,
                const std::function<std::string(const DatasetItem&)>& place) {
    if (options.images == Images::None) return;
    std::int64_t missing = 0;
    for (const ExportItem& out : view.items) {
        std::error_code problem;
        if (fs::is_regular_file(out.item->file, problem)) {
            plan.addCopy(place(*out.item), out.item->file);
        } else {
            ++missing;
        }
    }
    if (missing > 0)
        report.lines.push_back(text::counted(missing, "file is", "files are") + " missing and cannot be copied.");
}

namespace {

// The folders that hold the items' own files.
std::vector<fs::path> untouchable(const Dataset& dataset, const WriteOptions& options) {
    std::set<fs::path> folders(options.sourceFolders.begin(), options.sourceFolders.end());
    for (const DatasetItem& item : dataset.items) {
        if (item.file.is_absolute()) folders.insert(item.file.parent_path());
        for (const DatasetMedium& medium : item.media) {
            if (medium.file.is_absolute()) folders.insert(medium.file.parent_path());
        }
    }
    return {folders.begin(), folders.end()};
}

}  // namespace

Result<LossReport> finishExport(ExportPlan& plan, LossReport report, const Dataset& dataset,
                                const WriteOptions& options, const Job& job) {
    Result<ExportPlan::Outcome> outcome =
        plan.run(options.dryRun, options.overwrite, untouchable(dataset, options), job);
    if (!outcome) return outcome.error();
    report.files = std::move(outcome->files);
    report.conflicts = std::move(outcome->conflicts);
    if (!outcome->unnameable.empty())
        report.lines.push_back(
            text::counted(static_cast<std::int64_t>(outcome->unnameable.size()), "file was", "files were") +
            " left out, because the file system does not take the name; the first is " +
            text::inQuotes(outcome->unnameable.front()) + ".");
    if (outcome->wasInterrupted)
        report.lines.push_back(
            "An earlier export to this folder was interrupted when some of its files were new and others old; this one "
            "puts it right.");
    if (outcome->removed > 0)
        report.lines.push_back(
            text::counted(outcome->removed, "file of an earlier export was", "files of an earlier export were") +
            " out of date and removed.");
    if (outcome->kept > 0)
        report.lines.push_back(
            text::counted(outcome->kept, "file of an earlier export is", "files of an earlier export are") +
            " out of date but stayed, having been changed since.");
    return report;
}

std::string jsonText(std::string_view text) {
    return nlohmann::json(std::string(text)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace querent::formats

#include "engine/formats/reading.h"

#include "engine/core/file_names.h"
#include "engine/core/paths.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

namespace querent::formats {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kUnassigned = "unassigned";  // where our exports put items of no split

}  // namespace

bool ClassList::add(const std::string& name) {
    if (!m_seen.insert(name).second) return false;
    m_names.push_back(name);
    return true;
}

void ClassList::addListed(std::initializer_list<std::filesystem::path> lists, Complaints& complaints) {
    for (const fs::path& list : lists) {
        for (const std::string& name : readNameList(list, complaints))
            add(name);
        m_listed = m_names.size();
        if (m_listed > 0) return;
    }
}

std::vector<std::string> ClassList::sorted() const {
    std::vector<std::string> names = m_names;
    std::sort(names.begin() + static_cast<std::ptrdiff_t>(m_listed), names.end(), naturalLess);
    return names;
}

std::vector<std::string> readNameList(const fs::path& path, Complaints& complaints) {
    std::error_code problem;
    if (!fs::is_regular_file(path, problem)) return {};
    const Result<std::string> text = readText(path, complaints, 16 << 20);
    if (!text) {
        complaints.drop(text.error().where, text.error().sentence);
        return {};
    }
    std::vector<std::string> names;
    std::unordered_set<std::string> seen;
    for (const text::TextLine& line : text::linesOf(*text)) {
        const std::string name(text::trimmed(line.text));
        if (name.empty()) continue;
        if (!seen.insert(name).second)
            complaints.note({path, line.number}, "The class name " + text::inQuotes(name) + " appears twice.");
        names.push_back(name);
    }
    return names;
}

std::optional<Box> acceptBox(Box box, Size size, const Where& where, const std::string& what, Complaints& complaints,
                             double tolerance) {
    if (!std::isfinite(box.left + box.top + box.right + box.bottom)) {
        complaints.drop(where, what + " has a side that is not a number.");
        return std::nullopt;
    }
    const Box ordered = box.normalised();
    if (!(ordered == box)) complaints.note(where, what + " has its corners swapped; they were put in order.");
    constexpr int kUnknown = 1000000000;
    const Box inside = ordered.clampedTo(size.empty() ? Size{kUnknown, kUnknown} : size);
    if (inside.empty()) {
        complaints.drop(where, what + (ordered.empty() ? " has no area." : " lies outside of the image."));
        return std::nullopt;
    }
    const double cut = std::max({std::abs(inside.left - ordered.left), std::abs(inside.top - ordered.top),
                                 std::abs(inside.right - ordered.right), std::abs(inside.bottom - ordered.bottom)});
    if (cut > tolerance) complaints.note(where, what + " reaches out of the image; it was cut at the edge.");
    return inside;
}

Box Plane::upright(const Box& box) const {
    const double width = size.width;
    const double height = size.height;
    switch (turn) {
        case 5:
            return {box.top, box.left, box.bottom, box.right};
        case 6:
            return {width - box.bottom, box.left, width - box.top, box.right};
        case 7:
            return {width - box.bottom, height - box.right, width - box.top, height - box.left};
        case 8:
            return {box.top, height - box.right, box.bottom, height - box.left};
        default:
            return box;
    }
}

Plane planeOf(const ReadOptions& options, const fs::path& file, bool exists, Size said, const Where& where,
              Complaints& complaints) {
    if (!exists || !options.imageSize) return {said, 1};
    const Result<Size> real = options.imageSize(file);
    if (!real) {
        complaints.note({file, 0}, "The image cannot be read: " + real.error().sentence);
        return {said, 1};
    }
    if (real->empty()) return {said, 1};
    if (said.empty() || said == *real) return {*real, 1};
    const bool turned = said.width == real->height && said.height == real->width;
    const int orientation = turned && options.orientation ? options.orientation(file) : 1;
    if (orientation >= 5) {
        complaints.tally(where,
                         "image is turned by its EXIF data, which the program that labelled it did not know of; its "
                         "boxes were turned with it.",
                         "images are turned by their EXIF data, which the program that labelled them did not know of; "
                         "their boxes were turned with them.");
        return {*real, orientation};
    }
    const auto text = [](Size size) { return std::to_string(size.width) + " x " + std::to_string(size.height); };
    complaints.note(where, "The data says that " + text::inQuotes(utf8(file.filename())) + " is " + text(said) +
                               ", but the image is " + text(*real) +
                               (turned ? "; the boxes may belong to the image without its rotation." : "."));
    return {*real, 1};
}

Size trueSize(const ReadOptions& options, const fs::path& file, bool exists, const Where& where,
              Complaints& complaints) {
    return planeOf(options, file, exists, {}, where, complaints).size;
}

void settle(DatasetItem& item, std::optional<ItemState> said, std::int64_t lost, ItemState empty) {
    item.lost = lost;
    if (lost > 0) {
        item.state = said && !isTrainable(*said) ? *said : ItemState::Unlabelled;
    } else if (!item.boxes.empty()) {
        item.state = said && *said != ItemState::ConfirmedEmpty ? *said : ItemState::Labelled;
    } else {
        item.state = said.value_or(empty);
    }
}

void loseAnswers(DatasetItem& item, std::int64_t count) {
    if (count == 0) return;
    item.lost += count;
    if (isTrainable(item.state)) item.state = ItemState::Unlabelled;
}

Result<std::string> readText(const fs::path& path, Complaints& complaints, std::int64_t limit) {
    Result<text::Decoded> text = text::readText(path, limit);
    if (!text) return text.error();
    if (!text->remark.empty()) complaints.note({path, 0}, text->remark);
    return std::move(text->text);
}

ItemState emptyState(const ReadOptions& options) {
    return options.emptyMeans == EmptyMeans::ConfirmedEmpty ? ItemState::ConfirmedEmpty : ItemState::Unlabelled;
}

Result<matching::MediaIndex> scanMedia(const fs::path& folder, const Job& job, Complaints& complaints,
                                       bool (*wanted)(std::string_view)) {
    Result<matching::MediaIndex> index = matching::MediaIndex::scan(folder, job, wanted);
    if (!index) return index;
    const matching::PassedOver& passed = index->passedOver();
    if (passed.unreadableNames > 0)
        complaints.drop({folder, 0}, text::counted(passed.unreadableNames, "file has a name", "files have names") +
                                         " not in UTF-8, which a project cannot hold; rename to import.");
    if (passed.circles > 0)
        complaints.note({folder, 0}, text::counted(passed.circles, "link leads", "links lead") +
                                         " to a folder that was read already; each folder was read once.");
    return index;
}

void sayHowFound(const matching::MediaIndex::Found& found, const Where& where, Complaints& complaints) {
    using How = matching::MediaIndex::How;
    if (!found.exists || found.how == How::Named) return;
    if (found.how == How::Spelling)
        return complaints.tally(where,
                                "name is written differently from the file's (letters, accents, %20); the file was "
                                "taken.",
                                "names are written differently from the files' (letters, accents, %20); the files were "
                                "taken.");
    const std::string folder(text::folderOf(found.name));
    const std::string from = folder.empty() ? "the folder of the files itself" : text::inQuotes(folder + "/");
    complaints.tally(where, "file was taken from " + from + ", which is not where the data places it.",
                     "files were taken from " + from + ", which is not where the data places them.");
}

Result<bool> takeFiles(const std::vector<std::string>& names, const fs::path& root, Complaints& complaints,
                       const std::function<Result<void>(const fs::path&)>& take) {
    bool any = false;
    for (const std::string& name : names) {
        const Result<void> taken = take(root / pathFromUtf8(name));
        any = any || taken.ok();
        if (taken) continue;
        if (taken.error().code == ErrorCode::Cancelled || names.size() == 1) return taken.error();
        complaints.drop(taken.error().where, taken.error().sentence);
    }
    return any;
}

fs::path firstFolder(std::initializer_list<fs::path> candidates) {
    std::error_code problem;
    for (const fs::path& folder : candidates) {
        if (fs::is_directory(folder, problem)) return folder;
    }
    return {};
}

std::optional<Split> splitFromFolder(std::string_view part) {
    const std::string word = text::lowered(part);
    if (word == "train" || word == "training") return Split::Train;
    if (word == "val" || word == "valid" || word == "validation") return Split::Val;
    if (word == "test" || word == "testing") return Split::Test;
    return std::nullopt;
}

std::optional<Split> splitFromPath(std::string_view path) {
    for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/')) {
        std::string part = text::lowered(path.substr(0, slash));
        if (part == kUnassigned) return std::nullopt;
        if (part.starts_with("obj_") && part.ends_with("_data") && part.size() > 9)
            part = part.substr(4, part.size() - 9);
        if (const auto split = splitFromFolder(part)) return split;
        path.remove_prefix(slash + 1);
    }
    return std::nullopt;
}

std::optional<Split> splitFromFileName(std::string_view stem) {
    std::string_view word = stem;
    if (const std::size_t at = word.find_last_of("_-."); at != std::string_view::npos) word.remove_prefix(at + 1);
    while (!word.empty() && word.back() >= '0' && word.back() <= '9')
        word.remove_suffix(1);
    return splitFromFolder(word);
}

namespace {

using ItemsByName = std::unordered_map<std::string, std::vector<std::size_t>>;

// Every word by which a list may call an item: its name, the same without extension, its last part, its key.
ItemsByName indexOf(const std::vector<DatasetItem>& items) {
    ItemsByName index;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string& name = items[i].name;
        std::unordered_set<std::string> words = {name, std::string(text::withoutExtension(name)),
                                                 std::string(text::baseName(name)),
                                                 std::string(text::withoutExtension(text::baseName(name)))};
        if (!items[i].key.empty()) words.insert(items[i].key);
        for (const std::string& word : words)
            index[word].push_back(i);
    }
    return index;
}

// Positions that a line may mean: exact names before keys and stems, those before last parts of paths.
std::vector<std::size_t> meantBy(const std::string& word, const ItemsByName& index,
                                 const std::vector<DatasetItem>& items) {
    const auto found = index.find(word);
    if (found == index.end()) return {};
    for (const std::size_t i : found->second) {
        if (items[i].name == word) return {i};
    }
    std::vector<std::size_t> close;
    for (const std::size_t i : found->second) {
        if (items[i].key == word || text::withoutExtension(items[i].name) == word) close.push_back(i);
    }
    return close.empty() ? found->second : close;
}

std::vector<std::size_t> meantByLine(std::string_view whole, const ItemsByName& index,
                                     const std::vector<DatasetItem>& items) {
    const std::string_view line = text::trimmed(whole);
    // A blank at an end may be a part of the name.
    std::vector<std::size_t> meant = meantBy(std::string(whole), index, items);
    if (meant.empty()) meant = meantBy(std::string(line), index, items);
    if (!meant.empty()) return meant;
    // VOC's lists for one class have a column 1, 0 or -1 behind the name.
    const std::size_t blank = line.find_last_of(" \t");
    if (blank != std::string_view::npos && text::parseInteger(line.substr(blank))) {
        meant = meantBy(std::string(text::trimmed(line.substr(0, blank))), index, items);
        if (!meant.empty()) return meant;
    }
    const text::SafeName safe = text::safeName(line);
    meant = meantBy(safe.name, index, items);
    return meant.empty() ? meantBy(std::string(text::baseName(safe.name)), index, items) : meant;
}

void applyList(const fs::path& path, std::string_view text, Split split, const ItemsByName& index,
               std::vector<DatasetItem>& items, std::vector<std::optional<Split>>& chosen, Complaints& complaints) {
    for (const text::TextLine& line : text::linesOf(text)) {
        const std::string_view word = text::trimmed(line.text);
        if (word.empty()) continue;
        const Where where{path, line.number};
        const std::vector<std::size_t> meant = meantByLine(line.text, index, items);
        if (meant.empty()) {
            complaints.drop(where, "There is no item " + text::inQuotes(word) + " in the data.");
        } else if (meant.size() > 1) {
            complaints.drop(where,
                            "More than one item is called " + text::inQuotes(word) + "; its folder is needed too.");
        } else if (auto& own = chosen[meant.front()]; own && *own != split) {
            complaints.note(
                where, "The item " + text::inQuotes(word) + " is in two splits; it stays in " + toText(*own) + ".");
        } else {
            own = split;
        }
    }
}

}  // namespace

Result<void> applySplitLists(const fs::path& folder, bool required, std::vector<DatasetItem>& items,
                             Complaints& complaints) {
    const ItemsByName index = indexOf(items);
    std::vector<std::optional<Split>> chosen(items.size());
    bool any = false;
    for (const char* stem : {"train", "val", "valid", "test"}) {
        const fs::path path = folder / (std::string(stem) + ".txt");
        std::error_code problem;
        if (!fs::is_regular_file(path, problem)) continue;
        const Result<std::string> text = readText(path, complaints, 256 << 20);
        if (!text) return text.error();
        any = true;
        applyList(path, *text, *splitFromFolder(stem), index, items, chosen, complaints);
    }
    if (!any && required)
        return fail(ErrorCode::NotFound, "There is no train.txt, val.txt or test.txt in the folder of the splits.",
                    folder);
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (chosen[i]) items[i].split = chosen[i];
    }
    return {};
}

void splitByFolders(std::vector<DatasetItem>& items) {
    const bool said = std::any_of(items.begin(), items.end(), [](const DatasetItem& item) { return item.split; });
    if (said) return;
    // Where nothing would be left to learn from, the folders' names mean something else.
    const auto trains = [](const DatasetItem& item) {
        return splitFromPath(item.name).value_or(Split::Train) == Split::Train;
    };
    if (std::none_of(items.begin(), items.end(), trains)) return;
    for (DatasetItem& item : items)
        item.split = splitFromPath(item.name);
}

namespace {

// Merged files and double clicks leave the same answer twice; once is what was meant.
void dropEqualAnswers(Dataset& dataset, Complaints& complaints, const fs::path& from) {
    std::int64_t dropped = 0;
    for (DatasetItem& item : dataset.items) {
        const auto before = [](const DatasetBox& a, const DatasetBox& b) {
            const auto key = [](const DatasetBox& box) {
                const Box place = box.box.value_or(Box());
                return std::tuple(std::string_view(box.label), box.box.has_value(), place.left, place.top, place.right,
                                  place.bottom);
            };
            return key(a) < key(b);
        };
        std::set<DatasetBox, decltype(before)> seen(before);
        dropped += static_cast<std::int64_t>(
            std::erase_if(item.boxes, [&](const DatasetBox& box) { return !seen.insert(box).second; }));
    }
    if (dropped > 0)
        complaints.note({from, 0}, text::counted(dropped, "answer was", "answers were") +
                                       " there more than once (same class, same place) and came in once.");
}

// A stray quote makes half a file the name of a class; no person gives such a name.
void dropEndlessNames(Dataset& dataset, Complaints& complaints, const fs::path& from) {
    constexpr std::size_t kLongest = 255;
    const auto endless = [](const std::string& name) { return name.size() > kLongest; };
    std::erase_if(dataset.classes, endless);
    for (DatasetItem& item : dataset.items) {
        std::int64_t count = 0;
        for (const DatasetBox& box : item.boxes) {
            if (!endless(box.label)) continue;
            ++count;
            complaints.drop({from, 0}, "The class name " + text::inQuotes(box.label) + " of " +
                                           text::inQuotes(item.name) + " has " + std::to_string(box.label.size()) +
                                           " bytes, where " + std::to_string(kLongest) +
                                           " are the most; perhaps a quote is not closed.");
        }
        std::erase_if(item.boxes, [&](const DatasetBox& box) { return endless(box.label); });
        loseAnswers(item, count);
    }
}

// Nothing read is no success: the first reason why is the answer.
Result<void> checkNotEmpty(const Dataset& dataset, const ReadOptions& options) {
    if (!dataset.items.empty()) return {};
    for (const Complaint& complaint : dataset.complaints) {
        if (complaint.fatal)
            return fail(ErrorCode::Malformed, "Nothing was read: " + complaint.sentence, complaint.where.path,
                        complaint.where.line);
    }
    return fail(ErrorCode::NotFound, "Nothing was read: there is no picture and no sound in it.", options.from);
}

}  // namespace

Result<Dataset> finish(Dataset dataset, Complaints complaints, const ReadOptions& options, bool splitFolders) {
    std::stable_sort(dataset.items.begin(), dataset.items.end(),
                     [](const DatasetItem& a, const DatasetItem& b) { return naturalLess(a.name, b.name); });
    dropEndlessNames(dataset, complaints, options.from);
    dropEqualAnswers(dataset, complaints, options.from);
    if (splitFolders) splitByFolders(dataset.items);
    if (!options.splits.empty()) {
        if (Result<void> applied = applySplitLists(options.splits, true, dataset.items, complaints); !applied)
            return applied.error();
    }
    std::int64_t unscored = 0;
    if (options.asPredictions) {
        for (DatasetItem& item : dataset.items) {
            item.state = ItemState::Unlabelled;
            unscored +=
                std::count_if(item.boxes.begin(), item.boxes.end(), [](const DatasetBox& b) { return !b.score; });
        }
    }
    if (unscored > 0)
        complaints.note({options.from, 0},
                        text::counted(unscored, "prediction has", "predictions have") + " no score.");
    dataset.complaints = complaints.take();
    if (Result<void> some = checkNotEmpty(dataset, options); !some) return some.error();
    return dataset;
}

}  // namespace querent::formats

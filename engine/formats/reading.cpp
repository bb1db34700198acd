#include "engine/formats/reading.h"

#include "engine/core/file_names.h"
#include "engine/core/paths.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <cmath>

namespace querent::formats {

namespace fs = std::filesystem;

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
    const Result<std::string> text = text::readText(path, 16 << 20);
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

Size trueSize(const ReadOptions& options, const fs::path& file, bool exists, Size said, const Where& where,
              Complaints& complaints) {
    if (!exists || !options.imageSize) return said;
    const Result<Size> real = options.imageSize(file);
    if (!real) {
        complaints.note({file, 0}, "The image cannot be read: " + real.error().sentence);
        return said;
    }
    if (said.empty() || said == *real || real->empty()) return real->empty() ? said : *real;
    const auto text = [](Size size) { return std::to_string(size.width) + " x " + std::to_string(size.height); };
    const bool turned = said.width == real->height && said.height == real->width;
    complaints.note(where, "The data says that " + text::inQuotes(utf8(file.filename())) + " is " + text(said) +
                               ", but the image is " + text(*real) +
                               (turned ? "; the boxes may belong to the image without its rotation." : "."));
    return *real;
}

ItemState settledState(std::optional<ItemState> said, bool hasBoxes, bool lost, ItemState empty) {
    if (hasBoxes) return said && *said != ItemState::ConfirmedEmpty ? *said : ItemState::Labelled;
    if (lost && (!said || isTrainable(*said))) return ItemState::Unlabelled;
    return said.value_or(empty);
}

ItemState emptyState(const ReadOptions& options) {
    return options.emptyMeans == EmptyMeans::ConfirmedEmpty ? ItemState::ConfirmedEmpty : ItemState::Unlabelled;
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

std::vector<std::size_t> meantByLine(std::string_view line, const ItemsByName& index,
                                     const std::vector<DatasetItem>& items) {
    std::vector<std::size_t> meant = meantBy(std::string(line), index, items);
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
        const std::vector<std::size_t> meant = meantByLine(word, index, items);
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
        const Result<std::string> text = text::readText(path, 256 << 20);
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

Result<Dataset> finish(Dataset dataset, Complaints complaints, const ReadOptions& options) {
    std::stable_sort(dataset.items.begin(), dataset.items.end(),
                     [](const DatasetItem& a, const DatasetItem& b) { return naturalLess(a.name, b.name); });
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
    return dataset;
}

}  // namespace querent::formats

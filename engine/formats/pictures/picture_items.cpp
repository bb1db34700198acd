#include "engine/formats/pictures/picture_items.h"

#include "engine/core/file_names.h"
#include "engine/core/paths.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <set>

namespace querent::formats::pictures {
namespace {

namespace fs = std::filesystem;

// Among more files of one name nobody would find the right one, and looking at each costs time.
constexpr std::size_t kMostNamesakes = 64;

bool holdsPictures(const fs::path& folder) {
    std::error_code problem;
    const fs::directory_iterator entries(folder, problem);
    return !problem && std::any_of(begin(entries), end(entries), [](const fs::directory_entry& entry) {
        return hasImageExtension(utf8(entry.path().filename())) && !isHiddenName(utf8(entry.path().filename()));
    });
}

// True when `path` is `end`, or ends in "/" and `end`.
bool endsInPath(std::string_view path, std::string_view end) {
    return path.ends_with(end) && (path.size() == end.size() || path[path.size() - end.size() - 1] == '/');
}

}  // namespace

Result<void> PictureItems::scan(const fs::path& labels, const std::vector<std::string>& files, const Job& job) {
    std::set<std::string> folders = {""};
    for (const std::string& file : files)
        folders.emplace(text::folderOf(file));
    const auto beside = [&](const std::string& name) { return holdsPictures(labels / pathFromUtf8(name)); };
    fs::path folder = m_options.files;
    if (folder.empty() && std::none_of(folders.begin(), folders.end(), beside))
        folder = firstFolder({labels / "images"});
    if (folder.empty()) folder = labels;
    Result<matching::MediaIndex> index = scanMedia(folder, job, m_complaints);
    if (!index) return index.error();
    if (index->names().empty() && m_options.files.empty()) {
        const fs::path above = labels.parent_path();
        const fs::path beside = firstFolder({above / "images", above / "img", above / "JPEGImages"});
        if (!beside.empty()) index = scanMedia(beside, job, m_complaints);
        if (!index) return index.error();
    }
    m_index = std::move(*index);
    m_labels = labels;
    return {};
}

// The folder of the pictures where those of the label file should lie: its own, or the one of that name where the
// pictures have a tree of their own.
std::string PictureItems::nearOf(const SaidPicture& said) const {
    const fs::path folder = said.labels.parent_path();
    std::string near = utf8(folder.lexically_relative(m_index.folder()));
    if (near.empty() || near.starts_with("..")) near = utf8(folder.lexically_relative(m_labels));
    return near == "." || near.starts_with("..") ? std::string() : near;
}

// The path from there; empty when it is absolute or leads out of the pictures' folder.
std::string PictureItems::resolved(const SaidPicture& said) const {
    const std::string_view path = text::trimmed(said.path);
    if (text::safeName(path).absolute) return {};
    const text::SafeName whole = text::safeName(text::joined(nearOf(said), path));
    return whole.escapes || whole.absolute ? std::string() : whole.name;
}

// The picture that is called so to the last blank and backslash, which are parts of a name; else empty.
std::string PictureItems::exactly(const SaidPicture& said) const {
    const std::string near = nearOf(said);
    const std::string base(text::baseName(said.path));
    for (const std::string& name : {said.own ? text::joined(near, base) : std::string(), text::joined(near, said.path)})
        if (m_index.contains(name)) return name;
    return {};
}

// The picture where the file says that it is, or beside a file that is about it alone; else empty.
std::string PictureItems::strictly(const SaidPicture& said) const {
    if (std::string name = exactly(said); !name.empty()) return name;
    const std::string_view path = text::trimmed(said.path);
    if (path != said.path) {
        if (matching::MediaIndex::Found padded = m_index.find(said.path); padded.exists) return std::move(padded.name);
    }
    std::vector<std::string> names;
    const std::string base(text::baseName(text::safeName(path).name));
    if (said.own && !base.empty()) names.push_back(text::joined(nearOf(said), base));
    names.push_back(resolved(said));
    for (const std::string& name : said.alsoAt)
        names.push_back(text::joined(nearOf(said), name));
    for (const std::string& name : names) {
        if (std::vector<std::string> same = m_index.byName(name); same.size() == 1) return same.front();
    }
    // The last folders of a path from elsewhere.
    const matching::MediaIndex::Found agreed = m_index.find(path);
    const bool hasFolder = agreed.exists && agreed.name.find('/') != std::string::npos;
    return hasFolder && endsInPath(text::safeName(path).name, agreed.name) ? agreed.name : std::string();
}

// A picture that may be meant: the only one that is called like the label file, or like the path in any folder, and
// that no other label file is about.
std::string PictureItems::loosely(const SaidPicture& said) const {
    const auto isFree = [&](const std::string& name) {
        std::error_code problem;
        const fs::path rival =
            m_labels / pathFromUtf8(std::string(text::withoutExtension(name)) + utf8(said.labels.extension()));
        return !m_expected.contains(name) && !(said.own && rival != said.labels && fs::exists(rival, problem));
    };
    const auto only = [&](std::vector<std::string> names) {
        if (names.size() > kMostNamesakes) return std::string();
        std::erase_if(names, [&](const std::string& name) { return !isFree(name); });
        return names.size() == 1 ? names.front() : std::string();
    };
    if (said.own) {
        const std::string stem = text::joined(nearOf(said), utf8(said.labels.stem()));
        if (std::string name = only(m_index.byStem(stem)); !name.empty()) return name;
    }
    const std::string base(text::baseName(text::safeName(text::trimmed(said.path)).name));
    return base.empty() ? base : only(m_index.byBase(base));
}

matching::MediaIndex::Found PictureItems::pictureOf(const SaidPicture& said, const Where& where) const {
    if (std::string name = strictly(said); !name.empty()) return {std::move(name), true, {}};
    if (std::string name = loosely(said); !name.empty()) {
        m_complaints.note(where, "The picture " + text::inQuotes(said.path) + " is not there; " + text::inQuotes(name) +
                                     " was taken for it.");
        return {std::move(name), true, {}};
    }
    const text::SafeName safe = text::safeName(text::trimmed(said.path));
    const std::string base(text::baseName(safe.name));
    if (base.empty()) return {{}, false, "There is no file name in " + text::inQuotes(said.path) + "."};
    if (said.own) return {text::joined(nearOf(said), base), false, {}};
    const std::string name = resolved(said);
    return {name.empty() ? base : name, false, {}};
}

void PictureItems::expect(const SaidPicture& said) {
    if (std::string name = strictly(said); !name.empty()) m_expected.insert(std::move(name));
}

std::optional<std::size_t> PictureItems::itemOf(const SaidPicture& said, const Where& where) {
    const matching::MediaIndex::Found found = pictureOf(said, where);
    if (!found.refusal.empty()) {
        m_complaints.drop(where, found.refusal);
        return std::nullopt;
    }
    const auto place = m_places.find(found.name);
    const std::size_t position =
        place == m_places.end() ? make(found.name, found.exists, said.size, where) : place->second;
    ++m_states[position].named;
    return position;
}

std::size_t PictureItems::make(const std::string& name, bool exists, Size said, const Where& where) {
    if (!exists) m_complaints.note(where, "The picture " + text::inQuotes(name) + " is missing.");
    DatasetItem item;
    item.name = name;
    item.file = m_index.fileOf(name);
    const Plane plane = planeOf(m_options, item.file, exists, said.empty() ? Size{} : said, where, m_complaints);
    item.size = plane.size;
    m_places.emplace(name, m_items.size());
    m_items.push_back(std::move(item));
    m_states.emplace_back();
    m_states.back().plane = plane;
    return m_items.size() - 1;
}

void PictureItems::say(std::size_t position, std::optional<ItemState> state, ItemState empty) {
    if (state) m_states[position].said = state;
    m_states[position].empty = empty;
}

bool PictureItems::add(std::size_t position, DatasetBox box, const Where& where) {
    DatasetItem& item = m_items[position];
    if (box.box) {
        box.box = acceptBox(m_states[position].plane.upright(*box.box), item.size, where,
                            "The box of " + text::inQuotes(box.label), m_complaints);
        if (!box.box) return ++m_states[position].lost, false;
    }
    item.boxes.push_back(std::move(box));
    return true;
}

void PictureItems::lose(std::size_t position, const Where& where, std::string sentence) {
    ++m_states[position].lost;
    m_complaints.drop(where, std::move(sentence));
}

void PictureItems::addRest() {
    for (const std::string& name : m_index.names()) {
        if (!m_places.contains(name)) make(name, true, {}, {m_index.fileOf(name), 0});
    }
}

std::vector<DatasetItem> PictureItems::take() {
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const State& state = m_states[i];
        settle(m_items[i], state.said, state.lost, state.empty);
    }
    return std::move(m_items);
}

std::optional<Split> splitOfFolders(const fs::path& file, const fs::path& from) {
    const auto below = splitFromPath(utf8(file.lexically_relative(from)));
    return below ? below : splitFromFolder(utf8(from.filename()));
}

}  // namespace querent::formats::pictures

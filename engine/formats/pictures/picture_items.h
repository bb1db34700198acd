#pragma once

#include "engine/core/job.h"
#include "engine/formats/reading.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace querent::formats::pictures {

/** What a label file says of a picture. */
struct SaidPicture {
    std::string path;                      // as it stands in the file, with any slashes and blanks
    std::filesystem::path labels;          // the label file
    bool own = false;                      // the label file is about this picture only, and may be called like it
    std::vector<std::string> alsoAt = {};  // other paths from the label file's folder under which tools put it
    Size size = {};
};

/** The items of a folder of pictures while label files are read. */
class PictureItems {
 public:
    PictureItems(const ReadOptions& options, Complaints& complaints) : m_options(options), m_complaints(complaints) {}

    /**
     * Looks for the pictures: in the caller's folder; else below that of the labels when some lie beside one of its
     * `files`, or in its folder images; else in one called images, img or JPEGImages beside it.
     */
    Result<void> scan(const std::filesystem::path& labels, const std::vector<std::string>& files, const Job& job);

    /** Says that a picture will be named: one that is found where it is said to be is then nobody else's. */
    void expect(const SaidPicture& said);
    /**
     * The position of the item that is meant; a new one where the picture has not been named before. nullopt and a
     * complaint when it cannot be told which picture it is.
     */
    std::optional<std::size_t> itemOf(const SaidPicture& said, const Where& where);
    DatasetItem& item(std::size_t position) { return m_items[position]; }
    /** How often a picture has been named, with the call that made the item. */
    std::int64_t timesNamed(std::size_t position) const { return m_states[position].named; }

    /** What the data says that the item is; without it, `empty` is what it is without answers. */
    void say(std::size_t position, std::optional<ItemState> state, ItemState empty);
    /** Adds `box`, a class of the whole item when it has no place; false, with a complaint, when nothing is left. */
    bool add(std::size_t position, DatasetBox box, const Where& where);
    /** An object was left out: a complaint, and the item is not complete. */
    void lose(std::size_t position, const Where& where, std::string sentence);

    /** Makes an unlabelled item of every picture that was not named. */
    void addRest();
    /** All items with their states. */
    std::vector<DatasetItem> take();

 private:
    struct State {
        Plane plane;  // on which the boxes are
        std::optional<ItemState> said;
        ItemState empty = ItemState::Unlabelled;
        std::int64_t named = 0;
        std::int64_t lost = 0;  // objects that were left out
    };

    std::string nearOf(const SaidPicture& said) const;
    std::string resolved(const SaidPicture& said) const;
    std::string exactly(const SaidPicture& said) const;
    std::string strictly(const SaidPicture& said) const;
    std::string loosely(const SaidPicture& said) const;
    matching::MediaIndex::Found pictureOf(const SaidPicture& said, const Where& where) const;
    std::size_t make(const std::string& name, bool exists, Size said, const Where& where);

    const ReadOptions& m_options;
    Complaints& m_complaints;
    matching::MediaIndex m_index;
    std::filesystem::path m_labels;              // the folder that scan() was called for
    std::unordered_set<std::string> m_expected;  // names of pictures
    std::vector<DatasetItem> m_items;
    std::vector<State> m_states;
    std::unordered_map<std::string, std::size_t> m_places;
};

/** The split that a label file's folders name: those below `from` (splitFromPath), or else `from` itself. */
std::optional<Split> splitOfFolders(const std::filesystem::path& file, const std::filesystem::path& from);

}  // namespace querent::formats::pictures

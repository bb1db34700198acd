#pragma once

#include "engine/core/job.h"
#include "engine/formats/complaints.h"
#include "engine/formats/dataset.h"
#include "engine/formats/format.h"
#include "engine/formats/matching/media_index.h"

#include <filesystem>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace querent::formats {

/** Class names in order of first appearance, without doubles. */
class ClassList {
 public:
    bool add(const std::string& name);  // false when it is there already
    bool contains(const std::string& name) const { return m_seen.contains(name); }
    bool empty() const { return m_names.empty(); }
    const std::vector<std::string>& names() const { return m_names; }

    /** Adds the names of the first list that is there: the order of classes, where somebody has written one down. */
    void addListed(std::initializer_list<std::filesystem::path> lists, Complaints& complaints);
    /** The listed names in their order, then all others as people sort names: files come in no order of classes. */
    std::vector<std::string> sorted() const;

 private:
    std::size_t m_listed = 0;
    std::vector<std::string> m_names;
    std::unordered_set<std::string> m_seen;
};

/** One name a line; blank lines are left out, doubles are noted. Empty when there is no such file. */
std::vector<std::string> readNameList(const std::filesystem::path& path, Complaints& complaints);

/**
 * The box in order (left <= right, top <= bottom), finite and inside an image of `size` (unknown: only not negative),
 * with a note for each change of more than `tolerance` pixels; nullopt and a complaint when nothing is left. `what`
 * begins the sentences: "The box of 'cell'".
 */
std::optional<Box> acceptBox(Box box, Size size, const Where& where, const std::string& what, Complaints& complaints,
                             double tolerance = 1e-6);

/** An image as its boxes are read. */
struct Plane {
    Size size;     // as shown
    int turn = 1;  // not 1: boxes are given for the stored pixels, and this EXIF orientation turns them

    /** A box of the file on the image as it is shown. */
    Box upright(const Box& box) const;
};

/**
 * The size of an image, by the caller's function, compared with what the data says; complains where they differ. Where
 * the data says the size of the stored pixels of an image that EXIF turns, its boxes are to be turned as well.
 */
Plane planeOf(const ReadOptions& options, const std::filesystem::path& file, bool exists, Size said, const Where& where,
              Complaints& complaints);
/** The size alone, for formats that say none. */
Size trueSize(const ReadOptions& options, const std::filesystem::path& file, bool exists, const Where& where,
              Complaints& complaints);

/**
 * Says what an item is after reading: what the file `said`, as far as it agrees with the boxes. An item that `lost`
 * objects is neither labelled nor empty, for what is missing would be learnt as background. `empty` = what an item
 * without boxes is when the file says nothing.
 */
void settle(DatasetItem& item, std::optional<ItemState> said, std::int64_t lost, ItemState empty);
/** Says of an item that was settled already that answers of it were left out. */
void loseAnswers(DatasetItem& item, std::int64_t count);
ItemState emptyState(const ReadOptions& options);

/** The text of a file (text::readText) with a note where it was not UTF-8. */
Result<std::string> readText(const std::filesystem::path& path, Complaints& complaints, std::int64_t limit = 64 << 20);

/** MediaIndex::scan() with a note for what was passed over: circles of links, names that are not UTF-8. */
Result<matching::MediaIndex> scanMedia(const std::filesystem::path& folder, const Job& job, Complaints& complaints,
                                       bool (*wanted)(std::string_view) = hasImageExtension);
/** Tells of a file that was not found as the data calls it; one note for all of a data file and a folder. */
void sayHowFound(const matching::MediaIndex::Found& found, const Where& where, Complaints& complaints);

/**
 * Reads each of the label files, which are named below `root`. One that cannot be read is left out with its sentence;
 * where it is the only one, its error is the answer. False: not one could be read.
 */
Result<bool> takeFiles(const std::vector<std::string>& names, const std::filesystem::path& root, Complaints& complaints,
                       const std::function<Result<void>(const std::filesystem::path&)>& take);

/** The first of the folders that exists; empty when none does. */
std::filesystem::path firstFolder(std::initializer_list<std::filesystem::path> candidates);

std::optional<Split> splitFromFolder(std::string_view part);    // train, val, valid, validation, test; any case
std::optional<Split> splitFromFileName(std::string_view stem);  // "instances_train2017", "val"
/** The outermost folder of the path that names a split decides; "obj_train_data" is darknet's way to name one. */
std::optional<Split> splitFromPath(std::string_view path);

/** Gives items the splits of the lists train.txt, val.txt, test.txt in `folder`; complains about lines that fit no
 * item. */
Result<void> applySplitLists(const std::filesystem::path& folder, bool required, std::vector<DatasetItem>& items,
                             Complaints& complaints);

/** Gives items of a data set that names no split those of folders called train, val and test. */
void splitByFolders(std::vector<DatasetItem>& items);

/**
 * What every reader ends with: natural order, equal answers once, states for predictions, splits (the caller's, else
 * the data's, else those that folders called train, val and test name), complaints. Fails where nothing was read.
 */
Result<Dataset> finish(Dataset dataset, Complaints complaints, const ReadOptions& options, bool splitFolders = true);

}  // namespace querent::formats

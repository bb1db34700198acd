#pragma once

#include "engine/core/job.h"
#include "engine/formats/complaints.h"
#include "engine/formats/dataset.h"
#include "engine/formats/format.h"
#include "engine/formats/matching/media_index.h"

#include <filesystem>
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

/** The size of an image, by the caller's function, compared with what the data says; complains where they differ. */
Size trueSize(const ReadOptions& options, const std::filesystem::path& file, bool exists, Size said, const Where& where,
              Complaints& complaints);

/**
 * What an item is after reading: what the file `said`, as far as it agrees with the boxes; an item whose rows were
 * `lost` is never empty. `empty` = what an item without boxes is when the file says nothing.
 */
ItemState settledState(std::optional<ItemState> said, bool hasBoxes, bool lost, ItemState empty);
ItemState emptyState(const ReadOptions& options);

/** The first of the folders that exists; empty when none does. */
std::filesystem::path firstFolder(std::initializer_list<std::filesystem::path> candidates);

std::optional<Split> splitFromFolder(std::string_view part);    // train, val, valid, validation, test; any case
std::optional<Split> splitFromFileName(std::string_view stem);  // "instances_train2017", "val"

/** Gives items the splits of the lists train.txt, val.txt, test.txt in `folder`; complains about lines that fit no
 * item. */
Result<void> applySplitLists(const std::filesystem::path& folder, bool required, std::vector<DatasetItem>& items,
                             Complaints& complaints);

/** Natural order, states for predictions, the caller's splits, complaints: what every reader ends with. */
Result<Dataset> finish(Dataset dataset, Complaints complaints, const ReadOptions& options);

}  // namespace querent::formats

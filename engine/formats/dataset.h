#pragma once

#include "engine/core/annotation.h"
#include "engine/core/geometry.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/core/sound.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace querent::formats {

/** One annotation as files know it: classes by name, no ids. Without a box it is the class of the whole item. */
struct DatasetBox {
    std::string label = {};  // UTF-8, no white space at its ends, never empty after read()
    /**
     * 0-based, half-open; inside the item and not empty after read(). On a sound left and right are frames of the file
     * (with fractions), top and bottom the lowest and the highest frequency in Hz.
     */
    std::optional<Box> box = {};
    bool difficult = false;
    bool crowd = false;
    bool truncated = false;
    bool occluded = false;
    std::optional<double> score = {};  // [0, 1]
    std::string provenance = {};       // toText(Provenance), or empty where the file does not say
    std::string annotator = {};
    int round = 0;

    bool operator==(const DatasetBox&) const = default;
};

/** One medium of an item of a manifest: a file (`path` relative to the manifest's folder), or a caption (`text`). */
struct DatasetMedium {
    Modality modality = Modality::Image;
    std::string path;
    std::filesystem::path file;
    std::string text;

    bool operator==(const DatasetMedium&) const = default;
};

struct DatasetItem {
    std::int64_t id = 0;         // COCO's image id; 0 = none, and writers then number the items from 1
    std::string key;             // what a manifest calls the item (its column `id`); otherwise empty
    std::string name;            // relative to the files folder, UTF-8, forward slashes; unique in a data set
    std::filesystem::path file;  // absolute; need not exist (a missing item)
    Size size;                   // pictures: display orientation; 0 x 0 while it is not known
    SoundShape sound;            // sounds: as their file says; rate 0 while it is not known, and for all else
    std::optional<Split> split;
    ItemState state = ItemState::Unlabelled;
    std::vector<DatasetBox> boxes;
    std::int64_t lost = 0;             // objects of the item that could not be read: it is not complete without them
    std::vector<DatasetMedium> media;  // manifests, tasks of several media: all, `file` being the first; else empty
    bool flagged = false;              // set aside for another look; no format has a place for it
    bool noted = false;                // has a note of the annotator's; the same
};

/** What the item's file is: its first medium, or what its sound or the ending of its name says. */
Modality modalityOf(const DatasetItem& item);

/** Something in the data that a person should know of. `fatal`: the row (or file) it speaks of was left out. */
struct Complaint {
    Where where;
    std::string sentence;
    bool fatal = false;
};

/** What a reader found, or a writer is to write. Items are in natural order of their names after read(). */
struct Dataset {
    std::vector<std::string> classes;  // unique, in the order of the files where they have one
    std::vector<DatasetItem> items;
    std::vector<Complaint> complaints;

    std::int64_t boxCount() const {
        std::int64_t count = 0;
        for (const DatasetItem& item : items)
            count += static_cast<std::int64_t>(item.boxes.size());
        return count;
    }
};

}  // namespace querent::formats

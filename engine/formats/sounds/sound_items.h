#pragma once

#include "engine/core/job.h"
#include "engine/formats/reading.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace querent::formats::sounds {

/** A stretch of a sound as label files give it. */
struct TimeRegion {
    double begin = 0.0;               // seconds from the beginning of the file
    double end = 0.0;                 // seconds
    std::optional<double> low = {};   // Hz; none = 0
    std::optional<double> high = {};  // Hz; none = half the rate
};

/** The shape of a sound by the caller's function; an Error says why it is not known. */
Result<SoundShape> soundShapeOf(const ReadOptions& options, const std::filesystem::path& file);

/**
 * The region as a box in frames and Hz, cut to the sound, with a note for what was changed; nullopt and a complaint
 * when nothing is left. Positions are not rounded, except that one within a few units of the last place of a whole
 * frame is that frame: dividing by the rate and multiplying again costs as much. `what` begins the sentences.
 */
std::optional<Box> acceptRegion(const TimeRegion& region, const SoundShape& shape, const Where& where,
                                const std::string& what, Complaints& complaints);

/** A number of a label file; "0,25" counts as 0.25, with one note for each file. */
std::optional<double> localNumber(std::string_view text, const Where& where, Complaints& complaints);

/**
 * The files meant by `options.from`, relative to it (or to its folder), without lists of classes and splits; fails when
 * there is none.
 */
Result<std::vector<std::string>> labelFiles(const ReadOptions& options, bool (*wanted)(std::string_view),
                                            const Job& job);
bool hasTextExtension(std::string_view name);  // .txt, any case
/** True for the lists that our own exports write beside the labels: classes.txt, splits/train.txt. */
bool isOurList(std::string_view name);

/** The folder itself, or that of the file; absolute. */
std::filesystem::path folderOfLabels(const std::filesystem::path& from);

/**
 * The sound that a label file speaks of, by the name of that file without its ending: the whole name of the sound, or
 * its stem, in the same folder or else in any. One that is missing is called `name`.wav.
 */
matching::MediaIndex::Found soundOfLabels(const matching::MediaIndex& index, std::string_view name);

/** The items of a folder of sounds while label files are read. */
class SoundItems {
 public:
    SoundItems(const ReadOptions& options, Complaints& complaints) : m_options(options), m_complaints(complaints) {}

    /** Makes an item of every sound below the folder and asks for its shape. */
    Result<void> scan(const std::filesystem::path& folder, const Job& job);
    const matching::MediaIndex& index() const { return m_index; }

    /** The position of an item; a new one, with a note, for a sound that is missing. */
    std::size_t itemOf(const std::string& name, bool exists, const Where& where);
    const SoundShape& shape(std::size_t item) const { return m_items[item].sound; }
    /** The shape of a sound of the index; nullopt when there is no such item. */
    std::optional<SoundShape> shapeOf(const std::string& name) const;
    /** Says that a label file speaks of the item: without labels it is then empty. */
    void mention(std::size_t item) { m_states[item].mentioned = true; }
    /** Says that labels of the item were left out: it is not complete then. */
    void lose(std::size_t item, std::int64_t count = 1) { m_states[item].lost += count; }
    bool isMentioned(std::size_t item) const { return m_states[item].mentioned; }
    /** Adds `box` at the region; false, with a complaint, when it has no place there. */
    bool add(std::size_t item, DatasetBox box, const TimeRegion& region, const Where& where);

    /** All items with their states. `said`: no label in a file that speaks of an item means that it is empty. */
    std::vector<DatasetItem> take(bool said);
    /** take() and finish(), with the lists of splits in the labels' own folder where there are some. */
    Result<Dataset> finishWith(const std::vector<std::string>& classes, const std::filesystem::path& labels, bool said);

 private:
    struct State {
        bool mentioned = false;
        std::int64_t lost = 0;
        bool unplaced = false;  // complained of already
        std::string problem;    // why the shape is not known
    };

    const ReadOptions& m_options;
    Complaints& m_complaints;
    matching::MediaIndex m_index;
    std::vector<DatasetItem> m_items;
    std::vector<State> m_states;
    std::unordered_map<std::string, std::size_t> m_places;
};

/** What every reader of labels of sounds works on: one reading of one folder, on one thread. */
class SoundLabelReader {
 public:
    SoundLabelReader(const ReadOptions& options, const Job& job)
        : m_options(options), m_job(job), m_root(folderOfLabels(options.from)), m_sounds(options, m_complaints) {}

 protected:
    /**
     * The names of the label files; scans the sounds: the caller's folder, or the labels' own when it has sounds, or
     * one called audio close by.
     */
    Result<std::vector<std::string>> begin(bool (*wanted)(std::string_view));
    /** Takes the order of the classes from the classes.txt that our exports write beside the labels or above. */
    void addListedClasses();

    const ReadOptions& m_options;
    const Job& m_job;
    std::filesystem::path m_root;  // of the labels
    Complaints m_complaints;
    SoundItems m_sounds;
    ClassList m_classes;
};

}  // namespace querent::formats::sounds

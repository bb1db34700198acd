#pragma once

#include "engine/core/file_names.h"
#include "engine/core/job.h"
#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace querent::formats::matching {

/** Files that a search passed over although somebody may have meant them. */
struct PassedOver {
    std::map<std::string, std::int64_t> byEnding;  // lower case with the dot, "" for none: files that were not wanted
    std::int64_t unreadableNames = 0;              // files whose names are not UTF-8, which nothing here can hold
    std::int64_t circles = 0;                      // links to folders that lead back to where the search has been
};

/**
 * All files below a folder for which `wanted` is true, as relative names in natural order. Links to folders are
 * followed, each folder once. Hidden files, and all that lies in hidden folders, are left out (isHiddenName). Tells the
 * job how many it has found; Io, Cancelled.
 */
Result<std::vector<std::string>> filesBelow(const std::filesystem::path& folder, bool (*wanted)(std::string_view),
                                            const Job& job, PassedOver* passed = nullptr);

/** The images (or sounds, or both) below a folder, found by what data files call them. Immutable after scan(). */
class MediaIndex {
 public:
    static Result<MediaIndex> scan(const std::filesystem::path& folder, const Job& job,
                                   bool (*wanted)(std::string_view) = hasImageExtension);

    const std::filesystem::path& folder() const { return m_folder; }
    const std::vector<std::string>& names() const { return m_names; }
    std::filesystem::path fileOf(std::string_view name) const;

    /** True when a file is called exactly so, to the last blank and accent. */
    bool contains(std::string_view name) const { return m_exact.contains(std::string(name)); }
    /** The file that is called exactly `name`, else the only one that is called so without its extension; or empty. */
    std::string exactly(std::string_view name) const;
    /** Names equal to `name`; when there is none, those equal in lower case. */
    std::vector<std::string> byName(std::string_view name) const;
    /** Names that are `stem` and an extension. */
    std::vector<std::string> byStem(std::string_view stem) const;
    /** Names in any folder whose last part is `base`, or is `base` and an extension; any case. */
    std::vector<std::string> byBase(std::string_view base) const;
    std::vector<std::string> byBaseStem(std::string_view stem) const;

    enum class How {
        Named,     // as the data says: by its name, or by the end of its path
        Spelling,  // the name is written otherwise: letters, accents, %20, a query behind it
        Elsewhere  // the only file of that name, in a folder that the data does not name
    };
    struct Found {
        std::string name;  // in the folder, or what a missing file would be called
        bool exists = false;
        std::string refusal = {};  // not empty: the name must not be used, and why (a whole sentence)
        How how = How::Named;
    };
    /**
     * The file that a data file means by `raw`. `beside` is the folder of that data file in this index: what lies there
     * comes first. Then the path as it is; the path with other leading folders (an absolute one, one of another
     * machine, one that climbs by ".."), as far as it agrees. A folder that contradicts a relative path is no match,
     * and of several that would do none is taken. Never a file outside the folder.
     */
    Found find(std::string_view raw, std::string_view beside = {}) const;
    /** find() for each; a file is given to one of them only, and to none when it resembles several alike. */
    std::vector<Found> findAll(const std::vector<std::string>& raws, std::string_view beside = {}) const;
    /** The folder of a data file as `beside` of find(); empty where it does not lie in this index's folder. */
    std::string folderIn(const std::filesystem::path& dataFile) const;

    const PassedOver& passedOver() const { return m_passed; }

 private:
    using Map = std::unordered_map<std::string, std::vector<std::size_t>>;
    std::vector<std::string> at(const Map& map, const std::string& key) const;
    std::optional<Found> spelled(const std::string& name) const;
    Found byEnd(const std::string& name, bool foreign, std::string_view raw) const;

    std::filesystem::path m_folder;
    std::vector<std::string> m_names;
    Map m_exact, m_plain, m_stem, m_base, m_baseStem;  // m_plain: by plainName()
    PassedOver m_passed;
};

}  // namespace querent::formats::matching

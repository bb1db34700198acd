#pragma once

#include "engine/core/file_names.h"
#include "engine/core/job.h"
#include "engine/core/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace querent::formats::matching {

/**
 * All files below a folder for which `wanted` is true, as relative names in natural order. Hidden files, and all that
 * lies in hidden folders, are left out (isHiddenName). Tells the job how many it has found; Io, Cancelled.
 */
Result<std::vector<std::string>> filesBelow(const std::filesystem::path& folder, bool (*wanted)(std::string_view),
                                            const Job& job);

/** The images (or sounds, or both) below a folder, found by what data files call them. Immutable after scan(). */
class MediaIndex {
 public:
    static Result<MediaIndex> scan(const std::filesystem::path& folder, const Job& job,
                                   bool (*wanted)(std::string_view) = hasImageExtension);

    const std::filesystem::path& folder() const { return m_folder; }
    const std::vector<std::string>& names() const { return m_names; }
    std::filesystem::path fileOf(std::string_view name) const;

    /** Names equal to `name`; when there is none, those equal in lower case. */
    std::vector<std::string> byName(std::string_view name) const;
    /** Names that are `stem` and an extension. */
    std::vector<std::string> byStem(std::string_view stem) const;
    /** Names in any folder whose last part is `base`, or is `base` and an extension; any case. */
    std::vector<std::string> byBase(std::string_view base) const;
    std::vector<std::string> byBaseStem(std::string_view stem) const;

    struct Found {
        std::string name;  // in the folder, or what a missing file would be called
        bool exists = false;
        std::string refusal;  // not empty: the name must not be used, and why (a whole sentence)
    };
    /**
     * The file that a data file means by `raw`: a relative path; a path with more or fewer leading folders; an absolute
     * or Windows path, by its last part. Never a file outside the folder.
     */
    Found find(std::string_view raw) const;
    /** find() for each; a file that one of them names exactly is not given to another that only resembles it. */
    std::vector<Found> findAll(const std::vector<std::string>& raws) const;

 private:
    using Map = std::unordered_map<std::string, std::vector<std::size_t>>;
    std::vector<std::string> at(const Map& map, const std::string& key) const;

    std::filesystem::path m_folder;
    std::vector<std::string> m_names;
    Map m_exact, m_lower, m_stem, m_base, m_baseStem;
};

}  // namespace querent::formats::matching

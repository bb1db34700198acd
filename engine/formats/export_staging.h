#pragma once

#include "engine/core/result.h"

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace querent::formats {

/**
 * The hidden folder in which an export is written before anything of it is seen, and how it gets from there to its
 * target: as a whole where the target holds nothing else, file by file otherwise. Whatever a program that was killed
 * has left of such a folder, the next export to the same target removes.
 */
class ExportStaging {
 public:
    /** `target` is a folder that exists, `marker` the name of the list of what was written there. */
    static Result<ExportStaging> open(const std::filesystem::path& target, const std::string& marker);
    ExportStaging(ExportStaging&& other) noexcept;
    ExportStaging& operator=(ExportStaging&&) = delete;
    /** Removes what is still in it. */
    ~ExportStaging();

    const std::filesystem::path& folder() const { return m_folder; }

    /**
     * Gives the target's name to this folder in one step; what had it goes. False, and nothing has changed, where the
     * file system knows no such step, or the target cannot be replaced: it is a mount point, somebody else's, where we
     * stand. Only for a target of which nothing is to stay.
     */
    Result<bool> exchange();

    /**
     * Puts files in their places below the target, one by one; where one fails, those before it go back. While it lasts
     * a note lies in the target, which stays when the program is killed: some files are new then, others old.
     */
    Result<void> moveIn(const std::vector<std::string>& names);
    /** Once all else is done that belongs to it: the note goes. */
    Result<void> endMovingIn() const;

    static std::filesystem::path noteIn(const std::filesystem::path& target, const std::string& marker);

 private:
    ExportStaging() = default;

    std::filesystem::path m_target;
    std::filesystem::path m_note;     // in the target, while files are put in place one by one
    std::filesystem::path m_folder;   // in the target; empty once this object is no more responsible for it
    std::filesystem::path m_outside;  // beside the target, in the moment of the exchange
    int m_lock = -1;                  // tells other programs that it is not left over
};

}  // namespace querent::formats

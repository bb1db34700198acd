#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

namespace querent::formats {

class ExportStaging;

/**
 * The files of one export, and their way to the disk: all into a hidden folder, synced, then put in place by
 * ExportStaging; an error or a cancelled job before that leaves the target as it was. Beside them goes a list of what
 * was written, with a checksum of each file: by it a later export knows which files it may replace, because nobody has
 * touched them since.
 */
class ExportPlan {
 public:
    using Writer = std::function<void(std::ostream&)>;

    /** `marker` is the name of that list; `removeStale`: files in it that are not planned again are removed. */
    ExportPlan(std::filesystem::path folder, std::string marker, bool removeStale)
        : m_folder(std::move(folder)), m_marker(std::move(marker)), m_removeStale(removeStale) {}

    /** `name` is relative to the folder, forward slashes. The writer is called once or twice and must write the same.
     */
    void add(std::string name, Writer writer) { m_files.push_back({std::move(name), std::move(writer), {}}); }
    void addCopy(std::string name, std::filesystem::path source) {
        m_files.push_back({std::move(name), {}, std::move(source)});
    }
    /** A file that other programs make of what is exported, and that is no more true afterwards. */
    void removeToo(std::string name) { m_others.push_back(std::move(name)); }

    struct Outcome {
        std::vector<std::filesystem::path> files;
        std::vector<std::filesystem::path> conflicts;
        std::vector<std::string> unnameable;  // names that the file system does not take; not written
        std::int64_t removed = 0;             // stale files of an earlier export
        std::int64_t kept = 0;                // stale files that were changed since, and stay
        bool wasInterrupted = false;          // an earlier export was killed when some of its files were in place
    };

    /** `untouchable`: folders into which nothing may be written. With `dryRun` nothing is written at all. */
    Result<Outcome> run(bool dryRun, bool overwrite, const std::vector<std::filesystem::path>& untouchable,
                        const Job& job);

 private:
    struct File {
        std::string name;
        Writer writer;
        std::filesystem::path source;
        std::uint64_t sum = 0;
    };
    using Sums = std::map<std::string, std::set<std::uint64_t>>;

    void leaveOutUnnameable(Outcome& outcome);
    Result<void> checkNames(const std::vector<std::filesystem::path>& untouchable) const;
    Result<void> checkConflicts(bool dryRun, bool overwrite, const Job& job, Outcome& outcome);
    Result<void> makeFolder(const std::filesystem::path& folder);
    void takeBackFolders();
    std::set<std::filesystem::path> foldersBelow(const std::filesystem::path& top) const;
    Result<void> writeFiles(const ExportStaging& staging, const Job& job);
    bool syncsTogether() const;
    Sums readMarker() const;
    static std::string markerText(const Sums& sums);
    bool isStale(const std::string& name, const std::set<std::uint64_t>& sums) const;
    bool replacesAll(const std::set<std::string>& going, const std::filesystem::path& staging) const;
    Result<void> publish(ExportStaging& staging, Outcome& outcome);
    Result<void> publishOneByOne(ExportStaging& staging, const Sums& both, const std::set<std::string>& going);

    std::filesystem::path target(const File& file) const;

    std::filesystem::path m_folder;
    std::string m_marker;
    bool m_removeStale;
    std::vector<File> m_files;
    std::vector<std::string> m_others;
    std::vector<std::filesystem::path> m_newFolders;
};

}  // namespace querent::formats

#pragma once

#include "engine/core/files.h"
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

/**
 * The files of one export, and their way to the disk: all under temporary names, synced, then renamed; an error or a
 * cancelled job before the first rename leaves the target as it was. Beside them goes a list of what was written, with
 * a checksum of each file: by it a later export knows which files it may replace, because nobody has touched them
 * since.
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

    struct Outcome {
        std::vector<std::filesystem::path> files;
        std::vector<std::filesystem::path> conflicts;
        std::vector<std::string> unnameable;  // names that the file system does not take; not written
        std::int64_t removed = 0;             // stale files of an earlier export
        std::int64_t kept = 0;                // stale files that were changed since, and stay
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
    Result<void> writeTemporaries(const Job& job);
    Result<void> publish(Outcome& outcome);
    Result<void> makeFolders();
    bool syncsTogether() const;
    void takeBack();
    Sums readMarker() const;
    Result<void> writeMarker(const Sums& sums, Durability durability) const;
    void removeStale(const Sums& before, Outcome& outcome) const;

    std::filesystem::path target(const File& file) const;
    std::filesystem::path temporary(std::size_t file) const;

    std::filesystem::path m_folder;
    std::string m_marker;
    bool m_removeStale;
    std::vector<File> m_files;
    std::vector<std::filesystem::path> m_temporaries;
    std::vector<std::filesystem::path> m_newFolders;
    std::string m_run;  // of temporary names: different each time, so that nobody can be there before
};

}  // namespace querent::formats

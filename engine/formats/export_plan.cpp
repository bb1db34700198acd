#include "engine/formats/export_plan.h"

#include "engine/core/paths.h"
#include "engine/formats/file_output.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <random>
#include <unistd.h>

namespace querent::formats {
namespace {

namespace fs = std::filesystem;

// True when `path` is `folder` or lies below it; both absolute and without symbolic links.
bool isWithin(const fs::path& path, const fs::path& folder) {
    const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
    return end == folder.end() || (std::next(end) == folder.end() && end->empty());
}

fs::path resolved(const fs::path& path) {
    std::error_code problem;
    fs::path result = fs::weakly_canonical(path, problem);
    return problem ? fs::absolute(path, problem).lexically_normal() : result;
}

Result<void> copyTo(const fs::path& source, std::ostream& out, const Job& job) {
    std::error_code problem;
    if (!fs::is_regular_file(source, problem)) return fail(ErrorCode::Io, "This is not a file.", source);
    std::ifstream in(source, std::ios::binary);
    if (!in) return fail(ErrorCode::Io, "The file cannot be opened.", source);
    std::vector<char> block(1 << 16);
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0) {
        if (job.cancelled()) return Job::stopped();
        out.write(block.data(), in.gcount());
    }
    if (in.bad()) return fail(ErrorCode::Io, "The file cannot be read to its end.", source);
    return {};
}

}  // namespace

fs::path ExportPlan::target(const File& file) const {
    return m_folder / pathFromUtf8(file.name);
}

// Short, for a name may be as long as the file system takes; hidden, for a leftover is nobody's data.
fs::path ExportPlan::temporary(std::size_t file) const {
    return target(m_files[file]).parent_path() / (".q" + m_run + "-" + std::to_string(file) + kTemporarySuffix);
}

// One name that is too long must not cost all the others.
void ExportPlan::leaveOutUnnameable(Outcome& outcome) {
    fs::path there = m_folder;
    std::error_code problem;
    while (there.has_parent_path() && there != there.parent_path() && !fs::exists(there, problem))
        there = there.parent_path();
    const long longest = std::max(64L, ::pathconf(there.c_str(), _PC_NAME_MAX));
    const auto fits = [longest](const File& file) {
        std::string_view rest = file.name;
        while (!rest.empty()) {
            const std::size_t slash = std::min(rest.find('/'), rest.size());
            if (static_cast<long>(slash) > longest || rest.substr(0, slash).find('\0') != std::string_view::npos)
                return false;
            rest.remove_prefix(std::min(slash + 1, rest.size()));
        }
        return file.name.size() < 3500;  // of the 4,096 bytes of a path
    };
    for (const File& file : m_files) {
        if (!fits(file)) outcome.unnameable.push_back(file.name);
    }
    std::erase_if(m_files, [&](const File& file) { return !fits(file); });
}

Result<void> ExportPlan::checkNames(const std::vector<fs::path>& untouchable) const {
    std::set<std::string> names;
    std::vector<fs::path> closed;
    for (const fs::path& folder : untouchable)
        closed.push_back(resolved(folder));
    std::map<fs::path, fs::path> folders;  // each is resolved once
    for (const File& file : m_files) {
        if (!names.insert(file.name).second)
            return fail(ErrorCode::InvalidArgument, "Two items would be written to the same file.", target(file));
        const fs::path parent = target(file).parent_path();
        const auto [entry, isNew] = folders.emplace(parent, fs::path());
        if (!isNew) continue;
        entry->second = resolved(parent);
        for (const fs::path& folder : closed) {
            if (isWithin(entry->second, folder))
                return fail(ErrorCode::InvalidArgument,
                            "The export would write into a folder of source images; choose another target.", parent);
        }
    }
    return {};
}

// A file may be replaced when it is what an earlier export wrote, or what this one writes.
Result<void> ExportPlan::checkConflicts(bool dryRun, bool overwrite, const Job& job, Outcome& outcome) {
    const Sums known = readMarker();
    for (File& file : m_files) {
        if (job.cancelled()) return Job::stopped();
        std::error_code problem;
        if (!fs::exists(fs::symlink_status(target(file), problem))) continue;
        const Result<std::uint64_t> present = sumOf(target(file), job);
        if (!present && present.error().code == ErrorCode::Cancelled) return present.error();
        if (dryRun) {
            FileOutput nowhere;
            std::ostream out(&nowhere);
            if (!file.source.empty()) {
                if (Result<void> copied = copyTo(file.source, out, job); !copied) return copied;
            } else {
                file.writer(out);
            }
            if (Result<void> closed = nowhere.close(); !closed) return closed;
            file.sum = nowhere.sum();
        }
        const auto entry = known.find(file.name);
        const bool ours = present && entry != known.end() && entry->second.contains(*present);
        if (ours || (present && *present == file.sum)) continue;
        outcome.conflicts.push_back(target(file));
    }
    if (outcome.conflicts.empty() || overwrite || dryRun) return {};
    const auto more = static_cast<std::int64_t>(outcome.conflicts.size()) - 1;
    return fail(ErrorCode::InvalidArgument,
                "The file exists already and is not an unchanged product of an earlier export" +
                    (more > 0 ? ", nor are " + std::to_string(more) + " others" : std::string()) +
                    "; nothing was written.",
                outcome.conflicts.front());
}

Result<void> ExportPlan::makeFolders() {
    std::set<fs::path> folders = {m_folder};
    for (const File& file : m_files)
        folders.insert(target(file).parent_path());
    for (const fs::path& folder : folders) {
        std::vector<fs::path> missing;
        std::error_code problem;
        for (fs::path part = folder; !part.empty() && !fs::exists(part, problem); part = part.parent_path()) {
            missing.push_back(part);
            if (part == part.parent_path()) break;
        }
        fs::create_directories(folder, problem);
        if (problem || !fs::is_directory(folder, problem))
            return fail(ErrorCode::Io, "The folder cannot be created.", folder);
        m_newFolders.insert(m_newFolders.end(), missing.rbegin(), missing.rend());
    }
    return {};
}

Result<void> ExportPlan::writeTemporaries(const Job& job) {
    const auto total = static_cast<std::int64_t>(m_files.size());
    for (std::size_t i = 0; i < m_files.size(); ++i) {
        if (job.cancelled()) return Job::stopped();
        if (i % 16 == 0) job.report("Writing", static_cast<std::int64_t>(i), total);
        File& file = m_files[i];
        m_temporaries.push_back(temporary(i));
        FileOutput output(m_temporaries.back());
        std::ostream out(&output);
        Result<void> copied;
        if (file.source.empty()) {
            file.writer(out);
        } else {
            copied = copyTo(file.source, out, job);
        }
        const Result<void> closed = output.close(syncsTogether() ? FileOutput::Sync::Later : FileOutput::Sync::Now);
        if (!copied) return copied;
        if (!closed) return closed;
        file.sum = output.sum();
    }
    return syncsTogether() ? syncTogether(m_folder) : Result<void>();
}

bool ExportPlan::syncsTogether() const {
    constexpr std::size_t kMany = 8;
    return m_files.size() > kMany && canSyncTogether();
}

void ExportPlan::takeBack() {
    std::error_code ignored;
    for (const fs::path& path : m_temporaries)
        fs::remove(path, ignored);
    // Deepest first; a folder that somebody has put something into stays.
    for (auto folder = m_newFolders.rbegin(); folder != m_newFolders.rend(); ++folder) {
        if (fs::is_empty(*folder, ignored)) fs::remove(*folder, ignored);
    }
    m_temporaries.clear();
    m_newFolders.clear();
}

ExportPlan::Sums ExportPlan::readMarker() const {
    Sums sums;
    const Result<text::Decoded> text = text::readText(m_folder / m_marker, 1 << 30);
    if (!text) return sums;
    for (const text::TextLine& line : text::linesOf(text->text)) {
        std::uint64_t sum = 0;
        if (line.text.size() < 18 || line.text[16] != ' ') continue;
        const auto [end, problem] = std::from_chars(line.text.data(), line.text.data() + 16, sum, 16);
        if (problem == std::errc() && end == line.text.data() + 16) sums[std::string(line.text.substr(17))].insert(sum);
    }
    return sums;
}

Result<void> ExportPlan::writeMarker(const Sums& sums, Durability durability) const {
    std::string text;
    for (const auto& [name, values] : sums) {
        for (const std::uint64_t value : values) {
            std::string digits = "0000000000000000";
            for (std::size_t i = 0; i < 16; ++i)
                digits[15 - i] = "0123456789abcdef"[(value >> (4 * i)) & 15U];
            text.append(digits).append(1, ' ').append(name).append(1, '\n');
        }
    }
    return replaceWhole(m_folder / m_marker, text, durability);
}

// Renames everything. The list of sums goes first and knows old and new files, so that a crash in between leaves no
// file that the next export would take for somebody else's.
Result<void> ExportPlan::publish(Outcome& outcome) {
    const Sums before = readMarker();
    Sums both = before;
    Sums after;
    if (!m_removeStale) after = before;
    for (const File& file : m_files) {
        both[file.name].insert(file.sum);
        after[file.name] = {file.sum};
    }
    if (Result<void> written = writeMarker(both, Durability::Synced); !written) return written;
    std::set<fs::path> folders;
    for (std::size_t i = 0; i < m_files.size(); ++i) {
        const File& file = m_files[i];
        std::error_code problem;
        fs::rename(temporary(i), target(file), problem);
        if (problem)
            return fail(ErrorCode::Io, "The file cannot be put in its place: " + problem.message() + ".", target(file));
        folders.insert(target(file).parent_path());
    }
    if (m_removeStale) removeStale(before, outcome);
    for (const fs::path& folder : folders) {
        if (Result<void> synced = syncToDisk(folder); !synced) return synced;
    }
    // Lost in a crash, it leaves the list of both in its place, which is right too.
    return writeMarker(after, Durability::Cache);
}

void ExportPlan::removeStale(const Sums& before, Outcome& outcome) const {
    std::set<std::string> planned;
    for (const File& file : m_files)
        planned.insert(file.name);
    for (const auto& [name, sums] : before) {
        if (planned.contains(name) || text::safeName(name).escapes || text::safeName(name).absolute) continue;
        const fs::path path = m_folder / pathFromUtf8(name);
        std::error_code problem;
        if (!fs::is_regular_file(path, problem)) continue;
        const Result<std::uint64_t> sum = sumOf(path, Job());
        if (sum && sums.contains(*sum) && fs::remove(path, problem)) {
            ++outcome.removed;
        } else {
            ++outcome.kept;
        }
    }
}

Result<ExportPlan::Outcome> ExportPlan::run(bool dryRun, bool overwrite, const std::vector<fs::path>& untouchable,
                                            const Job& job) {
    Outcome outcome;
    leaveOutUnnameable(outcome);
    if (m_run.empty()) m_run = std::to_string(std::random_device()());
    if (Result<void> checked = checkNames(untouchable); !checked) return checked.error();
    for (const File& file : m_files)
        outcome.files.push_back(target(file));
    if (dryRun) {
        if (Result<void> checked = checkConflicts(true, overwrite, job, outcome); !checked) return checked.error();
        return outcome;
    }
    Result<void> step = makeFolders();
    if (step) step = writeTemporaries(job);
    if (step) step = checkConflicts(false, overwrite, job, outcome);
    if (step && job.cancelled()) step = Job::stopped();
    if (step) step = publish(outcome);
    if (!step) {
        takeBack();
        return step.error();
    }
    return outcome;
}

}  // namespace querent::formats

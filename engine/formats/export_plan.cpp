#include "engine/formats/export_plan.h"

#include "engine/core/files.h"
#include "engine/core/paths.h"
#include "engine/formats/export_staging.h"
#include "engine/formats/file_output.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
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

Result<void> ExportPlan::makeFolder(const fs::path& folder) {
    std::vector<fs::path> missing;
    std::error_code problem;
    for (fs::path part = folder; !part.empty() && !fs::exists(part, problem); part = part.parent_path()) {
        missing.push_back(part);
        if (part == part.parent_path()) break;
    }
    // One that was made before another failed is to be taken back too.
    m_newFolders.insert(m_newFolders.end(), missing.rbegin(), missing.rend());
    fs::create_directories(folder, problem);
    if (problem && problem.value() == ENOSPC) return cannotWrite(folder, ENOSPC);
    if (problem || !fs::is_directory(folder, problem))
        return fail(ErrorCode::Io, "The folder cannot be created.", folder);
    return {};
}

std::set<fs::path> ExportPlan::foldersBelow(const fs::path& top) const {
    std::set<fs::path> folders = {top};
    for (const File& file : m_files)
        folders.insert((top / pathFromUtf8(file.name)).parent_path());
    return folders;
}

Result<void> ExportPlan::writeFiles(const ExportStaging& staging, const Job& job) {
    std::error_code problem;
    for (const fs::path& folder : foldersBelow(staging.folder())) {
        fs::create_directories(folder, problem);
        if (problem) return cannotWrite(folder, problem.value());
    }
    const auto total = static_cast<std::int64_t>(m_files.size());
    for (std::size_t i = 0; i < m_files.size(); ++i) {
        if (job.cancelled()) return Job::stopped();
        if (i % 16 == 0) job.report("Writing", static_cast<std::int64_t>(i), total);
        File& file = m_files[i];
        FileOutput output(staging.folder() / pathFromUtf8(file.name));
        std::ostream out(&output);
        Result<void> copied;
        if (file.source.empty()) {
            file.writer(out);
        } else {
            copied = copyTo(file.source, out, job);
        }
        const Result<void> closed = output.close(syncsTogether() ? FileOutput::Sync::Later : FileOutput::Sync::Now);
        if (!copied) return copied;
        if (!closed) return fail(closed.error().code, closed.error().sentence, target(file));
        file.sum = output.sum();
    }
    return {};
}

bool ExportPlan::syncsTogether() const {
    constexpr std::size_t kMany = 8;
    return m_files.size() > kMany && canSyncTogether();
}

void ExportPlan::takeBackFolders() {
    std::error_code ignored;
    // Deepest first; a folder that somebody has put something into stays.
    for (auto folder = m_newFolders.rbegin(); folder != m_newFolders.rend(); ++folder) {
        if (fs::is_empty(*folder, ignored)) fs::remove(*folder, ignored);
    }
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

std::string ExportPlan::markerText(const Sums& sums) {
    std::string text;
    for (const auto& [name, values] : sums) {
        for (const std::uint64_t value : values) {
            std::string digits = "0000000000000000";
            for (std::size_t i = 0; i < 16; ++i)
                digits[15 - i] = "0123456789abcdef"[(value >> (4 * i)) & 15U];
            text.append(digits).append(1, ' ').append(name).append(1, '\n');
        }
    }
    return text;
}

// An unchanged product of an earlier export that this one does not write any more.
bool ExportPlan::isStale(const std::string& name, const std::set<std::uint64_t>& sums) const {
    const text::SafeName safe = text::safeName(name);
    if (safe.escapes || safe.absolute) return false;
    std::error_code problem;
    const fs::path path = m_folder / pathFromUtf8(name);
    if (!fs::is_regular_file(fs::symlink_status(path, problem))) return false;
    const Result<std::uint64_t> sum = sumOf(path, Job());
    return sum && sums.contains(*sum);
}

// True when nothing in the target is to stay: all of it is written anew, or goes.
bool ExportPlan::replacesAll(const std::set<std::string>& going, const fs::path& staging) const {
    std::set<std::string> files = going;
    files.insert(m_marker);
    files.insert(utf8(ExportStaging::noteIn({}, m_marker)));
    for (const File& file : m_files)
        files.insert(file.name);
    std::set<std::string> folders;
    for (const std::string& name : files)
        for (fs::path folder = pathFromUtf8(name).parent_path(); !folder.empty(); folder = folder.parent_path())
            folders.insert(utf8(folder));
    std::error_code problem;
    for (auto entry = fs::recursive_directory_iterator(m_folder, problem); entry != fs::end(entry) && !problem;
         entry.increment(problem)) {
        const std::string name = utf8(entry->path().lexically_relative(m_folder));
        const fs::file_status status = entry->symlink_status(problem);
        if (name == utf8(staging.filename())) {
            entry.disable_recursion_pending();
            continue;
        }
        const bool known = fs::is_directory(status) ? folders.contains(name) : files.contains(name);
        if (!known || !(fs::is_directory(status) || fs::is_regular_file(status))) return false;
    }
    return !problem;
}

Result<void> ExportPlan::publish(ExportStaging& staging, Outcome& outcome) {
    const Sums before = readMarker();
    Sums both = before;
    Sums after;
    if (!m_removeStale) after = before;
    for (const File& file : m_files) {
        both[file.name].insert(file.sum);
        after[file.name] = {file.sum};
    }
    std::error_code problem;
    std::set<std::string> going(m_others.begin(), m_others.end());
    for (const auto& [name, sums] : before) {
        if (after.contains(name)) continue;
        if (isStale(name, sums)) {
            ++outcome.removed;
            going.insert(name);
        } else if (fs::exists(m_folder / pathFromUtf8(name), problem)) {
            ++outcome.kept;
        }
    }
    if (const auto written = replaceWhole(staging.folder() / m_marker, markerText(after)); !written) return written;
    if (syncsTogether()) {
        if (const auto synced = syncTogether(staging.folder()); !synced) return synced;
    } else {
        for (const fs::path& folder : foldersBelow(staging.folder()))
            if (const auto synced = syncToDisk(folder); !synced) return synced;
    }
    if (replacesAll(going, staging.folder())) {
        const Result<bool> exchanged = staging.exchange();
        if (!exchanged) return exchanged.error();
        if (*exchanged) return {};
    }
    return publishOneByOne(staging, both, going);
}

// The list of sums goes first and knows old and new files, so that a crash in between leaves no file that the next
// export would take for somebody else's.
Result<void> ExportPlan::publishOneByOne(ExportStaging& staging, const Sums& both, const std::set<std::string>& going) {
    const std::set<fs::path> folders = foldersBelow(m_folder);
    for (const fs::path& folder : folders)
        if (const auto made = makeFolder(folder); !made) return made;
    const fs::path list = m_folder / m_marker;
    const fs::path prepared = staging.folder() / (m_marker + ".both");
    if (const auto written = replaceWhole(prepared, markerText(both)); !written) return written;
    std::error_code problem;
    fs::rename(prepared, list, problem);
    if (problem) return cannotWrite(list, problem.value());
    std::vector<std::string> names;
    for (const File& file : m_files)
        names.push_back(file.name);
    if (const auto moved = staging.moveIn(names); !moved) return moved;
    for (const std::string& name : going)
        fs::remove(m_folder / pathFromUtf8(name), problem);
    for (const fs::path& folder : folders)
        if (const auto synced = syncToDisk(folder); !synced) return synced;
    // Lost in a crash, it leaves the list of both in its place, which is right too.
    fs::rename(staging.folder() / m_marker, list, problem);
    if (problem) return cannotWrite(list, problem.value());
    return staging.endMovingIn();
}

Result<ExportPlan::Outcome> ExportPlan::run(bool dryRun, bool overwrite, const std::vector<fs::path>& untouchable,
                                            const Job& job) {
    Outcome outcome;
    leaveOutUnnameable(outcome);
    if (Result<void> checked = checkNames(untouchable); !checked) return checked.error();
    for (const File& file : m_files)
        outcome.files.push_back(target(file));
    std::error_code problem;
    outcome.wasInterrupted = fs::exists(ExportStaging::noteIn(m_folder, m_marker), problem);
    if (dryRun) {
        if (Result<void> checked = checkConflicts(true, overwrite, job, outcome); !checked) return checked.error();
        return outcome;
    }
    const auto write = [&]() -> Result<void> {
        if (const auto made = makeFolder(m_folder); !made) return made;
        Result<ExportStaging> staging = ExportStaging::open(m_folder, m_marker);
        if (!staging) return staging.error();
        Result<void> step = writeFiles(*staging, job);
        if (step) step = checkConflicts(false, overwrite, job, outcome);
        if (step && job.cancelled()) step = Job::stopped();
        if (step) step = publish(*staging, outcome);
        return step;
    };
    if (const auto written = write(); !written) {
        takeBackFolders();
        return written.error();
    }
    return outcome;
}

}  // namespace querent::formats

#include "engine/formats/matching/media_index.h"

#include "engine/core/file_names.h"
#include "engine/core/paths.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace querent::formats::matching {
namespace {

namespace fs = std::filesystem;

// A name without what systems and tools write differently: composed letters, no case.
std::string plainName(std::string_view name) {
    return text::lowered(text::composed(name));
}

std::string endingOf(const std::string& name) {
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos || dot == 0 ? std::string() : text::lowered(std::string_view(name).substr(dot));
}

// How many last parts two paths share.
std::size_t commonTail(std::string_view a, std::string_view b) {
    std::size_t count = 0;
    while (!a.empty() && !b.empty() && text::baseName(a) == text::baseName(b)) {
        ++count;
        a = text::folderOf(a);
        b = text::folderOf(b);
    }
    return count;
}

std::size_t partsOf(std::string_view path) {
    return path.empty() ? 0 : static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')) + 1;
}

// Follows links to folders; every folder is entered once, however it is reached.
class Search {
 public:
    Search(const fs::path& root, bool (*wanted)(std::string_view), const Job& job, PassedOver& passed)
        : m_root(root), m_wanted(wanted), m_job(job), m_passed(passed) {}

    Result<std::vector<std::string>> run() {
        std::vector<fs::path> open = {m_root};
        enter(m_root);
        while (!open.empty()) {
            const fs::path folder = std::move(open.back());
            open.pop_back();
            if (Result<void> listed = list(folder, open); !listed) return listed.error();
        }
        std::sort(m_names.begin(), m_names.end(), naturalLess);
        return std::move(m_names);
    }

 private:
    bool enter(const fs::path& folder) {
        std::error_code problem;
        fs::path real = fs::canonical(folder, problem);
        return m_entered.insert(problem ? folder.native() : real.native()).second;
    }

    Result<void> list(const fs::path& folder, std::vector<fs::path>& open) {
        std::error_code problem;
        fs::directory_iterator entry(folder, problem);
        if (problem == std::errc::permission_denied && folder != m_root) return {};
        if (problem) return fail(ErrorCode::Io, "The folder cannot be read.", folder);
        while (entry != fs::directory_iterator()) {
            if (m_job.cancelled()) return Job::stopped();
            take(*entry, open);
            entry.increment(problem);
            if (problem) return fail(ErrorCode::Io, "The folder cannot be read to its end.", folder);
        }
        return {};
    }

    void take(const fs::directory_entry& entry, std::vector<fs::path>& open) {
        const std::string last = utf8(entry.path().filename());
        if (isHiddenName(last)) return;
        std::error_code unreadable;
        if (entry.is_directory(unreadable)) {
            if (enter(entry.path())) {
                open.push_back(entry.path());
            } else {
                ++m_passed.circles;
            }
        } else if (!text::isUtf8(last)) {
            ++m_passed.unreadableNames;
        } else if (!m_wanted(last)) {
            ++m_passed.byEnding[endingOf(last)];
        } else if (entry.is_regular_file(unreadable)) {
            std::string name = utf8(entry.path().lexically_relative(m_root));
            if (!text::isUtf8(name)) {  // a folder above it
                ++m_passed.unreadableNames;
                return;
            }
            m_names.push_back(std::move(name));
            m_job.report("Looking for files", static_cast<std::int64_t>(m_names.size()), 0);
        }
    }

    const fs::path& m_root;
    bool (*m_wanted)(std::string_view);
    const Job& m_job;
    PassedOver& m_passed;
    std::unordered_set<fs::path::string_type> m_entered;
    std::vector<std::string> m_names;
};

}  // namespace

Result<std::vector<std::string>> filesBelow(const fs::path& folder, bool (*wanted)(std::string_view), const Job& job,
                                            PassedOver* passed) {
    PassedOver own;
    return Search(folder, wanted, job, passed ? *passed : own).run();
}

Result<MediaIndex> MediaIndex::scan(const fs::path& folder, const Job& job, bool (*wanted)(std::string_view)) {
    MediaIndex index;
    std::error_code problem;
    index.m_folder = fs::absolute(folder, problem).lexically_normal();
    if (!fs::is_directory(folder, problem)) return fail(ErrorCode::NotFound, "There is no such folder.", folder);
    Result<std::vector<std::string>> names = filesBelow(index.m_folder, wanted, job, &index.m_passed);
    if (!names) return names.error();
    index.m_names = std::move(*names);
    for (std::size_t i = 0; i < index.m_names.size(); ++i) {
        const std::string& name = index.m_names[i];
        index.m_exact[name].push_back(i);
        index.m_plain[plainName(name)].push_back(i);
        index.m_stem[std::string(text::withoutExtension(name))].push_back(i);
        index.m_base[plainName(text::baseName(name))].push_back(i);
        index.m_baseStem[plainName(text::withoutExtension(text::baseName(name)))].push_back(i);
    }
    return index;
}

fs::path MediaIndex::fileOf(std::string_view name) const {
    return m_folder / pathFromUtf8(name);
}

std::vector<std::string> MediaIndex::at(const Map& map, const std::string& key) const {
    std::vector<std::string> found;
    if (const auto entry = map.find(key); entry != map.end()) {
        for (const std::size_t i : entry->second)
            found.push_back(m_names[i]);
    }
    return found;
}

std::vector<std::string> MediaIndex::byName(std::string_view name) const {
    std::vector<std::string> found = at(m_exact, std::string(name));
    return found.empty() ? at(m_plain, plainName(name)) : found;
}

std::vector<std::string> MediaIndex::byStem(std::string_view stem) const {
    std::vector<std::string> found = at(m_stem, std::string(stem));
    if (!found.empty()) return found;
    // The stem in other writing: of the files of that last part those in the same folder.
    for (std::string& name : at(m_baseStem, plainName(text::baseName(stem)))) {
        if (plainName(text::folderOf(name)) == plainName(text::folderOf(stem))) found.push_back(std::move(name));
    }
    return found;
}
std::vector<std::string> MediaIndex::byBase(std::string_view base) const {
    return at(m_base, plainName(base));
}
std::vector<std::string> MediaIndex::byBaseStem(std::string_view stem) const {
    return at(m_baseStem, plainName(stem));
}

std::string MediaIndex::folderIn(const fs::path& dataFile) const {
    const std::string folder = utf8(dataFile.parent_path().lexically_normal().lexically_relative(m_folder));
    return folder == "." || folder.starts_with("..") ? std::string() : folder;
}

std::string MediaIndex::exactly(std::string_view name) const {
    if (contains(name)) return std::string(name);
    std::vector<std::string> stems = at(m_stem, std::string(name));
    return stems.size() == 1 ? std::move(stems.front()) : std::string();
}

std::optional<MediaIndex::Found> MediaIndex::spelled(const std::string& name) const {
    const std::vector<std::string> same = at(m_plain, plainName(name));
    if (same.size() != 1) return std::nullopt;
    return Found{same.front(), true, {}, How::Spelling};
}

// The file whose path ends as `name` does. `foreign`: the leading folders of `name` are those of another machine.
MediaIndex::Found MediaIndex::byEnd(const std::string& name, bool foreign, std::string_view raw) const {
    const std::string base(text::baseName(name));
    const std::string wanted = plainName(name);
    const std::string root = plainName(utf8(m_folder));
    std::vector<std::string> agreeing;  // no folder of theirs contradicts the path
    std::size_t most = 0;
    const std::vector<std::string> candidates = byBase(base);
    for (const std::string& candidate : candidates) {
        const std::string whole = text::joined(root, plainName(candidate));
        const std::size_t common = commonTail(whole, wanted);
        if (common < std::min(partsOf(candidate), partsOf(wanted))) continue;
        if (common > most) agreeing.clear();
        most = std::max(most, common);
        if (common == most) agreeing.push_back(candidate);
    }
    if (agreeing.size() > 1)
        return {{}, false, "The path " + text::inQuotes(raw) + " fits several files of the folder of the files."};
    if (agreeing.size() == 1) {
        // All of the path and no folder more, or so much of it that a folder above the files agrees as well.
        const std::size_t parts = partsOf(agreeing.front());
        const bool sure = most == partsOf(wanted) ? parts <= most : most > parts;
        return {agreeing.front(), true, {}, sure ? How::Named : How::Elsewhere};
    }
    if (!foreign) return {name, false};
    if (candidates.size() == 1) return {candidates.front(), true, {}, How::Elsewhere};
    if (candidates.size() > 1)
        return {{}, false, "The path " + text::inQuotes(raw) + " fits several files of the folder of the files."};
    return {base, false};
}

MediaIndex::Found MediaIndex::find(std::string_view raw, std::string_view beside) const {
    for (const std::string& name : {text::joined(beside, raw), std::string(raw)}) {
        if (contains(name)) return {name, true};
    }
    // With a backslash that may be a part of the name, the name as it is comes before the path that it could be.
    if (raw.find('\\') != std::string_view::npos) {
        const std::string tail = std::string(1, '/').append(raw);
        std::vector<std::string> ends = byBase(text::baseName(raw));
        std::erase_if(ends, [&](const std::string& name) { return !name.ends_with(tail); });
        if (ends.size() == 1) return {ends.front(), true, {}, How::Elsewhere};
        if (ends.size() > 1)
            return {{}, false, "The path " + text::inQuotes(raw) + " fits several files of the folder of the files."};
    }
    Found first;
    for (const std::string& spelling : text::spellingsOf(raw)) {
        const text::SafeName safe = text::safeName(spelling);
        if (safe.name.empty()) continue;
        const bool foreign = safe.absolute || safe.escapes;
        const bool asIs = spelling == raw;
        for (const std::string& name : {text::joined(beside, safe.name), safe.name}) {
            if (foreign) break;
            std::optional<Found> found = contains(name) ? Found{name, true} : spelled(name);
            if (found && !asIs) found->how = How::Spelling;
            if (found) return *found;
        }
        Found found = byEnd(safe.name, foreign, raw);
        if (found.exists && !asIs && found.how == How::Named) found.how = How::Spelling;
        if (found.exists) return found;
        if (first.name.empty() && first.refusal.empty()) first = std::move(found);
    }
    const text::SafeName plain = text::safeName(raw);
    if (plain.escapes && !plain.absolute && !plain.name.empty())
        return {{}, false, "The path " + text::inQuotes(raw) + " leads out of the folder of the files."};
    if (first.name.empty() && first.refusal.empty())
        first.refusal = "There is no file name in " + text::inQuotes(raw) + ".";
    return first;
}

std::vector<MediaIndex::Found> MediaIndex::findAll(const std::vector<std::string>& raws,
                                                   std::string_view beside) const {
    std::vector<Found> all;
    all.reserve(raws.size());
    std::unordered_map<std::string, std::size_t> owners;  // of a file: the first entry that means it
    std::unordered_set<std::size_t> lost;
    const auto same = [&](std::size_t a, std::size_t b) {
        return raws[a] == raws[b] || text::safeName(raws[a]).name == text::safeName(raws[b]).name;
    };
    for (std::size_t i = 0; i < raws.size(); ++i) {
        all.push_back(find(raws[i], beside));
        if (!all[i].exists) continue;
        const auto [owner, isNew] = owners.emplace(all[i].name, i);
        if (isNew || same(owner->second, i)) continue;
        const std::size_t other = owner->second;
        const auto rank = [&](std::size_t entry) {
            return std::pair(static_cast<int>(all[entry].how), raws[entry] == all[entry].name ? 0 : 1);
        };
        if (rank(i) < rank(other)) {
            lost.insert(other);
            owner->second = i;
        } else {
            lost.insert(i);
            if (rank(i) == rank(other) && all[i].how != How::Named) lost.insert(other);
        }
    }
    for (const std::size_t i : lost) {
        const std::string taken = all[i].name;
        if (all[owners.at(taken)].exists && all[owners.at(taken)].how == How::Named && owners.at(taken) != i) {
            all[i] = {text::safeName(raws[i]).name, false};
            continue;
        }
        all[i] = {{},
                  false,
                  "The file " + text::inQuotes(taken) + " resembles " + text::inQuotes(raws[i]) +
                      ", but is the one of another entry as well; it was not taken for this one."};
    }
    return all;
}

}  // namespace querent::formats::matching

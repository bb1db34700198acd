#include "engine/formats/matching/media_index.h"

#include "engine/core/file_names.h"
#include "engine/core/paths.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <unordered_set>

namespace querent::formats::matching {
namespace {

namespace fs = std::filesystem;

// True when `longer` is `shorter`, or ends in "/" and `shorter`.
bool endsInPath(std::string_view longer, std::string_view shorter) {
    if (!longer.ends_with(shorter)) return false;
    return longer.size() == shorter.size() || longer[longer.size() - shorter.size() - 1] == '/';
}

// Of several files with the right last part, the one that agrees with `path` in the most leading folders; empty when
// that is none or more than one.
std::string bestSuffix(const std::vector<std::string>& candidates, std::string_view path) {
    const std::string wanted = text::lowered(path);
    std::vector<std::string> shorter;
    std::vector<std::string> longer;
    for (const std::string& candidate : candidates) {
        const std::string name = text::lowered(candidate);
        if (endsInPath(wanted, name)) {
            shorter.push_back(candidate);
        } else if (endsInPath(name, wanted)) {
            longer.push_back(candidate);
        }
    }
    if (shorter.empty()) return longer.size() == 1 ? longer.front() : std::string();
    const auto size = [](const std::string& a, const std::string& b) { return a.size() < b.size(); };
    const std::string best = *std::max_element(shorter.begin(), shorter.end(), size);
    const auto equals = std::count_if(shorter.begin(), shorter.end(),
                                      [&](const std::string& name) { return name.size() == best.size(); });
    return equals == 1 ? best : std::string();
}

}  // namespace

Result<std::vector<std::string>> filesBelow(const fs::path& folder, bool (*wanted)(std::string_view), const Job& job) {
    std::vector<std::string> names;
    std::error_code problem;
    auto entry = fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, problem);
    if (problem) return fail(ErrorCode::Io, "The folder cannot be read.", folder);
    while (entry != fs::recursive_directory_iterator()) {
        if (job.cancelled()) return Job::stopped();
        std::error_code unreadable;
        const std::string last = utf8(entry->path().filename());
        if (isHiddenName(last)) {
            entry.disable_recursion_pending();
        } else if (wanted(last) && entry->is_regular_file(unreadable)) {
            names.push_back(utf8(entry->path().lexically_relative(folder)));
            job.report("Looking for files", static_cast<std::int64_t>(names.size()), 0);
        }
        entry.increment(problem);
        if (problem) return fail(ErrorCode::Io, "The folder cannot be read to its end.", folder);
    }
    std::sort(names.begin(), names.end(), naturalLess);
    return names;
}

Result<MediaIndex> MediaIndex::scan(const fs::path& folder, const Job& job, bool (*wanted)(std::string_view)) {
    MediaIndex index;
    std::error_code problem;
    index.m_folder = fs::absolute(folder, problem).lexically_normal();
    if (!fs::is_directory(folder, problem)) return fail(ErrorCode::NotFound, "There is no such folder.", folder);
    Result<std::vector<std::string>> names = filesBelow(folder, wanted, job);
    if (!names) return names.error();
    index.m_names = std::move(*names);
    for (std::size_t i = 0; i < index.m_names.size(); ++i) {
        const std::string& name = index.m_names[i];
        index.m_exact[name].push_back(i);
        index.m_lower[text::lowered(name)].push_back(i);
        index.m_stem[std::string(text::withoutExtension(name))].push_back(i);
        index.m_base[text::lowered(text::baseName(name))].push_back(i);
        index.m_baseStem[text::lowered(text::withoutExtension(text::baseName(name)))].push_back(i);
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
    return found.empty() ? at(m_lower, text::lowered(name)) : found;
}

std::vector<std::string> MediaIndex::byStem(std::string_view stem) const {
    return at(m_stem, std::string(stem));
}
std::vector<std::string> MediaIndex::byBase(std::string_view base) const {
    return at(m_base, text::lowered(base));
}
std::vector<std::string> MediaIndex::byBaseStem(std::string_view stem) const {
    return at(m_baseStem, text::lowered(stem));
}

MediaIndex::Found MediaIndex::find(std::string_view raw) const {
    if (m_exact.contains(std::string(raw))) return {std::string(raw), true, {}};
    const text::SafeName safe = text::safeName(raw);
    if (safe.escapes && !safe.absolute)
        return {{}, false, "The path " + text::inQuotes(raw) + " leads out of the folder of the files."};
    if (safe.name.empty()) return {{}, false, "There is no file name in " + text::inQuotes(raw) + "."};
    const std::string base(text::baseName(safe.name));
    if (!safe.absolute) {
        const std::vector<std::string> same = byName(safe.name);
        if (same.size() == 1) return {same.front(), true, {}};
    }
    const std::vector<std::string> candidates = byBase(base);
    if (std::string best = bestSuffix(candidates, safe.name); !best.empty()) return {std::move(best), true, {}};
    if (!safe.absolute) return {safe.name, false, {}};
    if (candidates.size() == 1) return {candidates.front(), true, {}};
    if (candidates.size() > 1)
        return {{}, false, "The path " + text::inQuotes(raw) + " fits several files of the folder of the files."};
    return {base, false, {}};
}

std::vector<MediaIndex::Found> MediaIndex::findAll(const std::vector<std::string>& raws) const {
    std::unordered_set<std::string> exact;
    for (const std::string& raw : raws) {
        if (m_exact.contains(raw)) exact.insert(raw);
    }
    std::vector<Found> all;
    all.reserve(raws.size());
    for (const std::string& raw : raws) {
        Found found = find(raw);
        if (found.exists && found.name != raw && exact.contains(found.name)) {
            const text::SafeName safe = text::safeName(raw);
            if (safe.name != found.name)
                found = {safe.absolute ? std::string(text::baseName(safe.name)) : safe.name, false, {}};
        }
        all.push_back(std::move(found));
    }
    return all;
}

}  // namespace querent::formats::matching

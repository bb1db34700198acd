#include "engine/core/paths.h"
#include "engine/session/transfer/known_pictures_internal.h"

#include <algorithm>
#include <utility>

namespace querent::session::transfer {
namespace {

namespace fs = std::filesystem;

// How many parts two paths have in common at their ends.
std::size_t commonTail(const std::string& a, const std::string& b) {
    const fs::path first = pathFromUtf8(a);
    const fs::path second = pathFromUtf8(b);
    const std::vector<fs::path> one(first.begin(), first.end());
    const std::vector<fs::path> other(second.begin(), second.end());
    const auto [end, otherEnd] = std::mismatch(one.rbegin(), one.rend(), other.rbegin(), other.rend());
    return static_cast<std::size_t>(end - one.rbegin());
}

}  // namespace

Result<KnownPictures> KnownPictures::read(store::ProjectFile& file) {
    KnownPictures known;
    std::unordered_map<SourceId, fs::path> folders;
    const auto sources = file.sources().list();
    if (!sources) return sources.error();
    for (const Source& source : *sources)
        folders[source.id] = file.sources().resolve(source);
    const auto media = file.items().mediaOf({});
    if (!media) return media.error();
    for (const auto& item : *media) {
        for (const Medium& medium : item.media) {
            known.add(item.item, folders[medium.source] / pathFromUtf8(medium.path));
            known.m_byRelativePath[medium.path].push_back(item.item);
            if (!medium.hash.empty()) known.m_byContent[medium.hash].push_back({item.item, medium.path});
        }
    }
    return known;
}

std::optional<ItemId> KnownPictures::atPath(const fs::path& file) const {
    const auto found = m_byPath.find(keyOf(file));
    return found == m_byPath.end() ? std::nullopt : std::optional(found->second);
}

std::optional<ItemId> KnownPictures::withContent(const std::string& hash, const std::string& name) const {
    const auto found = hash.empty() ? m_byContent.end() : m_byContent.find(hash);
    if (found == m_byContent.end()) return std::nullopt;
    std::size_t most = 0;
    std::optional<ItemId> best;
    for (const Place& place : found->second) {
        const std::size_t common = commonTail(place.path, name);
        if (common > most) best = place.item;
        most = std::max(most, common);
    }
    return best;
}

Result<std::optional<ItemId>> KnownPictures::named(store::ProjectFile& file, const std::string& name) const {
    const auto exact = file.items().find(name);
    if (!exact || *exact) return exact;
    const auto found = m_byRelativePath.find(name);
    if (found == m_byRelativePath.end() || found->second.size() != 1) return std::optional<ItemId>();
    return std::optional(found->second.front());
}

bool KnownPictures::ambiguous(const std::string& name) const {
    const auto found = m_byRelativePath.find(name);
    return found != m_byRelativePath.end() && found->second.size() > 1;
}

Result<std::string> KnownPictures::freeName(store::ProjectFile& file, const std::string& name, const fs::path& folder) {
    std::string candidate = name;
    fs::path above = folder;
    for (int number = 2;;) {
        const auto taken = file.items().find(candidate);
        if (!taken) return taken.error();
        if (!*taken) return candidate;
        if (above.has_filename() && above.has_relative_path()) {
            candidate.insert(0, utf8(above.filename()) + "/");
            above = above.parent_path();
        } else {
            candidate = std::to_string(number++) + "/" + name;
        }
    }
}

}  // namespace querent::session::transfer

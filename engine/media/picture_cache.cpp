#include "engine/media/picture_cache.h"

namespace querent::media {

namespace {

std::int64_t bytesOf(const Raster& picture) {
    return static_cast<std::int64_t>(picture.rgb.size());
}

}  // namespace

std::shared_ptr<const Raster> PictureCache::find(const PictureKey& key) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_index.find(key);
    if (found == m_index.end()) return nullptr;
    m_entries.splice(m_entries.begin(), m_entries, found->second);
    return found->second->picture;
}

void PictureCache::insert(const PictureKey& key, std::shared_ptr<const Raster> picture) {
    const std::lock_guard lock(m_mutex);
    if (const auto old = m_index.find(key); old != m_index.end()) drop(old->second);
    if (!picture || bytesOf(*picture) > m_maxBytes) return;
    m_bytes += bytesOf(*picture);
    m_entries.push_front({key, std::move(picture)});
    m_index[key] = m_entries.begin();
    while (m_bytes > m_maxBytes)
        drop(std::prev(m_entries.end()));
}

void PictureCache::forget(const std::filesystem::path& path) {
    const std::lock_guard lock(m_mutex);
    for (auto it = m_entries.begin(); it != m_entries.end();) {
        const auto next = std::next(it);
        if (it->key.path == path) drop(it);
        it = next;
    }
}

void PictureCache::clear() {
    const std::lock_guard lock(m_mutex);
    m_entries.clear();
    m_index.clear();
    m_bytes = 0;
}

std::int64_t PictureCache::bytes() const {
    const std::lock_guard lock(m_mutex);
    return m_bytes;
}

std::size_t PictureCache::count() const {
    const std::lock_guard lock(m_mutex);
    return m_entries.size();
}

void PictureCache::drop(std::list<Entry>::iterator entry) {
    m_bytes -= bytesOf(*entry->picture);
    m_index.erase(entry->key);
    m_entries.erase(entry);
}

}  // namespace querent::media

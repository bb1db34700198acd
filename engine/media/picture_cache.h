#pragma once

#include "engine/core/raster.h"

#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>

namespace querent::media {

/** Which decoded picture: the file and the size asked for (empty = full). */
struct PictureKey {
    std::filesystem::path path;
    Size wanted;

    bool operator<(const PictureKey& other) const {
        return std::tie(path, wanted.width, wanted.height) <
               std::tie(other.path, other.wanted.width, other.wanted.height);
    }
};

/** The decoded pictures used last, up to a number of bytes. Rasters are shared and never change. Any thread. */
class PictureCache {
 public:
    explicit PictureCache(std::int64_t maxBytes) : m_maxBytes(maxBytes) {}

    /** The picture, now the most recently used one; null when it is not there. */
    std::shared_ptr<const Raster> find(const PictureKey& key);
    /** Keeps the picture and drops the least recently used ones; a picture above the whole budget is not kept. */
    void insert(const PictureKey& key, std::shared_ptr<const Raster> picture);
    /** Forgets every size of one file: it has changed on disk. */
    void forget(const std::filesystem::path& path);
    void clear();

    std::int64_t bytes() const;
    std::size_t count() const;

 private:
    struct Entry {
        PictureKey key;
        std::shared_ptr<const Raster> picture;
    };
    void drop(std::list<Entry>::iterator entry);

    mutable std::mutex m_mutex;
    std::list<Entry> m_entries;  // most recently used first
    std::map<PictureKey, std::list<Entry>::iterator> m_index;
    std::int64_t m_bytes = 0;
    std::int64_t m_maxBytes;
};

}  // namespace querent::media

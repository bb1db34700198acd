#pragma once

#include "engine/core/raster.h"
#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>

namespace querent::media {

/**
 * Small JPEG pictures in a folder that can be thrown away at any time. Files are named by content hash, so a moved or
 * copied picture keeps its thumbnail and a changed one gets a new one. Any number of threads and processes may share a
 * folder: files appear whole or not at all. Only files with the cache's own names are ever read, written or removed.
 */
class ThumbnailCache {
 public:
    static constexpr int kDefaultEdge = 256;
    static constexpr std::int64_t kDefaultMaxBytes = 512LL << 20;

    /** `edge`: longest side in pixels. `maxBytes`: the oldest files go when the folder holds more. Creates no folder
     * yet. */
    explicit ThumbnailCache(std::filesystem::path folder, int edge = kDefaultEdge,
                            std::int64_t maxBytes = kDefaultMaxBytes);

    /**
     * The thumbnail of a picture: from the folder, or decoded, scaled and stored (pictures smaller than `edge` stay as
     * they are). `hash` is contentHash(path), or empty while that is unknown: then path, size and time stand in for it.
     * Damaged cache files are drawn anew. A folder that cannot be written costs time, not the thumbnail. Any thread.
     */
    Result<Raster> thumbnail(const std::filesystem::path& path, const std::string& hash);

    /** Draws a file as a picture of at most `edge` pixels on its longer side. */
    using Draw = std::function<Result<Raster>(const std::filesystem::path& path, int edge)>;
    /** The same for a file that is no picture: `draw` makes what is not in the folder yet. */
    Result<Raster> thumbnail(const std::filesystem::path& path, const std::string& hash, const Draw& draw);

    /** The stored thumbnail or an error of code NotFound; never decodes the picture itself. */
    Result<Raster> stored(const std::filesystem::path& path, const std::string& hash) const;

    /** Removes the oldest files until the folder holds at most `maxBytes`; runs by itself now and then. */
    void evict();

    const std::filesystem::path& folder() const { return m_folder; }
    int edge() const { return m_edge; }

 private:
    std::filesystem::path fileFor(const std::filesystem::path& path, const std::string& hash) const;
    void store(const Raster& small, const std::filesystem::path& file);

    std::filesystem::path m_folder;
    int m_edge;
    std::int64_t m_maxBytes;
    std::mutex m_evictMutex;
    std::int64_t m_writtenSinceEviction;  // bytes; guarded by m_evictMutex
};

}  // namespace querent::media

#include "engine/media/thumbnails.h"

#include "engine/core/files.h"
#include "engine/core/paths.h"
#include "engine/media/hash.h"
#include "engine/media/picture.h"
#include "engine/media/raster_mat.h"
#include "engine/media/resize.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <system_error>
#include <vector>

namespace querent::media {

namespace fs = std::filesystem;

namespace {

constexpr int kQuality = 88;
constexpr std::chrono::hours kTemporaryLife{1};  // older ones were left by a killed program

bool isHash(const std::string& text) {
    return text.size() == 16 && std::all_of(text.begin(), text.end(),
                                            [](unsigned char c) { return std::isdigit(c) || (c >= 'a' && c <= 'f'); });
}

/** "t256-0123456789abcdef.jpg", or with one more letter before the digits. */
bool isOurs(const std::string& name) {
    if (name.size() < 6 || name[0] != 't' || !std::isdigit(static_cast<unsigned char>(name[1]))) return false;
    const auto dash = name.find('-');
    const auto dot = name.find('.');
    if (dash == std::string::npos || dot == std::string::npos || dot < dash + 17) return false;
    const bool jpeg = name.compare(dot, std::string::npos, ".jpg") == 0;
    const bool temporary = name.compare(dot, 5, ".jpg.") == 0 && name.ends_with(kTemporarySuffix);
    return isHash(name.substr(dot - 16, 16)) && (jpeg || temporary);
}

struct CacheFile {
    fs::path path;
    fs::file_time_type time;
    std::int64_t bytes = 0;
    bool temporary = false;
};

std::vector<CacheFile> cacheFiles(const fs::path& folder) {
    std::vector<CacheFile> files;
    std::error_code problem;
    // Files may vanish while we look (another process evicts): every question asks with its own error code.
    for (fs::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem)) {
        const std::string name = utf8(it->path().filename());
        std::error_code gone;
        if (!isOurs(name) || !it->is_regular_file(gone)) continue;
        CacheFile file;
        file.path = it->path();
        file.time = it->last_write_time(gone);
        const std::uintmax_t bytes = it->file_size(gone);
        if (gone) continue;
        file.bytes = static_cast<std::int64_t>(bytes);
        file.temporary = name.ends_with(kTemporarySuffix);
        files.push_back(std::move(file));
    }
    return files;
}

Result<Raster> smallPicture(const fs::path& path, int edge) {
    const Result<PictureInfo> info = probe(path);
    if (!info) return info.error();
    DecodeOptions options;
    options.wanted = fittedSize(info->size, {edge, edge});
    const Result<Raster> picture = decode(path, options);
    if (!picture) return picture.error();
    try {
        return resized(*picture, options.wanted);
    } catch (const std::exception&) {  // std::bad_alloc or cv::Exception: both mean no memory here
        return fail(ErrorCode::OutOfMemory, "There is no memory left for a thumbnail.", path);
    }
}

}  // namespace

ThumbnailCache::ThumbnailCache(fs::path folder, int edge, std::int64_t maxBytes)
    : m_folder(std::move(folder)),
      m_edge(std::clamp(edge, 16, 4096)),
      m_maxBytes(std::max<std::int64_t>(0, maxBytes)),
      m_writtenSinceEviction(m_maxBytes) {}  // the first write of a session looks after the folder

fs::path ThumbnailCache::fileFor(const fs::path& path, const std::string& hash) const {
    std::string name(1, 't');
    name.append(std::to_string(m_edge)).append(1, '-');
    // A hash that is none is hashed: the name can never lead out of the folder.
    if (hash.empty()) {
        name.append(1, 'p').append(fileStamp(path));
    } else if (isHash(hash)) {
        name.append(hash);
    } else {
        name.append(1, 'x').append(textHash(hash));
    }
    return m_folder / name.append(".jpg");
}

Result<Raster> ThumbnailCache::stored(const fs::path& path, const std::string& hash) const {
    const fs::path file = fileFor(path, hash);
    Result<Raster> found = decode(file);
    if (!found) return fail(ErrorCode::NotFound, "There is no thumbnail yet.", file);
    if (found->size.width > m_edge || found->size.height > m_edge) {
        return fail(ErrorCode::NotFound, "The stored thumbnail has the wrong size.", file);
    }
    return found;
}

Result<Raster> ThumbnailCache::thumbnail(const fs::path& path, const std::string& hash) {
    return thumbnail(path, hash, smallPicture);
}

Result<Raster> ThumbnailCache::thumbnail(const fs::path& path, const std::string& hash, const Draw& draw) {
    Result<Raster> found = stored(path, hash);
    if (found) return found;
    Result<Raster> drawn = draw(path, m_edge);
    if (!drawn) return drawn;
    try {
        store(*drawn, fileFor(path, hash));
    } catch (const std::exception&) {  // std::bad_alloc or cv::Exception: both mean no memory here
        return fail(ErrorCode::OutOfMemory, "There is no memory left for a thumbnail.", path);
    }
    return drawn;
}

void ThumbnailCache::store(const Raster& small, const fs::path& file) {
    std::error_code problem;
    fs::create_directories(m_folder, problem);
    cv::Mat bgr;
    cv::cvtColor(matOver(small), bgr, cv::COLOR_RGB2BGR);
    std::vector<std::uint8_t> bytes;
    cv::imencode(".jpg", bgr, bytes, {cv::IMWRITE_JPEG_QUALITY, kQuality});
    // A cache that cannot be written (full or read-only disk) must not keep anybody from working.
    if (!replaceWhole(file, bytes, Durability::Cache)) return;

    bool due = false;
    {
        const std::lock_guard lock(m_evictMutex);
        m_writtenSinceEviction += static_cast<std::int64_t>(bytes.size());
        due = m_writtenSinceEviction > m_maxBytes / 8;
    }
    if (due) evict();
}

void ThumbnailCache::evict() {
    const std::lock_guard lock(m_evictMutex);
    m_writtenSinceEviction = 0;
    std::vector<CacheFile> files = cacheFiles(m_folder);
    std::error_code gone;  // another process may have been faster
    const auto leftover = fs::file_time_type::clock::now() - kTemporaryLife;
    std::erase_if(files, [&](const CacheFile& file) {
        if (file.temporary && file.time < leftover) fs::remove(file.path, gone);
        return file.temporary;
    });
    std::int64_t total = 0;
    for (const CacheFile& file : files)
        total += file.bytes;
    std::sort(files.begin(), files.end(), [](const CacheFile& a, const CacheFile& b) { return a.time < b.time; });
    for (const CacheFile& file : files) {
        if (total <= m_maxBytes) break;
        fs::remove(file.path, gone);
        total -= file.bytes;
    }
}

}  // namespace querent::media

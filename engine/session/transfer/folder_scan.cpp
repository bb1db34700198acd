#include "engine/core/natural_order.h"
#include "engine/media/sound/sound_kind.h"
#include "engine/session/transfer/folder_scan_internal.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace querent::session::transfer {
namespace {

constexpr std::array<const char*, 8> kPictureEndings = {".jpg", ".jpeg", ".png",  ".bmp",
                                                        ".tif", ".tiff", ".webp", ".jpe"};

std::string endingOf(const std::filesystem::path& path) {
    std::string ending = path.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return c < 128 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c); });
    return ending;
}

bool isPicture(const std::filesystem::path& path) {
    const std::string ending = endingOf(path);
    return std::any_of(kPictureEndings.begin(), kPictureEndings.end(), [&](const char* e) { return ending == e; });
}

std::string utf8(const std::filesystem::path& path) {
    const std::u8string text = path.generic_u8string();
    return {text.begin(), text.end()};
}

}  // namespace

Result<formats::Dataset> scanFolder(const std::filesystem::path& folder, const Job& job) {
    std::error_code error;
    const std::filesystem::path root = std::filesystem::absolute(folder, error).lexically_normal();
    if (!std::filesystem::is_directory(root, error))
        return fail(ErrorCode::NotFound, "There is no such folder.", folder);
    formats::Dataset dataset;
    using Walk = std::filesystem::recursive_directory_iterator;
    for (Walk entry(root, std::filesystem::directory_options::skip_permission_denied, error), end; entry != end;
         entry.increment(error)) {
        if (job.cancelled()) return Job::stopped();
        if (error) break;
        const bool wanted =
            isPicture(entry->path()) || media::sound::hasSoundExtension(entry->path().filename().string());
        if (!entry->is_regular_file(error) || !wanted) continue;
        formats::DatasetItem item;
        item.name = utf8(entry->path().lexically_relative(root));
        item.file = entry->path();
        dataset.items.push_back(std::move(item));
        job.report("Looking for pictures and sounds", static_cast<std::int64_t>(dataset.items.size()), 0);
    }
    if (error) return fail(ErrorCode::Io, "The folder cannot be read: " + error.message() + ".", folder);
    if (dataset.items.empty())
        return fail(ErrorCode::NotFound, "There are no pictures and no sounds in this folder.", folder);
    std::sort(dataset.items.begin(), dataset.items.end(),
              [](const auto& a, const auto& b) { return naturalLess(a.name, b.name); });
    return dataset;
}

}  // namespace querent::session::transfer

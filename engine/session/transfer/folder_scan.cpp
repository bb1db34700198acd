#include "engine/core/media_names.h"
#include "engine/core/natural_order.h"
#include "engine/core/paths.h"
#include "engine/session/transfer/folder_scan_internal.h"

#include <algorithm>
#include <string>

namespace querent::session::transfer {
namespace {

// A folder says nothing about its files but their names, so what cannot be read does not become an item.
formats::Complaint refusal(const std::filesystem::path& path) {
    const std::string name = utf8(path);
    return {{path, 0},
            "Files that end in " + utf8(path.extension()) + " cannot be read; convert this one to " +
                (hasSoundExtension(name) ? "wav or flac" : "jpg or png") + " first."};
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
        if (!hasMediaExtension(utf8(entry->path())) || !entry->is_regular_file(error)) continue;
        if (hasForeignExtension(utf8(entry->path()))) {
            dataset.complaints.push_back(refusal(entry->path()));
            continue;
        }
        formats::DatasetItem item;
        item.name = utf8(entry->path().lexically_relative(root));
        item.file = entry->path();
        dataset.items.push_back(std::move(item));
        job.report("Looking for pictures and sounds", static_cast<std::int64_t>(dataset.items.size()), 0);
    }
    if (error) return fail(ErrorCode::Io, "The folder cannot be read: " + error.message() + ".", folder);
    if (dataset.items.empty() && !dataset.complaints.empty())
        return fail(ErrorCode::Unsupported, dataset.complaints.front().sentence, dataset.complaints.front().where.path);
    if (dataset.items.empty())
        return fail(ErrorCode::NotFound, "There are no pictures and no sounds in this folder.", folder);
    std::sort(dataset.items.begin(), dataset.items.end(),
              [](const auto& a, const auto& b) { return naturalLess(a.name, b.name); });
    return dataset;
}

}  // namespace querent::session::transfer

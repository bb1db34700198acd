#include "engine/core/file_names.h"
#include "engine/core/paths.h"
#include "engine/formats/matching/media_index.h"
#include "engine/session/transfer/folder_scan_internal.h"

#include <string>
#include <utility>

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
    const auto names = formats::matching::filesBelow(root, hasMediaExtension, job);
    if (!names) return names.error();
    formats::Dataset dataset;
    for (const std::string& name : *names) {
        const std::filesystem::path file = root / pathFromUtf8(name);
        if (hasForeignExtension(name)) {
            dataset.complaints.push_back(refusal(file));
            continue;
        }
        formats::DatasetItem item;
        item.name = name;
        item.file = file;
        dataset.items.push_back(std::move(item));
    }
    if (dataset.items.empty() && !dataset.complaints.empty())
        return fail(ErrorCode::Unsupported, dataset.complaints.front().sentence, dataset.complaints.front().where.path);
    if (dataset.items.empty())
        return fail(ErrorCode::NotFound, "There are no pictures and no sounds in this folder.", folder);
    return dataset;
}

}  // namespace querent::session::transfer

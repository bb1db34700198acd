#include "engine/core/file_names.h"
#include "engine/core/paths.h"
#include "engine/formats/matching/media_index.h"
#include "engine/formats/reading.h"
#include "engine/formats/text/text.h"
#include "engine/session/transfer/folder_scan_internal.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace querent::session::transfer {
namespace {

// "3 .heic, 1 .svg", the most frequent first.
std::string countedEndings(const std::map<std::string, std::int64_t>& endings) {
    std::vector<std::pair<std::string, std::int64_t>> sorted(endings.begin(), endings.end());
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    std::string text;
    for (const auto& [ending, count] : sorted)
        text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + (ending.empty() ? "without ending" : ending);
    return text;
}

std::string endingOf(const std::filesystem::path& file) {
    return formats::text::lowered(utf8(file.extension()));
}

// What was left out, a sentence a reason: a folder says nothing about its files but their names.
std::vector<formats::Complaint> leftOut(const std::filesystem::path& root, const formats::matching::PassedOver& passed,
                                        const std::map<std::string, std::int64_t>& foreign) {
    std::vector<formats::Complaint> complaints;
    const auto say = [&](std::string sentence) { complaints.push_back({{root, 0}, std::move(sentence), true}); };
    for (const auto& [ending, count] : foreign) {
        say(std::to_string(count) + " " + ending + (count == 1 ? " file was" : " files were") +
            " left out: such files cannot be read here; convert them to " +
            (hasSoundExtension(ending) ? "wav or flac" : "jpg or png") + " first.");
    }
    std::int64_t others = 0;
    for (const auto& [ending, count] : passed.byEnding)
        others += count;
    if (others > 0)
        say(std::to_string(others) + (others == 1 ? " file that is" : " files that are") +
            " neither picture nor sound by name " + (others == 1 ? "was" : "were") +
            " left out: " + countedEndings(passed.byEnding) + ".");
    if (passed.unreadableNames > 0)
        say(std::to_string(passed.unreadableNames) + (passed.unreadableNames == 1 ? " file was" : " files were") +
            " left out, as the name is not UTF-8 or that of a folder above; rename what a project is to hold.");
    if (passed.circles > 0)
        say(std::to_string(passed.circles) + " links lead to folders that were read already; each was read once.");
    return complaints;
}

}  // namespace

Result<formats::Dataset> scanFolder(const std::filesystem::path& folder, const Job& job) {
    std::error_code error;
    const std::filesystem::path root = std::filesystem::absolute(folder, error).lexically_normal();
    if (!std::filesystem::is_directory(root, error))
        return fail(ErrorCode::NotFound, "There is no such folder.", folder);
    formats::matching::PassedOver passed;
    const auto names = formats::matching::filesBelow(root, hasMediaExtension, job, &passed);
    if (!names) return names.error();
    formats::Dataset dataset;
    std::map<std::string, std::int64_t> foreign;
    for (const std::string& name : *names) {
        formats::DatasetItem item;
        item.file = root / pathFromUtf8(name);
        if (hasForeignExtension(name)) {
            ++foreign[endingOf(item.file)];
            continue;
        }
        item.name = name;
        dataset.items.push_back(std::move(item));
    }
    dataset.complaints = leftOut(root, passed, foreign);
    if (dataset.items.empty())
        return fail(foreign.empty() ? ErrorCode::NotFound : ErrorCode::Unsupported,
                    "There are no pictures and no sounds in this folder that can be read." +
                        (dataset.complaints.empty() ? std::string() : " " + dataset.complaints.front().sentence),
                    folder);
    formats::splitByFolders(dataset.items);
    return dataset;
}

}  // namespace querent::session::transfer

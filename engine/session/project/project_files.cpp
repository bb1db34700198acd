#include "engine/core/paths.h"
#include "engine/media/picture.h"
#include "engine/media/sound/sound_thumbnail.h"
#include "engine/session/project/project.h"
#include "engine/session/project/project_internal.h"

#include <algorithm>
#include <map>

namespace querent::session::project {
namespace {

const Medium* firstOf(const Item& item, Modality modality) {
    const auto found = std::find_if(item.media.begin(), item.media.end(),
                                    [modality](const Medium& medium) { return medium.modality == modality; });
    return found == item.media.end() ? nullptr : &*found;
}

// Where the file of a picture or a sound is on disk.
std::filesystem::path pathOf(const Project& project, const Medium& medium) {
    std::filesystem::path folder;
    project.read([&](store::ProjectFile& file) { folder = valueOr(file.sources().folder(medium.source)); });
    return folder / pathFromUtf8(medium.path);
}

// Absolute folder of each source.
std::map<SourceId, std::filesystem::path> folders(store::ProjectFile& file) {
    std::map<SourceId, std::filesystem::path> found;
    for (const Source& source : valueOr(file.sources().list()))
        found[source.id] = file.sources().resolve(source);
    return found;
}

}  // namespace

std::filesystem::path Project::picturePath(const Item& item) const {
    const Medium* medium = firstOf(item, Modality::Image);
    return medium == nullptr ? std::filesystem::path() : pathOf(*this, *medium);
}

Result<Raster> Project::picture(const Item& item, Size wanted) const {
    const std::filesystem::path path = picturePath(item);
    if (path.empty()) return fail(ErrorCode::NotFound, "The item has no picture.");
    media::DecodeOptions options;
    options.wanted = wanted;
    return media::decode(path, options);
}

Result<Raster> Project::thumbnail(const Item& item) const {
    if (const Medium* picture = firstOf(item, Modality::Image))
        return m_state->thumbnails->thumbnail(pathOf(*this, *picture), picture->hash);
    if (const Medium* sound = firstOf(item, Modality::Audio))
        return m_state->thumbnails->thumbnail(pathOf(*this, *sound), sound->hash, media::sound::soundThumbnail);
    return fail(ErrorCode::NotFound, "A text has no thumbnail.");
}

Result<std::int64_t> Project::findMissing(const Job& job) {
    struct Change {
        MediumId medium;
        bool missing;
    };
    std::vector<Change> changes;
    std::int64_t missing = 0;
    std::map<SourceId, std::filesystem::path> roots;
    std::vector<store::tables::ItemTable::ItemMedia> all;
    read([&](store::ProjectFile& file) {
        roots = folders(file);
        all = valueOr(file.items().mediaOf({}));
    });
    std::int64_t done = 0;
    for (const auto& item : all) {
        if (job.cancelled()) return Job::stopped();
        job.report("Looking for files", ++done, static_cast<std::int64_t>(all.size()));
        for (const Medium& medium : item.media) {
            if (medium.modality == Modality::Text) continue;  // has no file
            std::error_code error;
            const bool gone = !std::filesystem::exists(roots[medium.source] / pathFromUtf8(medium.path), error);
            missing += gone ? 1 : 0;
            if (gone != medium.missing) changes.push_back({medium.id, gone});
        }
    }
    if (changes.empty()) return missing;
    const Result<void> written = write([&](store::ProjectFile& file) -> Result<void> {
        Result<store::Transaction> transaction = file.begin();
        if (!transaction) return transaction.error();
        for (const Change& change : changes) {
            if (const auto set = file.items().setMissing(change.medium, change.missing); !set) return set;
        }
        return transaction->commit();
    });
    if (!written) return written.error();
    return missing;
}

Result<std::int64_t> Project::relocate(SourceId source, const std::filesystem::path& folder, const Job& job) {
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
        return fail(ErrorCode::NotFound, "There is no such folder.", folder);
    }
    std::int64_t found = 0;
    std::int64_t total = 0;
    std::vector<store::tables::ItemTable::ItemMedia> all;
    read([&](store::ProjectFile& file) { all = valueOr(file.items().mediaOf({})); });
    for (const auto& item : all) {
        if (job.cancelled()) return Job::stopped();
        for (const Medium& medium : item.media) {
            if (medium.source != source) continue;
            ++total;
            found += std::filesystem::exists(folder / pathFromUtf8(medium.path), error) ? 1 : 0;
        }
    }
    if (found == 0 && total > 0) {
        return fail(ErrorCode::NotFound, "None of the source's files is in that folder.", folder);
    }
    const Result<void> set = write([&](store::ProjectFile& file) { return file.sources().setFolder(source, folder); });
    if (!set) return set.error();
    if (const auto marked = findMissing(job); !marked) return marked.error();
    return found;
}

std::vector<std::string> Project::check(const Job& job) const {
    std::vector<std::string> findings;
    std::map<SourceId, std::filesystem::path> roots;
    std::vector<store::tables::ItemTable::ItemMedia> all;
    read([&](store::ProjectFile& file) {
        const auto found = file.check();
        findings = found ? *found : std::vector<std::string>{found.error().text()};
        roots = folders(file);
        all = valueOr(file.items().mediaOf({}));
    });
    for (const auto& item : all) {
        if (job.cancelled()) break;
        for (const Medium& medium : item.media) {
            if (medium.modality == Modality::Text) continue;  // has no file
            const std::filesystem::path path = roots[medium.source] / pathFromUtf8(medium.path);
            std::error_code error;
            if (!std::filesystem::exists(path, error)) findings.push_back(utf8(path) + ": The file is missing.");
        }
    }
    return findings;
}

}  // namespace querent::session::project

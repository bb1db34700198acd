#include "engine/core/paths.h"
#include "engine/media/hash.h"
#include "engine/media/picture.h"
#include "engine/media/sound/sound_file.h"
#include "engine/session/project/project_internal.h"
#include "engine/session/transfer/media_facts_internal.h"

#include <utility>

namespace querent::session::transfer {
namespace {

template <typename Map, typename Ask>
auto once(Map& known, const std::filesystem::path& path, Ask&& ask) {
    auto found = known.find(path.native());
    if (found == known.end()) found = known.emplace(path.native(), ask()).first;
    return found->second;
}

}  // namespace

Result<Size> MediaFacts::size(const std::filesystem::path& path) {
    return once(m_sizes, path, [&]() -> Result<Size> {
        const auto info = media::probe(path);
        if (!info) return info.error();
        if (!info->remark.empty()) m_remarks.push_back({{path, 0}, info->remark});
        return info->size;
    });
}

int MediaFacts::orientation(const std::filesystem::path& path) {
    const auto info = media::probe(path);
    return info ? info->orientation : 1;
}

Result<SoundShape> MediaFacts::sound(const std::filesystem::path& path) {
    return once(m_sounds, path, [&]() -> Result<SoundShape> {
        const auto file = media::sound::SoundFile::open(path);
        if (!file) return file.error();
        if (!file->problem().empty()) m_remarks.push_back({{path, 0}, file->problem()});
        return file->shape();
    });
}

Medium MediaFacts::medium(Modality modality, const std::filesystem::path& path, const formats::DatasetItem& told) {
    Medium medium;
    medium.modality = modality;
    std::error_code error;
    medium.missing = !std::filesystem::exists(path, error);
    if (modality == Modality::Audio) {
        hear(medium, path, told.sound);
    } else {
        look(medium, path, told.size);
    }
    if (!medium.missing) medium.hash = project::valueOr(media::contentHash(path));
    return medium;
}

void MediaFacts::look(Medium& medium, const std::filesystem::path& path, Size told) {
    medium.size = told;
    if (medium.missing) return;
    const auto found = size(path);
    if (found) medium.size = *found;
    if (!found) medium.problem = found.error().sentence;
}

void MediaFacts::hear(Medium& medium, const std::filesystem::path& path, const SoundShape& told) {
    medium.sound = told;
    if (medium.missing) return;
    const auto found = sound(path);
    if (found) medium.sound = *found;
    if (!found) medium.problem = found.error().sentence;
}

MediumPlace placeOf(const std::filesystem::path& file, const std::string& name) {
    const std::filesystem::path relative = pathFromUtf8(name);
    std::filesystem::path root = file;
    for (auto part = relative.begin(); part != relative.end(); ++part)
        root = root.parent_path();
    if (!name.empty() && relative.is_relative() && (root / relative).lexically_normal() == file.lexically_normal())
        return {root, name};
    return {file.parent_path(), utf8(file.filename())};
}

std::vector<formats::DatasetMedium> mediaOf(const formats::DatasetItem& item) {
    if (!item.media.empty()) return item.media;
    return {{formats::modalityOf(item), item.name, item.file, {}}};
}

bool isComposite(const formats::DatasetItem& item) {
    return item.media.size() > 1 || (!item.media.empty() && item.media.front().modality == Modality::Text);
}

}  // namespace querent::session::transfer

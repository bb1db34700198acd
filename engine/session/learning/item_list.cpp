#include "engine/session/learning/item_list.h"

#include "engine/media/picture.h"
#include "engine/media/sound/log_mel.h"
#include "engine/media/sound/sound_file.h"
#include "engine/media/sound/spectrogram.h"

#include <algorithm>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace querent::session::learning {
namespace {

constexpr std::size_t kHeardBytes = std::size_t{512} << 20;
constexpr double kLongestSound = 60.0;  // seconds of a sound that a classifier hears

}  // namespace

/** Features by file and stretch, levels by file. Rounds and simulations hear the same sounds again and again. */
struct ItemList::Heard {
    std::mutex mutex;
    std::unordered_map<std::string, Matrix> features;
    std::unordered_map<std::string, double> levels;
    std::size_t room = kHeardBytes;
};

ItemList::ItemList(std::vector<ListedItem> items, const MelParameters& mel)
    : m_items(std::move(items)), m_mel(mel), m_heard(std::make_shared<Heard>()) {}

const ListedMedium* ItemList::find(std::size_t index, Modality modality) const {
    const std::vector<ListedMedium>& media = m_items[index].media;
    const auto found = std::find_if(media.begin(), media.end(),
                                    [modality](const ListedMedium& medium) { return medium.modality == modality; });
    return found == media.end() ? nullptr : &*found;
}

Result<Raster> ItemList::load(std::size_t index, Size wanted) const {
    if (const ListedMedium* picture = find(index, Modality::Image)) {
        media::DecodeOptions options;
        options.wanted = wanted;
        return media::decode(picture->path, options);
    }
    if (const ListedMedium* sound = find(index, Modality::Audio)) {
        media::sound::SpectrogramLook look;
        if (sound->frames >= 0) {  // all stretches of a file in the same light
            const Result<double> level = levelOf(sound->path);
            if (!level) return level.error();
            look.topDb = *level;
        }
        return media::sound::spectrogramPicture(sound->path, {sound->firstFrame, sound->frames}, wanted, look);
    }
    return fail(ErrorCode::NotFound, "The item has neither a picture nor a sound.");
}

Result<double> ItemList::levelOf(const std::filesystem::path& path) const {
    {
        const std::lock_guard lock(m_heard->mutex);
        if (const auto known = m_heard->levels.find(path.string()); known != m_heard->levels.end())
            return known->second;
    }
    auto file = media::sound::SoundFile::open(path);
    if (!file) return file.error();
    const Result<double> level = media::sound::spectrogramTop(*file, {});
    if (!level) return level;
    const std::lock_guard lock(m_heard->mutex);
    m_heard->levels.emplace(path.string(), *level);
    return level;
}

Result<Matrix> ItemList::hear(const ListedMedium& sound) const {
    std::string key = sound.path.string();
    for (const std::int64_t end : {sound.firstFrame, sound.frames}) {
        key += ':';
        key += std::to_string(end);
    }
    {
        const std::lock_guard lock(m_heard->mutex);
        if (const auto known = m_heard->features.find(key); known != m_heard->features.end()) return known->second;
    }
    Result<Matrix> features = media::sound::logMel(sound.path, m_mel, {sound.firstFrame, sound.frames}, kLongestSound);
    if (!features) return features;
    const std::size_t bytes = features->values.size() * sizeof(float);
    const std::lock_guard lock(m_heard->mutex);
    if (bytes <= m_heard->room && m_heard->features.emplace(key, *features).second) m_heard->room -= bytes;
    return features;
}

Result<Content> ItemList::content(std::size_t index, Modality modality, Size wanted) const {
    const ListedMedium* medium = find(index, modality);
    if (medium == nullptr) return Content();
    if (modality == Modality::Text) return Content(medium->text);
    if (modality == Modality::Audio) {
        Result<Matrix> features = hear(*medium);
        if (!features) return features.error();
        return Content(std::move(features).value());
    }
    media::DecodeOptions options;
    options.wanted = wanted;
    Result<Raster> picture = media::decode(medium->path, options);
    if (!picture) return picture.error();
    return Content(std::move(picture).value());
}

std::vector<ItemTruth> ItemList::truths() const {
    std::vector<ItemTruth> truths;
    truths.reserve(m_items.size());
    for (const ListedItem& item : m_items)
        truths.push_back(item.truth);
    return truths;
}

ItemList ItemList::subset(const std::vector<std::size_t>& indices) const {
    std::vector<ListedItem> chosen;
    chosen.reserve(indices.size());
    for (const std::size_t index : indices)
        chosen.push_back(m_items[index]);
    return derived(std::move(chosen));
}

ItemList ItemList::derived(std::vector<ListedItem> items) const {
    ItemList list(std::move(items), m_mel);
    list.m_heard = m_heard;
    return list;
}

}  // namespace querent::session::learning

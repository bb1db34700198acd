#include "app/sound/sound_loader.h"

#include "app/sound/file_sound_provider.h"
#include "engine/session/project/project.h"
#include "engine/session/sound/sound.h"

#include <algorithm>
#include <utility>

namespace querent::app::sound {

namespace {

constexpr int kKilobyte = 1024;
constexpr int kMostRunning = 2;

bool hasSound(const Item& item) {
    return std::any_of(item.media.begin(), item.media.end(),
                       [](const Medium& medium) { return medium.modality == Modality::Audio; });
}

}  // namespace

SoundLoader::SoundLoader(session::Project& project, QObject* parent)
    : QObject(parent), m_project(project), m_cache(kKeptMegabytes * kKilobyte) {}

SoundLoader::~SoundLoader() {
    wantNothing();
    if (m_shown) m_shown->rest();
}

void SoundLoader::want(ItemId id, const std::vector<ItemId>& neighbours) {
    m_queue.clear();  // the neighbours of where we were
    m_wanted = id;
    const LoadedSound* held = cached(id);
    if (held && !held->problem.isEmpty()) {
        m_cache.remove(id.value);
        held = nullptr;
    }
    if (!held) m_queue.push_back(id);
    for (const ItemId neighbour : neighbours) {
        if (!cached(neighbour)) m_queue.push_back(neighbour);
    }
    if (held) show(id);
    pump();
}

void SoundLoader::wantNothing() {
    m_queue.clear();
    m_wanted = ItemId();
    if (m_shown) m_shown->rest();
    m_shown = nullptr;
}

void SoundLoader::pump() {
    while (!m_queue.empty() && m_running.size() < kMostRunning) {
        const ItemId id = m_queue.front();
        m_queue.pop_front();
        if (m_running.contains(id.value)) continue;
        m_running.insert(id.value);
        m_pool.run(
            this,
            [&project = m_project, id, sight = m_sight, wanted = id == m_wanted] {
                return open(project, id, sight, wanted);
            },
            [this, id](Opened opened) { finish(id, std::move(opened)); });
    }
}

SoundLoader::Opened SoundLoader::open(const session::Project& project, ItemId id, const SoundSight& sight,
                                      bool wanted) {
    Opened opened;
    const auto item = project.item(id);
    if (!item) {
        opened.problem = QString::fromStdString(item.error().sentence);
        return opened;
    }
    if (!hasSound(*item)) return opened;
    auto sound = session::sound::openSound(project, *item);
    if (!sound) {
        opened.problem = QString::fromStdString(sound.error().sentence);
        return opened;
    }
    opened.sound = *std::move(sound);
    // Somebody waits for the wanted one: its spectrogram comes as it is asked for.
    if (isShort(opened.sound->shape())) {
        opened.stock = stockUp(*opened.sound, sight, !wanted);
    } else {
        opened.sound->loadPeaks();
    }
    return opened;
}

void SoundLoader::finish(ItemId id, Opened opened) {
    m_running.remove(id.value);
    auto loaded = std::make_unique<LoadedSound>();
    loaded->problem = opened.problem;
    qsizetype bytes = 0;
    if (opened.sound) {
        loaded->note = QString::fromStdString(opened.sound->problem());
        bytes = static_cast<qsizetype>(opened.sound->peakBytes()) + opened.stock.bytes();
        loaded->provider = std::make_shared<FileSoundProvider>(opened.sound, m_pool, std::move(opened.stock));
    }
    m_cache.insert(id.value, loaded.release(), std::max<qsizetype>(1, bytes / kKilobyte));
    if (id == m_wanted) show(id);
    pump();
}

void SoundLoader::show(ItemId id) {
    const LoadedSound* sound = cached(id);
    if (m_shown && m_shown != sound->provider) m_shown->rest();
    m_shown = sound->provider;
    if (m_shown) m_shown->build(m_builds);
    Q_EMIT loaded(id);
}

}  // namespace querent::app::sound

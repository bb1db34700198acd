#include "app/models/thumbnail_loader.h"

#include "app/bridge/between_threads.h"
#include "app/bridge/image_convert.h"
#include "engine/session/project/project.h"

#include <utility>

namespace querent::app::models {

ThumbnailLoader::ThumbnailLoader(session::Project& project, QObject* parent) : QObject(parent), m_project(project) {
    m_pool.setMaxThreadCount(1);
}

ThumbnailLoader::~ThumbnailLoader() {
    m_pool.clear();
    m_pool.waitForDone();
}

QImage ThumbnailLoader::thumbnail(ItemId id) {
    if (const QImage* held = m_cache.object(id.value)) return *held;
    if (m_asked.contains(id.value)) return {};
    m_asked.insert(id.value);
    m_waiting.push_front(id);
    if (m_waiting.size() > kWaiting) {
        m_asked.remove(m_waiting.back().value);
        m_waiting.pop_back();
    }
    pump();
    return {};
}

void ThumbnailLoader::pump() {
    if (m_running || m_waiting.empty()) return;
    const ItemId id = m_waiting.front();
    m_waiting.pop_front();
    m_running = true;
    bridge::startOn(m_pool, [this, id] {
        QImage image;
        if (const auto item = m_project.item(id)) {
            if (const auto raster = m_project.thumbnail(*item)) image = bridge::toImage(*raster);
        }
        // The destructor waits for this function, so `this` is alive; what it has queued dies with it.
        bridge::callLater(this, [this, id, image = std::move(image)] {
            m_running = false;
            m_asked.remove(id.value);
            m_cache.insert(id.value, new QImage(image));
            Q_EMIT ready(id);
            pump();
        });
    });
}

}  // namespace querent::app::models

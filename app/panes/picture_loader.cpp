#include "app/panes/picture_loader.h"

#include "app/bridge/between_threads.h"
#include "app/bridge/image_convert.h"
#include "app/document/item_media.h"
#include "engine/session/project/project.h"

#include <QThread>

#include <algorithm>
#include <utility>

namespace querent::app::panes {

namespace {

constexpr Size kDefaultView{1600, 1200};
constexpr int kBytesPerKilobyte = 1024;

LoadedPicture decode(const session::project::Project& project, ItemId id, Size wanted) {
    LoadedPicture picture;
    const auto item = project.item(id);
    if (!item) {
        picture.problem = QString::fromStdString(item.error().text());
        return picture;
    }
    const auto raster = project.picture(*item, wanted);
    if (!raster) {
        picture.problem = QString::fromStdString(raster.error().text());
        return picture;
    }
    picture.image = bridge::toImage(*raster);
    if (const Medium* medium = document::mediumOf(*item, Modality::Image)) picture.size = medium->size;
    if (picture.size.empty()) picture.size = raster->size;
    picture.full = raster->size.width >= picture.size.width && raster->size.height >= picture.size.height;
    return picture;
}

}  // namespace

PictureLoader::PictureLoader(session::project::Project& project, QObject* parent)
    : QObject(parent), m_project(project), m_viewSize(kDefaultView), m_cache(kCacheMegabytes * 1024) {
    m_pool.setMaxThreadCount(std::clamp(QThread::idealThreadCount() - 1, 1, 4));
}

PictureLoader::~PictureLoader() {
    m_pool.clear();
    m_pool.waitForDone();
}

void PictureLoader::setViewSize(Size size) {
    if (!size.empty()) m_viewSize = size;
}

const LoadedPicture* PictureLoader::cached(ItemId id) const {
    return m_cache.object(id.value);
}

void PictureLoader::want(ItemId id, const std::vector<ItemId>& neighbours) {
    m_queue.clear();  // the neighbours of where we were
    if (!cached(id)) m_queue.push_back({id, false});
    for (const ItemId neighbour : neighbours) {
        if (!cached(neighbour)) m_queue.push_back({neighbour, false});
    }
    if (cached(id)) Q_EMIT loaded(id);
    pump();
}

void PictureLoader::wantFull(ItemId id) {
    const LoadedPicture* held = cached(id);
    if (held && held->full) return;
    m_queue.push_front({id, true});
    pump();
}

void PictureLoader::pump() {
    while (!m_queue.empty() && m_running.size() < m_pool.maxThreadCount()) {
        const Request request = m_queue.front();
        m_queue.pop_front();
        if (isRunning(request)) continue;
        m_running.insert(keyOf(request));
        const Size wanted = request.full ? Size{} : m_viewSize;
        bridge::startOn(m_pool, [this, request, wanted] {
            LoadedPicture picture = decode(m_project, request.id, wanted);
            // The destructor waits for this function, so `this` is alive; what it has queued dies with it.
            bridge::callLater(this, [this, request, picture = std::move(picture)] { finish(request, picture); });
        });
    }
}

void PictureLoader::finish(Request request, LoadedPicture picture) {
    m_running.remove(keyOf(request));
    const auto kilobytes = std::max<qsizetype>(1, picture.image.sizeInBytes() / kBytesPerKilobyte);
    // A picture too large for the whole cache is kept all the same: it is the one that is looked at.
    const auto cost = std::min<qsizetype>(kilobytes, m_cache.maxCost() / 2);
    const LoadedPicture* held = cached(request.id);
    const bool poorer = held && held->full && !picture.full;
    if (!poorer) m_cache.insert(request.id.value, new LoadedPicture(std::move(picture)), cost);
    Q_EMIT loaded(request.id);
    pump();
}

void PictureLoader::forget(ItemId id) {
    m_cache.remove(id.value);
}

}  // namespace querent::app::panes

#include "app/panes/picture_pane.h"

#include "app/bridge/image_convert.h"
#include "app/document/item_media.h"

#include <QVBoxLayout>

#include <cmath>

namespace querent::app::panes {

namespace {

constexpr double kRefineFrom = 1.05;  // a picture shown this much larger than it was decoded is decoded again

}  // namespace

PicturePane::PicturePane(session::project::Project& project, QWidget* parent)
    : MediumPane(parent), m_pictures(project), m_canvas(new widgets::canvas::BoxCanvas(this)) {
    m_canvas->setObjectName(QStringLiteral("canvas"));
    m_canvas->setAccessibleName(tr("Picture"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_canvas);
    connect(&m_pictures, &PictureLoader::loaded, this, &PicturePane::onLoaded);
    connectCanvas();
}

PicturePane::~PicturePane() = default;

void PicturePane::connectCanvas() {
    using widgets::canvas::BoxCanvas;
    connect(m_canvas, &widgets::canvas::BoxCanvas::cursorMoved, this, [this](double x, double y) {
        Q_EMIT cursorTold(QStringLiteral("%1, %2").arg(std::floor(x)).arg(std::floor(y)));
    });
    connect(m_canvas, &widgets::canvas::BoxCanvas::cursorLeft, this, [this] { Q_EMIT cursorTold({}); });
    connect(m_canvas, &widgets::canvas::BoxCanvas::zoomChanged, this, [this] {
        tellZoom();
        refineWhenNeeded();
    });
}

void PicturePane::showItem(const Item& item, const std::vector<ItemId>& neighbours) {
    m_wanted = item.id;
    m_shown = {};
    const Medium* picture = document::mediumOf(item, Modality::Image);
    const QString reason = picture ? document::problemOf(*picture) : tr("This item has no picture.");
    if (!reason.isEmpty()) {
        m_canvas->clearPicture(reason);
        if (picture) Q_EMIT problem(item.id, reason);
        return;
    }
    const QSize view = m_canvas->viewport()->size() * m_canvas->devicePixelRatioF();
    m_pictures.setViewSize({view.width(), view.height()});
    if (!m_pictures.cached(item.id)) m_canvas->clearPicture(tr("Loading…"));
    m_pictures.want(item.id, neighbours);
}

void PicturePane::clear(const QString& sentence) {
    m_wanted = {};
    m_shown = {};
    m_canvas->clearPicture(sentence);
}

void PicturePane::onLoaded(ItemId item) {
    if (item != m_wanted) return;
    const LoadedPicture* picture = m_pictures.cached(item);
    if (!picture) return;
    if (picture->image.isNull()) {
        const QString reason = picture->problem.isEmpty() ? tr("This picture cannot be read.") : picture->problem;
        m_shown = {};
        m_canvas->clearPicture(reason);
        Q_EMIT problem(item, reason);
        return;
    }
    if (m_shown == item) {
        m_canvas->refinePicture(picture->image);
    } else {
        m_shown = item;
        m_canvas->setPicture(picture->image, picture->size);
        Q_EMIT itemShown(item);
        tellZoom();
    }
    refineWhenNeeded();
}

void PicturePane::refineWhenNeeded() {
    if (!m_shown.valid()) return;
    const LoadedPicture* picture = m_pictures.cached(m_shown);
    if (!picture || picture->full || picture->image.isNull()) return;
    const double wanted = m_canvas->zoom() * m_canvas->devicePixelRatioF() * picture->size.width;
    if (wanted > kRefineFrom * picture->image.width()) m_pictures.wantFull(m_shown);
}

void PicturePane::tellZoom() {
    Q_EMIT zoomTold(tr("%1 %").arg(std::round(m_canvas->zoom() * 100.0)));
}

}  // namespace querent::app::panes

#pragma once

#include "app/panes/medium_pane.h"
#include "app/panes/picture_loader.h"
#include "widgets/canvas/box_canvas.h"

namespace querent::app::panes {

/** The picture of the current item on a canvas. Decodes nothing itself: a PictureLoader does, off this thread. */
class PicturePane : public MediumPane {
    Q_OBJECT

 public:
    explicit PicturePane(session::project::Project& project, QWidget* parent = nullptr);
    ~PicturePane() override;

    widgets::canvas::BoxCanvas& canvas() const { return *m_canvas; }
    const PictureLoader& pictures() const { return m_pictures; }

    Modality modality() const override { return Modality::Image; }
    void showItem(const Item& item, const std::vector<ItemId>& neighbours) override;
    void clear(const QString& sentence) override;
    ItemId shown() const override { return m_shown; }

    widgets::canvas::BoxSurface* surface() const override { return m_canvas; }
    void setKeepView(bool keep) override { m_canvas->setKeepView(keep); }
    void zoomToActualSize() override { m_canvas->zoomToActualSize(); }

 private:
    void connectCanvas();
    void onLoaded(ItemId item);
    void refineWhenNeeded();
    void tellZoom();

    PictureLoader m_pictures;
    widgets::canvas::BoxCanvas* m_canvas;
    ItemId m_wanted;
    ItemId m_shown;
};

}  // namespace querent::app::panes

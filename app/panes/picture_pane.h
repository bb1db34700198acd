#pragma once

#include "app/panes/picture_loader.h"
#include "app/panes/surface_pane.h"
#include "widgets/canvas/box_canvas.h"

namespace querent::app {

/** The picture of the current item on a canvas. Decodes nothing itself: a PictureLoader does, off this thread. */
class PicturePane : public SurfacePane {
    Q_OBJECT

 public:
    explicit PicturePane(session::Project& project, QWidget* parent = nullptr);
    ~PicturePane() override;

    widgets::BoxCanvas& canvas() const { return *m_canvas; }
    const PictureLoader& pictures() const { return m_pictures; }

    Modality modality() const override { return Modality::Image; }
    void showItem(const Item& item, const std::vector<ItemId>& neighbours) override;
    void clear(const QString& sentence) override;
    ItemId shown() const override { return m_shown; }

    void setDrawable(bool drawable) override;
    void setReadOnly(bool readOnly) override;
    void setCrosshair(bool on) override;
    void setKeepView(bool keep) override { m_canvas->setKeepView(keep); }
    void zoomToActualSize() override { m_canvas->zoomToActualSize(); }
    void startKeyboardDraw() override;

 private:
    void connectCanvas();
    void onLoaded(ItemId item);
    void refineWhenNeeded();
    void tellZoom();
    void refreshRights();

    PictureLoader m_pictures;
    widgets::BoxCanvas* m_canvas;
    ItemId m_wanted;
    ItemId m_shown;
    bool m_drawable = true;
    bool m_crosshair = true;
    bool m_readOnly = false;
};

}  // namespace querent::app

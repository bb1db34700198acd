#pragma once

#include "app/panes/medium_pane.h"
#include "app/picture_loader.h"

#include <utility>

namespace querent::app {

/** The picture of the current item on a canvas. Decodes nothing itself: a PictureLoader does, off this thread. */
class PicturePane : public MediumPane {
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
    QWidget* focusTarget() override { return m_canvas; }

    void setDrawable(bool drawable) override;
    void setBoxes(std::vector<widgets::CanvasBox> boxes) override { m_canvas->setBoxes(std::move(boxes)); }
    void setSelection(const QVector<qint64>& ids) override { m_canvas->setSelection(ids); }
    void setActiveClass(const QString& name, const QColor& colour, ClassId label) override;
    void setMode(widgets::CanvasMode mode) override { m_canvas->setMode(mode); }
    void setReadOnly(bool readOnly) override;
    void setBoxesVisible(bool visible) override { m_canvas->setBoxesVisible(visible); }
    void setGhostsVisible(bool visible) override { m_canvas->setGhostsVisible(visible); }
    void setCrosshair(bool on) override;
    void setKeepView(bool keep) override { m_canvas->setKeepView(keep); }

    void zoomIn() override { m_canvas->zoomIn(); }
    void zoomOut() override { m_canvas->zoomOut(); }
    void zoomToActualSize() override { m_canvas->zoomToActualSize(); }
    void zoomToFit() override { m_canvas->zoomToFit(); }
    void startKeyboardDraw() override;
    void selectAll() override { m_canvas->selectAll(); }
    void ensureVisible(qint64 id) override { m_canvas->ensureVisible(id); }
    void settleGesture() override { m_canvas->setSelection(m_canvas->selection()); }

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

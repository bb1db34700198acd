#pragma once

#include "app/panes/medium_pane.h"

#include <utility>
#include <vector>

namespace querent::app {

/** A pane whose medium lies on a BoxSurface: it hands on what the page asks for and what the surface reports. */
class SurfacePane : public MediumPane {
    Q_OBJECT

 public:
    using MediumPane::MediumPane;

    QWidget* focusTarget() override { return m_surface; }

    void setBoxes(std::vector<widgets::CanvasBox> boxes) override { m_surface->setBoxes(std::move(boxes)); }
    void setSelection(const QVector<qint64>& ids) override { m_surface->setSelection(ids); }
    void setActiveClass(const QString& name, const QColor& colour, ClassId label) override;
    void setMode(widgets::CanvasMode mode) override { m_surface->setMode(mode); }
    void setReadOnly(bool readOnly) override { m_surface->setReadOnly(readOnly); }
    void setBoxesVisible(bool visible) override { m_surface->setBoxesVisible(visible); }
    void setGhostsVisible(bool visible) override { m_surface->setGhostsVisible(visible); }
    void setCrosshair(bool on) override { m_surface->setCrosshair(on); }

    void zoomIn() override { m_surface->zoomIn(); }
    void zoomOut() override { m_surface->zoomOut(); }
    void zoomToFit() override { m_surface->zoomToFit(); }
    void startKeyboardDraw() override { m_surface->startKeyboardDraw(); }
    void selectAll() override { m_surface->selectAll(); }
    void ensureVisible(qint64 id) override { m_surface->ensureVisible(id); }
    void settleGesture() override;

 protected:
    /** Once, in the constructor. Space, cursor and zoom mean something else on each medium and are left to it. */
    void setSurface(widgets::BoxSurface* surface);

 private:
    widgets::BoxSurface* m_surface = nullptr;
};

}  // namespace querent::app

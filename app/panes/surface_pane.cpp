#include "app/panes/surface_pane.h"

namespace querent::app {

using widgets::BoxSurface;

void SurfacePane::setSurface(BoxSurface* surface) {
    m_surface = surface;
    connect(surface, &BoxSurface::boxDrawn, this, &MediumPane::boxDrawn);
    connect(surface, &BoxSurface::boxesEdited, this, &MediumPane::boxesEdited);
    connect(surface, &BoxSurface::ghostCorrected, this, &MediumPane::ghostCorrected);
    connect(surface, &BoxSurface::ghostActivated, this, &MediumPane::ghostActivated);
    connect(surface, &BoxSurface::boxActivated, this, &MediumPane::boxActivated);
    connect(surface, &BoxSurface::selectionChanged, this, &MediumPane::selectionChanged);
    connect(surface, &BoxSurface::modeChanged, this, &MediumPane::modeChanged);
    connect(surface, &BoxSurface::rejected, this, &MediumPane::rejected);
    connect(surface, &BoxSurface::cursorLeft, this, [this] { Q_EMIT cursorTold({}); });
}

void SurfacePane::setActiveClass(const QString& name, const QColor& colour, ClassId) {
    m_surface->setActiveClass(name, colour);
}

void SurfacePane::settleGesture() {
    // A surface that is told its selection reports a nudge that waits for its key, and changes nothing else.
    m_surface->setSelection(m_surface->selection());
}

}  // namespace querent::app

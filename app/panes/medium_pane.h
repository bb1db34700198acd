#pragma once

#include "engine/core/records.h"
#include "widgets/canvas/box_surface.h"

#include <QString>
#include <QWidget>

#include <vector>

namespace querent::app::panes {

/**
 * One medium of the current item on the Label page: a picture, a sound or a text. The page shows one pane for each
 * medium that its project has, side by side, and speaks to all of them in this one way. What has to do with boxes is
 * not the pane's: it hands out the surface that they lie on. A pane holds no truth. UI thread only.
 */
class MediumPane : public QWidget {
    Q_OBJECT

 public:
    using QWidget::QWidget;

    virtual Modality modality() const = 0;

    /**
     * Shows the medium of this item, at once or, with itemShown(), soon. The boxes of the item before are gone. An item
     * without such a medium is shown as that, quietly. `neighbours` are made ready afterwards, nearest first.
     */
    virtual void showItem(const Item& item, const std::vector<ItemId>& neighbours) = 0;
    /** Nothing: the sentence stands in its place. */
    virtual void clear(const QString& sentence) = 0;
    /** The item whose medium is on screen, so that its boxes may be told; invalid while there is none. */
    virtual ItemId shown() const = 0;
    /** What boxes may lie on; null for texts. It lives as long as the pane. */
    virtual widgets::canvas::BoxSurface* surface() const { return nullptr; }
    /** The child that takes the keys. */
    virtual QWidget* focusTarget() { return surface(); }

    virtual void setKeepView(bool) {}
    virtual void zoomIn() { surface()->zoomIn(); }
    virtual void zoomOut() { surface()->zoomOut(); }
    /** One pixel of a picture on one of the screen, the normal size of a text; a sound has no such size. */
    virtual void zoomToActualSize() {}
    virtual void zoomToFit() { surface()->zoomToFit(); }

 Q_SIGNALS:
    /** The medium of this item is on screen, or is known to be impossible to show (problem() says why). */
    void itemShown(querent::ItemId item);
    /** The file of this item's medium cannot be shown; one sentence. */
    void problem(querent::ItemId item, const QString& sentence);
    /** Where the cursor is and how much is seen, for the status line; empty for nowhere. */
    void cursorTold(const QString& text);
    void zoomTold(const QString& text);
};

}  // namespace querent::app::panes

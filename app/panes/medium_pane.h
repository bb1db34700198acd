#pragma once

#include "engine/core/geometry.h"
#include "engine/core/records.h"
#include "widgets/canvas/box_surface.h"

#include <QPair>
#include <QString>
#include <QVector>
#include <QWidget>

#include <vector>

namespace querent::app {

/**
 * One medium of the current item on the Label page: a picture, a sound or a text. The page shows one pane for each
 * medium that its project has, side by side, and speaks to all of them in this one way: it tells them the item and its
 * boxes, they report completed gestures, each by exactly one signal. A pane holds no truth. UI thread only.
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
    /** The child that takes the keys. */
    virtual QWidget* focusTarget() = 0;

    /** Whether drags may draw boxes here; false for classes of whole items, and for a medium that boxes are not on. */
    virtual void setDrawable(bool) {}
    virtual void setBoxes(std::vector<widgets::CanvasBox>) {}
    virtual void setSelection(const QVector<qint64>&) {}
    virtual void setActiveClass(const QString&, const QColor&, ClassId) {}
    virtual void setMode(widgets::CanvasMode) {}
    virtual void setReadOnly(bool) {}
    virtual void setBoxesVisible(bool) {}
    virtual void setGhostsVisible(bool) {}
    virtual void setCrosshair(bool) {}
    virtual void setKeepView(bool) {}

    virtual void zoomIn() {}
    virtual void zoomOut() {}
    /** One pixel of a picture on one of the screen, the normal size of a text; a sound has no such size. */
    virtual void zoomToActualSize() {}
    virtual void zoomToFit() {}
    virtual void startKeyboardDraw() {}
    virtual void selectAll() {}
    virtual void ensureVisible(qint64) {}
    /** A gesture that only waits for a key to be let go (a nudge) ends now and reports itself. */
    virtual void settleGesture() {}

 Q_SIGNALS:
    /** The medium of this item is on screen, or is known to be impossible to show (problem() says why). */
    void itemShown(querent::ItemId item);
    /** The file of this item's medium cannot be shown; one sentence. */
    void problem(querent::ItemId item, const QString& sentence);

    void boxDrawn(const querent::Box& box);
    void boxesEdited(const QVector<QPair<qint64, querent::Box>>& boxes, const QString& gesture);
    void ghostCorrected(qint64 id, const querent::Box& box);
    void ghostActivated(qint64 id);
    void boxActivated(qint64 id);
    void selectionChanged(const QVector<qint64>& ids);
    void modeChanged(querent::widgets::CanvasMode mode);
    void rejected(const QString& sentence);
    void spaceTapped();
    /** Where the cursor is and how much is seen, for the status line; empty for nowhere. */
    void cursorTold(const QString& text);
    void zoomTold(const QString& text);
};

}  // namespace querent::app

#pragma once

#include "widgets/canvas/box_surface.h"
#include "widgets/common/theme.h"

#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>

#include <memory>

namespace querent::widgets::test {

using Moves = QVector<QPair<qint64, Box>>;

inline canvas::CanvasBox boxOf(qint64 id, Box box, bool ghost = false) {
    canvas::CanvasBox out;
    out.id = id;
    out.box = box;
    out.label = ClassId(id % 5 + 1);
    out.colour = common::classColour(static_cast<int>(id));
    out.name = QStringLiteral("class %1").arg(id % 5);
    out.ghost = ghost;
    out.score = ghost ? 0.87 : 0.0;
    return out;
}

/** Real events on the viewport of a picture or a sound, and ears on its signals. */
struct SurfaceDesk {
    canvas::BoxSurface* surface = nullptr;
    std::unique_ptr<QSignalSpy> drawn, edited, selection, corrected, activated, rejections;

    void move(QPoint to, Qt::MouseButton button, Qt::KeyboardModifiers keys = {}) {
        QMouseEvent event(QEvent::MouseMove, to, surface->viewport()->mapToGlobal(to), Qt::NoButton,
                          button == Qt::NoButton ? Qt::MouseButtons() : Qt::MouseButtons(button), keys);
        QCoreApplication::sendEvent(surface->viewport(), &event);
    }

    void drag(QPoint from, QPoint to, Qt::MouseButton button = Qt::LeftButton, Qt::KeyboardModifiers keys = {}) {
        QTest::mousePress(surface->viewport(), button, keys, from);
        move((from * 2 + to) / 3, button, keys);
        move((from + to * 2) / 3, button, keys);
        move(to, button, keys);
        QTest::mouseRelease(surface->viewport(), button, keys, to);
    }

    void click(QPoint p, Qt::KeyboardModifiers keys = {}) {
        move(p, Qt::NoButton, keys);
        QTest::mouseClick(surface->viewport(), Qt::LeftButton, keys, p);
    }

    Box drawnBoxAt(int index) const { return drawn->at(index).at(0).value<Box>(); }
    Moves movesAt(int index) const { return edited->at(index).at(0).value<Moves>(); }

    /** Shows the widget and hears what it says from now on. */
    void open(canvas::BoxSurface& widget) {
        surface = &widget;
        surface->show();
        QVERIFY(QTest::qWaitForWindowExposed(surface));
        drawn = std::make_unique<QSignalSpy>(surface, &canvas::BoxSurface::boxDrawn);
        edited = std::make_unique<QSignalSpy>(surface, &canvas::BoxSurface::boxesEdited);
        selection = std::make_unique<QSignalSpy>(surface, &canvas::BoxSurface::selectionChanged);
        corrected = std::make_unique<QSignalSpy>(surface, &canvas::BoxSurface::ghostCorrected);
        activated = std::make_unique<QSignalSpy>(surface, &canvas::BoxSurface::ghostActivated);
        rejections = std::make_unique<QSignalSpy>(surface, &canvas::BoxSurface::rejected);
    }
};

}  // namespace querent::widgets::test

#pragma once

#include "widgets/canvas/box_canvas.h"
#include "widgets/common/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>

#include <memory>

namespace querent::widgets::test {

using Moves = QVector<QPair<qint64, Box>>;

inline QImage picture(int width, int height) {
    QImage image(width, height, QImage::Format_RGB32);
    for (int y = 0; y < height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < width; ++x)
            line[x] = qRgb(x % 256, y % 256, (x ^ y) % 256);
    }
    return image;
}

inline CanvasBox boxOf(qint64 id, Box box, bool ghost = false) {
    CanvasBox out;
    out.id = id;
    out.box = box;
    out.label = ClassId(id % 5 + 1);
    out.colour = classColour(static_cast<int>(id));
    out.name = QStringLiteral("class %1").arg(id % 5);
    out.ghost = ghost;
    out.score = ghost ? 0.87 : 0.0;
    return out;
}

/** A canvas of 800 x 600 with a picture of 640 x 480, real events on its viewport, and ears on its signals. */
struct CanvasDesk {
    std::unique_ptr<BoxCanvas> canvas;
    std::unique_ptr<QSignalSpy> drawn, edited, selection, corrected, activated, rejections;

    QPoint at(double x, double y) const { return canvas->toViewport({x, y}).toPoint(); }

    void move(QPoint to, Qt::MouseButton button, Qt::KeyboardModifiers keys = {}) {
        QMouseEvent event(QEvent::MouseMove, to, canvas->viewport()->mapToGlobal(to), Qt::NoButton,
                          button == Qt::NoButton ? Qt::MouseButtons() : Qt::MouseButtons(button), keys);
        QCoreApplication::sendEvent(canvas->viewport(), &event);
    }

    void drag(QPoint from, QPoint to, Qt::MouseButton button = Qt::LeftButton, Qt::KeyboardModifiers keys = {}) {
        QTest::mousePress(canvas->viewport(), button, keys, from);
        move((from * 2 + to) / 3, button, keys);
        move((from + to * 2) / 3, button, keys);
        move(to, button, keys);
        QTest::mouseRelease(canvas->viewport(), button, keys, to);
    }

    void click(QPoint p, Qt::KeyboardModifiers keys = {}) {
        move(p, Qt::NoButton, keys);
        QTest::mouseClick(canvas->viewport(), Qt::LeftButton, keys, p);
    }

    Box drawnBoxAt(int index) const { return drawn->at(index).at(0).value<Box>(); }
    Moves movesAt(int index) const { return edited->at(index).at(0).value<Moves>(); }

    // One picture pixel is one logical pixel, so that the numbers below can be read.
    void openCanvas() {
        canvas = std::make_unique<BoxCanvas>();
        canvas->resize(800, 600);
        canvas->setPicture(picture(640, 480), {640, 480});
        canvas->setActiveClass(QStringLiteral("RBC"), Qt::red, ClassId(1));
        canvas->show();
        QVERIFY(QTest::qWaitForWindowExposed(canvas.get()));
        canvas->setZoom(1.0);
        drawn = std::make_unique<QSignalSpy>(canvas.get(), &BoxCanvas::boxDrawn);
        edited = std::make_unique<QSignalSpy>(canvas.get(), &BoxCanvas::boxesEdited);
        selection = std::make_unique<QSignalSpy>(canvas.get(), &BoxCanvas::selectionChanged);
        corrected = std::make_unique<QSignalSpy>(canvas.get(), &BoxCanvas::ghostCorrected);
        activated = std::make_unique<QSignalSpy>(canvas.get(), &BoxCanvas::ghostActivated);
        rejections = std::make_unique<QSignalSpy>(canvas.get(), &BoxCanvas::rejected);
    }
};

}  // namespace querent::widgets::test

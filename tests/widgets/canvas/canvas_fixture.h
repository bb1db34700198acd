#pragma once

#include "tests/widgets/canvas/surface_fixture.h"
#include "widgets/canvas/box_canvas.h"

#include <QPainter>

#include <memory>

namespace querent::widgets::test {

inline QImage picture(int width, int height) {
    QImage image(width, height, QImage::Format_RGB32);
    for (int y = 0; y < height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < width; ++x)
            line[x] = qRgb(x % 256, y % 256, (x ^ y) % 256);
    }
    return image;
}

/** A canvas of 800 x 600 with a picture of 640 x 480. */
struct CanvasDesk : SurfaceDesk {
    std::unique_ptr<canvas::BoxCanvas> canvas;

    QPoint at(double x, double y) const { return canvas->toViewport({x, y}).toPoint(); }

    // One picture pixel is one logical pixel, so that the numbers below can be read.
    void openCanvas() {
        canvas = std::make_unique<canvas::BoxCanvas>();
        canvas->resize(800, 600);
        canvas->setPicture(picture(640, 480), {640, 480});
        canvas->setActiveClass(QStringLiteral("RBC"), Qt::red);
        open(*canvas);
        canvas->setZoom(1.0);
    }
};

}  // namespace querent::widgets::test

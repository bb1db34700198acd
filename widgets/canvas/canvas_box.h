#pragma once

#include "engine/core/geometry.h"
#include "engine/core/ids.h"

#include <QColor>
#include <QString>

namespace querent::widgets::canvas {

/** One box as the canvas draws it: a label of a person's, or (ghost) a prediction that nobody has accepted yet. */
struct CanvasBox {
    qint64 id = 0;  // unique in one canvas, labels and ghosts together; > 0
    Box box;        // pixels of the original picture
    ClassId label;
    QColor colour;
    QString name;  // the class as people read it
    bool ghost = false;
    double score = 0.0;  // [0, 1], shown for ghosts
    bool locked = false;
    bool hidden = false;
    bool difficult = false;
};

}  // namespace querent::widgets::canvas

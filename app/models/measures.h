#pragma once

#include "engine/core/records.h"

#include <QString>
#include <QVector>

#include <string>

namespace querent::app::models {

/** A stored figure of a model as people read it. */
struct Measure {
    std::string name;       // of the stored metric: "map50", "top1", ...
    QString title;          // "mAP@.5", "Top-1", ...
    QString help;           // one sentence
    bool share = true;      // from 0 to 1; others have no upper end, or live near 0
    std::string perClass;   // the stored metric of a single class that is shown beside it
    QString perClassTitle;  // "AP@.5", "F1", ...
};

/** What is measured in such a project, the headline first. Never empty. */
QVector<Measure> measuresOf(const ProjectSettings& settings);

/** What measuring wants on the validation set: "no boxes in the validation set" and the like, a part of a sentence. */
QString nothingToMeasure(const ProjectSettings& settings);
/** Why the figure of a class is undefined, one sentence. */
QString undefinedClassText(const ProjectSettings& settings);

}  // namespace querent::app::models

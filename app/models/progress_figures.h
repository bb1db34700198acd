#pragma once

#include <QString>
#include <QVector>
#include <optional>

#include "engine/core/records.h"
#include "engine/session/project.h"
#include "widgets/charts/bar_chart.h"
#include "widgets/charts/curve_chart.h"

namespace querent::app {

/** One finished (or running) round as managers read it. */
struct RoundFigures {
    int number = 0;
    QString strategy;
    qint64 labels = 0;
    std::optional<Metric> map50;  // on the validation split
    std::optional<Metric> map;
    double trainSeconds = 0.0;
    double selectSeconds = 0.0;
    double hours = 0.0;  // active labelling until its model, from the event log
    bool done = false;
};

struct PersonDay {
    QString person;
    QString day;
    qint64 items = 0;
    double activeSeconds = 0.0;
};

/** The numbers of the Progress page, read from the project in one go (a few milliseconds). */
struct ProgressFigures {
    QVector<RoundFigures> rounds;  // by number
    PoolCounts counts;
    QVector<PersonDay> days;  // newest first
    double activeHours = 0.0;
    double target = 0.0;  // mAP@.5, 0 = none

    /** Rounds that have been measured, as a curve of "map50" or "map" against labels. */
    QVector<widgets::CurvePoint> curve(const QString& metric) const;
    const RoundFigures* lastMeasured() const;
};

ProgressFigures gatherProgress(const session::Project& project);

/** AP of each class of the newest measured model ("ap50" or "ap"), in class order. */
QVector<widgets::Bar> classBars(const session::Project& project, const QString& metric);

/** "entropy" -> "Entropy", "class_balanced" -> "Class balanced". */
QString readableName(const std::string& name);

}  // namespace querent::app

#pragma once

#include "engine/core/records.h"
#include "engine/session/learning/confusion.h"
#include "engine/session/project/project.h"
#include "widgets/charts/bar_chart.h"
#include "widgets/charts/curve_chart.h"

#include <QString>
#include <QVector>

#include <map>
#include <optional>
#include <string>

namespace querent::app::models {

/** One finished (or running) round as managers read it, or a training outside the rounds. */
struct RoundFigures {
    int number = 0;       // of a training outside: that of the round before it
    bool ofRound = true;  // false for a training outside the rounds
    QString strategy;
    qint64 labels = 0;
    std::map<std::string, Metric> measured;  // on the validation split, by name; below 0 where nothing defines it
    double trainSeconds = 0.0;
    double selectSeconds = 0.0;
    double hours = 0.0;  // active labelling until its model, from the event log
    bool done = false;
    std::string finishedUtc;

    /** Nothing where it was not measured. */
    const Metric* metric(const std::string& name) const;
};

struct PersonDay {
    QString person;
    QString day;
    qint64 items = 0;
    double activeSeconds = 0.0;
};

/** The numbers of the Progress page, read from the project in one go (a few milliseconds). */
struct ProgressFigures {
    QVector<RoundFigures> rounds;  // in the order of their models, the open one last
    PoolCounts counts;
    QVector<PersonDay> days;  // newest first
    double activeHours = 0.0;
    std::string headline;  // the measure that counts: "map50", "top1", "map"
    double target = 0.0;   // of the headline, 0 = none

    /** What has been measured, as a curve of a measure ("map50", "nll", ...) against labels. */
    QVector<widgets::charts::CurvePoint> curve(const QString& metric) const;
    /** The newest with a headline. */
    const RoundFigures* lastMeasured() const;
    /** The one measured before lastMeasured(). */
    const RoundFigures* measuredBefore() const;
};

ProgressFigures gatherProgress(const session::Project& project);

/** A figure of each class ("ap50", "f1", ...) of the newest measured model, in class order. */
QVector<widgets::charts::Bar> classBars(const session::Project& project, const QString& metric);

/** What the newest measured model took for what on the validation split; nothing where that was not counted. */
std::optional<session::learning::Confusion> newestConfusion(const session::Project& project);

}  // namespace querent::app::models

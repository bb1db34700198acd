#pragma once

#include "engine/session/project/project.h"
#include "widgets/charts/curve_chart.h"

#include <QString>
#include <QVector>

#include <optional>

namespace querent::app::models {

/** What a strategy that learns has made of the rounds so far; the x of every curve is the number of the round. */
struct PolicyProgress {
    QVector<widgets::charts::CurveSeries> rewards;    // in the units of the headline measure
    QVector<widgets::charts::CurveSeries> advantage;  // in standard deviations of the rewards
    QVector<widgets::charts::CurveSeries> entropy;    // of a draw, nats
    QVector<widgets::charts::CurveSeries> weights;    // a curve a medium; none for fewer than two media
    QString seen;                                     // what the policy has learnt from, one line; may be empty
    QString payment;                                  // what the last reward was for, one sentence; may be empty
    QString verdict;  // what the last rehearsal or trials found, one sentence; may be empty
};

/** Nothing where no round was asked by a strategy that learns. Reads the project, a few milliseconds. */
std::optional<PolicyProgress> gatherPolicy(const session::Project& project);

}  // namespace querent::app::models

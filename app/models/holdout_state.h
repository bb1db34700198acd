#pragma once

#include "engine/core/records.h"

#include <QString>

namespace querent::app::models {

/** How far the validation set is answered: without it there is no honest curve, and no reward for the policy. */
struct HoldoutState {
    qint64 items = 0;
    qint64 answered = 0;

    static HoldoutState of(const PoolCounts& counts);
    /** Items of it wait for an answer. */
    bool waits() const { return answered < items; }
    /** "Label the validation set first: 12 of 30 done.", and what it is for; empty when nothing waits. */
    QString sentence() const;
    /** Text of the button that opens what waits. */
    static QString action();

    bool operator==(const HoldoutState&) const = default;
};

}  // namespace querent::app::models

#pragma once

#include <span>

namespace querent {

/** The mean of a few values and half of its 95 % interval (Student's t), 0 where there is one value only. */
struct MeanInterval {
    double mean = 0.0;
    double half = 0.0;

    double low() const { return mean - half; }
    double high() const { return mean + half; }
};

/** Of any number of values; without any, 0. */
MeanInterval meanInterval(std::span<const double> values);

}  // namespace querent

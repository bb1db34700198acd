#pragma once

#include <optional>
#include <span>

namespace querent::select::policy {

/** How errors fall with labels: error(n) = a n^-c, the usual shape of learning curves. */
struct PowerLaw {
    double a = 1.0;
    double c = 0.0;  // >= 0

    double error(double labels) const;
    /** How much the accuracy is expected to grow from `labels` to `labels + more`, >= 0. */
    double gain(double labels, double more) const { return error(labels) - error(labels + more); }
};

/**
 * Least squares in logarithms. An accuracy of 1 counts as 0.999: it has no logarithm of an error; a curve that falls
 * counts as flat.
 * @param labels      [n], > 0
 * @param accuracies  [n], in [0, 1]
 * @return nothing for fewer than two different numbers of labels
 */
std::optional<PowerLaw> fitPowerLaw(std::span<const double> labels, std::span<const double> accuracies);

}  // namespace querent::select::policy

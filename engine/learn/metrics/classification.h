#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/samples.h"
#include "engine/learn/metrics/evaluator.h"

#include <cstdint>
#include <span>
#include <vector>

namespace querent::learn::metrics {

/** The figures of a classification, each in [0, 1] (nll: nats, >= 0), or -1 where there is nothing to measure. */
struct ClassFigures {
    double top1 = -1.0;      // share of items whose likeliest class is (one of) theirs
    double macroF1 = -1.0;   // mean of F1 over the classes that occur; multi-label: at a probability of 1/2
    double nll = -1.0;       // mean negative log-likelihood; multi-label: mean over items and classes of each yes or no
    double ece = -1.0;       // expected calibration error in 15 equal bins (Guo et al. 2017)
    double map = -1.0;       // mean over the classes that occur of the average precision of their ranking
    std::vector<double> f1;  // [C]
    std::vector<double> ap;  // [C]
};

struct ClassSummary {
    ClassFigures figures;
    std::vector<double> precision;        // [C], -1 for a class that is never answered
    std::vector<double> recall;           // [C]
    std::vector<std::int64_t> support;    // [C], items of the class
    std::vector<std::int64_t> confusion;  // [C * C], row = true class, column = answer; empty in a multi-label task
};

/**
 * Compares answers with the truth, pairing them by item; probabilities count, nothing else. Items without a label are
 * left out in a single-label task, and count as "none of them" in a multi-label one.
 * @return InvalidArgument for classes < 1, an item that occurs twice, an answer without truth, probabilities that are
 *         not [classes] finite numbers, a label outside [0, classes). Items without an answer are left out. Any thread.
 */
Result<ClassSummary> evaluateClasses(std::span<const ItemTruth> truth, std::span<const ItemPrediction> predictions,
                                     int classes, bool multiLabel);

struct ClassIntervals {
    Interval top1, macroF1, nll, ece, map;
    std::vector<Interval> f1;  // [C]
    std::vector<Interval> ap;  // [C]
};

/** Percentile bootstrap over items, as metrics::bootstrap() does it for boxes. */
Result<ClassIntervals> bootstrapClasses(std::span<const ItemTruth> truth, std::span<const ItemPrediction> predictions,
                                        int classes, bool multiLabel, int replicates, std::uint64_t seed,
                                        const Job& job = {});

}  // namespace querent::learn::metrics

#pragma once

#include "engine/core/matrix.h"
#include "engine/core/rng.h"

#include <cstddef>
#include <vector>

namespace querent::select::rlmba {

/** How large generated tasks are; small, so that thousands of them can be labelled in minutes. */
struct TaskSizes {
    std::size_t pool = 200;
    std::size_t validation = 150;
    std::size_t batch = 10;
    int rounds = 6;
    int maxModalities = 4;
    int maxClasses = 10;               // at least 4
    std::size_t candidateFactor = 20;  // the candidate set is so many batches, kCandidateFactor
};

/** A small classification task whose labels are known, to practise selection on. */
struct PracticeTask {
    std::size_t classes = 0;
    std::vector<Matrix> modalities;  // [M] of [pool + validation, D]
    Matrix joint;                    // [pool + validation, M D], all modalities side by side
    std::vector<int> labels;         // [pool + validation]
    std::size_t pool = 0;            // the first items; the rest is validation
};

/**
 * A small classification task by chance, to practise selection on (ours). 4 to maxClasses classes; 1 to maxModalities
 * modalities of 12 numbers, each more or less telling; classes of one to three Gaussian groups; in three of four tasks
 * classes that grow rarer by Zipf's law; up to three in ten items of the pool whose looks say nothing about their
 * label. Validation has no such items, and in half of the tasks as many of each class.
 */
struct GeneratedTask : PracticeTask {
    GeneratedTask(const TaskSizes& sizes, Rng& rng);
};

}  // namespace querent::select::rlmba

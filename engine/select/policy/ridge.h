#pragma once

#include "engine/core/matrix.h"

#include <cstddef>
#include <span>
#include <vector>

namespace querent::select::policy {

/**
 * The learner of generated tasks: ridge regression from features to one-hot classes, fitted in a millisecond. Its
 * answers times 6 serve as logits, which makes probabilities of them that are about as sure as they are right.
 */
class RidgeClassifier {
 public:
    /**
     * @param features  [N, D] finite; a column of ones is added
     * @param rows      which of them to learn from
     * @param labels    [N], in [0, classes)
     */
    RidgeClassifier(const Matrix& features, std::span<const std::size_t> rows, std::span<const int> labels,
                    std::size_t classes);

    /** [C] logits of one row of features. */
    std::vector<double> logits(std::span<const float> row) const;

 private:
    std::size_t m_classes;
    std::vector<double> m_weights;  // [D + 1, C]
};

/** softmax(logits), [C]. */
std::vector<double> softmax(std::span<const double> logits);

}  // namespace querent::select::policy

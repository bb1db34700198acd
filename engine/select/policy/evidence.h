#pragma once

#include "engine/core/detection.h"

#include <cstddef>
#include <span>

namespace querent::select::policy {

/**
 * U, the mean over the classes of the variance of their probabilities under Dir(alpha) (RL-MBA), in the closed form
 *     U = sum_c p_c (1 - p_c) / (C (A + 1)),   A = sum_c alpha_c,   p_c = alpha_c / A
 * written with p (1 - p), as 1 - sum p^2 loses all its digits when one class dominates.
 * @param alpha  [C], each >= 1
 * @return in [0, varianceBound(C)]; 0 for fewer than two classes, which leave nothing to doubt
 */
double predictiveVariance(std::span<const double> alpha);

/** The largest U of `classes` classes, (C-1) / (C^2 (C+1)), which is reached where nothing is known (alpha = 1). */
double varianceBound(std::size_t classes);

/** U divided by its bound, in [0, 1] (ours: U itself shrinks with the cube of the classes); 0 below two classes. */
double scaledUncertainty(std::span<const double> alpha);

/**
 * The same where each class is a yes or no by itself (ours): the mean over the classes of the scaled uncertainty of
 * (alpha_c, 1), evidence for yes and none against, which is how multi-label heads answer. [0, 1]
 */
double multiLabelUncertainty(std::span<const double> alpha);

/** What is doubtful in a picture, see pictureUncertainty(). */
struct PictureUncertainty {
    double total = 0.0;  // >= 0, grows with the number of boxes
    double mean = 0.0;   // [0, 1]
};

/**
 * The uncertainty of a picture with boxes. The paper has none; this is ours. A detector answers with sigmoids and has
 * no evidential head. The rule that makes evidence of logits, alpha = softplus(logit) + 1, is applied to both answers
 * of the likeliest class of a box, whose logits are z and -z:
 *     yes = 1 - ln(1 - p),   no = 1 - ln p,   u = scaled uncertainty of (yes, no)
 * Boxes below kScoreFloor are background. Each other box counts by p, the probability that there is something to
 * label: total = sum p u, mean = sum p u / sum p. A picture without any such box counts as one with a single box of
 * probability kScoreFloor, as with the other uncertainties.
 */
PictureUncertainty pictureUncertainty(std::span<const Detection> boxes);

}  // namespace querent::select::policy

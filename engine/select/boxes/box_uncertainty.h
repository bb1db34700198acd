#pragma once

#include "engine/core/detection.h"

namespace querent::select::boxes {

/**
 * Boxes and classes below this probability are taken for background: they are not what the model doubts about, and
 * thousands of them would drown what is.
 */
inline constexpr double kScoreFloor = 0.05;

/**
 * How much a detector doubts about one box. It answers with one sigmoid a class, which are independent yes-or-no
 * answers and need not add up to 1; "none of them" is the answer when all are low. p1 >= p2 are the two largest
 * (a box without a class vector has p1 = its score, p2 = 0).
 */

/** Sum of the binary entropies -p ln p - (1-p) ln(1-p) of p1 and of every other class of at least kScoreFloor; nats. */
double boxEntropy(const Detection& box);

/** 1 - |p1 - r|, r = max(p2, 1 - p1): how close the best class is to its rival, another class or background; [0, 1]. */
double boxMargin(const Detection& box);

/** 2 min(p1, 1 - p1): how far the better of "this class" and "background" is from certain; [0, 1]. */
double boxLeastConfidence(const Detection& box);

}  // namespace querent::select::boxes

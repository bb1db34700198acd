#pragma once

#include <cstddef>
#include <vector>

namespace querent::learn::metrics {

/**
 * Precision and recall while one goes down a list of detections by descending score. Only the hits are kept: precision
 * falls at a miss, so the envelope (the best precision at this recall or a larger one) changes at hits alone.
 * Counts are doubles, so that a resampled image can count several times at once.
 */
class PrecisionCurve {
 public:
    void clear();
    void addHit(double count = 1.0);
    void addMiss(double count = 1.0) { m_misses += count; }
    double hits() const { return m_hits; }

    /** COCO: mean of the envelope at recall 0, .01, ..., 1; `positives` > 0. Changes the curve: clear() afterwards. */
    double averageAt101(double positives);
    /** VOC 2007: the same at recall 0, .1, ..., 1. */
    double averageAt11(double positives);
    /** VOC 2010: the area under the envelope. */
    double area(double positives);

 private:
    void makeEnvelope();
    double averageAt(const std::vector<double>& recalls, double positives);

    double m_hits = 0.0;
    double m_misses = 0.0;
    std::vector<double> m_hitsUntil;   // by point of the curve
    std::vector<double> m_precisions;  // the envelope after makeEnvelope()
};

}  // namespace querent::learn::metrics

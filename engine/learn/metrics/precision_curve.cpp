#include "engine/learn/metrics/precision_curve.h"

#include <algorithm>
#include <limits>

namespace querent::learn::metrics {
namespace {

// The grids as numpy computes them (linspace and arange): at a recall of exactly 3/10 it matters that 3 * 0.1 is
// larger.
std::vector<double> grid(int points, double step) {
    std::vector<double> values;
    for (int i = 0; i < points; ++i)
        values.push_back(i * step);
    values.back() = 1.0;
    return values;
}

}  // namespace

void PrecisionCurve::clear() {
    m_hits = m_misses = 0.0;
    m_hitsUntil.clear();
    m_precisions.clear();
}

void PrecisionCurve::addHit(double count) {
    m_hits += count;
    m_hitsUntil.push_back(m_hits);
    // The epsilon is cocoeval's. It makes a first hit 2e-16 worse than perfect, and nothing else.
    m_precisions.push_back(m_hits / (m_hits + m_misses + std::numeric_limits<double>::epsilon()));
}

void PrecisionCurve::makeEnvelope() {
    for (std::size_t i = m_precisions.size(); i > 1; --i) {
        m_precisions[i - 2] = std::max(m_precisions[i - 2], m_precisions[i - 1]);
    }
}

double PrecisionCurve::averageAt(const std::vector<double>& recalls, double positives) {
    makeEnvelope();
    double sum = 0.0;
    std::size_t point = 0;
    for (const double recall : recalls) {
        while (point < m_hitsUntil.size() && m_hitsUntil[point] / positives < recall)
            ++point;
        if (point == m_hitsUntil.size()) break;
        sum += m_precisions[point];
    }
    return sum / static_cast<double>(recalls.size());
}

double PrecisionCurve::averageAt101(double positives) {
    static const std::vector<double> kRecalls = grid(101, 0.01);
    return averageAt(kRecalls, positives);
}

double PrecisionCurve::averageAt11(double positives) {
    static const std::vector<double> kRecalls = grid(11, 0.1);
    return averageAt(kRecalls, positives);
}

double PrecisionCurve::area(double positives) {
    makeEnvelope();
    double sum = 0.0;
    double before = 0.0;
    for (std::size_t i = 0; i < m_precisions.size(); ++i) {
        sum += (m_hitsUntil[i] - before) / positives * m_precisions[i];
        before = m_hitsUntil[i];
    }
    return sum;
}

}  // namespace querent::learn::metrics

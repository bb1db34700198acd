#include "engine/session/simulation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace querent::session {
namespace {

// 97.5 % quantiles of Student's t for 1..30 degrees of freedom; beyond, the normal's is close enough.
constexpr std::array<double, 30> kStudent = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                                             2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
                                             2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};

double quantile(std::size_t freedom) {
    return freedom <= kStudent.size() ? kStudent[freedom - 1] : 1.96;
}

// seed -> round -> (labels, value)
using Curves = std::map<std::uint64_t, std::map<int, std::pair<int, double>>>;

Curves curvesOf(const std::vector<SimulationRow>& rows, const std::string& strategy, const std::string& metric) {
    Curves curves;
    for (const SimulationRow& row : rows) {
        const auto value = row.values.find(metric);
        if (row.strategy == strategy && value != row.values.end()) {
            curves[row.seed][row.round] = {row.labels, value->second};
        }
    }
    return curves;
}

std::map<std::uint64_t, double> areas(const Curves& curves) {
    std::map<std::uint64_t, double> areas;
    for (const auto& [seed, curve] : curves) {
        double sum = 0.0;
        for (const auto& [round, point] : curve)
            sum += point.second;
        areas[seed] = sum / static_cast<double>(curve.size());
    }
    return areas;
}

std::vector<double> valuesOf(const std::map<std::uint64_t, double>& bySeed) {
    std::vector<double> values;
    for (const auto& [seed, value] : bySeed)
        values.push_back(value);
    return values;
}

// The mean curve over seeds, in order of labels.
std::vector<std::pair<double, double>> meanCurve(const Curves& curves) {
    std::map<int, std::vector<std::pair<double, double>>> byRound;
    for (const auto& [seed, curve] : curves) {
        for (const auto& [round, point] : curve)
            byRound[round].emplace_back(point.first, point.second);
    }
    std::vector<std::pair<double, double>> mean;
    for (const auto& [round, points] : byRound) {
        double labels = 0.0;
        double value = 0.0;
        for (const auto& [x, y] : points) {
            labels += x;
            value += y;
        }
        const auto n = static_cast<double>(points.size());
        mean.emplace_back(labels / n, value / n);
    }
    return mean;
}

// Where the curve first reaches the level, interpolated between its points.
std::optional<double> labelsToReach(const std::vector<std::pair<double, double>>& curve, double level) {
    for (std::size_t i = 0; i < curve.size(); ++i) {
        if (curve[i].second < level) continue;
        if (i == 0) return curve[0].first;
        const auto [x0, y0] = curve[i - 1];
        const auto [x1, y1] = curve[i];
        return x0 + (x1 - x0) * (level - y0) / (y1 - y0);
    }
    return std::nullopt;
}

}  // namespace

Estimate estimate(const std::vector<double>& values) {
    if (values.empty()) return {};
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    if (values.size() < 2) return {mean, mean, mean};
    double squares = 0.0;
    for (const double value : values)
        squares += (value - mean) * (value - mean);
    const double half = quantile(values.size() - 1) * std::sqrt(squares / (n - 1.0) / n);
    return {mean, mean - half, mean + half};
}

SimulationSummary summarise(const std::vector<SimulationRow>& rows, const std::vector<std::string>& strategies,
                            const std::string& metric, double fullPool) {
    SimulationSummary summary;
    summary.metric = metric;
    summary.fullPool = fullPool;
    const auto random = areas(curvesOf(rows, "random", metric));
    for (const std::string& name : strategies) {
        const Curves curves = curvesOf(rows, name, metric);
        const auto own = areas(curves);
        StrategySummary entry;
        entry.name = name;
        entry.aulc = estimate(valuesOf(own));
        std::vector<double> finals;
        for (const auto& [seed, curve] : curves)
            finals.push_back(curve.rbegin()->second.second);
        entry.final = estimate(finals);
        entry.labelsTo95 = labelsToReach(meanCurve(curves), 0.95 * fullPool);
        std::vector<double> differences;
        for (const auto& [seed, area] : own) {
            if (const auto found = random.find(seed); found != random.end())
                differences.push_back(area - found->second);
        }
        if (name != "random" && !differences.empty()) entry.overRandom = estimate(differences);
        summary.strategies.push_back(std::move(entry));
    }
    return summary;
}

}  // namespace querent::session

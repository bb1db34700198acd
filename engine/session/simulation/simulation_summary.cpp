#include "engine/core/mean_interval.h"
#include "engine/session/simulation/simulation.h"

#include <algorithm>

namespace querent::session::simulation {
namespace {

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
    const MeanInterval interval = meanInterval(values);
    return {interval.mean, interval.low(), interval.high()};
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

}  // namespace querent::session::simulation

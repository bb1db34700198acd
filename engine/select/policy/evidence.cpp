#include "engine/select/policy/evidence.h"

#include "engine/select/boxes/box_uncertainty.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace querent::select::policy {
namespace {

double likeliest(const Detection& box) {
    double best = box.classes.empty() ? box.score : 0.0;
    for (const float p : box.classes)
        best = std::max(best, static_cast<double>(p));
    return best;
}

// Sigmoids round to exactly 0 and 1, where the logit would be infinite.
double boxDoubt(double probability) {
    const double p = std::clamp(probability, 1e-6, 1.0 - 1e-6);
    return scaledUncertainty(std::array{1.0 - std::log1p(-p), 1.0 - std::log(p)});
}

}  // namespace

double predictiveVariance(std::span<const double> alpha) {
    if (alpha.size() < 2) return 0.0;
    const double total = std::accumulate(alpha.begin(), alpha.end(), 0.0);
    double sum = 0.0;
    for (const double a : alpha)
        sum += a / total * ((total - a) / total);
    return sum / (static_cast<double>(alpha.size()) * (total + 1.0));
}

double varianceBound(std::size_t classes) {
    const auto count = static_cast<double>(classes);
    return classes == 0 ? 0.0 : (count - 1.0) / (count * count * (count + 1.0));
}

double scaledUncertainty(std::span<const double> alpha) {
    if (alpha.size() < 2) return 0.0;
    return std::clamp(predictiveVariance(alpha) / varianceBound(alpha.size()), 0.0, 1.0);
}

double multiLabelUncertainty(std::span<const double> alpha) {
    if (alpha.empty()) return 0.0;
    double sum = 0.0;
    for (const double yes : alpha)
        sum += scaledUncertainty(std::array{yes, 1.0});
    return sum / static_cast<double>(alpha.size());
}

PictureUncertainty pictureUncertainty(std::span<const Detection> boxes) {
    double weight = 0.0;
    double sum = 0.0;
    for (const Detection& box : boxes) {
        if (box.score < boxes::kScoreFloor) continue;
        const double p = likeliest(box);
        weight += p;
        sum += p * boxDoubt(p);
    }
    if (weight > 0.0) return {sum, sum / weight};
    return {boxes::kScoreFloor * boxDoubt(boxes::kScoreFloor), boxDoubt(boxes::kScoreFloor)};
}

}  // namespace querent::select::policy

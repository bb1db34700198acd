#include "engine/select/adam.h"

#include <cmath>

namespace querent::select {

double Adam::step(std::span<double> parameters, std::span<const double> gradient, const AdamSettings& settings) {
    double square = 0.0;
    for (const double g : gradient)
        square += g * g;
    const double norm = std::sqrt(square);
    if (!std::isfinite(norm)) return norm;
    const double scale = norm > settings.clip ? settings.clip / norm : 1.0;
    ++m_steps;
    const double meanShare = 1.0 - std::pow(settings.betaMean, static_cast<double>(m_steps));
    const double squareShare = 1.0 - std::pow(settings.betaSquare, static_cast<double>(m_steps));
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const double g = scale * gradient[i];
        m_mean[i] += (1.0 - settings.betaMean) * (g - m_mean[i]);
        m_square[i] += (1.0 - settings.betaSquare) * (g * g - m_square[i]);
        const double deviation = std::sqrt(m_square[i] / squareShare) + settings.epsilon;
        parameters[i] -= settings.rate * (m_mean[i] / meanShare) / deviation;
    }
    return norm;
}

}  // namespace querent::select

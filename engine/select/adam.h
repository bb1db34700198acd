#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace querent::select {

struct AdamSettings {
    double rate = 1e-3;  // ours; the paper names no optimiser for its policy
    double clip = 1.0;   // the gradient's norm is scaled down to this; ours
    double betaMean = 0.9;
    double betaSquare = 0.999;
    double epsilon = 1e-8;
};

/** Adam (Kingma and Ba 2015) with the gradient's norm clipped, for one row of parameters. */
class Adam {
 public:
    /** `parameters`: how many there are. */
    explicit Adam(std::size_t parameters) : m_mean(parameters, 0.0), m_square(parameters, 0.0) {}
    /** One that goes on: means and squares of equal length, steps >= 0. */
    Adam(std::vector<double> mean, std::vector<double> square, std::int64_t steps)
        : m_mean(std::move(mean)), m_square(std::move(square)), m_steps(steps) {}

    /**
     * One step downhill. A gradient that is not finite changes nothing.
     * @return the gradient's norm before clipping; not finite when nothing was changed
     */
    double step(std::span<double> parameters, std::span<const double> gradient, const AdamSettings& settings = {});

    const std::vector<double>& mean() const { return m_mean; }
    const std::vector<double>& square() const { return m_square; }
    std::int64_t steps() const { return m_steps; }

 private:
    std::vector<double> m_mean;
    std::vector<double> m_square;
    std::int64_t m_steps = 0;
};

}  // namespace querent::select

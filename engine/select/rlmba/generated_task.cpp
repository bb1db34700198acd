#include "engine/select/rlmba/generated_task.h"

#include <algorithm>
#include <cmath>

namespace querent::select::rlmba {
namespace {

constexpr std::size_t kDimensions = 12;

std::vector<double> priorsOf(std::size_t classes, Rng& rng) {
    const double exponent = rng.chance(0.75) ? rng.uniform(0.0, 1.3) : 0.0;
    std::vector<double> priors;
    for (std::size_t c = 0; c < classes; ++c)
        priors.push_back(std::pow(static_cast<double>(c + 1), -exponent));
    return priors;
}

/** Centres of one modality's groups, [classes * groups, kDimensions]; a class's groups lie around its own centre. */
Matrix centresOf(std::size_t classes, std::size_t groups, Rng& rng) {
    const double telling = rng.uniform(0.2, 1.1);
    Matrix centres(classes * groups, kDimensions);
    for (std::size_t c = 0; c < classes; ++c) {
        for (std::size_t d = 0; d < kDimensions; ++d) {
            const double own = telling * rng.normal();
            for (std::size_t g = 0; g < groups; ++g)
                centres.at(c * groups + g, d) = static_cast<float>(own + 0.7 * telling * rng.normal());
        }
    }
    return centres;
}

/** The group of each item, [N]: of its class, or of any where its looks say nothing. */
std::vector<std::size_t> looksOf(const GeneratedTask& task, std::size_t groups, Rng& rng) {
    const double noise = rng.chance(0.5) ? rng.uniform(0.0, 0.3) : 0.0;
    std::vector<std::size_t> looks;
    for (std::size_t i = 0; i < task.labels.size(); ++i) {
        const bool saysNothing = i < task.pool && rng.chance(noise);
        const auto looksLike = saysNothing ? rng.index(task.classes) : static_cast<std::size_t>(task.labels[i]);
        looks.push_back(looksLike * groups + rng.index(groups));
    }
    return looks;
}

}  // namespace

GeneratedTask::GeneratedTask(const TaskSizes& sizes, Rng& rng) {
    classes = static_cast<std::size_t>(rng.integer(4, std::max(4, sizes.maxClasses)));
    pool = sizes.pool;
    const auto count = static_cast<std::size_t>(rng.integer(1, std::max(1, sizes.maxModalities)));
    const std::size_t groups = 1 + rng.index(3);
    const std::vector<double> priors = priorsOf(classes, rng);
    const bool even = rng.chance(0.5);
    for (std::size_t i = 0; i < sizes.pool + sizes.validation; ++i)
        labels.push_back(static_cast<int>(i >= pool && even ? i % classes : rng.weighted(priors)));
    const std::vector<std::size_t> looks = looksOf(*this, groups, rng);
    joint = Matrix(labels.size(), count * kDimensions);
    for (std::size_t m = 0; m < count; ++m) {
        const Matrix centres = centresOf(classes, groups, rng);
        Matrix features(labels.size(), kDimensions);
        for (std::size_t i = 0; i < labels.size(); ++i) {
            for (std::size_t d = 0; d < kDimensions; ++d)
                features.at(i, d) = centres.at(looks[i], d) + static_cast<float>(rng.normal());
            std::copy_n(features.row(i).begin(), kDimensions,
                        joint.row(i).begin() + static_cast<long>(m * kDimensions));
        }
        modalities.push_back(std::move(features));
    }
}

}  // namespace querent::select::rlmba

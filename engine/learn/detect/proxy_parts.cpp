#include "engine/learn/detect/proxy_parts.h"

#include "engine/core/rng.h"
#include "engine/learn/descent/descent.h"
#include "engine/learn/devices.h"

#include <algorithm>
#include <string>

namespace querent::learn::detect {

TrainingSettings trainingOf(const ProxySettings& settings) {
    TrainingSettings training;
    training.steps = std::max(1, settings.steps);
    training.batch = settings.labelled;
    training.learningRate = settings.learningRate;
    training.weightDecay = 0.0;
    training.seed = settings.seed;
    training.device = settings.device;
    return training;
}

TrainingSettings answeredTrainingOf(const ProxySettings& settings) {
    TrainingSettings training = trainingOf(settings);
    training.steps = std::max(1, settings.answeredSteps);
    training.learningRate = settings.answeredRate;
    return training;
}

ShortTraining::ShortTraining(torch::nn::Module& network, const std::vector<std::shared_ptr<torch::nn::Module>>& trained)
    : m_trained(trained) {
    for (torch::Tensor& parameter : network.parameters())
        parameter.set_requires_grad(false);
    for (torch::Tensor& parameter : m_trained.parameters())
        parameter.set_requires_grad(true);
    m_start = descent::FlatModel(m_trained).weights.clone();
}

Result<void> ShortTraining::run(const TrainingSettings& settings,
                                const std::function<Result<torch::Tensor>(int step)>& lossOf, const Job& job) {
    const Job quiet(job.token());
    descent::Descent descent(m_trained, settings, settings.batch, quiet);
    descent.model.weights.copy_(m_start);
    while (!descent.finished()) {
        if (job.cancelled()) return Job::stopped();
        const auto loss = lossOf(descent.state.step);
        if (!loss) return loss.error();
        TrainingStep told;
        descent.step(*loss, told);
    }
    return {};
}

Result<double> withoutExceptions(const std::function<Result<double>()>& work) {
    try {
        return work();
    } catch (const std::exception& problem) {
        return errorOf(problem);
    }
}

std::vector<std::size_t> drawnFrom(std::span<const std::size_t> batch, int step, int count, std::uint64_t seed) {
    std::vector<std::size_t> drawn;
    for (int n = 0; n < count && !batch.empty(); ++n) {
        const auto position =
            static_cast<std::size_t>(step) * static_cast<std::size_t>(count) + static_cast<std::size_t>(n);
        std::vector<std::size_t> order(batch.begin(), batch.end());
        Rng(deriveSeed(seed, "round " + std::to_string(position / batch.size()))).shuffle(order);
        drawn.push_back(order[position % batch.size()]);
    }
    return drawn;
}

std::vector<std::size_t> somePlaces(const ItemSource& source, std::size_t most, std::uint64_t seed) {
    std::vector<std::size_t> places = Rng(seed, "proxy holdout").sample(source.count(), most);
    std::sort(places.begin(), places.end());
    return places;
}

}  // namespace querent::learn::detect

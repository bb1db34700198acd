#pragma once

// Internal: torch inside.

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/samples.h"
#include "engine/learn/detect/proxy_trainer.h"
#include "engine/learn/detector_config.h"

#include <torch/torch.h>

#include <functional>
#include <memory>
#include <vector>

namespace querent::learn::detect {

/** The layers that a proxy trains, as one module. */
class TrainedPart : public torch::nn::Module {
 public:
    explicit TrainedPart(const std::vector<std::shared_ptr<torch::nn::Module>>& parts) {
        for (std::size_t i = 0; i < parts.size(); ++i)
            register_module("part" + std::to_string(i), parts[i]);
    }
};

/** How score() trains, and how scoreAnswered() does. */
TrainingSettings trainingOf(const ProxySettings& settings);
TrainingSettings answeredTrainingOf(const ProxySettings& settings);

/** Trains the last layers of a network again and again, each time from the weights that they have now. */
class ShortTraining {
 public:
    /** No other layer of the network is trained from here on. */
    ShortTraining(torch::nn::Module& network, const std::vector<std::shared_ptr<torch::nn::Module>>& trained);

    /**
     * @param lossOf  a scalar, or an error that ends the training, for each step from 0 on
     * @return Cancelled; what lossOf has returned
     */
    Result<void> run(const TrainingSettings& settings, const std::function<Result<torch::Tensor>(int step)>& lossOf,
                     const Job& job);

 private:
    TrainedPart m_trained;
    torch::Tensor m_start;  // weights of the trained part
};

/** What `work` returns, or what it throws as an error. */
Result<double> withoutExceptions(const std::function<Result<double>()>& work);

/** The items of `batch` that a step looks at: each once before any comes again, in an order by chance. */
std::vector<std::size_t> drawnFrom(std::span<const std::size_t> batch, int step, int count, std::uint64_t seed);

/** Up to `most` of the places of a source, ascending. */
std::vector<std::size_t> somePlaces(const ItemSource& source, std::size_t most, std::uint64_t seed);

}  // namespace querent::learn::detect

#pragma once

// Internal: torch inside.

#include "engine/core/samples.h"
#include "engine/learn/detector_config.h"
#include "engine/learn/proxy_trainer.h"

#include <torch/torch.h>

#include <memory>
#include <vector>

namespace querent::learn {

/** The layers that a proxy trains, as one module. */
class TrainedPart : public torch::nn::Module {
 public:
    explicit TrainedPart(const std::vector<std::shared_ptr<torch::nn::Module>>& parts) {
        for (std::size_t i = 0; i < parts.size(); ++i)
            register_module("part" + std::to_string(i), parts[i]);
    }
};

TrainingSettings trainingOf(const ProxySettings& settings);

/** The items of `batch` that a step looks at: each once before any comes again, in an order by chance. */
std::vector<std::size_t> drawnFrom(std::span<const std::size_t> batch, int step, int count, std::uint64_t seed);

/** Up to `most` of the places of a source, ascending. */
std::vector<std::size_t> somePlaces(const ItemSource& source, std::size_t most, std::uint64_t seed);

}  // namespace querent::learn

#pragma once

// Internal: torch inside.

#include "engine/core/result.h"
#include "engine/core/samples.h"
#include "engine/learn/descent/optimiser.h"
#include "engine/learn/files/model_archive.h"

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace querent::learn::descent {

/** All that changes while a network trains. The batches need no state: they follow from seed and step. */
struct TrainingState {
    std::string fingerprint;  // of the settings and the data; a state continues only under its own
    int step = 0;             // steps taken
    int batch = 0;
    double loss = 0.0;
    double seconds = 0.0;
    torch::Tensor weights, statistics;                // FlatModel
    torch::Tensor mean, square;                       // AdamW
    torch::Tensor averageWeights, averageStatistics;  // WeightAverage
    double bestMap = -1.0;                            // on the holdout, -1: never evaluated
    int sinceBest = 0;                                // evaluations
    torch::Tensor bestWeights, bestStatistics;        // of the average; empty tensors before the first evaluation
    files::NamedTensors side;                         // SideDescent; checkpoints of older versions have none
};

/**
 * A number for what is learnt from, as a part of a fingerprint: items and answers, in their order (FNV-1a, 64 bits).
 * @param answers  those of one item as numbers, how many there are first
 */
std::uint64_t snapshotOf(const ItemSource& source,
                         const std::function<std::vector<std::uint64_t>(const ItemTruth&)>& answers);

/** Copies the tensors that a resumed training goes on from. */
void capture(TrainingState& state, const FlatModel& model, const AdamW& optimiser, const WeightAverage& average);
/** The way back; false (and nothing is changed) when the state is of another network. */
bool restore(const TrainingState& state, FlatModel& model, AdamW& optimiser, WeightAverage& average);

Result<void> saveState(const std::filesystem::path& path, const TrainingState& state);

/** Empty when there is none, when it is damaged, or when it belongs to another training: then one starts anew. */
std::optional<TrainingState> loadState(const std::filesystem::path& path, const std::string& fingerprint);

}  // namespace querent::learn::descent

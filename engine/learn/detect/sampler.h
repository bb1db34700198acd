#pragma once

// Internal: torch inside.

#include "engine/core/job.h"
#include "engine/core/samples.h"
#include "engine/learn/detect/augment.h"
#include "engine/learn/losses/assign.h"
#include "engine/learn/training_outcome.h"

#include <torch/torch.h>

#include <memory>
#include <mutex>
#include <vector>

namespace querent::learn::detect {

/** What one step trains on, on the processor. */
struct Batch {
    torch::Tensor pictures;  // [N, 3, H, W] floats in [0, 255]
    torch::Tensor labels;    // [N, L] int64, see Targets
    torch::Tensor boxes;     // [N, L, 4]
    torch::Tensor weights;   // [N, L]
};

/**
 * Draws the batches of a training. The batch of a step is a function of seed and step alone, so a resumed training
 * needs no state of a generator: every picture comes once an epoch, in an order of that epoch's own.
 * Decoded pictures are kept at network size up to the memory it is given. May be called from any one thread at a time.
 */
class Sampler {
 public:
    Sampler(const ItemSource& source, int classes, Size input, const TrainingConfig& config);

    /**
     * step is 0-based. A picture that cannot be read gives its turn to the next one of the source that can. Fails with
     * the source's error when there is none, or Cancelled.
     */
    Result<Batch> batchOf(int step, int size, const Job& job);

    /** The pictures that were drawn and could not be read. Not while a batch is being made. */
    const std::vector<UnreadItem>& unread() const { return m_unread; }

 private:
    Result<std::shared_ptr<const Sample>> sample(std::size_t index);
    Result<std::shared_ptr<const Sample>> load(std::size_t index);
    std::size_t indexAt(std::size_t position);

    const ItemSource& m_source;
    int m_classes;
    Size m_input;
    Augmentation m_augmentation;
    std::uint64_t m_seed;
    std::size_t m_cacheRoom;
    networks::Locations m_locations;
    std::vector<std::shared_ptr<const Sample>> m_cache;  // by index, null where it is not kept
    std::vector<char> m_unreadable;                      // by index
    std::vector<UnreadItem> m_unread;
    std::vector<std::size_t> m_order;  // of m_epoch
    std::size_t m_epoch;
};

/** Picture and boxes of a source at network size. InvalidArgument for a class outside [0, classes). */
Result<Sample> loadSample(const ItemSource& source, std::size_t index, Size input, int classes);

}  // namespace querent::learn::detect

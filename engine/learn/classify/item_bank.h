#pragma once

// Internal: torch inside.

#include "engine/core/job.h"
#include "engine/core/rng.h"
#include "engine/core/samples.h"
#include "engine/learn/classify/classifier_config.h"
#include "engine/learn/classify/subwords.h"
#include "engine/learn/training_outcome.h"

#include <torch/torch.h>

#include <memory>
#include <span>
#include <variant>
#include <vector>

namespace querent::learn::classify {

/** Items as the network reads them, on the processor, a row each. M is the number of modalities. */
struct ItemBatch {
    /** [M]: pictures [N, 3, H, W] in [0, 255], sounds [N, 1, bands, columns], texts [N, tokens] of int64. */
    std::vector<torch::Tensor> media;
    torch::Tensor present;            // [N, M], 1 where the item has the medium
    torch::Tensor targets;            // [N, C], 1 for its classes
    std::vector<std::int64_t> items;  // [N], or fewer where an item has several rows
    std::vector<int> rows;            // as `items`: how many rows it has, one behind the other
};

/** One medium at network size; nothing where the item has none. Sounds are standardised and of their own length. */
using DecodedMedium = std::variant<std::monostate, Raster, Matrix, std::vector<std::int64_t>>;

struct DecodedItem {
    std::vector<DecodedMedium> media;  // [M]
    std::vector<int> labels;
};

/**
 * Decoded items of a source, kept up to the memory it is given, and the batches made of them. A batch is a function of
 * its items and seed alone. One thread at a time.
 */
class ItemBank {
 public:
    static constexpr int kMostRows = 12;

    ItemBank(const ItemSource& source, const ClassifierConfig& config, const Subwords& subwords,
             std::size_t cacheBytes);

    /** The item; its error when a medium cannot be read, or when it has none of the network's modalities. */
    Result<std::shared_ptr<const DecodedItem>> item(std::size_t index);

    /** As training sees them: changed by chance. */
    Result<ItemBatch> changed(std::span<const std::size_t> indices, const ItemAugmentation& augmentation,
                              std::uint64_t seed, const Job& job);
    /**
     * As they are. Items that cannot be read are left out and named; without `unread` they fail the call. An item with
     * a sound of more than one and a half times the network's columns has a row for each of up to kMostRows windows
     * that are spread over it evenly, from its beginning to its end.
     */
    Result<ItemBatch> plain(std::span<const std::size_t> indices, std::vector<UnreadItem>* unread, const Job& job);

 private:
    using Items = std::vector<std::shared_ptr<const DecodedItem>>;
    Result<DecodedItem> decode(std::size_t index) const;
    Result<DecodedMedium> decodeMedium(std::size_t index, Modality modality) const;
    ItemBatch emptyBatch(const Items& items) const;
    /** Without `augmentation` the column `soundAt` of the row is the first one of a sound. */
    void write(ItemBatch& batch, std::size_t row, std::size_t medium, const DecodedMedium& from, int soundAt,
               const ItemAugmentation* augmentation, Rng& rng) const;
    std::vector<int> soundPlaces(const DecodedItem& item) const;

    const ItemSource& m_source;
    const ClassifierConfig& m_config;
    const Subwords& m_subwords;
    std::size_t m_room;
    Items m_cache;  // by index, null where it is not kept
};

}  // namespace querent::learn::classify

#pragma once

#include "engine/core/samples.h"
#include "engine/core/sound.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace querent::session::learning {

/** One medium of an item on disk (a text is itself). */
struct ListedMedium {
    Modality modality = Modality::Image;
    std::filesystem::path path;
    SoundShape sound;  // of the whole file
    std::string text;
    std::int64_t firstFrame = 0;  // of a sound: the stretch of the file that the item is about,
    std::int64_t frames = -1;     // to its end when negative
    std::string hash = {};        // of the whole file, as in Medium; empty while it is not known
};

/** An item with its truth. */
struct ListedItem {
    ItemTruth truth;
    std::vector<ListedMedium> media;
};

/**
 * Items on disk as an ItemSource: immutable, so that any number of threads may read it. The plane of an item's boxes is
 * its first picture, or, where it has none, the spectrogram of its first sound: left to right in frames, top to bottom
 * in Hz from 0 to half the rate. Log-mel features are kept in memory, shared by all subsets of a list.
 */
class ItemList : public ItemSource {
 public:
    ItemList() = default;
    explicit ItemList(std::vector<ListedItem> items, const MelParameters& mel = {});

    std::size_t count() const override { return m_items.size(); }
    ItemTruth truth(std::size_t index) const override { return m_items[index].truth; }
    Result<Raster> load(std::size_t index, Size wanted) const override;
    Result<Content> content(std::size_t index, Modality modality, Size wanted) const override;

    const std::vector<ListedItem>& items() const { return m_items; }
    const MelParameters& mel() const { return m_mel; }
    std::vector<ItemTruth> truths() const;
    /** The items at these places, in that order. */
    ItemList subset(const std::vector<std::size_t>& indices) const;
    /** Other items about the same files: what is in memory of them is shared. */
    ItemList derived(std::vector<ListedItem> items) const;

 private:
    struct Heard;
    const ListedMedium* find(std::size_t index, Modality modality) const;
    Result<Matrix> hear(const ListedMedium& sound) const;
    Result<double> levelOf(const std::filesystem::path& path) const;

    std::vector<ListedItem> m_items;
    MelParameters m_mel;
    std::shared_ptr<Heard> m_heard;
};

}  // namespace querent::session::learning

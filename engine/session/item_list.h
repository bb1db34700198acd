#pragma once

#include "engine/core/samples.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace querent::session {

/** A picture on disk with its truth. */
struct ListedItem {
    ItemTruth truth;
    std::filesystem::path path;
};

/** Pictures on disk as an ItemSource: immutable, so that any number of threads may read it. */
class ItemList : public ItemSource {
 public:
    ItemList() = default;
    explicit ItemList(std::vector<ListedItem> images) : m_images(std::move(images)) {}

    std::size_t count() const override { return m_images.size(); }
    ItemTruth truth(std::size_t index) const override { return m_images[index].truth; }
    Result<Raster> load(std::size_t index, Size wanted) const override;

    const std::vector<ListedItem>& images() const { return m_images; }
    std::vector<ItemTruth> truths() const;
    /** The pictures at these places, in that order. */
    ItemList subset(const std::vector<std::size_t>& indices) const;

 private:
    std::vector<ListedItem> m_images;
};

}  // namespace querent::session

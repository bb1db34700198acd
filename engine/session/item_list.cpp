#include "engine/session/item_list.h"

#include "engine/media/picture.h"

namespace querent::session {

Result<Raster> ItemList::load(std::size_t index, Size wanted) const {
    media::DecodeOptions options;
    options.wanted = wanted;
    return media::decode(m_images[index].path, options);
}

std::vector<ItemTruth> ItemList::truths() const {
    std::vector<ItemTruth> truths;
    truths.reserve(m_images.size());
    for (const ListedItem& image : m_images)
        truths.push_back(image.truth);
    return truths;
}

ItemList ItemList::subset(const std::vector<std::size_t>& indices) const {
    std::vector<ListedItem> chosen;
    chosen.reserve(indices.size());
    for (const std::size_t index : indices)
        chosen.push_back(m_images[index]);
    return ItemList(std::move(chosen));
}

}  // namespace querent::session

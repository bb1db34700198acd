#include "engine/session/image_list.h"

#include "engine/media/picture.h"

namespace querent::session {

Result<Raster> ImageList::load(std::size_t index, Size wanted) const {
    media::DecodeOptions options;
    options.wanted = wanted;
    return media::decode(m_images[index].path, options);
}

std::vector<ImageTruth> ImageList::truths() const {
    std::vector<ImageTruth> truths;
    truths.reserve(m_images.size());
    for (const ListedImage& image : m_images)
        truths.push_back(image.truth);
    return truths;
}

ImageList ImageList::subset(const std::vector<std::size_t>& indices) const {
    std::vector<ListedImage> chosen;
    chosen.reserve(indices.size());
    for (const std::size_t index : indices)
        chosen.push_back(m_images[index]);
    return ImageList(std::move(chosen));
}

}  // namespace querent::session

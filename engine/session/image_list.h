#pragma once

#include "engine/core/detection.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace querent::session {

/** A picture on disk with its truth. */
struct ListedImage {
    ImageTruth truth;
    std::filesystem::path path;
};

/** Pictures on disk as an ImageSource: immutable, so that any number of threads may read it. */
class ImageList : public ImageSource {
 public:
    ImageList() = default;
    explicit ImageList(std::vector<ListedImage> images) : m_images(std::move(images)) {}

    std::size_t count() const override { return m_images.size(); }
    ImageTruth truth(std::size_t index) const override { return m_images[index].truth; }
    Result<Raster> load(std::size_t index, Size wanted) const override;

    const std::vector<ListedImage>& images() const { return m_images; }
    std::vector<ImageTruth> truths() const;
    /** The pictures at these places, in that order. */
    ImageList subset(const std::vector<std::size_t>& indices) const;

 private:
    std::vector<ListedImage> m_images;
};

}  // namespace querent::session

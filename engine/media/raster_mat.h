#pragma once

#include "engine/core/raster.h"

#include <opencv2/core.hpp>

namespace querent::media {

/** The raster's own memory as an OpenCV matrix [height, width, 3] in RGB order; valid while the raster is. */
cv::Mat matOver(Raster& picture);
const cv::Mat matOver(const Raster& picture);

/** A raster of this size, not filled with anything in particular. */
Raster emptyRaster(Size size);

/** Copies OpenCV's BGR into a raster. */
Raster rasterFromBgr(const cv::Mat& bgr);

inline Size sizeOf(const cv::Mat& mat) {
    return {mat.cols, mat.rows};
}

}  // namespace querent::media

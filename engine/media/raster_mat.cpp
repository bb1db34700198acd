#include "engine/media/raster_mat.h"

#include <opencv2/imgproc.hpp>

namespace querent::media {

cv::Mat matOver(Raster& picture) {
    return {picture.size.height, picture.size.width, CV_8UC3, picture.rgb.data()};
}

const cv::Mat matOver(const Raster& picture) {
    // OpenCV has no matrix over constant memory; the constant return value stands in for it.
    return {picture.size.height, picture.size.width, CV_8UC3, const_cast<std::uint8_t*>(picture.rgb.data())};
}

Raster emptyRaster(Size size) {
    Raster picture;
    picture.size = size;
    picture.rgb.resize(picture.stride() * static_cast<std::size_t>(size.height));
    return picture;
}

Raster rasterFromBgr(const cv::Mat& bgr) {
    Raster picture = emptyRaster(sizeOf(bgr));
    cv::Mat rgb = matOver(picture);
    cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
    return picture;
}

}  // namespace querent::media

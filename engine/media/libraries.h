#pragma once

#include <string>

namespace querent::media {

/** "OpenCV 4.6.0, libsndfile-1.2.0, FFmpeg 5.1.9, libheif 1.15.1": what decodes here, for people. */
std::string librariesInUse();

}  // namespace querent::media

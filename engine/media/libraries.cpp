#include "engine/media/libraries.h"

#include <opencv2/core/utility.hpp>

#include <sndfile.h>

namespace querent::media {

std::string librariesInUse() {
    return "OpenCV " + std::string(cv::getVersionString()) + ", " + sf_version_string();
}

}  // namespace querent::media

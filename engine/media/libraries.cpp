#include "engine/media/libraries.h"

#include <opencv2/core/utility.hpp>

extern "C" {
#include <libavutil/avutil.h>
}
#include <libheif/heif.h>
#include <sndfile.h>

namespace querent::media {

std::string librariesInUse() {
    return "OpenCV " + std::string(cv::getVersionString()) + ", " + sf_version_string() + ", FFmpeg " +
           av_version_info() + ", libheif " + heif_get_version();
}

}  // namespace querent::media

#include "engine/learn/detector_config.h"

#include <algorithm>

namespace querent::learn {

int defaultSteps(std::size_t labelledImages) {
    const int images = static_cast<int>(std::min<std::size_t>(labelledImages, 100000));
    return std::clamp(150 + images * 3 / 2, 200, 3000);
}

}  // namespace querent::learn

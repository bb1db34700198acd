#include "engine/select/geometry/farthest_first.h"

#include <cmath>

namespace querent::select::geometry {

void settleFirst(std::vector<Pick>& picks) {
    if (picks.empty() || std::isfinite(picks[0].score)) return;
    picks[0].score = picks.size() > 1 ? picks[1].score : 0.0;
    picks[0].reasons[0].value = picks[0].score;
}

}  // namespace querent::select::geometry

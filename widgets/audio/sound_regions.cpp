#include "widgets/audio/sound_regions.h"

#include <algorithm>

namespace querent::widgets {

namespace {
constexpr double kOutside = 64.0;  // logical pixels that a drawn region may reach out of its pane
constexpr double kFar = 1e6;       // where the edges lie that cannot be taken hold of
}  // namespace

QRectF RegionMap::rectOf(const Box& region, SoundPane pane) const {
    const QRectF& r = paneRect(pane);
    const QPointF from = toScreen({region.left, region.bottom});
    const QPointF to = toScreen({region.right, region.top});
    const double left = std::clamp(from.x(), r.left() - kOutside, r.right() + kOutside);
    const double right = std::clamp(to.x(), r.left() - kOutside, r.right() + kOutside);
    if (pane == SoundPane::Waveform) return {left, r.top(), right - left, r.height()};
    const double top = std::clamp(from.y(), r.top() - kOutside, r.bottom() + kOutside);
    const double bottom = std::clamp(to.y(), r.top() - kOutside, r.bottom() + kOutside);
    return {left, top, right - left, bottom - top};
}

void ScreenRegions::refresh(const CanvasState& state, const RegionMap& map, SoundPane pane, bool timeOnly) {
    if (!m_stale) return;
    m_stale = false;
    m_boxes = state.boxes();
    for (CanvasBox& box : m_boxes) {
        const Box region = box.box;
        const QPointF from = map.toScreen({region.left, region.bottom});
        const QPointF to = map.toScreen({region.right, region.top});
        box.box = {from.x(), from.y(), to.x(), to.y()};
        if (pane == SoundPane::Waveform || timeOnly) {
            // Around the pane's middle, so that a narrower strip is still the smaller one.
            box.box.top -= kFar;
            box.box.bottom += kFar;
        }
    }
    m_byArea = orderByArea(m_boxes);
}

}  // namespace querent::widgets

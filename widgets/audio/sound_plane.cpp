#include "widgets/audio/sound_plane.h"

#include "widgets/audio/sound_view.h"

#include <algorithm>
#include <utility>

namespace querent::widgets::audio {

namespace {
constexpr double kOutside = 64.0;  // logical pixels that a drawn region may reach out of its pane
constexpr double kFar = 1e6;       // where the edges lie that cannot be taken hold of
}  // namespace

QRectF SoundPlane::rectOf(const Box& region, SoundPane pane) const {
    const QRectF& r = paneRect(pane);
    const QPointF from = toViewport({region.left, region.bottom});
    const QPointF to = toViewport({region.right, region.top});
    const double left = std::clamp(from.x(), r.left() - kOutside, r.right() + kOutside);
    const double right = std::clamp(to.x(), r.left() - kOutside, r.right() + kOutside);
    if (pane == SoundPane::Waveform) return {left, r.top(), right - left, r.height()};
    const double top = std::clamp(from.y(), r.top() - kOutside, r.bottom() + kOutside);
    const double bottom = std::clamp(to.y(), r.top() - kOutside, r.bottom() + kOutside);
    return {left, top, right - left, bottom - top};
}

std::optional<SoundPane> SoundPlane::paneAt(QPointF viewport) const {
    const SoundLayout::Place place = layout.at(viewport);
    if (place == SoundLayout::Place::Waveform) return SoundPane::Waveform;
    if (place == SoundLayout::Place::Spectrogram) return SoundPane::Spectrogram;
    return std::nullopt;
}

void SoundPlane::invalidate() {
    m_onWaves.stale = true;
    m_onSpectrum.stale = true;
}

/** Strips, with edges in time only, reach far above and below, so that no corner is ever under the cursor. */
void SoundPlane::refresh(OnScreen& regions, const canvas::CanvasState& state, bool strips) const {
    if (!std::exchange(regions.stale, false)) return;
    regions.boxes = state.boxes();
    for (canvas::CanvasBox& box : regions.boxes) {
        const QPointF from = toViewport({box.box.left, box.box.bottom});
        const QPointF to = toViewport({box.box.right, box.box.top});
        box.box = {from.x(), from.y(), to.x(), to.y()};
        if (strips) {
            // Around the pane's middle, so that a narrower strip is still the smaller one.
            box.box.top -= kFar;
            box.box.bottom += kFar;
        }
    }
    regions.byArea = canvas::orderByArea(regions.boxes);
}

std::optional<canvas::Hit> SoundPlane::hitAt(const canvas::CanvasState& state, QPointF viewport, bool ignoreSelection) {
    const auto pane = paneAt(viewport);
    if (!pane || !hasMedium()) return std::nullopt;
    const bool wave = *pane == SoundPane::Waveform;
    OnScreen& regions = wave ? m_onWaves : m_onSpectrum;
    refresh(regions, state, wave || timeOnly);
    const QSet<qint64> none;
    const canvas::HitQuery query{viewport, canvas::kHandleReach, !ignoreSelection};
    return canvas::hitTest(regions.boxes, regions.byArea, ignoreSelection ? none : state.selected(), query);
}

bool SoundPlane::changesTimeOnly(Qt::KeyboardModifiers keys) const {
    return pane == SoundPane::Waveform || timeOnly || keys.testFlag(Qt::ShiftModifier);
}

Box SoundPlane::drawn(QPointF from, QPointF to, Qt::KeyboardModifiers keys) const {
    return drawnRegion(from, to, changesTimeOnly(keys), field());
}

std::vector<Box> SoundPlane::dragged(std::vector<Box> boxes, canvas::BoxPart part, QPointF from, QPointF to,
                                     Qt::KeyboardModifiers keys) const {
    if (part == canvas::BoxPart::Body) return movedRegions(std::move(boxes), from, to, changesTimeOnly(keys), field());
    for (Box& box : boxes)
        box = resizedRegion(box, part, from, to, changesTimeOnly(keys), field());
    return boxes;
}

std::vector<Box> SoundPlane::nudged(std::vector<Box> boxes, canvas::BoxPart part, QPointF step) const {
    const bool inTime = part == canvas::BoxPart::Left || part == canvas::BoxPart::Right;
    for (Box& box : boxes)
        box = nudgedRegion(box, part, inTime ? step.x() : step.y(), field());
    return boxes;
}

bool SoundPlane::isInBand(const Box& box, const Box& band) const {
    if (box.left < band.left || box.right > band.right) return false;
    return isWholeBand(box, shape.nyquist()) || (box.top >= band.top && box.bottom <= band.bottom);
}

QString SoundPlane::tooSmall(bool change) const {
    return change ? SoundView::tr("The change was not kept: a region needs at least 2 frames and 2 Hz.")
                  : SoundView::tr("The region was not kept: it needs at least 2 frames and 2 Hz.");
}

}  // namespace querent::widgets::audio

#include "widgets/audio/region_geometry.h"

#include <algorithm>
#include <cmath>

namespace querent::widgets::audio {

namespace {

double wholeFrame(double frame, const SoundField& field) {
    return std::clamp(std::round(frame), 0.0, static_cast<double>(field.frames));
}

/** Whole Hz; the highest frequency itself need not be whole. */
double wholeHz(double hz, const SoundField& field) {
    return std::clamp(std::round(hz), 0.0, field.frequencies.nyquist());
}

/** `hz` moved by so many warped steps. Without a move it stays to the last bit. */
double shiftedHz(double hz, double steps, const SoundField& field) {
    if (steps == 0.0) return hz;
    return wholeHz(field.frequencies.unwarped(field.frequencies.warped(hz) + steps), field);
}

double warpedDelta(QPointF from, QPointF to, const SoundField& field) {
    return field.frequencies.warped(to.y()) - field.frequencies.warped(from.y());
}

}  // namespace

Box timeRegion(double first, double last, const SoundField& field) {
    const double a = wholeFrame(first, field);
    const double b = wholeFrame(last, field);
    return {std::min(a, b), 0.0, std::max(a, b), field.frequencies.nyquist()};
}

bool isWholeBand(const Box& region, double nyquist) {
    return region.top <= 0.0 && region.bottom >= nyquist;
}

Box drawnRegion(QPointF anchor, QPointF cursor, bool timeOnly, const SoundField& field) {
    Box box = timeRegion(anchor.x(), cursor.x(), field);
    if (timeOnly) return box;
    box.top = wholeHz(std::min(anchor.y(), cursor.y()), field);
    box.bottom = wholeHz(std::max(anchor.y(), cursor.y()), field);
    return box;
}

Box resizedRegion(const Box& region, canvas::BoxPart part, QPointF from, QPointF to, bool timeOnly,
                  const SoundField& field) {
    if (part == canvas::BoxPart::Body) return movedRegions({region}, from, to, timeOnly, field).front();
    Box out = region;
    const double frames = to.x() - from.x();
    if (canvas::movesLeft(part)) out.left = wholeFrame(out.left + frames, field);
    if (canvas::movesRight(part)) out.right = wholeFrame(out.right + frames, field);
    if (!timeOnly) {
        const double steps = warpedDelta(from, to, field);
        if (canvas::movesTop(part)) out.bottom = shiftedHz(out.bottom, steps, field);
        if (canvas::movesBottom(part)) out.top = shiftedHz(out.top, steps, field);
    }
    return out.normalised();
}

std::vector<Box> movedRegions(std::vector<Box> regions, QPointF from, QPointF to, bool timeOnly,
                              const SoundField& field) {
    if (regions.empty()) return regions;
    Box hull = regions.front();
    for (const Box& r : regions) {
        hull = {std::min(hull.left, r.left), std::min(hull.top, r.top), std::max(hull.right, r.right),
                std::max(hull.bottom, r.bottom)};
    }
    const double frames = std::clamp(std::round(to.x() - from.x()), std::min(-hull.left, 0.0),
                                     std::max(static_cast<double>(field.frames) - hull.right, 0.0));
    const FrequencyAxis& axis = field.frequencies;
    const double room = std::max(axis.warped(axis.nyquist()) - axis.warped(hull.bottom), 0.0);
    const double steps =
        timeOnly ? 0.0 : std::clamp(warpedDelta(from, to, field), -std::max(axis.warped(hull.top), 0.0), room);
    const auto shifted = [&](double edge) { return frames == 0.0 ? edge : wholeFrame(edge + frames, field); };
    for (Box& r : regions)
        r = {shifted(r.left), shiftedHz(r.top, steps, field), shifted(r.right), shiftedHz(r.bottom, steps, field)};
    return regions;
}

Box nudgedRegion(Box region, canvas::BoxPart edge, double delta, const SoundField& field) {
    // An edge that is nearer to its opposite already may stay there.
    if (edge == canvas::BoxPart::Left) {
        region.left = std::min(wholeFrame(region.left + delta, field),
                               std::max(region.right - canvas::kSmallestSide, region.left));
    } else if (edge == canvas::BoxPart::Right) {
        region.right = std::max(wholeFrame(region.right + delta, field),
                                std::min(region.left + canvas::kSmallestSide, region.right));
    } else if (edge == canvas::BoxPart::Bottom) {
        region.top =
            std::min(wholeHz(region.top + delta, field), std::max(region.bottom - canvas::kSmallestSide, region.top));
    } else if (edge == canvas::BoxPart::Top) {
        region.bottom = std::max(wholeHz(region.bottom + delta, field),
                                 std::min(region.top + canvas::kSmallestSide, region.bottom));
    }
    return region;
}

}  // namespace querent::widgets::audio

#pragma once

#include "engine/core/geometry.h"
#include "widgets/audio/time_axis.h"
#include "widgets/canvas/box_geometry.h"

#include <QPointF>

#include <vector>

namespace querent::widgets::audio {

/**
 * Regions of a sound are Boxes: left and right are edges between frames, whole numbers after every gesture; top is the
 * lowest and bottom the highest frequency in Hz, so top < bottom, and a higher frequency is drawn further up. Points
 * are (frame, Hz). A part of a region is named as it is seen: canvas::BoxPart::Top is the edge at the highest
 * frequency.
 */
struct SoundField {
    std::int64_t frames = 0;
    const FrequencyAxis& frequencies;  // its scale decides what an equal step up or down is
};

/** The whole band between two frames. */
Box timeRegion(double first, double last, const SoundField& field);
/** True when the region has no limits in frequency. */
bool isWholeBand(const Box& region, double nyquist);

/** What a drag from `anchor` to `cursor` describes; only its time counts where `timeOnly`. */
Box drawnRegion(QPointF anchor, QPointF cursor, bool timeOnly, const SoundField& field);
/** The region with the edges of `part` moved as the cursor moved; an edge dragged past its opposite turns it over. */
Box resizedRegion(const Box& region, canvas::BoxPart part, QPointF from, QPointF to, bool timeOnly,
                  const SoundField& field);
/** All moved together; the group stops when its first member touches the edge of the sound. */
std::vector<Box> movedRegions(std::vector<Box> regions, QPointF from, QPointF to, bool timeOnly,
                              const SoundField& field);

/** One key press on the Left, Right, Bottom or Top edge; it stops kSmallestSide before its opposite, and at the end. */
Box nudgedRegion(Box region, canvas::BoxPart edge, double delta, const SoundField& field);

}  // namespace querent::widgets::audio

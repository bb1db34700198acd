#pragma once

#include "widgets/audio/sound_gestures.h"
#include "widgets/canvas/box_ink.h"

#include <optional>

namespace querent::widgets::audio {

/** All that decides how regions, rulers and cursors look at one moment. */
struct SoundSight : canvas::SurfaceLook {
    const SoundPlane& sound;
    qint64 playhead = 0;
    RulerGesture::Loop loop{};
    std::optional<qint64> inPoint{};
    std::optional<QRectF> zoomBox{};  // viewport pixels
    QStringList laneNames{};          // of the waveform, top to bottom
};

/** Draws what lies on and around waveform and spectrogram. As CanvasPainter: what stays, and what moves. */
class SoundPainter {
 public:
    /** Rulers, loop, and all regions that are neither selected nor edited. */
    void paintStill(QPainter& painter, const SoundSight& sight);
    /** Selection with handles, hover, the gesture in flight, playhead, crosshair and its read-out. */
    void paintMoving(QPainter& painter, const SoundSight& sight);
    void clearCache() { m_ink.clearCache(); }

 private:
    using Placed = std::vector<std::pair<const canvas::CanvasBox*, QRectF>>;

    void paintTimeRuler(QPainter& painter, const SoundSight& sight);
    void paintFrequencyRuler(QPainter& painter, const SoundSight& sight);
    void paintLanes(QPainter& painter, const SoundSight& sight);
    void paintLoop(QPainter& painter, const SoundSight& sight);
    void paintRegions(QPainter& painter, const SoundSight& sight, SoundPane pane);
    void paintSelected(QPainter& painter, const SoundSight& sight, SoundPane pane);
    void paintHovered(QPainter& painter, const SoundSight& sight, SoundPane pane);
    void paintGesture(QPainter& painter, const SoundSight& sight, SoundPane pane);
    void paintStrips(QPainter& painter, const SoundSight& sight, const Placed& shown);
    void paintRim(QPainter& painter, const canvas::CanvasBox& box, const QRectF& rect, const SoundSight& sight,
                  std::size_t crowd);
    void paintTag(QPainter& painter, const canvas::CanvasBox& box, const QRectF& rect, const SoundSight& sight,
                  SoundPane pane, bool whole);
    void paintHandles(QPainter& painter, const QRectF& rect, const QColor& colour, bool timeOnly);
    void paintMarkers(QPainter& painter, const SoundSight& sight);
    void paintCrosshair(QPainter& painter, const SoundSight& sight);
    void paintChips(QPainter& painter, const SoundSight& sight);

    canvas::BoxInk m_ink;
};

}  // namespace querent::widgets::audio

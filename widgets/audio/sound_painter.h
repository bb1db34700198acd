#pragma once

#include "widgets/audio/sound_regions.h"
#include "widgets/canvas/box_ink.h"
#include "widgets/common/theme.h"

#include <optional>

namespace querent::widgets {

/** All that decides how regions, rulers and cursors look at one moment. */
struct SoundSight {
    const CanvasState& state;
    const SoundGesture& gesture;
    RegionMap map;
    const ThemeColours& theme;
    QFont font;
    int rate = 0;
    double deviceRatio = 1.0;
    bool labels = true;
    bool ghosts = true;
    bool patterns = false;
    bool timeOnly = false;  // no region can be limited in frequency
    bool crosshair = false;
    qint64 hovered = 0;
    qint64 playhead = 0;
    qint64 loopFirst = 0, loopLast = 0;  // none when equal
    std::optional<qint64> inPoint{};
    std::optional<QPointF> cursor{};  // viewport pixels
    std::optional<QRectF> zoomBox{};  // viewport pixels
    QString activeName{};
    QColor activeColour{};
    QStringList laneNames{};  // of the waveform, top to bottom
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
    using Placed = std::vector<std::pair<const CanvasBox*, QRectF>>;

    bool wants(const CanvasBox& box, const SoundSight& sight) const;
    void paintTimeRuler(QPainter& painter, const SoundSight& sight);
    void paintFrequencyRuler(QPainter& painter, const SoundSight& sight);
    void paintLanes(QPainter& painter, const SoundSight& sight);
    void paintLoop(QPainter& painter, const SoundSight& sight);
    void paintRegions(QPainter& painter, const SoundSight& sight, SoundPane pane);
    void paintSelected(QPainter& painter, const SoundSight& sight, SoundPane pane);
    void paintHovered(QPainter& painter, const SoundSight& sight, SoundPane pane);
    void paintGesture(QPainter& painter, const SoundSight& sight, SoundPane pane);
    void paintStrips(QPainter& painter, const SoundSight& sight, const Placed& shown);
    void paintRim(QPainter& painter, const CanvasBox& box, const QRectF& rect, const SoundSight& sight,
                  std::size_t crowd);
    void paintTag(QPainter& painter, const CanvasBox& box, const QRectF& rect, const SoundSight& sight, SoundPane pane,
                  bool whole);
    void paintHandles(QPainter& painter, const QRectF& rect, const QColor& colour, bool timeOnly);
    void paintMarkers(QPainter& painter, const SoundSight& sight);
    void paintCrosshair(QPainter& painter, const SoundSight& sight);
    void paintChips(QPainter& painter, const SoundSight& sight);

    BoxInk m_ink;
};

}  // namespace querent::widgets

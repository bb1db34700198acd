#pragma once

#include "engine/core/geometry.h"
#include "widgets/audio/time_axis.h"
#include "widgets/canvas/box_gesture.h"

#include <QHash>
#include <QPair>
#include <QPointF>
#include <QVector>

#include <optional>
#include <vector>

namespace querent::widgets {

/**
 * Regions of a sound are Boxes: left and right are edges between frames, whole numbers after every gesture; top is the
 * lowest and bottom the highest frequency in Hz, so top < bottom, and a higher frequency is drawn further up. Points
 * are (frame, Hz). A part of a region is named as it is seen: BoxPart::Top is the edge at the highest frequency.
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
Box resizedRegion(const Box& region, BoxPart part, QPointF from, QPointF to, bool timeOnly, const SoundField& field);
/** All moved together; the group stops when its first member touches the edge of the sound. */
std::vector<Box> movedRegions(std::vector<Box> regions, QPointF from, QPointF to, bool timeOnly,
                              const SoundField& field);

enum class RegionEdge { Start, End, Low, High };
/** One key press on an edge, by frames or Hz; it stops kSmallestSide before its opposite, and at the sound's end. */
Box nudgedRegion(Box region, RegionEdge edge, double delta, const SoundField& field);

/**
 * The gesture in flight on regions, without any widget: Idle -> Drawing | Editing | Banding -> Idle. It changes nothing
 * but its own preview.
 */
class SoundGesture {
 public:
    using Phase = GesturePhase;
    using Region = QPair<qint64, Box>;

    Phase phase() const { return m_phase; }
    void cancel();

    void startDrawing(QPointF anchor, bool timeOnly, const SoundField& field);
    void drawTo(QPointF cursor, bool timeOnly, const SoundField& field);
    /** The region being drawn, or the rubber band. */
    const Box& drawn() const { return m_drawn; }
    Box finishDrawing();
    void startBand(QPointF anchor, bool timeOnly, const SoundField& field);

    void startEditing(const QVector<Region>& regions, BoxPart part, QPointF press);
    void editTo(QPointF cursor, bool timeOnly, const SoundField& field);
    void nudgeBy(RegionEdge edge, double delta, const SoundField& field);
    BoxPart part() const { return m_part; }
    bool edits(qint64 id) const { return m_phase == Phase::Editing && m_now.contains(id); }
    /** The first edited region as it is now. */
    std::optional<Box> edited() const;
    Box shown(qint64 id, const Box& otherwise) const;
    /** True when a region that is edited is not among these any more. */
    template <typename Has>
    bool lost(const Has& has) const {
        return m_phase == Phase::Editing &&
               std::any_of(m_before.begin(), m_before.end(), [&](const Region& r) { return !has(r.first); });
    }
    /** Only those that changed. */
    QVector<Region> finishEditing();

 private:
    Phase m_phase = Phase::Idle;
    QPointF m_anchor;
    Box m_drawn;
    BoxPart m_part = BoxPart::Body;
    QVector<Region> m_before;
    QHash<qint64, Box> m_now;
};

}  // namespace querent::widgets

#pragma once

#include "engine/core/sound.h"
#include "widgets/audio/region_geometry.h"
#include "widgets/audio/sound_layout.h"
#include "widgets/canvas/surface_plane.h"

namespace querent::widgets::audio {

/** The two pictures of a sound that regions are drawn on. */
enum class SoundPane { Waveform, Spectrogram };

/**
 * Frames and Hz of a sound, seen on two panes over one time axis. A waveform knows time only: a region is a strip of
 * its whole height there, and a gesture that began on it changes no frequency.
 */
class SoundPlane : public canvas::SurfacePlane {
 public:
    SoundShape shape;
    TimeAxis time;
    FrequencyAxis frequencies;
    SoundLayout layout;
    bool timeOnly = false;                 // no region can be limited in frequency
    SoundPane pane = SoundPane::Waveform;  // where the gesture in flight began

    std::optional<SoundPane> paneAt(QPointF viewport) const;
    const QRectF& paneRect(SoundPane pane) const {
        return pane == SoundPane::Waveform ? layout.waveform : layout.spectrogram;
    }
    QPointF toViewport(QPointF sound) const {
        return {layout.panes().left() + time.xOf(sound.x()), frequencies.yOf(sound.y())};
    }
    /** Where a region is drawn: cut off a little outside the pane, as painters cannot count in millions. */
    QRectF rectOf(const Box& region, SoundPane pane) const;
    SoundField field() const { return {shape.frames, frequencies}; }
    /** The edge at `x`, inside the sound. */
    std::int64_t wholeFrameAt(double x) const { return time.wholeFrameAt(x - layout.panes().left()); }
    /** Regions or view changed. */
    void invalidate();

    bool hasMedium() const override { return !shape.empty(); }
    QPointF toPoint(QPointF viewport) const override {
        return {time.frameAt(viewport.x() - layout.panes().left()), frequencies.hzAt(viewport.y())};
    }
    std::optional<canvas::Hit> hitAt(const canvas::CanvasState& state, QPointF viewport, bool ignoreSelection) override;
    /** Shift, here and below: its time only. */
    Box drawn(QPointF from, QPointF to, Qt::KeyboardModifiers keys) const override;
    std::vector<Box> dragged(std::vector<Box> boxes, canvas::BoxPart part, QPointF from, QPointF to,
                             Qt::KeyboardModifiers keys) const override;
    std::vector<Box> nudged(std::vector<Box> boxes, canvas::BoxPart part, QPointF step) const override;
    Box band(QPointF from, QPointF to) const override { return drawn(from, to, {}); }
    /** A region of the whole band is never inside in frequency: its time alone counts. */
    bool isInBand(const Box& box, const Box& band) const override;
    QString tooSmall(bool change) const override;

 private:
    /** The regions on a pane as hit_test.h wants them: boxes on screen. */
    struct OnScreen {
        std::vector<canvas::CanvasBox> boxes;
        std::vector<std::size_t> byArea;
        bool stale = true;
    };

    void refresh(OnScreen& regions, const canvas::CanvasState& state, bool strips) const;
    bool changesTimeOnly(Qt::KeyboardModifiers keys) const;

    OnScreen m_onWaves, m_onSpectrum;
};

}  // namespace querent::widgets::audio

#pragma once

#include "widgets/audio/sound_gesture.h"
#include "widgets/audio/sound_layout.h"
#include "widgets/canvas/canvas_state.h"

namespace querent::widgets {

/** The two pictures of a sound that regions are drawn on. */
enum class SoundPane { Waveform, Spectrogram };

/** Maps regions to a pane. A waveform knows time only: a region is a strip of its whole height there. */
struct RegionMap {
    const TimeAxis& time;
    const FrequencyAxis& frequencies;
    const SoundLayout& layout;

    QPointF toScreen(QPointF sound) const {
        return {layout.panes().left() + time.xOf(sound.x()), frequencies.yOf(sound.y())};
    }
    QPointF toSound(QPointF screen) const {
        return {time.frameAt(screen.x() - layout.panes().left()), frequencies.hzAt(screen.y())};
    }
    const QRectF& paneRect(SoundPane pane) const {
        return pane == SoundPane::Waveform ? layout.waveform : layout.spectrogram;
    }
    /** Where a region is drawn: cut off a little outside the pane, as painters cannot count in millions. */
    QRectF rectOf(const Box& region, SoundPane pane) const;
};

/**
 * The regions as hit_test.h wants them: boxes on screen. Those that only have edges in time reach far above and below,
 * so that no corner of theirs is ever under the cursor.
 */
class ScreenRegions {
 public:
    void invalidate() { m_stale = true; }
    /** Kept until invalidate(). */
    void refresh(const CanvasState& state, const RegionMap& map, SoundPane pane, bool timeOnly);
    const std::vector<CanvasBox>& boxes() const { return m_boxes; }
    const std::vector<std::size_t>& byArea() const { return m_byArea; }

 private:
    std::vector<CanvasBox> m_boxes;
    std::vector<std::size_t> m_byArea;
    bool m_stale = true;
};

}  // namespace querent::widgets

#include "widgets/audio/sound_painter.h"

#include <QFontMetricsF>
#include <QPolygonF>

#include <cmath>

namespace querent::widgets::audio {

namespace {

constexpr std::size_t kHaloUpTo = 24;  // regions; with more, the dark rim costs a frame its time
constexpr double kStrip = 56.0;        // logical pixels: a whole number of dashes, dots and hatches
constexpr double kTintFrom = 5.0;      // logical pixels; narrower strips of the waveform are nearly all rim
constexpr double kTagFrom = 22.0;      // logical pixels; narrower regions show their name on hover
constexpr double kTickRoom = 64.0;     // from one time on the ruler to the next
constexpr double kHandleRoom = 6.0;    // by which handles may reach out of the pane
const QColor kPlayhead(0xff, 0x4d, 0x4d);

/** Puts the clip of a pane around what is drawn. */
class PaneClip {
 public:
    PaneClip(QPainter& painter, const QRectF& pane, double room = 0.0) : m_painter(painter) {
        m_painter.save();
        m_painter.setClipRect(pane.adjusted(-room, -room, room, room), Qt::IntersectClip);
    }
    ~PaneClip() { m_painter.restore(); }
    Q_DISABLE_COPY_MOVE(PaneClip)

 private:
    QPainter& m_painter;
};

QFont smallFont(const QFont& base) {
    QFont font = base;
    font.setPointSizeF(std::max(7.0, base.pointSizeF() * 0.85));
    return font;
}

// A strip has no upper and lower rim: they are drawn out of sight.
QRectF rimmed(const QRectF& rect, SoundPane pane) {
    return pane == SoundPane::Waveform ? rect.adjusted(0, -8, 0, 8) : rect;
}

/** A dark plate with white text on a ruler, centred at `at`, kept inside `room`. */
void plate(QPainter& painter, QPointF at, const QString& text, const QRectF& room, const QFont& font) {
    const QFontMetricsF metrics(font);
    QRectF r(0, 0, std::ceil(metrics.horizontalAdvance(text)) + 8.0, std::ceil(metrics.height()) + 2.0);
    r.moveCenter(at);
    r.moveLeft(std::clamp(r.left(), room.left(), std::max(room.left(), room.right() - r.width())));
    r.moveTop(std::clamp(r.top(), room.top(), std::max(room.top(), room.bottom() - r.height())));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(18, 21, 28, 235));
    painter.drawRoundedRect(r, 3, 3);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(Qt::white);
    painter.setFont(font);
    painter.drawText(r, Qt::AlignCenter, text);
}

std::vector<SoundPane> panesOf(const SoundSight& sight) {
    std::vector<SoundPane> panes;
    if (!sight.sound.layout.waveform.isEmpty()) panes.push_back(SoundPane::Waveform);
    if (!sight.sound.layout.spectrogram.isEmpty()) panes.push_back(SoundPane::Spectrogram);
    return panes;
}

/** Names stand once: on the spectrogram, or on the waveform where there is none. */
bool carriesTags(const SoundSight& sight, SoundPane pane) {
    return pane == SoundPane::Spectrogram || sight.sound.layout.spectrogram.isEmpty();
}

}  // namespace

void SoundPainter::paintStill(QPainter& painter, const SoundSight& sight) {
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintLoop(painter, sight);
    for (const SoundPane pane : panesOf(sight))
        paintRegions(painter, sight, pane);
    paintLanes(painter, sight);
    paintTimeRuler(painter, sight);
    paintFrequencyRuler(painter, sight);
    painter.fillRect(sight.sound.layout.splitter, sight.theme.border);
}

void SoundPainter::paintTimeRuler(QPainter& painter, const SoundSight& sight) {
    const QRectF r = sight.sound.layout.timeRuler;
    painter.fillRect(QRectF(0, r.top(), r.right(), r.height()), sight.theme.surface);
    painter.fillRect(QRectF(0, r.bottom() - 1, r.right(), 1), sight.theme.border);
    const QFont font = smallFont(sight.font);
    const QFontMetricsF metrics(font);
    const double longest = static_cast<double>(sight.sound.time.frames()) / std::max(sight.sound.shape.rate, 1);
    const int decimals = tickDecimals(sight.sound.time, sight.sound.shape.rate, kTickRoom);
    const double widest = metrics.horizontalAdvance(timeText(longest, timeFormatFor(longest), decimals));
    const PaneClip clip(painter, r);
    painter.setFont(font);
    painter.setPen(sight.theme.textMuted);
    for (const Tick& tick : timeTicks(sight.sound.time, sight.sound.shape.rate, std::max(widest + 24.0, kTickRoom))) {
        const double x = std::round(r.left() + sight.sound.time.xOf(tick.value));
        const double length = tick.text.isEmpty() ? 4.0 : 8.0;
        painter.fillRect(QRectF(x, r.bottom() - 1 - length, 1, length), sight.theme.borderStrong);
        if (!tick.text.isEmpty()) painter.drawText(QPointF(x + 4, r.top() + 3 + metrics.ascent()), tick.text);
    }
    if (sight.loop.first >= sight.loop.last) return;
    const double left = r.left() + std::max(sight.sound.time.xOf(static_cast<double>(sight.loop.first)), -8.0);
    const double right =
        r.left() + std::min(sight.sound.time.xOf(static_cast<double>(sight.loop.last)), r.width() + 8.0);
    painter.fillRect(QRectF(left, r.bottom() - 5, right - left, 4), sight.theme.accent);
}

void SoundPainter::paintFrequencyRuler(QPainter& painter, const SoundSight& sight) {
    const QRectF r = sight.sound.layout.frequencyRuler;
    if (r.isEmpty()) return;
    painter.fillRect(r, sight.theme.surface);
    painter.fillRect(QRectF(r.right() - 1, r.top(), 1, r.height()), sight.theme.border);
    const QFont font = smallFont(sight.font);
    const QFontMetricsF metrics(font);
    const PaneClip clip(painter, r);
    painter.setFont(font);
    painter.setPen(sight.theme.textMuted);
    for (const Tick& tick : frequencyTicks(sight.sound.frequencies, metrics.height() + 10.0)) {
        const double y = std::round(sight.sound.frequencies.yOf(tick.value));
        const double length = tick.text.isEmpty() ? 3.0 : 6.0;
        const double line = std::clamp(y, r.top(), r.bottom() - 1);
        painter.fillRect(QRectF(r.right() - 1 - length, line, length, 1), sight.theme.borderStrong);
        // The outermost texts move inward instead of being cut.
        const double half = 0.5 * metrics.height();
        const double middle = std::clamp(y, r.top() + half, r.bottom() - half);
        painter.drawText(QRectF(r.left(), middle - half, r.width() - 10, 2 * half), Qt::AlignRight | Qt::AlignVCenter,
                         tick.text);
    }
}

void SoundPainter::paintLanes(QPainter& painter, const SoundSight& sight) {
    const QRectF wave = sight.sound.layout.waveform;
    if (wave.isEmpty()) return;
    const QRectF r(0, wave.top(), wave.left(), wave.height());
    painter.fillRect(r, sight.theme.surface);
    painter.fillRect(QRectF(r.right() - 1, r.top(), 1, r.height()), sight.theme.border);
    painter.setFont(smallFont(sight.font));
    painter.setPen(sight.theme.textMuted);
    const double height = r.height() / static_cast<double>(std::max<qsizetype>(sight.laneNames.size(), 1));
    for (qsizetype i = 0; i < sight.laneNames.size(); ++i) {
        const QRectF lane(r.left(), r.top() + static_cast<double>(i) * height, r.width() - 10, height);
        painter.drawText(lane, Qt::AlignRight | Qt::AlignVCenter, sight.laneNames[i]);
    }
}

void SoundPainter::paintLoop(QPainter& painter, const SoundSight& sight) {
    if (sight.loop.first >= sight.loop.last) return;
    for (const SoundPane pane : panesOf(sight)) {
        const QRectF area = sight.sound.paneRect(pane);
        const Box loop{static_cast<double>(sight.loop.first), 0, static_cast<double>(sight.loop.last), 1};
        const QRectF in = sight.sound.rectOf(loop, pane);
        const PaneClip clip(painter, area);
        // What is outside the loop is dimmed: a tint inside would change the colours that people read.
        // Grey on the spectrogram: its colour maps are dark or bright whatever the theme is.
        const bool wave = pane == SoundPane::Waveform;
        const QColor dim = wave ? canvas::faded(sight.theme.canvas, 150) : QColor(96, 100, 110, 140);
        painter.fillRect(QRectF(area.topLeft(), QPointF(in.left(), area.bottom())), dim);
        painter.fillRect(QRectF(QPointF(in.right(), area.top()), area.bottomRight()), dim);
    }
}

void SoundPainter::paintRegions(QPainter& painter, const SoundSight& sight, SoundPane pane) {
    const QRectF area = sight.sound.paneRect(pane);
    const PaneClip clip(painter, area);
    Placed shown;
    const auto& order = sight.state.byArea();
    for (auto i = order.rbegin(); i != order.rend(); ++i) {
        const canvas::CanvasBox& box = sight.state.boxes()[*i];
        if (!sight.shows(box) || sight.state.selected().contains(box.id)) continue;
        const QRectF rect = canvas::snapped(sight.sound.rectOf(box.box, pane));
        if (rect.intersects(area.adjusted(-2, -2, 2, 2))) shown.emplace_back(&box, rect);
    }
    if (pane == SoundPane::Waveform) {
        paintStrips(painter, sight, shown);
    } else {
        for (const auto& [box, rect] : shown)
            paintRim(painter, *box, rect, sight, shown.size());
    }
    if (!carriesTags(sight, pane)) return;
    for (const auto& [box, rect] : shown) {
        if (rect.width() >= kTagFrom || shown.size() <= 12) paintTag(painter, *box, rect, sight, pane, false);
    }
}

void SoundPainter::paintRim(QPainter& painter, const canvas::CanvasBox& box, const QRectF& rect,
                            const SoundSight& sight, std::size_t crowd) {
    if (sight.patterns && !box.ghost)
        painter.fillRect(rect, QBrush(canvas::faded(box.colour, 110), canvas::patternOf(box.label)));
    m_ink.outline(painter, rect, box.colour, {2.0, crowd <= kHaloUpTo && !box.ghost, box.ghost, box.difficult});
}

// On the waveform a region looks the same from top to bottom: all are drawn on one low strip, and that is repeated.
// Tall translucent fills, one for each of hundreds of regions, would take longer than a frame.
void SoundPainter::paintStrips(QPainter& painter, const SoundSight& sight, const Placed& shown) {
    if (shown.empty()) return;
    const QRectF area = sight.sound.layout.waveform;
    QPixmap strip((QSizeF(area.width(), kStrip) * sight.deviceRatio).toSize());
    strip.setDevicePixelRatio(sight.deviceRatio);
    strip.fill(Qt::transparent);
    {
        QPainter onStrip(&strip);
        onStrip.translate(-area.left(), 0.0);
        for (const auto& [box, rect] : shown) {
            const QRectF part(rect.left(), -8.0, rect.width(), kStrip + 16.0);
            if (rect.width() >= kTintFrom) onStrip.fillRect(part, canvas::faded(box->colour, box->ghost ? 28 : 56));
            paintRim(onStrip, *box, part, sight, shown.size());
        }
    }
    painter.drawTiledPixmap(area, strip);
}

void SoundPainter::paintTag(QPainter& painter, const canvas::CanvasBox& box, const QRectF& rect,
                            const SoundSight& sight, SoundPane pane, bool whole) {
    const QRectF area = sight.sound.paneRect(pane);
    canvas::BoxInk::TagLook look{sight.font, sight.deviceRatio};
    look.top = area.top();
    look.left = area.left();
    // Regions stand side by side: a long name must not run over its neighbour.
    if (!whole) look.maxWidth = std::max(rect.right() - std::max(rect.left(), area.left()), 48.0);
    m_ink.paintTag(painter, box, rect, look);
}

void SoundPainter::paintHandles(QPainter& painter, const QRectF& rect, const QColor& colour, bool timeOnly) {
    if (!timeOnly) return canvas::BoxInk::paintHandles(painter, rect, colour);
    for (const double x : {rect.left(), rect.right()})
        canvas::BoxInk::paintHandle(painter, {x, rect.center().y()}, colour);
}

void SoundPainter::paintMoving(QPainter& painter, const SoundSight& sight) {
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const SoundPane pane : panesOf(sight)) {
        paintHovered(painter, sight, pane);
        paintSelected(painter, sight, pane);
        paintGesture(painter, sight, pane);
    }
    if (sight.zoomBox) {
        painter.fillRect(*sight.zoomBox, canvas::faded(sight.theme.accent, 40));
        canvas::frame(painter, canvas::snapped(*sight.zoomBox), 1.0, QColor(Qt::white));
    }
    paintCrosshair(painter, sight);
    paintMarkers(painter, sight);
    paintChips(painter, sight);
}

void SoundPainter::paintHovered(QPainter& painter, const SoundSight& sight, SoundPane pane) {
    const canvas::CanvasBox* box = sight.hoveredBox();
    if (!box) return;
    const PaneClip clip(painter, sight.sound.paneRect(pane));
    const QRectF rect = canvas::snapped(sight.sound.rectOf(box->box, pane));
    painter.fillRect(rect, canvas::faded(box->colour, 38));
    canvas::frame(painter, rimmed(rect, pane).adjusted(-1, -1, 1, 1), 1.0, QColor(255, 255, 255, 200));
    if (carriesTags(sight, pane)) paintTag(painter, *box, rect, sight, pane, true);
}

void SoundPainter::paintSelected(QPainter& painter, const SoundSight& sight, SoundPane pane) {
    for (const canvas::CanvasBox& box : sight.state.boxes()) {
        if (!sight.state.selected().contains(box.id) || !sight.shows(box)) continue;
        const QRectF rect = canvas::snapped(sight.sound.rectOf(sight.preview.boxOf(box), pane));
        {
            const PaneClip clip(painter, sight.sound.paneRect(pane));
            painter.fillRect(rect, canvas::faded(box.colour, pane == SoundPane::Waveform ? 80 : 46));
            const QRectF rim = rimmed(rect, pane);
            canvas::frame(painter, rim.adjusted(-2, -2, 2, 2), 1.0, QColor(0, 0, 0, 170));
            canvas::frame(painter, rim.adjusted(-1, -1, 1, 1), 1.0, QColor(Qt::white));
            m_ink.outline(painter, rim, box.colour, {2.0, false, box.ghost, box.difficult});
            if (carriesTags(sight, pane)) paintTag(painter, box, rect.adjusted(0, -4, 0, 0), sight, pane, true);
        }
        const PaneClip clip(painter, sight.sound.paneRect(pane), kHandleRoom);
        const bool timeOnly = pane == SoundPane::Waveform || sight.sound.timeOnly;
        if (!box.locked) paintHandles(painter, rect, box.colour, timeOnly);
    }
}

void SoundPainter::paintGesture(QPainter& painter, const SoundSight& sight, SoundPane pane) {
    const bool band = sight.preview.kind == canvas::GesturePreview::Kind::Band;
    if (!sight.draws() && !band) return;
    const QColor colour = band ? sight.theme.accent : sight.activeColour;
    const PaneClip clip(painter, sight.sound.paneRect(pane));
    const QRectF rect = canvas::snapped(sight.sound.rectOf(sight.preview.box, pane));
    painter.fillRect(rect, canvas::faded(colour, 60));
    m_ink.outline(painter, rimmed(rect, pane), colour, {band ? 1.0 : 2.0, !band, false, false});
}

void SoundPainter::paintMarkers(QPainter& painter, const SoundSight& sight) {
    const QRectF panes = sight.sound.layout.panes();
    const QRectF ruler = sight.sound.layout.timeRuler;
    const PaneClip clip(painter, ruler.united(panes));
    if (sight.inPoint) {
        const double x = std::round(panes.left() + sight.sound.time.xOf(static_cast<double>(*sight.inPoint)));
        painter.fillRect(QRectF(x, panes.top(), 2, panes.height()), sight.activeColour);
        painter.fillRect(QRectF(x, panes.top(), 8, 2), sight.activeColour);
        painter.fillRect(QRectF(x, panes.bottom() - 2, 8, 2), sight.activeColour);
    }
    const double x = std::round(panes.left() + sight.sound.time.xOf(static_cast<double>(sight.playhead)));
    if (x < panes.left() - 8 || x > panes.right() + 8) return;
    // Dark beside light: seen on every colour map.
    painter.fillRect(QRectF(x - 1, panes.top(), 3, panes.height()), QColor(0, 0, 0, 110));
    painter.fillRect(QRectF(x, ruler.bottom() - 6, 1, panes.bottom() - ruler.bottom() + 6), kPlayhead);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(kPlayhead);
    const double y = ruler.bottom() - 1;
    painter.drawPolygon(QPolygonF{{x - 5, y - 8}, {x + 6, y - 8}, {x + 6, y - 5}, {x + 0.5, y}, {x - 5, y - 5}});
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void SoundPainter::paintCrosshair(QPainter& painter, const SoundSight& sight) {
    const QRectF panes = sight.sound.layout.panes();
    if (!sight.cursor || !panes.contains(*sight.cursor)) return;
    const double x = std::round(sight.cursor->x());
    const double y = std::round(sight.cursor->y());
    const bool pitch = sight.sound.layout.spectrogram.contains(*sight.cursor);
    if (sight.crosshair) {
        painter.fillRect(QRectF(x, panes.top(), 1, panes.height()), QColor(255, 255, 255, 170));
        painter.fillRect(QRectF(x + 1, panes.top(), 1, panes.height()), QColor(0, 0, 0, 130));
        if (pitch) {
            painter.fillRect(QRectF(panes.left(), y, panes.width(), 1), QColor(255, 255, 255, 170));
            painter.fillRect(QRectF(panes.left(), y + 1, panes.width(), 1), QColor(0, 0, 0, 130));
        }
    }
    const QPointF at = sight.sound.toPoint(*sight.cursor);
    const double longest = static_cast<double>(sight.sound.time.frames()) / std::max(sight.sound.shape.rate, 1);
    const double frames = std::clamp(std::round(at.x()), 0.0, static_cast<double>(sight.sound.time.frames()));
    const double seconds = frames / std::max(sight.sound.shape.rate, 1);
    const QFont font = smallFont(sight.font);
    const QRectF ruler = sight.sound.layout.timeRuler;
    plate(painter, {x, ruler.center().y() - 1}, timeText(seconds, timeFormatFor(longest), 3), ruler, font);
    if (!pitch) return;
    const QRectF side = sight.sound.layout.frequencyRuler;
    plate(painter, {side.center().x(), y}, frequencyText(at.y()), side, font);
}

void SoundPainter::paintChips(QPainter& painter, const SoundSight& sight) {
    if (!sight.cursor) return;
    const bool drawing = sight.draws();
    if (!drawing && sight.preview.kind != canvas::GesturePreview::Kind::Editing) return;
    const Box& live = sight.preview.box;
    QString text = QStringLiteral("%1 s").arg(live.width() / std::max(sight.sound.shape.rate, 1), 0, 'f', 3);
    if (!isWholeBand(live, sight.sound.frequencies.nyquist()))
        text += QStringLiteral(" × ") + frequencyText(live.height());
    if (drawing && !sight.activeName.isEmpty()) text = sight.activeName + QStringLiteral("   ") + text;
    const QRectF panes = sight.sound.layout.panes();
    canvas::paintChip(painter, *sight.cursor + QPointF(14, 14), text, drawing ? sight.activeColour : QColor(),
                      {sight.font, QSizeF(panes.right(), panes.bottom())});
}

}  // namespace querent::widgets::audio

#include "widgets/audio/time_axis.h"

#include <algorithm>
#include <cmath>

namespace querent::widgets::audio {

namespace {

constexpr double kLeastBand = 1.0 / 64.0;  // of the whole range, how near one may look at the frequencies

/** Bends Hz to log(1 + f / corner): linear below the corner, logarithmic above, and 0 stays 0. */
double cornerOf(FrequencyScale scale) {
    // The corner of the mel scale after O'Shaughnessy, Speech Communication (1987).
    return scale == FrequencyScale::Mel ? 700.0 : 40.0;
}

}  // namespace

void TimeAxis::setSound(std::int64_t frames) {
    m_frames = std::max<std::int64_t>(frames, 0);
    fit();
}

void TimeAxis::setView(double width, double deviceRatio) {
    const bool fitted = isFitted();
    m_width = std::max(width, 1.0);
    m_ratio = std::max(deviceRatio, 0.25);
    if (fitted) return fit();
    settle();
}

std::int64_t TimeAxis::firstDevicePixel() const {
    return std::llround(m_origin / framesPerDevicePixel());
}

std::int64_t TimeAxis::wholeFrameAt(double x) const {
    return std::clamp<std::int64_t>(std::llround(frameAt(x)), 0, m_frames);
}

double TimeAxis::lastVisible() const {
    return std::min(frameAt(m_width), static_cast<double>(m_frames));
}

double TimeAxis::most() const {
    return std::max(static_cast<double>(m_frames), 1.0) / m_width;
}

double TimeAxis::least() const {
    return std::min(1.0 / kMostPixelsPerFrame, most());
}

bool TimeAxis::isFitted() const {
    return m_perPixel >= most() * (1.0 - 1e-9);
}

void TimeAxis::fit() {
    m_perPixel = most();
    m_origin = 0.0;
}

void TimeAxis::zoomTo(double framesPerPixel, double x) {
    const double fixed = frameAt(x);
    m_perPixel = std::clamp(framesPerPixel, least(), most());
    m_origin = fixed - x * m_perPixel;
    settle();
}

void TimeAxis::panBy(double dx) {
    m_origin -= dx * m_perPixel;
    settle();
}

void TimeAxis::scrollTo(double firstFrame) {
    m_origin = firstFrame;
    settle();
}

void TimeAxis::show(double firstFrame, double lastFrame) {
    m_perPixel = std::clamp((lastFrame - firstFrame) / m_width, least(), most());
    m_origin = 0.5 * (firstFrame + lastFrame - m_width * m_perPixel);
    settle();
}

void TimeAxis::ensureVisible(double firstFrame, double lastFrame, double margin) {
    const double from = xOf(firstFrame) - margin;
    const double to = xOf(lastFrame) + margin;
    if (from < 0.0 || to - from > m_width) {
        panBy(-from);
    } else if (to > m_width) {
        panBy(m_width - to);
    }
}

void TimeAxis::settle() {
    m_perPixel = std::clamp(m_perPixel, least(), most());
    const double grid = framesPerDevicePixel();
    // The last whole step at which the view is still full; rounding up could show nothing behind the end.
    const double last = std::floor((static_cast<double>(m_frames) - m_width * m_perPixel) / grid + 1e-6);
    const double step = std::round(m_origin / grid);
    m_origin = std::clamp(step, 0.0, std::max(last, 0.0)) * grid;
}

void FrequencyAxis::setSound(double nyquist) {
    m_nyquist = std::max(nyquist, 1.0);
    fit();
}

void FrequencyAxis::setView(double top, double height) {
    m_top = top;
    m_height = std::max(height, 1.0);
}

void FrequencyAxis::setScale(FrequencyScale scale) {
    const double low = lowest();
    const double high = highest();
    const bool fitted = isFitted();
    m_scale = scale;
    if (fitted) return fit();
    show(low, high);
}

double FrequencyAxis::warped(double hz) const {
    if (m_scale == FrequencyScale::Linear) return hz;
    return std::log1p(std::max(hz, 0.0) / cornerOf(m_scale));
}

double FrequencyAxis::unwarped(double position) const {
    if (m_scale == FrequencyScale::Linear) return position;
    return cornerOf(m_scale) * std::expm1(position);
}

double FrequencyAxis::yOf(double hz) const {
    return m_top + m_height * (m_high - warped(hz)) / (m_high - m_low);
}

double FrequencyAxis::hzAt(double y) const {
    const double position = m_high - (y - m_top) / m_height * (m_high - m_low);
    return std::clamp(unwarped(position), 0.0, m_nyquist);
}

bool FrequencyAxis::isFitted() const {
    return m_high - m_low >= warped(m_nyquist) * (1.0 - 1e-9);
}

void FrequencyAxis::fit() {
    m_low = 0.0;
    m_high = warped(m_nyquist);
}

void FrequencyAxis::zoomBy(double factor, double y) {
    const double part = std::clamp((y - m_top) / m_height, 0.0, 1.0);
    const double whole = warped(m_nyquist);
    const double span = std::clamp((m_high - m_low) / factor, kLeastBand * whole, whole);
    const double fixed = m_high - part * (m_high - m_low);
    settle(fixed - (1.0 - part) * span, span);
}

void FrequencyAxis::panBy(double dy) {
    const double span = m_high - m_low;
    settle(m_low + dy / m_height * span, span);
}

void FrequencyAxis::show(double lowHz, double highHz) {
    const double whole = warped(m_nyquist);
    const double low = warped(lowHz);
    const double span = std::clamp(warped(highHz) - low, kLeastBand * whole, whole);
    settle(low, span);
}

void FrequencyAxis::settle(double low, double span) {
    m_low = std::clamp(low, 0.0, std::max(warped(m_nyquist) - span, 0.0));
    m_high = m_low + span;
}

}  // namespace querent::widgets::audio

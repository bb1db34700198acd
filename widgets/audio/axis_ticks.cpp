#include "widgets/audio/time_axis.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace querent::widgets::audio {

namespace {

constexpr double kLeastMarks = 3.0;  // logical pixels between marks without a text

/** The least of 1, 2, 5 times a power of ten that is not below `least`. */
double decimalStep(double least) {
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= least * (1.0 - 1e-9)) return factor * power;
    }
    return 10.0 * power;
}

/** Below a second in decimal steps, above in those of a clock. */
double clockStep(double least) {
    if (least < 1.0) return decimalStep(least);
    constexpr std::array kSteps = {1.0,   2.0,   5.0,    10.0,   15.0,   30.0,    60.0,    120.0,   300.0,
                                   600.0, 900.0, 1800.0, 3600.0, 7200.0, 10800.0, 21600.0, 43200.0, 86400.0};
    const auto* const found = std::lower_bound(kSteps.begin(), kSteps.end(), least);
    return found == kSteps.end() ? 86400.0 * std::ceil(least / 86400.0) : *found;
}

int decimalsOf(double step) {
    if (step >= 1.0) return 0;
    return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 1, 6);
}

int smallMarks(double step) {
    // A step of 2 or 15 has no five equal parts that a clock knows.
    const double lead = step >= 1.0 ? step : step / std::pow(10.0, std::floor(std::log10(step)));
    if (std::abs(lead - 2.0) < 1e-6) return 4;
    if (step == 15.0 || step == 900.0) return 3;
    if (step == 30.0 || step == 60.0 || step == 1800.0 || step == 3600.0) return 6;
    return 5;
}

QString frequencyTick(double hz) {
    if (hz < 1000.0) return QString::number(hz, 'g', 6);
    return QString::number(hz / 1000.0, 'g', 6) + QLatin1Char('k');
}

std::vector<Tick> linearTicks(const FrequencyAxis& axis, double leastPixels) {
    std::vector<Tick> ticks;
    const double step = decimalStep(leastPixels * (axis.highest() - axis.lowest()) / axis.height());
    const double small = step / 5.0;
    const auto first = static_cast<std::int64_t>(std::ceil(axis.lowest() / small - 1e-6));
    const auto last = static_cast<std::int64_t>(std::floor(axis.highest() / small + 1e-6));
    for (std::int64_t i = first; i <= last; ++i) {
        const double hz = static_cast<double>(i) * small;
        ticks.push_back({hz, i % 5 == 0 ? frequencyTick(hz) : QString()});
    }
    return ticks;
}

/** 1, 2, 5 times powers of ten, as long as they do not crowd; the marks between get no text. */
std::vector<Tick> bentTicks(const FrequencyAxis& axis, double leastPixels) {
    std::vector<Tick> ticks;
    double lastText = axis.top() + axis.height() + leastPixels;
    double lastMark = lastText;
    const auto offer = [&](double hz, bool text) {
        if (hz < axis.lowest() || hz > axis.highest()) return;
        const double y = axis.yOf(hz);
        const bool room = text && lastText - y >= leastPixels;
        if (!room && lastMark - y < kLeastMarks) return;
        if (room) lastText = y;
        lastMark = y;
        ticks.push_back({hz, room ? frequencyTick(hz) : QString()});
    };
    offer(0.0, true);
    for (double power = 10.0; power < axis.highest(); power *= 10.0) {
        for (int i = 1; i < 10; ++i)
            offer(i * power, i == 1 || i == 2 || i == 5);
    }
    return ticks;
}

}  // namespace

TimeFormat timeFormatFor(double longestSeconds) {
    if (longestSeconds >= 3600.0) return TimeFormat::Hours;
    return longestSeconds >= 60.0 ? TimeFormat::Minutes : TimeFormat::Seconds;
}

QString timeText(double seconds, TimeFormat format, int decimals) {
    const double unit = std::pow(10.0, decimals);
    // A little more than the rounding of frame / rate, so that 0.3 is not shown as 0.299.
    const auto parts = static_cast<std::int64_t>(std::floor(std::max(seconds, 0.0) * unit + 1e-4));
    const auto perSecond = static_cast<std::int64_t>(unit);
    const std::int64_t whole = parts / perSecond;
    const QString fraction =
        decimals > 0 ? QStringLiteral(".%1").arg(parts % perSecond, decimals, 10, QLatin1Char('0')) : QString();
    if (format == TimeFormat::Seconds) return QString::number(whole) + fraction + QStringLiteral(" s");
    const QString clock = QStringLiteral("%1").arg(whole % 60, 2, 10, QLatin1Char('0')) + fraction;
    if (format == TimeFormat::Minutes) return QStringLiteral("%1:%2").arg(whole / 60).arg(clock);
    return QStringLiteral("%1:%2:%3").arg(whole / 3600).arg(whole / 60 % 60, 2, 10, QLatin1Char('0')).arg(clock);
}

int tickDecimals(const TimeAxis& axis, int rate, double leastPixels) {
    return rate > 0 ? decimalsOf(clockStep(leastPixels * axis.framesPerPixel() / rate)) : 0;
}

std::vector<Tick> timeTicks(const TimeAxis& axis, int rate, double leastPixels) {
    if (rate <= 0 || axis.frames() <= 0) return {};
    const double step = clockStep(leastPixels * axis.framesPerPixel() / rate);
    const int parts = smallMarks(step);
    const double small = step / parts;
    const TimeFormat format = timeFormatFor(static_cast<double>(axis.frames()) / rate);
    const auto first = static_cast<std::int64_t>(std::ceil(axis.firstVisible() / rate / small - 1e-6));
    const auto last = static_cast<std::int64_t>(std::floor(axis.lastVisible() / rate / small + 1e-6));
    std::vector<Tick> ticks;
    for (std::int64_t i = first; i <= last; ++i) {
        const double seconds = static_cast<double>(i) * small;
        const QString text = i % parts == 0 ? timeText(seconds, format, decimalsOf(step)) : QString();
        ticks.push_back({seconds * rate, text});
    }
    return ticks;
}

std::vector<Tick> frequencyTicks(const FrequencyAxis& axis, double leastPixels) {
    return axis.scale() == FrequencyScale::Linear ? linearTicks(axis, leastPixels) : bentTicks(axis, leastPixels);
}

QString frequencyText(double hz) {
    if (hz < 1000.0) return QStringLiteral("%1 Hz").arg(std::lround(hz));
    return QStringLiteral("%1 kHz").arg(hz / 1000.0, 0, 'f', 2);
}

}  // namespace querent::widgets::audio

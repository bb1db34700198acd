#include "engine/session/curve_picture.h"

#include "engine/core/files.h"
#include "engine/session/learning/learner.h"
#include "engine/session/measuring.h"

#include <algorithm>
#include <locale>
#include <sstream>

namespace querent::session {
namespace {

constexpr double kWidth = 720.0;
constexpr double kHeight = 420.0;
constexpr double kLeft = 64.0;
constexpr double kRight = 24.0;
constexpr double kTop = 44.0;
constexpr double kBottom = 52.0;

struct Axes {
    double mostLabels = 1.0;

    double x(double labels) const { return kLeft + (kWidth - kLeft - kRight) * labels / mostLabels; }
    static double y(double value) {
        return kHeight - kBottom - (kHeight - kTop - kBottom) * std::clamp(value, 0.0, 1.0);
    }
};

void drawAxes(std::ostream& svg, const Axes& axes) {
    for (int tenth = 0; tenth <= 10; tenth += 2) {
        const double y = Axes::y(tenth / 10.0);
        svg << "<line x1='" << kLeft << "' x2='" << kWidth - kRight << "' y1='" << y << "' y2='" << y
            << "' stroke='#d9dde3'/><text x='" << kLeft - 10 << "' y='" << y + 4 << "' text-anchor='end'>"
            << tenth / 10.0 << "</text>\n";
    }
    for (int quarter = 0; quarter <= 4; ++quarter) {
        const double labels = axes.mostLabels * quarter / 4.0;
        svg << "<text x='" << axes.x(labels) << "' y='" << kHeight - kBottom + 20 << "' text-anchor='middle'>"
            << static_cast<long>(labels) << "</text>\n";
    }
    svg << "<text x='" << kWidth / 2 << "' y='" << kHeight - 12 << "' text-anchor='middle'>labelled items</text>\n";
}

}  // namespace

std::vector<CurvePoint> learningCurve(const Project& project) {
    std::vector<CurvePoint> points;
    const auto metrics = project.metrics();
    const char* headline = learning::headlineMetric(project.settings());
    for (const RoundRecord& round : project.rounds()) {
        if (const auto metric = findMetric(metrics, round.model, Split::Val, headline)) {
            points.push_back({round, *metric});
        }
    }
    return points;
}

const char* titleOf(const Metric& headline) {
    if (headline.name == "map50") return "mAP@.5";
    return headline.name == "top1" ? "Top-1" : "mAP";
}

Result<void> drawCurve(const std::vector<CurvePoint>& points, const std::filesystem::path& file) {
    if (points.empty()) return fail(ErrorCode::NotFound, "There is no measured round to draw a curve of.", file);
    Axes axes;
    for (const CurvePoint& point : points) {
        axes.mostLabels = std::max(axes.mostLabels, static_cast<double>(point.round.labelsAtTraining));
    }
    std::ostringstream svg;
    svg.imbue(std::locale::classic());
    svg << "<svg xmlns='http://www.w3.org/2000/svg' width='" << kWidth << "' height='" << kHeight
        << "' font-family='sans-serif' font-size='13' fill='#39424e'><rect width='100%' height='100%' "
           "fill='#ffffff'/>\n"
        << "<text x='" << kLeft << "' y='26' font-size='16'>" << titleOf(points.front().metric)
        << " on the holdout, with 95 % intervals</text>\n";
    drawAxes(svg, axes);
    std::ostringstream upper;
    std::ostringstream line;
    std::string lower;
    for (const CurvePoint& point : points) {
        const double x = axes.x(static_cast<double>(point.round.labelsAtTraining));
        upper << x << ',' << Axes::y(point.metric.high) << ' ';
        line << x << ',' << Axes::y(point.metric.value) << ' ';
        std::ostringstream corner;
        corner << x << ',' << Axes::y(point.metric.low) << ' ';
        lower = corner.str() + lower;
    }
    svg << "<polygon points='" << upper.str() << lower << "' fill='#2f6fdb' opacity='0.16'/>\n"
        << "<polyline points='" << line.str() << "' fill='none' stroke='#2f6fdb' stroke-width='2.5'/>\n";
    for (const CurvePoint& point : points) {
        svg << "<circle cx='" << axes.x(static_cast<double>(point.round.labelsAtTraining)) << "' cy='"
            << Axes::y(point.metric.value) << "' r='4' fill='#2f6fdb'/>\n";
    }
    svg << "</svg>\n";
    return replaceWhole(file, svg.str());
}

}  // namespace querent::session

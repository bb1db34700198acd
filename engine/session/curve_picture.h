#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/session/project/project.h"

#include <filesystem>
#include <vector>

namespace querent::session {

/** A finished round and its headline metric on val. */
struct CurvePoint {
    RoundRecord round;
    Metric metric;
};

/** The finished rounds whose models were measured, in order: the learning curve. */
std::vector<CurvePoint> learningCurve(const Project& project);

/** What people call a headline metric: "mAP@.5", "Top-1", "mAP". */
const char* titleOf(const Metric& headline);

/** The curve against labels with its 95 % intervals, as an SVG file; fails when there is no point. */
Result<void> drawCurve(const std::vector<CurvePoint>& points, const std::filesystem::path& file);

}  // namespace querent::session

#include "engine/select/policy/giving_way.h"

#include "engine/core/policy_figures.h"
#include "engine/select/registry.h"

#include <cmath>
#include <cstdio>

namespace querent::select::policy {
namespace {

std::string inPoints(double value, const char* format) {
    char text[32];
    std::snprintf(text, sizeof text, format, 100.0 * value);
    return text;
}

}  // namespace

std::string gainText(const MeanInterval& gain, const std::string& rival) {
    const std::string size = inPoints(std::abs(gain.mean), "%.1f");
    const std::string verdict = size + " points " + (gain.mean < 0.0 ? "worse" : "better") + " than ";
    return (size == "0.0" ? "level with " : verdict) + rival + " (95 %: " + inPoints(gain.low(), "%+.1f") + " to " +
           inPoints(gain.high(), "%+.1f") + ")";
}

Figure gaveWay(const Selection& selection) {
    return {kGaveWayFigure.name, selection.askedBy.empty() ? 0.0 : 1.0};
}

Result<Selection> askOther(const std::string& name, const SelectionInput& input, std::size_t count, std::uint64_t seed,
                           const Job& job) {
    const auto other = makeStrategy(name);
    if (!other) return other.error();
    return (*other)->select(input, count, seed, job);
}

}  // namespace querent::select::policy

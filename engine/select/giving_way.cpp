#include "engine/select/giving_way.h"

#include "engine/select/registry.h"

#include <cstdio>

namespace querent::select {
namespace {

std::string points(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%+.1f", 100.0 * value);
    return text;
}

}  // namespace

std::string gainText(const MeanInterval& gain, const std::string& rival) {
    return points(gain.mean) + " points from " + rival + " (95 %: " + points(gain.low()) + " to " +
           points(gain.high()) + ")";
}

Figure gaveWay(const Selection& selection) {
    return {"gave_way", selection.askedBy.empty() ? 0.0 : 1.0};
}

Result<Selection> askOther(const std::string& name, const SelectionInput& input, std::size_t count, std::uint64_t seed,
                           const Job& job) {
    const auto other = makeStrategy(name);
    if (!other) return other.error();
    return (*other)->select(input, count, seed, job);
}

}  // namespace querent::select

#include "engine/session/strategies.h"

#include "engine/select/registry.h"

#include <algorithm>
#include <iterator>

namespace querent::session {
namespace {

bool serves(const StrategyInfo& info, const ProjectSettings& settings) {
    if (info.needsSeveralMedia && settings.media.size() < 2) return false;
    return std::find(info.tasks.begin(), info.tasks.end(), settings.task) != info.tasks.end();
}

}  // namespace

std::vector<StrategyInfo> strategiesFor(const ProjectSettings& settings) {
    std::vector<StrategyInfo> offered;
    std::ranges::copy_if(select::strategies(), std::back_inserter(offered),
                         [&](const StrategyInfo& info) { return serves(info, settings) && !info.ablation; });
    return offered;
}

std::vector<StrategyInfo> allStrategies() {
    const auto all = select::strategies();
    return {all.begin(), all.end()};
}

Result<void> requireStrategy(const std::string& name, const ProjectSettings& settings) {
    const auto strategy = select::makeStrategy(name);
    if (!strategy) return strategy.error();
    if (serves((*strategy)->info(), settings)) return {};
    const auto& tasks = (*strategy)->info().tasks;
    std::string sentence = "The strategy " + name;
    if (std::find(tasks.begin(), tasks.end(), settings.task) == tasks.end()) {
        sentence += std::string(" is not for projects of the task ") + toText(settings.task) + ".";
    } else {
        sentence += " is for items with several media.";
    }
    return fail(ErrorCode::InvalidArgument, std::move(sentence));
}

}  // namespace querent::session

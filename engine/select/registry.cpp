#include "engine/select/registry.h"

#include <array>
#include <string>
#include <vector>

namespace querent::select {

// Declared here and not in headers of theirs: so nothing above the strategies' folders includes what is in them.
#define QUERENT_STRATEGY(folder, name)           \
    namespace folder {                           \
    std::unique_ptr<QueryStrategy> make##name(); \
    }
#include "engine/select/strategies.def"
#undef QUERENT_STRATEGY

namespace {

using Maker = std::unique_ptr<QueryStrategy> (*)();

#define QUERENT_STRATEGY(folder, name) Maker{folder::make##name},
constexpr std::array kMakers = {
#include "engine/select/strategies.def"
};
#undef QUERENT_STRATEGY

}  // namespace

std::span<const StrategyInfo> strategies() {
    static const std::vector<StrategyInfo> kInfos = [] {
        std::vector<StrategyInfo> infos;
        for (const Maker make : kMakers)
            infos.push_back(make()->info());
        return infos;
    }();
    return kInfos;
}

Result<std::unique_ptr<QueryStrategy>> makeStrategy(std::string_view name) {
    const auto infos = strategies();
    std::string known;
    for (std::size_t i = 0; i < infos.size(); ++i) {
        if (infos[i].name == name) return kMakers[i]();
        known += (i == 0 ? "" : ", ") + infos[i].name;
    }
    return fail(ErrorCode::NotFound, "There is no strategy \"" + std::string(name) + "\"; there are: " + known + ".");
}

}  // namespace querent::select

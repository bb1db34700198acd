#include "engine/select/registry.h"

#include "engine/select/classic.h"
#include "engine/select/mgral/mgral.h"
#include "engine/select/rl/rl_mba.h"

#include <array>
#include <string>
#include <vector>

namespace querent::select {
namespace {

using Maker = std::unique_ptr<QueryStrategy> (*)();

/** In the order in which to offer them. */
constexpr std::array kMakers = {Maker{makeRlMba},
                                Maker{makeRlMbaWithoutWeights},
                                Maker{makeRlMbaWithoutEvidence},
                                Maker{makeRlMbaWithoutPolicy},
                                Maker{makeRlMbaWithoutRehearsal},
                                Maker{makeRlMbaAbsolute},
                                Maker{makeRlMbaIncremental},
                                Maker{makeMgral},
                                Maker{makeBralt},
                                Maker{makeEntropySum},
                                Maker{makeEntropyMean},
                                Maker{makeEntropyMax},
                                Maker{makeMargin},
                                Maker{makeDeepFool},
                                Maker{makeBald},
                                Maker{makeLeastConfidence},
                                Maker{makeBadge},
                                Maker{makeBmmal},
                                Maker{makeCoreSet},
                                Maker{makeKMeansPlusPlus},
                                Maker{makeCdal},
                                Maker{makeEbal},
                                Maker{makePpal},
                                Maker{makeLearningLoss},
                                Maker{makeMiAod},
                                Maker{makeGcnUncertain},
                                Maker{makeGcnCore},
                                Maker{makeRandom}};

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

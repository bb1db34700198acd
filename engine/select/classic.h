#pragma once

#include "engine/select/strategy.h"

#include <memory>

namespace querent::select {

/** The strategies without a policy of their own, each (or a few of a kind) in the file of its name. */
std::unique_ptr<QueryStrategy> makeRandom();
std::unique_ptr<QueryStrategy> makeLeastConfidence();
std::unique_ptr<QueryStrategy> makeMargin();
std::unique_ptr<QueryStrategy> makeEntropySum();
std::unique_ptr<QueryStrategy> makeEntropyMean();
std::unique_ptr<QueryStrategy> makeEntropyMax();
std::unique_ptr<QueryStrategy> makeCoreSet();
std::unique_ptr<QueryStrategy> makeKMeansPlusPlus();
std::unique_ptr<QueryStrategy> makeBadge();
std::unique_ptr<QueryStrategy> makeBald();
std::unique_ptr<QueryStrategy> makeDeepFool();
std::unique_ptr<QueryStrategy> makeBmmal();
std::unique_ptr<QueryStrategy> makeBralt();  // with a policy; in bralt/bralt.cpp
std::unique_ptr<QueryStrategy> makeCdal();
std::unique_ptr<QueryStrategy> makeEbal();
std::unique_ptr<QueryStrategy> makePpal();
std::unique_ptr<QueryStrategy> makeLearningLoss();
std::unique_ptr<QueryStrategy> makeMiAod();
std::unique_ptr<QueryStrategy> makeGcnUncertain();
std::unique_ptr<QueryStrategy> makeGcnCore();

}  // namespace querent::select

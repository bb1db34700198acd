#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/rng.h"
#include "engine/select/bralt/group_policy.h"
#include "engine/select/bralt/sliced_wasserstein.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace querent::select::bralt {

/**
 * One practice task: some labelled items play the labelled ones, three times as many play a pool whose answers the
 * policy does not see, and the TrustSet of that pool is what a good batch would be like. The model is not trained in
 * it, so that an episode costs milliseconds.
 */
struct PracticePool {
    std::vector<std::size_t> known;   // rows of the examples: L'
    std::vector<std::size_t> hidden;  // U'
    std::size_t batch = 0;            // b'
    std::vector<std::size_t> target;  // TrustSet of U'
};

/** What a practice task is to be like. */
struct PracticeShape {
    std::size_t batch = 0;  // of the real round
    std::size_t pool = 0;   // items of the real round
    int groups = 0;
    std::size_t mostExamples = 2000;
    int episodes = 300;
};

/**
 * Divides examples 1 : 3 within every group, a remainder by chance. b' is the same share of U' as the batch is of the
 * pool, at least a row a group and at most half of U'; the TrustSet has ceil(b' / groups that U' has) rows a group.
 * At least four examples.
 */
PracticePool drawPractice(const Examples& examples, const PracticeShape& shape, Rng& rng);

/** What practice was like. Rewards are minus the distance of the batch to the TrustSet. */
struct PracticeReport {
    int episodes = 0;
    double firstReward = 0.0;  // mean of the first 30
    double lastReward = 0.0;   // mean of the last 30
    double baseline = 0.0;     // moving average at the end
};

/**
 * Trains the policy on practice tasks from what is labelled: REINFORCE, Adam 1e-3, entropy bonus 1e-2, a moving
 * average of .9 as baseline; all of these are ours. So is what makes it learn within 300 episodes: of each reward that
 * of batches whose parts are drawn blindly in the same task is subtracted (it does not depend on what was chosen, so
 * the gradient stays right in the mean), and advantages are divided by their moving deviation. Stops early when 60
 * episodes have brought nothing over the best 30 before. Reports "Practising". Cancelled only.
 */
Result<PracticeReport> practise(policy::PolicyNet& policy, const Examples& examples, const PracticeShape& shape,
                                std::uint64_t seed, const Job& job);

}  // namespace querent::select::bralt

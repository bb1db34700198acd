#pragma once

#include "engine/core/result.h"
#include "engine/core/rng.h"
#include "engine/select/bralt/groups.h"
#include "engine/select/policy/policy_net.h"
#include "engine/select/policy/reinforce.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace querent::select::bralt {

/**
 * What the policy sees of a part: its mean place, its share of the cluster, the means of entropy, certainty and
 * expected score (each the share of all items that an item ranks above: a trained network is far surer of what it was
 * trained on than of a pool, ranks are not), the distance of its mean to the nearest group that is labelled, and how
 * much of the labelled items the predicted class has, times the number of groups. State of the cluster: the mean place
 * of the labelled items of its group, 0 where there are none.
 */
inline constexpr std::size_t kPartFeatures = kPlaceWidth + 6;
inline constexpr std::size_t kClusterStates = kPlaceWidth;

/** A new policy: all parts are equally likely. */
policy::PolicyNet newPolicy(std::uint64_t seed);

/** One decision a cluster, nothing chosen yet. @param rows  all that was clustered */
std::vector<policy::Decision> decisionsOf(const Items& items, std::span<const std::size_t> rows,
                                          const std::vector<Cluster>& clusters, const GroupMeans& labelled);

/** The likeliest order of each cluster's parts. */
PartOrder likeliestParts(const policy::PolicyNet& policy, const std::vector<policy::Decision>& decisions);

/** One part a cluster drawn from the policy and written into its decision; the others follow by their likelihood. */
PartOrder drawParts(const policy::PolicyNet& policy, std::vector<policy::Decision>& decisions, Rng& rng);

/** What goes from round to round. Its layout has the number of features and states in it. */
std::string packMemory(const policy::PolicyNet& policy, std::int64_t episodes);

struct Memory {
    policy::PolicyNet policy;
    std::int64_t episodes = 0;  // that it has learnt from
};

/**
 * What packMemory() made. The weights of places are set to 0: they belonged to another model's features.
 * @return what unpackNumbers() returns; Corrupt for numbers that are not such a policy's
 */
Result<Memory> unpackMemory(std::string_view bytes);

}  // namespace querent::select::bralt

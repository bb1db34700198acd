#pragma once

#include <span>
#include <vector>

namespace querent::select::classic {

/**
 * How much each of M modalities moved the answer: |Shapley value| over the sets of modalities, divided by their sum;
 * 1 / M each where nothing moved. `worth` [2^M]: the answer's probability when the modalities whose bits are set speak.
 */
std::vector<double> contributionsOf(std::span<const double> worth);

/** BMMAL's weight of each modality, 1 - (largest contribution - its own): 1 for the strongest, less for weaker ones. */
std::vector<double> balanceOf(std::span<const double> contributions);

}  // namespace querent::select::classic

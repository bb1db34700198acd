#pragma once

#include "engine/core/term.h"

namespace querent::select::classic {

/** Reasons that several strategies give. */
inline constexpr Term kEntropy{"entropy", translatable("Reasons", "Uncertainty"),
                               translatable("Reasons", "How undecided the model is between the classes.")};
inline constexpr Term kTopScore{"top score", translatable("Reasons", "Best answer"),
                                translatable("Reasons", "How sure the model is of its best answer.")};
inline constexpr Term kDisagreement{
    "disagreement", translatable("Reasons", "Disagreement"),
    translatable("Reasons", "How much several answers of the model to this item disagree.")};
inline constexpr Term kNovelty{"novelty", translatable("Reasons", "Novelty"),
                               translatable("Reasons", "How different the item is from those already labelled.")};

}  // namespace querent::select::classic

#pragma once

#include "engine/core/term.h"

namespace querent::select::boxes {

/** Reasons that several strategies give. */
inline constexpr Term kDoubt{"doubt", translatable("Reasons", "Uncertainty"),
                             translatable("Reasons", "How undecided the model is about what it sees here.")};
inline constexpr Term kBoxes{"boxes", translatable("Reasons", "Objects"),
                             translatable("Reasons", "How many objects the model expects here."), 0};

}  // namespace querent::select::boxes

#pragma once

#include "engine/core/matrix.h"

#include <cstddef>
#include <span>

namespace querent::select::mgral {

/**
 * The embeddings as MGRAL's agent and table see them: each feature standardised over these rows (0 where all are
 * equal), and, where there are more than `most`, projected onto `most` fixed random directions, which keeps distances
 * about as they are (Johnson and Lindenstrauss 1984). The paper's agent takes 256 features as they are; a projection
 * that is the same in every round, unlike principal components, lets an agent go on from one round to the next. Ours.
 * @param features  [N, D]
 * @param rows      finite rows of it, in the order that the result has; D >= 1
 * @return [R, min(D, most)]
 */
Matrix agentSpace(const Matrix& features, std::span<const std::size_t> rows, std::size_t most);

}  // namespace querent::select::mgral

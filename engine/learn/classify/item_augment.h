#pragma once

#include "engine/core/matrix.h"
#include "engine/core/raster.h"
#include "engine/core/rng.h"
#include "engine/learn/classify/classifier_config.h"

#include <span>

namespace querent::learn::classify {

/** Writes a picture, changed as the draw says, as three planes [3, H, W] of floats in [0, 255]. */
void renderChanged(const Raster& picture, const ItemAugmentation& augmentation, Rng& rng, std::span<float> planes);
/** The same without any change. */
void renderPlain(const Raster& picture, std::span<float> planes);

/**
 * Log-mel features [columns, bands] with mean 0 and deviation 1, so that loudness does not matter; features that are
 * all equal become 0.
 */
Matrix standardised(const Matrix& features);

/** Where a sound of `length` columns lies in a window of `columns`: negative where its beginning is cut off. */
int centredOffset(int length, int columns);
int drawnOffset(int length, int columns, const ItemAugmentation& augmentation, Rng& rng);

/** Writes [bands, columns]: the sound from column `offset` of the window on, silence (its lowest value) around it. */
void placeSound(const Matrix& features, int offset, int columns, std::span<float> plane);
/** Blanks one stretch of time and one of bands: SpecAugment (Park et al. 2019), with the mean. */
void maskSound(int bands, int columns, const ItemAugmentation& augmentation, Rng& rng, std::span<float> plane);

}  // namespace querent::learn::classify

#pragma once

#include "engine/core/detection.h"
#include "engine/core/raster.h"
#include "engine/core/rng.h"
#include "engine/learn/detector_config.h"

#include <span>
#include <vector>

namespace querent::learn::detect {

/** A picture at network size, and its boxes in network pixels. */
struct Sample {
    Raster picture;
    std::vector<TrueBox> boxes;
};

/** One random change: where every pixel goes, and what becomes of its colour. */
struct View {
    double scaleX = 1.0;  // about the middle
    double scaleY = 1.0;
    double shiftX = 0.0;  // pixels, after scaling
    double shiftY = 0.0;
    bool flipHorizontal = false;
    bool flipVertical = false;
    double brightness = 0.0;  // added, in [-255, 255]
    double contrast = 1.0;    // about the middle grey
    double saturation = 1.0;
};

View drawView(const Augmentation& augmentation, Size size, Rng& rng);

/** Writes the changed picture as three planes [3, H, W] of floats in [0, 255]; what lies outside of it is grey. */
void renderPicture(const Raster& picture, const View& view, std::span<float> planes);

/**
 * The boxes of the changed picture, clipped to it. Boxes of which less than a quarter is left become ignored regions:
 * what shows of them is neither an object nor background. Nothing is left of those outside.
 */
std::vector<TrueBox> renderBoxes(const std::vector<TrueBox>& boxes, const View& view, Size size);

/** Four samples of one size as the quarters of one picture of that size; boxes likewise. */
Sample mosaicOf(std::span<const Sample* const> four);

}  // namespace querent::learn::detect

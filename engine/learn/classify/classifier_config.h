#pragma once

#include "engine/core/geometry.h"
#include "engine/core/records.h"
#include "engine/learn/detector_config.h"

#include <cstddef>
#include <string>
#include <vector>

namespace querent::learn::classify {

/**
 * A network that says which class an item is of, from all its media together: one encoder a modality, all ending in
 * one width, an evidential head each, and a joint head on their weighted sum. A saved model carries it.
 */
struct ClassifierConfig {
    std::string size = "small";  // "small", "base", "large": 16, 32 or 64 channels in the first stage
    std::vector<Modality> modalities;
    int classes = 1;          // >= 1
    bool multiLabel = false;  // any number of classes an item, rather than exactly one
    Size picture{32, 32};     // what the network sees of a picture; each axis resized by itself
    /** Pictures go through the network of the weights that come with the program, and start from these. */
    bool photographs = false;
    int bands = 64;    // of log-mel features
    int columns = 64;  // of log-mel features; shorter sounds are padded, of longer ones windows are taken
    int tokens = 32;   // of a text; what is longer is cut
    /** Share of each modality in the fused features, in the order of `modalities`; >= 0, sum 1. Empty: equal. */
    std::vector<double> weights;
};

/** Random changes of training items. They are drawn from the training seed, never from a global generator. */
struct ItemAugmentation {
    double shift = 0.1;         // pictures are moved by up to this share of their sides,
    double turn = 12.0;         // turned by up to so many degrees,
    double flip = 0.0;          // probability that a picture is mirrored, left for right
    double scale = 0.15;        // and scaled by a factor in [1 / (1 + scale), 1 + scale]
    double colour = 0.2;        // brightness and contrast +-, as a share
    double noise = 0.06;        // strongest Gaussian noise, in shares of the full range
    double timeShift = 0.15;    // sounds are moved by up to this share of the columns
    double timeMask = 0.2;      // widest stretch that is blanked, as a share of the columns
    double bandMask = 0.2;      // the same for bands
    double soundNoise = 0.3;    // strongest Gaussian noise, in standard deviations of the features
    double dropToken = 0.03;    // probability that a piece of a word is unreadable
    double dropModality = 0.1;  // probability that the joint head does not get a modality, where there are others

    bool operator==(const ItemAugmentation&) const = default;
};

struct ClassifierTraining : TrainingSettings {
    ClassifierTraining() {
        batch = 0;  // by the number of labelled items
        learningRate = 3e-3;
        emaDecay = 0.98;
        gradientNorm = 5.0;
    }
    ItemAugmentation augmentation;
    double evidence = 0.1;   // weight of the evidential loss beside the cross-entropy
    double smoothing = 0.0;  // of the targets
    double dropout = 0.1;    // before the joint head
    double balance = 0.5;    // an item of a class with n items weighs n^-balance, so that rare classes count
};

/** How many steps of what batch pay off for so many labelled items; from measurements, see docs/methods.md. */
int defaultClassifierSteps(std::size_t labelledItems);
int defaultClassifierBatch(std::size_t labelledItems);
/** The same where all that is looked at are photographs, with a network that has seen many. */
int defaultPhotoSteps(std::size_t labelledItems);
int defaultPhotoBatch(std::size_t labelledItems);

}  // namespace querent::learn::classify

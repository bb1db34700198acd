#pragma once

#include "engine/core/geometry.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace querent::learn {

/** What the network looks like. A saved model carries it, and can be loaded without being told. */
struct DetectorConfig {
    /** "small": 16 channels, 0.8 M parameters; "base": the layout of ResNet-18; "large": that of ResNet-50. */
    std::string size = "small";
    int classes = 1;  // >= 1
    /** What the network sees: every picture is resized to it, each axis by itself. Rounded up to multiples of 8. */
    Size input{320, 240};
    /**
     * Start weights of the backbone: a ResNet's state dictionary (.pth, .safetensors; "base" takes ResNet-18 or -34,
     * "large" ResNet-50) or a TorchScript file that maps [N, 3, H, W] to maps of strides 8, 16 and 32. Empty: see
     * startWeights.
     */
    std::filesystem::path backboneWeights;
    /**
     * Without backboneWeights: start from the weights that come with the program, and in their layout, whatever the
     * size; false: from scratch.
     */
    bool startWeights = false;
    /**
     * Seconds of the windows in which long sounds are shown to it; 0: every item is shown whole. Says how the items
     * were made that it was trained on; training and prediction themselves pay no regard to it.
     */
    double windowSeconds = 0.0;
};

/** Random changes of training pictures. They are drawn from the training seed, never from a global generator. */
struct Augmentation {
    double flipHorizontal = 0.5;  // probability
    double flipVertical = 0.0;    // probability; 0 where "up" carries meaning
    double scale = 0.25;          // each picture is scaled by a factor in [1 / (1 + scale), 1 + scale]
    double translate = 0.1;       // moved by up to this share of the input's sides
    double aspect = 0.1;          // width against height, drawn like scale
    double colour = 0.2;          // brightness and contrast +-, saturation +-, as a share; 0 switches it off
    double mosaic = 0.0;          // probability of a picture composed of four
    bool moveRows = true;         // false: scaling and moving leave rows alone, as where a row is a frequency

    bool operator==(const Augmentation&) const = default;
};

/** What every training has in common, whatever its network. */
struct TrainingSettings {
    int steps = 0;  // 0: by the number of labelled items
    int batch = 8;
    double learningRate = 4e-3;  // at its peak
    double weightDecay = 0.05;
    double warmupShare = 0.1;    // of the steps
    double emaDecay = 0.99;      // of the averaged weights that are saved; reached after a ramp
    double gradientNorm = 10.0;  // gradients are clipped to this norm
    /** Share of the learning rate for layers that start from the weights that come with the program. */
    double pretrainedPace = 0.1;
    std::uint64_t seed = 1;
    /** "auto" (CUDA where there is one), "cpu", "cuda" or "cuda:1". */
    std::string device = "auto";
    /**
     * Convolutions in bfloat16, on CUDA and on processors that are fast at it; there only for networks that start from
     * the weights that come with the program, with which it was measured.
     */
    bool mixedPrecision = true;
    int threads = 0;  // 0: leave as it is; see setThreads()
    /** For decoded items at network size; what is over is decoded again. */
    std::size_t cacheBytes = std::size_t{1} << 30;

    /** Where the trained model goes; its folder exists. Required. */
    std::filesystem::path model;
    /** Where to keep a state that training resumes from exactly. Empty: none. Deleted when training has finished. */
    std::filesystem::path checkpoint;
    int checkpointEvery = 100;  // steps
    /**
     * For each class its number in the model of the warm start, -1 for a new one. Empty: the same classes in the same
     * order, or, where their counts differ, a class layer that starts anew.
     */
    std::vector<int> warmClasses;
    /**
     * Train the heads that look on beside the network, for the strategies that ask them; the network's own weights are
     * the same without.
     */
    bool sideHeads = true;
    double maxSeconds = 0.0;  // 0: no limit. At the limit training ends as if it had run all its steps.
};

struct TrainingConfig : TrainingSettings {
    Augmentation augmentation;
    int evaluateEvery = 0;  // steps between evaluations on the holdout; 0: at the end only
    int patience = 0;       // evaluations without a better holdout mAP@.5 before stopping; 0: never stop early
};

/** How many steps pay off for so many labelled pictures; from measurements, see docs/methods.md. */
int defaultSteps(std::size_t labelledImages);

/** Sets torch's threads for the whole program; once, before any other call. Later calls are ignored unless equal. */
void setThreads(int threads);

/** "cuda:0" or "cpu": what a device wish comes to on this machine. */
std::string resolvedDevice(const std::string& wish);

}  // namespace querent::learn

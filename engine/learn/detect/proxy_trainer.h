#pragma once

#include "engine/core/job.h"
#include "engine/core/proxy.h"
#include "engine/core/result.h"
#include "engine/core/samples.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace querent::learn::detect {

/** How a copy of a model is trained to see what unlabelled items would bring. All numbers are ours. */
struct ProxySettings {
    int steps = 12;
    int labelled = 4;    // items a step that are learnt from with their answers,
    int unlabelled = 4;  // and without, each in two looks
    double learningRate = 1e-3;
    double consistency = 1.0;       // weight of agreement between two looks beside the loss on labels
    bool mirror = true;             // of boxes: the second look is mirrored; otherwise, as with sounds, moved in time
    std::size_t holdoutItems = 60;  // at most; what is over is drawn by chance, once for all runs
    int answeredSteps = 40;         // with answers: their worth shows later than what looks at items change
    double answeredRate = 4e-3;
    std::size_t cacheBytes = std::size_t{256} << 20;  // for what the backbone sees in unlabelled items
    std::uint64_t seed = 1;
    std::string device = "auto";
};

/**
 * Trains copies of one model for a short time, on labelled items and on some items of a pool without their answers,
 * and measures each on validation (the proxy of MGRAL, arXiv 2310.08387). The paper trains a semi-supervised detector
 * for hundreds of epochs; ours goes on from the model itself, keeps its backbone (of classifiers its encoders) as it
 * is, and takes a few dozen steps. What the backbone sees is worked out once and kept, so that a run costs seconds.
 * All runs start from the same weights and see the same labelled items in the same order: they differ in nothing but
 * the items of the pool. Deterministic on the processor with the same number of threads. One thread at a time.
 *
 * Labels are numbered as the model numbers its classes. Items that cannot be read are left out. `pool` and `holdout`
 * are referred to and must outlive the proxy; all else is read at once.
 * @return what loading the model returns; InvalidArgument without labelled or validation items; Cancelled
 */
Result<Proxy> makeDetectorProxy(const std::filesystem::path& model, const ItemSource& labelled, const ItemSource& pool,
                                const ItemSource& holdout, const ProxySettings& settings, const Job& job);

}  // namespace querent::learn::detect

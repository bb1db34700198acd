#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/samples.h"
#include "engine/learn/classify/classifier_config.h"
#include "engine/learn/detect/trainer.h"
#include "engine/learn/training_outcome.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace querent::learn::classify {

/**
 * Trains a classifier and writes it as one file. Deterministic on the processor, as DetectorTrainer is, also when it
 * was interrupted and resumed from its checkpoint. One training at a time a process; any thread.
 */
class ClassifierTrainer {
 public:
    /**
     * @param train      items with their labels in [0, classifier.classes); without any label an item teaches only a
     *                   multi-label task ("none of them"). Items that cannot be read are left out and named.
     * @param warmStart  a model file of the same network (TrainingSettings::warmClasses says which of its classes go
     *                   on; its subwords go on too); empty: from scratch.
     * @param observer   called after every step on the calling thread; may be empty.
     * @return Cancelled within 0.5 s of the wish (the checkpoint stays); InvalidArgument for settings that make no
     *         sense; Unsupported for a missing device; OutOfMemory when even eight items a batch do not fit.
     */
    Result<TrainingOutcome> train(const ClassifierConfig& classifier, const ClassifierTraining& config,
                                  const ItemSource& train, const std::filesystem::path& warmStart,
                                  const TrainingObserver& observer, const Job& job) const;
};

struct ClassifyOptions {
    /** Fill embedding, features, evidence, toBorder and expectedLoss (which models of older versions do not know). */
    bool features = false;
    int batch = 64;
    /**
     * Fill so many `samples`: what the joint head says when fused features are dropped as in training. Sample t drops
     * the same ones for all items, so that it is one network's answer and does not depend on which items are asked
     * about.
     */
    int dropoutSamples = 0;
    double dropout = ClassifierTraining().dropout;  // share of the features, in [0, 1)
    std::uint64_t dropoutSeed = 1;
    bool coalitions = false;  // fill `coalitions`; at most four modalities, which is all there are
    /** Modalities that the network must do without, to see what each is worth. */
    std::vector<Modality> without;
};

/** A trained classifier. Immutable and shared; calls from several threads wait for one another. */
class Classifier {
 public:
    /** NotFound, Malformed (not a classifier of ours) or Unsupported (the device is missing). */
    static Result<std::shared_ptr<const Classifier>> load(const std::filesystem::path& model,
                                                          const std::string& device = "auto");
    ~Classifier();
    Classifier(const Classifier&) = delete;
    Classifier& operator=(const Classifier&) = delete;

    /**
     * One prediction an item in the source's order; of a long sound the mean over windows that are spread over all that
     * the source has of it. Items that cannot be read are left out and named in `unread`;
     * without one, or when none can be read, the call fails with the source's error.
     */
    Result<std::vector<ItemPrediction>> predict(const ItemSource& source, const ClassifyOptions& options,
                                                const Job& job, std::vector<UnreadItem>* unread = nullptr) const;

    const ClassifierConfig& config() const;
    /** "cpu", "cuda:0". */
    const std::string& device() const;

 private:
    struct Impl;
    explicit Classifier(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace querent::learn::classify

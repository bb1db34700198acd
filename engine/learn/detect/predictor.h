#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/samples.h"
#include "engine/learn/detector_config.h"
#include "engine/learn/training_outcome.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace querent::learn::detect {

struct PredictOptions {
    double scoreThreshold = 0.01;  // boxes under it are dropped
    double nmsIou = 0.6;           // of two boxes of one class that overlap more, the worse one is dropped
    int maxBoxes = 100;            // a picture, best first
    bool embeddings = false;       // fill ItemPrediction::embedding
    /**
     * Fill Detection::classes, ItemPrediction::expectedLoss and ::discrepancy (where the model has the heads for them;
     * those of older versions have not), and Detection::features of the boxes that are not all but hopeless.
     */
    bool allClassScores = false;
    double featuresFrom = 0.05;  // the least score of boxes with features: a hundred a picture would fill the memory
    int batch = 16;
};

/**
 * A trained detector, ready to look at pictures. Immutable and shared: whoever started with it may finish with it.
 * Calls from several threads wait for one another.
 */
class Predictor {
 public:
    /** NotFound, Malformed (not a model of ours) or Unsupported (the device is missing). */
    static Result<std::shared_ptr<const Predictor>> load(const std::filesystem::path& model,
                                                         const std::string& device = "auto");
    ~Predictor();
    Predictor(const Predictor&) = delete;
    Predictor& operator=(const Predictor&) = delete;

    /**
     * One prediction a picture in the source's order, its boxes in original pixels, clamped to the picture, best
     * first. The score is the class's probability times the expected IoU, both to the power of one half.
     * A picture that cannot be read is left out of the answer and named in `unread`; without one, or when no picture
     * can be read, it fails the call with the source's error.
     */
    Result<std::vector<ItemPrediction>> predict(const ItemSource& source, const PredictOptions& options, const Job& job,
                                                std::vector<UnreadItem>* unread = nullptr) const;

    int classes() const;
    const DetectorConfig& config() const;
    /** Length of an embedding: three times that of a box's features. */
    int embeddingSize() const;
    /** "cpu", "cuda:0". */
    const std::string& device() const;

 private:
    struct Impl;
    explicit Predictor(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace querent::learn::detect

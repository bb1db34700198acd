#pragma once

// Internal: torch inside.

#include "engine/learn/classify/classifier.h"
#include "engine/learn/classify/classifier_file.h"
#include "engine/learn/classify/item_bank.h"
#include "engine/learn/descent/descent.h"
#include "engine/learn/descent/side_descent.h"

#include <future>
#include <memory>
#include <optional>
#include <vector>

namespace querent::learn::classify {

/** What a training is given; references live as long as the run. */
struct ClassifierTask {
    ClassifierConfig classifier;
    ClassifierTraining config;  // steps > 0
    const ItemSource& train;
    std::filesystem::path warmStart;
    const TrainingObserver& observer;
    const Job& job;
};

/** One training from its start, or its checkpoint, to its model file. Used once, on one thread. */
class ClassifierRun {
 public:
    ClassifierRun(const ClassifierTask& task, torch::Device device, int batch);
    ~ClassifierRun();

    Result<TrainingOutcome> run();

 private:
    Result<void> readItems();
    Result<void> learnSubwords();
    Result<void> prepare();
    Result<void> takeStart();
    void prepareSide();
    void weighClasses();
    Result<ItemBatch> drawBatch(int step);
    Result<ItemBatch> nextBatch();
    ClassifierOutput outputOf(const ItemBatch& given);
    torch::Tensor lossOf(const ClassifierOutput& output, const ItemBatch& given);
    torch::Tensor itemLosses(const torch::Tensor& logits, const torch::Tensor& targets);
    void sideStep(const ClassifierOutput& output, const ItemBatch& given, int step, double rate);
    Result<void> oneStep();
    Result<TrainingOutcome> finish();

    const ClassifierTask& m_task;
    const ClassifierTraining& m_config;
    torch::Device m_device;
    std::optional<SavedClassifier> m_warm;
    Subwords m_subwords;
    std::optional<ItemBank> m_bank;
    std::vector<std::size_t> m_readable;  // places in the source
    std::vector<UnreadItem> m_unread;
    torch::Tensor m_classWeights;  // [C]
    std::shared_ptr<ClassifierNet> m_net;
    int m_batch;
    std::optional<descent::Descent> m_descent;
    std::shared_ptr<ClassifierSide> m_side;  // with its descent; null where the settings want none
    std::optional<descent::SideDescent> m_sideDescent;
    std::future<Result<ItemBatch>> m_prefetched;  // of the next step; waited for before the bank dies
};

}  // namespace querent::learn::classify

#include "engine/select/rl/task_run.h"

#include "engine/select/rl/candidate_features.h"
#include "engine/select/rl/modality_weights.h"
#include "engine/select/rl/plackett_luce.h"
#include "engine/select/rl/ridge.h"

#include <algorithm>
#include <cmath>

namespace querent::select {
namespace {

/** A task under way: what is labelled, and what has been learnt from it. */
class Labelling {
 public:
    Labelling(const GeneratedTask& task, Rng& rng) : m_task(task) {
        std::vector<std::size_t> order = rng.sample(task.pool, task.pool);
        const auto start = static_cast<std::ptrdiff_t>(std::min(2 * task.classes, task.pool));
        m_labelled.assign(order.begin(), order.begin() + start);
        m_open.assign(order.begin() + start, order.end());
        learn();
    }

    /** The pool and the round as a policy sees them. */
    Decision look(double progress, std::uint64_t seed) const {
        const std::vector<ItemPrediction> predictions = predict();
        const Matrix open = rowsOf(m_open);
        const Matrix labelled = rowsOf(m_labelled);
        const std::vector<std::int64_t> answers = answersPerClass();
        const CandidateInput input{TaskKind::Classify, predictions, &open, &labelled, answers, m_weights, false};
        // Generated numbers are finite and of one shape, so all of the pool can be judged.
        return {candidateFeatures(input, seed, Job()).value().values,
                policyState({m_labelled.size(), m_open.size(), m_accuracy, progress, answers, m_weights}),
                {},
                0.0};
    }

    /** Labels open items by their places and learns from all. */
    void label(std::vector<std::size_t> places) {
        std::sort(places.rbegin(), places.rend());
        for (const std::size_t place : places) {
            m_labelled.push_back(m_open[place]);
            m_open.erase(m_open.begin() + static_cast<std::ptrdiff_t>(place));
        }
        learn();
    }

    double accuracy() const { return m_accuracy; }

 private:
    void learn() {
        m_heads.clear();
        std::vector<double> top1;
        for (const Matrix& features : m_task.modalities) {
            m_heads.emplace_back(features, m_labelled, m_task.labels, m_task.classes);
            top1.push_back(accuracyOf(m_heads.back(), features));
        }
        m_heads.emplace_back(m_task.joint, m_labelled, m_task.labels, m_task.classes);
        m_accuracy = accuracyOf(m_heads.back(), m_task.joint);
        m_weights = modalityWeights(top1).value();
    }

    double accuracyOf(const RidgeClassifier& head, const Matrix& features) const {
        double right = 0.0;
        for (std::size_t i = m_task.pool; i < features.rows; ++i) {
            const std::vector<double> logits = head.logits(features.row(i));
            const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
            right += best == m_task.labels[i] ? 1.0 : 0.0;
        }
        return right / static_cast<double>(features.rows - m_task.pool);
    }

    std::vector<ItemPrediction> predict() const {
        std::vector<ItemPrediction> predictions;
        for (const std::size_t item : m_open) {
            ItemPrediction prediction;
            prediction.item = static_cast<std::int64_t>(item);
            for (std::size_t m = 0; m < m_task.modalities.size(); ++m) {
                std::vector<float> evidence;
                for (const double logit : m_heads[m].logits(m_task.modalities[m].row(item)))
                    evidence.push_back(static_cast<float>(1.0 + std::log1p(std::exp(logit))));
                prediction.evidence.push_back(std::move(evidence));
            }
            for (const double p : softmax(m_heads.back().logits(m_task.joint.row(item))))
                prediction.probabilities.push_back(static_cast<float>(p));
            predictions.push_back(std::move(prediction));
        }
        return predictions;
    }

    Matrix rowsOf(const std::vector<std::size_t>& items) const {
        Matrix rows(items.size(), m_task.joint.cols);
        for (std::size_t i = 0; i < items.size(); ++i)
            std::copy_n(m_task.joint.row(items[i]).begin(), rows.cols, rows.row(i).begin());
        return rows;
    }

    std::vector<std::int64_t> answersPerClass() const {
        std::vector<std::int64_t> answers(m_task.classes, 0);
        for (const std::size_t item : m_labelled)
            ++answers[static_cast<std::size_t>(m_task.labels[item])];
        return answers;
    }

    const GeneratedTask& m_task;
    std::vector<std::size_t> m_labelled;
    std::vector<std::size_t> m_open;
    std::vector<RidgeClassifier> m_heads;  // one a modality, the joint one last
    std::vector<double> m_weights;
    double m_accuracy = 0.0;
};

}  // namespace

TaskRun runTask(const GeneratedTask& task, const TaskSizes& sizes, const PolicyNet& policy, Draw draw,
                std::uint64_t startSeed, std::uint64_t drawSeed) {
    Rng start(startSeed);
    Labelling labelling(task, start);
    Rng rng(drawSeed);
    TaskRun run;
    for (int round = 0; round < sizes.rounds; ++round) {
        Decision decision = labelling.look(static_cast<double>(round) / static_cast<double>(sizes.rounds), startSeed);
        const PlackettLuce batches(policy.forward(decision.candidates, decision.state).logits);
        decision.chosen = draw == Draw::Best ? batches.best(sizes.batch) : batches.sample(sizes.batch, rng);
        labelling.label(decision.chosen);
        run.decisions.push_back(std::move(decision));
        run.accuracies.push_back(labelling.accuracy());
    }
    return run;
}

}  // namespace querent::select

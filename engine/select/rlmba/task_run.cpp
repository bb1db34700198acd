#include "engine/select/rlmba/task_run.h"

#include "engine/select/policy/modality_weights.h"
#include "engine/select/policy/plackett_luce.h"
#include "engine/select/policy/ridge.h"
#include "engine/select/rlmba/candidate_features.h"
#include "engine/select/rlmba/candidates.h"

#include <algorithm>
#include <cmath>

namespace querent::select::rlmba {
namespace {

/** A task under way: what is labelled, and what has been learnt from it. */
class Labelling {
 public:
    Labelling(const PracticeTask& task, Rng& rng) : m_task(task) {
        std::vector<std::size_t> order = rng.sample(task.pool, task.pool);
        const auto start = static_cast<std::ptrdiff_t>(std::min(2 * task.classes, task.pool));
        m_labelled.assign(order.begin(), order.begin() + start);
        m_open.assign(order.begin() + start, order.end());
        learn();
    }

    PracticeView look(double progress) const {
        PracticeView view;
        for (const std::size_t item : m_open)
            view.items.emplace_back(static_cast<std::int64_t>(item) + 1);
        view.predictions = predict();
        view.features = rowsOf(m_open);
        view.labelledFeatures = rowsOf(m_labelled);
        view.labelledPerClass = answersPerClass();
        view.weights = m_weights;
        view.accuracy = m_accuracy;
        view.progress = progress;
        return view;
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
    bool finished() const { return m_open.empty(); }

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
        m_weights = policy::modalityWeights(top1).value();
    }

    double accuracyOf(const policy::RidgeClassifier& head, const Matrix& features) const {
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
            prediction.item = static_cast<std::int64_t>(item) + 1;
            for (std::size_t m = 0; m < m_task.modalities.size(); ++m) {
                std::vector<float> evidence;
                for (const double logit : m_heads[m].logits(m_task.modalities[m].row(item)))
                    evidence.push_back(static_cast<float>(1.0 + std::log1p(std::exp(logit))));
                prediction.evidence.push_back(std::move(evidence));
            }
            for (const double p : policy::softmax(m_heads.back().logits(m_task.joint.row(item))))
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

    const PracticeTask& m_task;
    std::vector<std::size_t> m_labelled;
    std::vector<std::size_t> m_open;
    std::vector<policy::RidgeClassifier> m_heads;  // one a modality, the joint one last
    std::vector<double> m_weights;
    double m_accuracy = 0.0;
};

}  // namespace

std::vector<double> labelTask(const PracticeTask& task, const TaskSizes& sizes, const Choose& choose,
                              std::uint64_t startSeed) {
    Rng start(startSeed);
    Labelling labelling(task, start);
    std::vector<double> accuracies;
    for (int round = 0; round < sizes.rounds && !labelling.finished(); ++round) {
        labelling.label(choose(labelling.look(static_cast<double>(round) / static_cast<double>(sizes.rounds))));
        accuracies.push_back(labelling.accuracy());
    }
    return accuracies;
}

Choose choiceOf(const QueryStrategy& strategy, std::size_t batch, std::uint64_t seed) {
    return [&strategy, batch, seed](const PracticeView& view) {
        SelectionInput input;
        input.pool = view.items;
        input.predictions = &view.predictions;
        input.poolFeatures = &view.features;
        input.labelledFeatures = &view.labelledFeatures;
        input.classes = static_cast<int>(view.labelledPerClass.size());
        input.labelledPerClass = view.labelledPerClass;
        std::vector<std::size_t> places;
        if (const auto selection = strategy.select(input, batch, seed, Job())) {
            for (const Pick& pick : selection->picks)
                places.push_back(pick.index);
        }
        return places;
    };
}

TaskRun runTask(const PracticeTask& task, const TaskSizes& sizes, const policy::PolicyNet& policy, Draw draw,
                std::uint64_t startSeed, std::uint64_t drawSeed) {
    Rng rng(drawSeed);
    TaskRun run;
    const auto choose = [&](const PracticeView& view) {
        const CandidateInput input{TaskKind::Classify,    view.predictions, &view.features, &view.labelledFeatures,
                                   view.labelledPerClass, view.weights,     false};
        // A task's numbers are finite and of one shape, so all of the pool can be judged.
        MbaCandidates candidates =
            mbaCandidates(input, view.items, sizes.batch, startSeed, Job(), sizes.candidateFactor).value();
        policy::Decision decision{std::move(candidates.values),
                                  policyState({view.labelledFeatures.rows, view.items.size(), view.accuracy,
                                               view.progress, view.labelledPerClass, view.weights}),
                                  {},
                                  0.0};
        const policy::PlackettLuce batches(policy.forward(decision.candidates, decision.state).logits);
        decision.chosen = draw == Draw::Best ? batches.best(sizes.batch) : batches.sample(sizes.batch, rng);
        std::vector<std::size_t> places;
        for (const std::size_t row : decision.chosen)
            places.push_back(candidates.rows[row]);
        run.decisions.push_back(std::move(decision));
        return places;
    };
    run.accuracies = labelTask(task, sizes, choose, startSeed);
    return run;
}

}  // namespace querent::select::rlmba

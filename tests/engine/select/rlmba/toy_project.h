#pragma once

#include "engine/core/rng.h"
#include "engine/select/policy/ridge.h"
#include "engine/select/rlmba/generated_task.h"
#include "engine/select/strategy.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace querent::select {

/** A project of classes with ridge classifiers in the place of networks: all that a learned strategy asks for. */
class ToyProject {
 public:
    /** @param labelled  items of the task's pool, drawn by chance, that are labelled to begin with */
    ToyProject(select::rlmba::PracticeTask task, std::size_t labelled, std::uint64_t seed) : m_task(std::move(task)) {
        m_open = Rng(seed).sample(m_task.pool, m_task.pool);
        m_labelled.assign(m_open.begin(), m_open.begin() + static_cast<std::ptrdiff_t>(labelled));
        m_open.erase(m_open.begin(), m_open.begin() + static_cast<std::ptrdiff_t>(labelled));
        train();
    }

    SelectionInput input() const {
        SelectionInput input;
        input.pool = m_pool;
        input.predictions = &m_seen;
        input.poolFeatures = &m_features;
        input.labelledFeatures = &m_labelledFeatures;
        input.classes = static_cast<int>(m_task.classes);
        input.labelledPerClass = m_answers;
        input.labelled = {m_labelledSeen, m_labelledTruth};
        input.holdout = {m_holdoutSeen, m_holdoutTruth};
        input.media = {Modality::Image, Modality::Audio, Modality::Text};
        input.media.resize(std::min<std::size_t>(3, m_task.modalities.size()));
        return input;
    }

    /** Labels a batch and trains. */
    void label(const std::vector<Pick>& picks) {
        std::vector<std::size_t> items;
        for (const Pick& pick : picks)
            items.push_back(m_open[pick.index]);
        for (const std::size_t item : items) {
            m_labelled.push_back(item);
            m_open.erase(std::find(m_open.begin(), m_open.end(), item));
        }
        train();
    }

    /** Top-1 of the joint head on validation. */
    double accuracy() const {
        double right = 0.0;
        for (std::size_t i = 0; i < m_holdoutSeen.size(); ++i) {
            const auto& p = m_holdoutSeen[i].probabilities;
            const auto best = std::max_element(p.begin(), p.end()) - p.begin();
            right += best == m_holdoutTruth[i].labels[0] ? 1.0 : 0.0;
        }
        return right / static_cast<double>(m_holdoutSeen.size());
    }

    std::size_t labelled() const { return m_labelled.size(); }
    std::size_t open() const { return m_open.size(); }
    std::vector<ItemPrediction>& predictions() { return m_seen; }

 private:
    void train() {
        m_heads.clear();
        for (const Matrix& modality : m_task.modalities)
            m_heads.emplace_back(modality, m_labelled, m_task.labels, m_task.classes);
        m_heads.emplace_back(m_task.joint, m_labelled, m_task.labels, m_task.classes);
        m_answers.assign(m_task.classes, 0);
        for (const std::size_t item : m_labelled)
            ++m_answers[static_cast<std::size_t>(m_task.labels[item])];
        std::vector<std::size_t> validation;
        for (std::size_t i = m_task.pool; i < m_task.labels.size(); ++i)
            validation.push_back(i);
        look(m_open, m_seen, nullptr);
        look(m_labelled, m_labelledSeen, &m_labelledTruth);
        look(validation, m_holdoutSeen, &m_holdoutTruth);
        m_features = rowsOf(m_open);
        m_labelledFeatures = rowsOf(m_labelled);
        m_pool.clear();
        for (const ItemPrediction& prediction : m_seen)
            m_pool.emplace_back(prediction.item);
    }

    Matrix rowsOf(const std::vector<std::size_t>& items) const {
        Matrix rows(items.size(), m_task.joint.cols);
        for (std::size_t i = 0; i < items.size(); ++i)
            std::copy_n(m_task.joint.row(items[i]).begin(), rows.cols, rows.row(i).begin());
        return rows;
    }

    ItemPrediction predictionOf(std::size_t item) const {
        ItemPrediction prediction;
        prediction.item = static_cast<std::int64_t>(item) + 1;
        for (std::size_t m = 0; m < m_task.modalities.size(); ++m) {
            const auto row = m_task.modalities[m].row(item);
            prediction.features.emplace_back(row.begin(), row.end());
            std::vector<float>& evidence = prediction.evidence.emplace_back();
            for (const double logit : m_heads[m].logits(row))
                evidence.push_back(static_cast<float>(1.0 + std::log1p(std::exp(logit))));
        }
        const auto joint = m_task.joint.row(item);
        prediction.embedding.assign(joint.begin(), joint.end());
        for (const double p : select::policy::softmax(m_heads.back().logits(joint)))
            prediction.probabilities.push_back(static_cast<float>(p));
        return prediction;
    }

    void look(const std::vector<std::size_t>& items, std::vector<ItemPrediction>& seen,
              std::vector<ItemTruth>* truth) const {
        seen.clear();
        if (truth) truth->clear();
        for (const std::size_t item : items) {
            seen.push_back(predictionOf(item));
            if (!truth) continue;
            ItemTruth& known = truth->emplace_back();
            known.item = seen.back().item;
            known.labels.push_back(m_task.labels[item]);
        }
    }

    select::rlmba::PracticeTask m_task;
    std::vector<std::size_t> m_labelled, m_open;
    std::vector<select::policy::RidgeClassifier> m_heads;  // one a modality, the joint one last
    std::vector<std::int64_t> m_answers;
    std::vector<ItemId> m_pool;
    std::vector<ItemPrediction> m_seen, m_labelledSeen, m_holdoutSeen;
    std::vector<ItemTruth> m_labelledTruth, m_holdoutTruth;
    Matrix m_features, m_labelledFeatures;
};

}  // namespace querent::select

#pragma once

#include "engine/select/policy/ridge.h"
#include "tests/engine/select/pools.h"

#include <cmath>
#include <vector>

namespace querent::select {

/** A task of Gaussian classes, each rarer than the one before, with a ridge learner on a part of it. */
class ClassTask {
 public:
    static constexpr std::size_t kWidth = 12;

    /** @param ratio  of each class's size to that of the one before; validation has as many of each */
    ClassTask(int classes, std::size_t first, double ratio, std::uint64_t seed) : m_classes(classes) {
        Rng rng(seed, "class task");
        Matrix means = randomMatrix(static_cast<std::size_t>(classes), kWidth, rng);
        const auto add = [&](int label, std::vector<float>& values, std::vector<int>& labels) {
            for (const float mean : means.row(static_cast<std::size_t>(label)))
                values.push_back(1.1F * mean + static_cast<float>(rng.normal()));
            labels.push_back(label);
        };
        double size = static_cast<double>(first);
        for (int c = 0; c < classes; ++c, size *= ratio) {
            for (int i = 0; i < std::max(4, static_cast<int>(size)); ++i)
                add(c, m_features.values, m_labels);
        }
        m_pool = m_labels.size();
        for (int i = 0; i < 40 * classes; ++i)
            add(i % classes, m_features.values, m_labels);
        m_features.rows = m_labels.size();
        m_features.cols = kWidth;
    }

    std::size_t poolSize() const { return m_pool; }
    int label(std::size_t item) const { return m_labels[item]; }

    select::policy::RidgeClassifier fit(const std::vector<std::size_t>& labelled) const {
        return select::policy::RidgeClassifier(m_features, labelled, m_labels, static_cast<std::size_t>(m_classes));
    }

    double accuracy(const std::vector<std::size_t>& labelled) const {
        const select::policy::RidgeClassifier learner = fit(labelled);
        double right = 0.0;
        for (std::size_t i = m_pool; i < m_labels.size(); ++i) {
            const auto logits = learner.logits(m_features.row(i));
            right += std::max_element(logits.begin(), logits.end()) - logits.begin() == m_labels[i] ? 1.0 : 0.0;
        }
        return right / static_cast<double>(m_labels.size() - m_pool);
    }

    /** What a strategy sees when these are labelled; owns what its input points to. */
    struct Round {
        Pool pool;
        std::vector<std::size_t> places;  // of the pool's items in the task
        std::vector<ItemPrediction> known;
        std::vector<ItemTruth> truth;
        std::vector<std::int64_t> perClass;

        SelectionInput input() const {
            SelectionInput input = pool.input();
            input.labelledPerClass = perClass;
            input.labelled = {known, truth};
            return input;
        }
    };

    Round round(const std::vector<std::size_t>& labelled) const {
        const select::policy::RidgeClassifier learner = fit(labelled);
        Round round;
        round.pool.classes = m_classes;
        round.perClass.assign(static_cast<std::size_t>(m_classes), 0);
        std::vector<char> taken(m_pool, 0);
        for (const std::size_t item : labelled) {
            taken[item] = 1;
            round.known.push_back(predict(learner, item));
            round.truth.push_back({idOf(item), {}, {}, {m_labels[item]}});
            ++round.perClass[static_cast<std::size_t>(m_labels[item])];
            append(round.pool.labelled, item);
        }
        for (std::size_t item = 0; item < m_pool; ++item) {
            if (taken[item] != 0) continue;
            round.places.push_back(item);
            round.pool.items.emplace_back(idOf(item));
            round.pool.predictions.push_back(predict(learner, item));
            append(round.pool.features, item);
        }
        return round;
    }

 private:
    static std::int64_t idOf(std::size_t item) { return static_cast<std::int64_t>(item) + 1; }

    ItemPrediction predict(const select::policy::RidgeClassifier& learner, std::size_t item) const {
        ItemPrediction prediction;
        prediction.item = idOf(item);
        for (const double p : select::policy::softmax(learner.logits(m_features.row(item))))
            prediction.probabilities.push_back(static_cast<float>(p));
        return prediction;
    }

    void append(Matrix& matrix, std::size_t item) const {
        const auto row = m_features.row(item);
        matrix.values.insert(matrix.values.end(), row.begin(), row.end());
        matrix.cols = kWidth;
        ++matrix.rows;
    }

    int m_classes;
    Matrix m_features;
    std::vector<int> m_labels;
    std::size_t m_pool = 0;
};

}  // namespace querent::select

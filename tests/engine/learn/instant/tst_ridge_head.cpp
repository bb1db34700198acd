// The head that learns while people type, against a solution of the normal equations from the start each time.

#include "engine/core/rng.h"
#include "engine/learn/instant/ridge_head.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace querent;
using learn::instant::RidgeHead;

namespace {

struct Answer {
    std::vector<float> features;
    std::vector<int> labels;
};

/** (X'X + ridge I) W = X'Y by elimination with pivots: X has a last column of ones. [D + 1][C] */
std::vector<std::vector<double>> weightsOf(const std::vector<Answer>& answers, std::size_t features, int classes) {
    const std::size_t wide = features + 1;
    std::vector<std::vector<double>> left(wide, std::vector<double>(wide, 0.0));
    std::vector<std::vector<double>> right(wide, std::vector<double>(static_cast<std::size_t>(classes), 0.0));
    for (std::size_t i = 0; i < wide; ++i)
        left[i][i] = RidgeHead::kRidge;
    for (const Answer& answer : answers) {
        std::vector<double> x(answer.features.begin(), answer.features.end());
        x.push_back(1.0);
        for (std::size_t i = 0; i < wide; ++i) {
            for (std::size_t j = 0; j < wide; ++j)
                left[i][j] += x[i] * x[j];
            for (const int label : answer.labels)
                right[i][static_cast<std::size_t>(label)] += x[i];
        }
    }
    for (std::size_t i = 0; i < wide; ++i) {
        std::size_t pivot = i;
        for (std::size_t r = i + 1; r < wide; ++r) {
            if (std::abs(left[r][i]) > std::abs(left[pivot][i])) pivot = r;
        }
        std::swap(left[i], left[pivot]);
        std::swap(right[i], right[pivot]);
        for (std::size_t r = 0; r < wide; ++r) {
            if (r == i) continue;
            const double by = left[r][i] / left[i][i];
            for (std::size_t c = i; c < wide; ++c)
                left[r][c] -= by * left[i][c];
            for (std::size_t c = 0; c < right[r].size(); ++c)
                right[r][c] -= by * right[i][c];
        }
    }
    for (std::size_t i = 0; i < wide; ++i) {
        for (double& value : right[i])
            value /= left[i][i];
    }
    return right;
}

double scoreOf(const std::vector<std::vector<double>>& weights, const std::vector<float>& features, std::size_t label) {
    double score = weights.back()[label];
    for (std::size_t i = 0; i < features.size(); ++i)
        score += static_cast<double>(features[i]) * weights[i][label];
    return score;
}

/** What an answer says of itself when it is predicted from all others: the fit without it, from the start. */
double likelihoodBy(const std::vector<Answer>& answers, std::size_t features, int classes, double factor) {
    double sum = 0.0;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        std::vector<Answer> others = answers;
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
        const auto weights = weightsOf(others, features, classes);
        double all = 0.0;
        for (int c = 0; c < classes; ++c)
            all += std::exp(factor * scoreOf(weights, answers[i].features, static_cast<std::size_t>(c)));
        sum += factor * scoreOf(weights, answers[i].features, static_cast<std::size_t>(answers[i].labels[0])) -
               std::log(all);
    }
    return sum / static_cast<double>(answers.size());
}

Answer drawn(Rng& rng, std::size_t features, int classes) {
    Answer answer;
    const auto label = static_cast<std::size_t>(rng.index(static_cast<std::size_t>(classes)));
    for (std::size_t i = 0; i < features; ++i)
        answer.features.push_back(static_cast<float>(0.3 * rng.normal() + (i == label ? 0.5 : 0.0)));
    answer.labels = {static_cast<int>(label)};
    return answer;
}

Matrix rowsOf(const std::vector<Answer>& answers) {
    Matrix rows(answers.size(), answers.front().features.size());
    for (std::size_t i = 0; i < answers.size(); ++i)
        std::ranges::copy(answers[i].features, rows.row(i).begin());
    return rows;
}

}  // namespace

class TestRidgeHead : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    // Many answers come, and some go again: what is left is what would have been learnt from those that are left.
    void itEqualsAFitFromTheStart() {
        constexpr std::size_t kFeatures = 17;
        constexpr int kClasses = 4;
        Rng rng(5);
        RidgeHead head(kFeatures, kClasses, false);
        std::vector<std::pair<std::size_t, Answer>> there;
        for (int step = 0; step < 600; ++step) {
            if (there.size() > 30 && rng.chance(0.5)) {
                const std::size_t gone = rng.index(there.size());
                head.forget(there[gone].first);
                there.erase(there.begin() + static_cast<std::ptrdiff_t>(gone));
            } else {
                Answer answer = drawn(rng, kFeatures, kClasses);
                const std::size_t number = head.learn(answer.features, answer.labels);
                there.emplace_back(number, std::move(answer));
            }
        }
        QCOMPARE(head.answers(), there.size());
        std::vector<Answer> left;
        for (const auto& [number, answer] : there)
            left.push_back(answer);
        const auto weights = weightsOf(left, kFeatures, kClasses);
        std::vector<Answer> asked;
        for (int i = 0; i < 20; ++i)
            asked.push_back(drawn(rng, kFeatures, kClasses));
        const Matrix found = head.probabilities(rowsOf(asked));
        for (std::size_t i = 0; i < asked.size(); ++i) {
            // Ratios of probabilities are differences of scores, times one factor that is the same everywhere.
            const auto said = [&](std::size_t c) { return std::log(static_cast<double>(found.at(i, c))); };
            const auto score = [&](std::size_t c) { return scoreOf(weights, asked[i].features, c); };
            const double factor = (said(0) - said(1)) / (score(0) - score(1));
            for (std::size_t c = 2; c < kClasses; ++c)
                QVERIFY(std::abs((said(0) - said(c)) - factor * (score(0) - score(c))) < 1e-2);
            const double sum = std::accumulate(found.row(i).begin(), found.row(i).end(), 0.0);
            QVERIFY(std::abs(sum - 1.0) < 1e-5);
        }
    }

    // Of the factors that are tried none makes the answers likelier, each predicted from all others.
    void probabilitiesAreTheLikeliest() {
        constexpr std::size_t kFeatures = 6;
        Rng rng(3);
        std::vector<Answer> answers;
        RidgeHead head(kFeatures, 3, false);
        for (int i = 0; i < 40; ++i) {
            answers.push_back(drawn(rng, kFeatures, 3));
            head.learn(answers.back().features, answers.back().labels);
        }
        const auto weights = weightsOf(answers, kFeatures, 3);
        const Matrix found = head.probabilities(rowsOf(answers));
        const double said = std::log(static_cast<double>(found.at(0, 0)) / static_cast<double>(found.at(0, 1)));
        const double factor =
            said / (scoreOf(weights, answers[0].features, 0) - scoreOf(weights, answers[0].features, 1));
        const double best = likelihoodBy(answers, kFeatures, 3, factor);
        for (const double other : {1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0, 50.0})
            QVERIFY(likelihoodBy(answers, kFeatures, 3, other) <= best + 1e-4);
    }

    void severalClassesAreEachAYesOrNo() {
        Rng rng(8);
        RidgeHead head(4, 2, true);
        for (int i = 0; i < 200; ++i) {
            std::vector<float> features;
            for (int f = 0; f < 4; ++f)
                features.push_back(static_cast<float>(rng.normal()));
            std::vector<int> labels;
            for (int c = 0; c < 2; ++c) {
                if (features[static_cast<std::size_t>(c)] > 0.0F) labels.push_back(c);
            }
            head.learn(features, labels);
        }
        Matrix asked(4, 4);
        for (std::size_t i = 0; i < 4; ++i) {
            asked.at(i, 0) = (i & 1U) != 0 ? 1.5F : -1.5F;
            asked.at(i, 1) = (i & 2U) != 0 ? 1.5F : -1.5F;
        }
        const Matrix found = head.probabilities(asked);
        for (std::size_t i = 0; i < 4; ++i) {
            for (std::size_t c = 0; c < 2; ++c)
                QVERIFY(found.at(i, c) >= 0.0F && found.at(i, c) <= 1.0F &&
                        (found.at(i, c) > 0.5F) == (asked.at(i, c) > 0.0F));
        }
    }

    void beforeAnyAnswerAllClassesAreAlike() {
        RidgeHead head(3, 4, false);
        Matrix asked(1, 3);
        asked.at(0, 1) = 0.7F;
        const Matrix found = head.probabilities(asked);
        for (std::size_t c = 0; c < 4; ++c)
            QCOMPARE(found.at(0, c), 0.25F);
        head.forget(12);
        QCOMPARE(head.answers(), std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(TestRidgeHead)
#include "tst_ridge_head.moc"

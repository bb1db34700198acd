// Figures of classification against values by hand and a slow reference.
#include "engine/core/rng.h"
#include "engine/learn/metrics/classification.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <optional>

using namespace querent;
using namespace querent::learn::metrics;

namespace {

struct Exam {
    std::vector<ItemTruth> truth;
    std::vector<ItemPrediction> predictions;

    void add(std::vector<int> labels, std::vector<float> probabilities) {
        ItemTruth one;
        one.item = static_cast<std::int64_t>(truth.size()) + 1;
        one.labels = std::move(labels);
        ItemPrediction answer;
        answer.item = one.item;
        answer.probabilities = std::move(probabilities);
        truth.push_back(std::move(one));
        predictions.push_back(std::move(answer));
    }
};

Exam randomExam(std::uint64_t seed, int items, int classes, bool multiLabel) {
    Rng rng(seed);
    Exam exam;
    for (int i = 0; i < items; ++i) {
        std::vector<float> p;
        float sum = 0.0F;
        for (int c = 0; c < classes; ++c) {
            p.push_back(static_cast<float>(rng.integer(1, 20)) / 20.0F);  // ties occur
            sum += p.back();
        }
        std::vector<int> labels;
        for (int c = 0; c < classes; ++c) {
            if (!multiLabel) p[static_cast<std::size_t>(c)] /= sum;
            if (multiLabel && rng.chance(0.3)) labels.push_back(c);
        }
        if (!multiLabel) labels = {rng.integer(0, classes - 1)};
        exam.add(labels, p);
    }
    return exam;
}

// Average precision straight from its definition: the mean over the positives of the precision among all that rank at
// least as high.
double slowAp(const Exam& exam, int c) {
    const auto at = static_cast<std::size_t>(c);
    const auto isIn = [c](const ItemTruth& truth) {
        return std::find(truth.labels.begin(), truth.labels.end(), c) != truth.labels.end();
    };
    double sum = 0.0;
    int positives = 0;
    for (std::size_t i = 0; i < exam.truth.size(); ++i) {
        if (!isIn(exam.truth[i])) continue;
        ++positives;
        int above = 0;
        int right = 0;
        for (std::size_t j = 0; j < exam.truth.size(); ++j) {
            if (exam.predictions[j].probabilities[at] < exam.predictions[i].probabilities[at]) continue;
            ++above;
            right += isIn(exam.truth[j]) ? 1 : 0;
        }
        sum += static_cast<double>(right) / above;
    }
    return positives > 0 ? sum / positives : -1.0;
}

bool close(double a, double b) {
    return std::abs(a - b) < 1e-9;
}

}  // namespace

class TestClassification : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void byHand() {
        Exam exam;
        exam.add({0}, {0.8F, 0.1F, 0.1F});
        exam.add({0}, {0.3F, 0.6F, 0.1F});
        exam.add({1}, {0.2F, 0.7F, 0.1F});
        exam.add({1}, {0.1F, 0.5F, 0.4F});
        const auto summary = evaluateClasses(exam.truth, exam.predictions, 3, false);
        QVERIFY(summary.ok());
        QVERIFY(close(summary->figures.top1, 0.75));
        QVERIFY(close(summary->figures.f1[0], 2.0 / 3.0));
        QVERIFY(close(summary->figures.f1[1], 0.8));
        QCOMPARE(summary->figures.f1[2], -1.0);  // it never occurs
        QVERIFY(close(summary->figures.macroF1, (2.0 / 3.0 + 0.8) / 2.0));
        QCOMPARE(summary->confusion, (std::vector<std::int64_t>{1, 1, 0, 0, 2, 0, 0, 0, 0}));
        QCOMPARE(summary->support, (std::vector<std::int64_t>{2, 2, 0}));
        QVERIFY(close(summary->precision[1], 2.0 / 3.0));
        const double nll = -(std::log(0.8) + std::log(0.3) + std::log(0.7) + std::log(0.5)) / 4.0;
        QVERIFY(std::abs(summary->figures.nll - nll) < 1e-6);
        // Each confidence is alone in its bin: |1 - .8|, |0 - .6|, |1 - .7|, |1 - .5|.
        QVERIFY(std::abs(summary->figures.ece - (0.2 + 0.6 + 0.3 + 0.5) / 4.0) < 1e-6);
        QCOMPARE(summary->figures.ap[0], 1.0);
    }

    void averagePrecisionByDefinition() {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const bool multi = seed % 2 == 0;
            const Exam exam = randomExam(seed, 40, 4, multi);
            const auto summary = evaluateClasses(exam.truth, exam.predictions, 4, multi);
            QVERIFY(summary.ok());
            for (int c = 0; c < 4; ++c)
                QVERIFY(close(summary->figures.ap[static_cast<std::size_t>(c)], slowAp(exam, c)));
        }
    }

    void severalLabelsAnItem() {
        Exam exam;
        exam.add({0, 1}, {0.9F, 0.8F});
        exam.add({}, {0.2F, 0.6F});
        const auto summary = evaluateClasses(exam.truth, exam.predictions, 2, true);
        QVERIFY(summary.ok());
        QCOMPARE(summary->figures.map, 1.0);
        QVERIFY(close(summary->figures.f1[0], 1.0));
        QVERIFY(close(summary->figures.f1[1], 2.0 / 3.0));
        QCOMPARE(summary->figures.top1, 1.0);  // of the items that have a class
        QVERIFY(summary->confusion.empty());
        const double nll = -(std::log(0.9) + std::log(0.8) + std::log(0.8) + std::log(0.4)) / 4.0;
        QVERIFY(std::abs(summary->figures.nll - nll) < 1e-6);
    }

    void intervalsHoldTheValue() {
        const Exam exam = randomExam(5, 200, 3, false);
        const auto whole = evaluateClasses(exam.truth, exam.predictions, 3, false);
        const auto intervals = bootstrapClasses(exam.truth, exam.predictions, 3, false, 200, 1);
        QVERIFY(whole.ok() && intervals.ok());
        QCOMPARE(intervals->top1.value, whole->figures.top1);
        QVERIFY(intervals->top1.low < intervals->top1.value && intervals->top1.value < intervals->top1.high);
        // A share p of n items has a standard error of sqrt(p (1 - p) / n); the interval is some 2 x 1.96 of them.
        const double p = whole->figures.top1;
        const double width = 2.0 * 1.96 * std::sqrt(p * (1.0 - p) / 200.0);
        QVERIFY(std::abs(intervals->top1.high - intervals->top1.low - width) < 0.3 * width);
        const auto again = bootstrapClasses(exam.truth, exam.predictions, 3, false, 200, 1);
        QCOMPARE(again->macroF1.low, intervals->macroF1.low);
    }

    void refusesWhatDoesNotFit() {
        Exam exam;
        exam.add({0}, {0.5F, 0.5F});
        const auto codeOf = [](const auto& result) {
            return result ? std::nullopt : std::optional(result.error().code);
        };
        QVERIFY(codeOf(evaluateClasses(exam.truth, exam.predictions, 3, false)) == ErrorCode::InvalidArgument);
        QVERIFY(codeOf(evaluateClasses(exam.truth, exam.predictions, 0, false)) == ErrorCode::InvalidArgument);
        Exam twice = exam;
        twice.predictions.push_back(twice.predictions.front());
        QVERIFY(codeOf(evaluateClasses(twice.truth, twice.predictions, 2, false)) == ErrorCode::InvalidArgument);
        Exam stranger = exam;
        stranger.predictions.front().item = 77;
        QVERIFY(codeOf(evaluateClasses(stranger.truth, stranger.predictions, 2, false)) == ErrorCode::InvalidArgument);
        Exam odd = exam;
        odd.predictions.front().probabilities[0] = NAN;
        QVERIFY(codeOf(evaluateClasses(odd.truth, odd.predictions, 2, false)) == ErrorCode::InvalidArgument);
        const auto none = evaluateClasses(exam.truth, {}, 2, false);
        QVERIFY(none.ok());
        QCOMPARE(none->figures.top1, -1.0);
    }
};

QTEST_GUILESS_MAIN(TestClassification)
#include "tst_classification.moc"

#include "engine/learn/metrics/classification.h"

#include "engine/core/rng.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace querent::learn::metrics {
namespace {

constexpr int kBins = 15;
constexpr double kLeastProbability = 1e-12;

/** One item with its answer. */
struct Row {
    std::vector<char> is;  // [C], 1 where the class is true
    const std::vector<float>* p = nullptr;
    int answer = 0;  // the likeliest class
};

/** All rows, and for each class their order by probability: what every replicate of a bootstrap shares. */
struct Table {
    std::vector<Row> rows;
    std::vector<std::vector<std::size_t>> ranking;  // [C][N], likeliest first
    int classes = 0;
    bool multiLabel = false;

    double p(std::size_t row, std::size_t c) const { return static_cast<double>((*rows[row].p)[c]); }
};

Error refuse(const std::string& sentence) {
    return fail(ErrorCode::InvalidArgument, sentence);
}

Result<Row> rowOf(const ItemTruth& truth, const ItemPrediction& prediction, int classes) {
    const std::string name = "Item " + std::to_string(truth.item);
    Row row;
    row.is.assign(static_cast<std::size_t>(classes), 0);
    for (const int label : truth.labels) {
        if (label < 0 || label >= classes) return refuse(name + " has a class that does not exist.");
        row.is[static_cast<std::size_t>(label)] = 1;
    }
    row.p = &prediction.probabilities;
    const bool finite = std::all_of(row.p->begin(), row.p->end(), [](float v) { return std::isfinite(v); });
    if (row.p->size() != static_cast<std::size_t>(classes) || !finite) {
        return refuse(name + " was not answered with one probability for each class.");
    }
    row.answer = static_cast<int>(std::max_element(row.p->begin(), row.p->end()) - row.p->begin());
    return row;
}

Result<Table> tableOf(std::span<const ItemTruth> truth, std::span<const ItemPrediction> predictions, int classes,
                      bool multiLabel) {
    if (classes < 1) return refuse("There must be at least one class.");
    std::unordered_map<std::int64_t, const ItemTruth*> known;
    for (const ItemTruth& one : truth) {
        if (!known.emplace(one.item, &one).second)
            return refuse("Item " + std::to_string(one.item) + " occurs twice in the truth.");
    }
    Table table;
    table.classes = classes;
    table.multiLabel = multiLabel;
    std::unordered_set<std::int64_t> seen;
    for (const ItemPrediction& prediction : predictions) {
        const auto found = known.find(prediction.item);
        if (found == known.end())
            return refuse("Item " + std::to_string(prediction.item) + " was answered, but its truth is not known.");
        if (!seen.insert(prediction.item).second)
            return refuse("Item " + std::to_string(prediction.item) + " was answered twice.");
        if (found->second->labels.empty() && !multiLabel) continue;
        Result<Row> row = rowOf(*found->second, prediction, classes);
        if (!row) return row.error();
        table.rows.push_back(std::move(*row));
    }
    for (std::size_t c = 0; c < static_cast<std::size_t>(classes); ++c) {
        std::vector<std::size_t> order(table.rows.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return table.p(a, c) > table.p(b, c); });
        table.ranking.push_back(std::move(order));
    }
    return table;
}

/** Average precision without interpolation; rows of equal probability are one step. -1 without a positive. */
double averagePrecision(const Table& table, const std::vector<double>& weights, std::size_t c) {
    double found = 0.0;
    double right = 0.0;
    double sum = 0.0;
    const std::vector<std::size_t>& order = table.ranking[c];
    for (std::size_t i = 0; i < order.size();) {
        double positives = 0.0;
        const double p = table.p(order[i], c);
        for (; i < order.size() && table.p(order[i], c) == p; ++i) {
            found += weights[order[i]];
            if (table.rows[order[i]].is[c] != 0) positives += weights[order[i]];
        }
        right += positives;
        if (positives > 0.0) sum += positives * right / found;
    }
    return right > 0.0 ? sum / right : -1.0;
}

/** True answers, answers and true items of each class. */
struct Counts {
    std::vector<double> hits, answers, truths;  // [C]
};

Counts countsOf(const Table& table, const std::vector<double>& weights) {
    const auto classes = static_cast<std::size_t>(table.classes);
    Counts counts{std::vector<double>(classes), std::vector<double>(classes), std::vector<double>(classes)};
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        for (std::size_t c = 0; c < classes; ++c) {
            const bool said = table.multiLabel ? table.p(i, c) >= 0.5 : table.rows[i].answer == static_cast<int>(c);
            const bool is = table.rows[i].is[c] != 0;
            if (said) counts.answers[c] += weights[i];
            if (is) counts.truths[c] += weights[i];
            if (said && is) counts.hits[c] += weights[i];
        }
    }
    return counts;
}

/** Mean over the classes that occur; -1 when none does. */
double meanOf(const std::vector<double>& values) {
    double sum = 0.0;
    int count = 0;
    for (const double value : values) {
        if (value < 0.0) continue;
        sum += value;
        ++count;
    }
    return count > 0 ? sum / count : -1.0;
}

/** The decisions whose confidence can be right or wrong, one after another: (confidence, right, weight). */
template <typename Hear>
void eachDecision(const Table& table, const std::vector<double>& weights, Hear&& hear) {
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        const Row& row = table.rows[i];
        if (!table.multiLabel) {
            const auto answer = static_cast<std::size_t>(row.answer);
            hear(table.p(i, answer), row.is[answer] != 0, weights[i]);
            continue;
        }
        for (std::size_t c = 0; c < row.is.size(); ++c) {
            const double p = table.p(i, c);
            hear(std::max(p, 1.0 - p), (p >= 0.5) == (row.is[c] != 0), weights[i]);
        }
    }
}

double calibrationError(const Table& table, const std::vector<double>& weights) {
    std::vector<double> gap(kBins);
    double total = 0.0;
    eachDecision(table, weights, [&](double confidence, bool right, double weight) {
        const int bin = std::clamp(static_cast<int>(confidence * kBins), 0, kBins - 1);
        gap[static_cast<std::size_t>(bin)] += weight * ((right ? 1.0 : 0.0) - confidence);
        total += weight;
    });
    double sum = 0.0;
    for (const double one : gap)
        sum += std::abs(one);
    return total > 0.0 ? sum / total : -1.0;
}

double logLoss(double p) {
    return -std::log(std::max(p, kLeastProbability));
}

double negativeLogLikelihood(const Table& table, const std::vector<double>& weights) {
    double sum = 0.0;
    double total = 0.0;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        const Row& row = table.rows[i];
        for (std::size_t c = 0; c < row.is.size(); ++c) {
            if (!table.multiLabel && row.is[c] == 0) continue;
            sum += weights[i] * logLoss(row.is[c] != 0 ? table.p(i, c) : 1.0 - table.p(i, c));
            total += weights[i];
        }
    }
    return total > 0.0 ? sum / total : -1.0;
}

ClassFigures figuresOf(const Table& table, const std::vector<double>& weights) {
    ClassFigures out;
    const Counts counts = countsOf(table, weights);
    const auto classes = static_cast<std::size_t>(table.classes);
    for (std::size_t c = 0; c < classes; ++c) {
        const double both = counts.answers[c] + counts.truths[c];
        out.f1.push_back(counts.truths[c] > 0.0 ? 2.0 * counts.hits[c] / both : -1.0);
        out.ap.push_back(averagePrecision(table, weights, c));
    }
    out.macroF1 = meanOf(out.f1);
    out.map = meanOf(out.ap);
    out.nll = negativeLogLikelihood(table, weights);
    out.ece = calibrationError(table, weights);
    double right = 0.0;
    double total = 0.0;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        const Row& row = table.rows[i];
        if (std::count(row.is.begin(), row.is.end(), 1) == 0) continue;
        right += row.is[static_cast<std::size_t>(row.answer)] != 0 ? weights[i] : 0.0;
        total += weights[i];
    }
    if (total > 0.0) out.top1 = right / total;
    return out;
}

/** Linear between order statistics; `values` are sorted. */
double quantile(const std::vector<double>& values, double share) {
    const double at = share * static_cast<double>(values.size() - 1);
    const auto low = static_cast<std::size_t>(at);
    const std::size_t high = std::min(low + 1, values.size() - 1);
    return values[low] + (at - static_cast<double>(low)) * (values[high] - values[low]);
}

using Figure = std::function<double(const ClassFigures&)>;

Interval intervalOf(const ClassFigures& whole, const std::vector<ClassFigures>& replicates, const Figure& figure) {
    std::vector<double> values;
    for (const ClassFigures& one : replicates) {
        if (figure(one) >= 0.0) values.push_back(figure(one));
    }
    const double value = figure(whole);
    if (value < 0.0 || values.empty()) return {};
    std::sort(values.begin(), values.end());
    return {value, quantile(values, 0.025), quantile(values, 0.975)};
}

}  // namespace

Result<ClassSummary> evaluateClasses(std::span<const ItemTruth> truth, std::span<const ItemPrediction> predictions,
                                     int classes, bool multiLabel) {
    const Result<Table> table = tableOf(truth, predictions, classes, multiLabel);
    if (!table) return table.error();
    const std::vector<double> ones(table->rows.size(), 1.0);
    ClassSummary out;
    out.figures = figuresOf(*table, ones);
    const Counts counts = countsOf(*table, ones);
    const auto count = static_cast<std::size_t>(classes);
    for (std::size_t c = 0; c < count; ++c) {
        out.precision.push_back(counts.answers[c] > 0.0 ? counts.hits[c] / counts.answers[c] : -1.0);
        out.recall.push_back(counts.truths[c] > 0.0 ? counts.hits[c] / counts.truths[c] : -1.0);
        out.support.push_back(static_cast<std::int64_t>(counts.truths[c]));
    }
    if (multiLabel) return out;
    out.confusion.assign(count * count, 0);
    for (const Row& row : table->rows) {
        for (std::size_t c = 0; c < count; ++c) {
            if (row.is[c] != 0) ++out.confusion[c * count + static_cast<std::size_t>(row.answer)];
        }
    }
    return out;
}

Result<ClassIntervals> bootstrapClasses(std::span<const ItemTruth> truth, std::span<const ItemPrediction> predictions,
                                        int classes, bool multiLabel, int replicates, std::uint64_t seed,
                                        const Job& job) {
    const Result<Table> table = tableOf(truth, predictions, classes, multiLabel);
    if (!table) return table.error();
    if (replicates < 1) return refuse("At least one replicate is needed.");
    const std::size_t count = table->rows.size();
    const ClassFigures whole = figuresOf(*table, std::vector<double>(count, 1.0));
    std::vector<ClassFigures> drawn;
    Rng rng(seed, "bootstrap");
    for (int r = 0; r < replicates && count > 0; ++r) {
        if (job.cancelled()) return Job::stopped();
        std::vector<double> weights(count, 0.0);
        for (std::size_t i = 0; i < count; ++i)
            weights[rng.index(count)] += 1.0;
        drawn.push_back(figuresOf(*table, weights));
    }
    ClassIntervals out;
    out.top1 = intervalOf(whole, drawn, [](const ClassFigures& f) { return f.top1; });
    out.macroF1 = intervalOf(whole, drawn, [](const ClassFigures& f) { return f.macroF1; });
    out.nll = intervalOf(whole, drawn, [](const ClassFigures& f) { return f.nll; });
    out.ece = intervalOf(whole, drawn, [](const ClassFigures& f) { return f.ece; });
    out.map = intervalOf(whole, drawn, [](const ClassFigures& f) { return f.map; });
    for (std::size_t c = 0; c < static_cast<std::size_t>(classes); ++c) {
        out.f1.push_back(intervalOf(whole, drawn, [c](const ClassFigures& f) { return f.f1[c]; }));
        out.ap.push_back(intervalOf(whole, drawn, [c](const ClassFigures& f) { return f.ap[c]; }));
    }
    return out;
}

}  // namespace querent::learn::metrics

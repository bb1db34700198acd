#include "engine/core/rng.h"
#include "engine/core/stopwatch.h"
#include "engine/learn/instant/ridge_head.h"
#include "engine/session/bench/bench.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace querent::session::bench {
namespace {

constexpr std::size_t kAnswersBefore = 500;
constexpr int kAnswersMeasured = 50;

/** Rows of length 1 around the centre of their class; the first `classes` numbers tell them apart. */
Matrix generatedRows(int items, int dimensions, int classes) {
    Matrix rows(static_cast<std::size_t>(items), static_cast<std::size_t>(dimensions));
    Rng rng(1, "head bench");
    for (std::size_t i = 0; i < rows.rows; ++i) {
        double squares = 0.0;
        for (std::size_t d = 0; d < rows.cols; ++d) {
            const bool own = d == i % static_cast<std::size_t>(classes);
            rows.at(i, d) = static_cast<float>(rng.normal() + (own ? 8.0 : 0.0));
            squares += static_cast<double>(rows.at(i, d)) * static_cast<double>(rows.at(i, d));
        }
        for (float& value : rows.row(i))
            value = static_cast<float>(static_cast<double>(value) / std::sqrt(squares));
    }
    return rows;
}

double medianOf(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

Result<BenchFigures> benchHead(int items, int dimensions, int classes) {
    const int least = std::max(classes, 1);
    if (dimensions < least)
        return fail(ErrorCode::InvalidArgument, "The head needs at least as many features as there are classes.");
    const Matrix rows = generatedRows(std::max(items, 2), dimensions, least);
    learn::instant::RidgeHead head(rows.cols, least, false);
    const auto answer = [&](std::size_t i) {
        const std::array<int, 1> label = {static_cast<int>(i % static_cast<std::size_t>(least))};
        head.learn(rows.row(i), label);
    };
    const std::size_t before = std::min(kAnswersBefore, rows.rows / 2);
    for (std::size_t i = 0; i < before; ++i)
        answer(i);
    std::vector<double> one, all;
    Matrix next(1, rows.cols);
    for (int turn = 0; turn < kAnswersMeasured; ++turn) {
        const std::size_t item = (before + static_cast<std::size_t>(turn)) % rows.rows;
        std::ranges::copy(rows.row(item), next.row(0).begin());
        const Stopwatch watch;
        answer(item);
        const Matrix said = head.probabilities(next);
        one.push_back(watch.seconds() * 1e3);
        const Matrix pool = head.probabilities(rows);
        all.push_back(watch.seconds() * 1e3);
        if (!allFinite(said.values) || !allFinite(pool.values))
            return fail(ErrorCode::Internal, "The head has lost its numbers.");
    }
    return BenchFigures{{"pool", items},
                        {"dimensions", dimensions},
                        {"classes", least},
                        {"answers", static_cast<double>(before)},
                        {"next_item_ms", medianOf(one)},
                        {"whole_pool_ms", medianOf(all)},
                        {"whole_pool_longest_ms", *std::ranges::max_element(all)}};
}

}  // namespace querent::session::bench

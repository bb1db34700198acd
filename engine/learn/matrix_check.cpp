#include "engine/learn/matrix_check.h"

#include "engine/core/rng.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace querent::learn {

namespace {

/** Below, at and beyond the blocks of registers and caches into which libraries cut their work. */
constexpr std::int64_t kSides[] = {1, 3, 8, 17, 64, 100, 257};

struct Shape {
    std::int64_t m, k, n;
};

/** Two matrices of floats, their product and the product of their magnitudes, all in plain double arithmetic. */
struct Example {
    torch::Tensor a, b;  // double; every number is one of float, too
    std::vector<double> product, magnitude;
};

torch::Tensor drawn(std::int64_t rows, std::int64_t columns, Rng& rng) {
    const torch::Tensor t = torch::empty({rows, columns}, torch::kDouble);
    double* numbers = t.data_ptr<double>();
    for (std::int64_t i = 0; i < t.numel(); ++i)
        numbers[i] = static_cast<double>(static_cast<float>(rng.uniform(-1.0, 1.0)));
    return t;
}

Example exampleOf(const Shape& shape, Rng& rng) {
    const auto size = static_cast<std::size_t>(shape.m * shape.n);
    Example e{drawn(shape.m, shape.k, rng), drawn(shape.k, shape.n, rng), std::vector<double>(size),
              std::vector<double>(size)};
    const double* a = e.a.data_ptr<double>();
    const double* b = e.b.data_ptr<double>();
    for (std::int64_t i = 0; i < shape.m; ++i) {
        double* product = e.product.data() + i * shape.n;
        double* magnitude = e.magnitude.data() + i * shape.n;
        for (std::int64_t l = 0; l < shape.k; ++l) {
            for (std::int64_t j = 0; j < shape.n; ++j) {
                const double term = a[i * shape.k + l] * b[l * shape.n + j];
                product[j] += term;
                magnitude[j] += std::abs(term);
            }
        }
    }
    return e;
}

/** The largest error as a share of the allowed one; infinite for what is no number. */
double worstShare(const torch::Tensor& answer, const Example& example, std::int64_t k, double epsilon) {
    const torch::Tensor exact = answer.to(torch::kDouble).contiguous();
    const double* numbers = exact.data_ptr<double>();
    double worst = 0.0;
    for (std::size_t i = 0; i < example.product.size(); ++i) {
        const double allowed = static_cast<double>(k + 2) * epsilon * example.magnitude[i];
        const double share = std::abs(numbers[i] - example.product[i]) / (allowed + 1e-300);
        worst = std::isfinite(share) ? std::max(worst, share) : std::numeric_limits<double>::infinity();
    }
    return worst;
}

/** The same matrix, lying in memory column by column. */
torch::Tensor transposedView(const torch::Tensor& matrix) {
    return matrix.t().contiguous().t();
}

Error wrongProduct(const Shape& s, bool single, bool first, bool second) {
    std::string sentence = "The product of ";
    sentence.append(std::to_string(s.m)).append(" x ").append(std::to_string(s.k)).append(" and ");
    sentence.append(std::to_string(s.k)).append(" x ").append(std::to_string(s.n));
    sentence.append(single ? " floats" : " doubles");
    if (first || second) {
        sentence.append(first && second ? ", both" : first ? ", the first" : ", the second").append(" transposed,");
    }
    return fail(ErrorCode::Internal, sentence.append(" is wrong."));
}

Result<double> compareOne(const Product& product, const Shape& shape, const Example& example, bool single) {
    const auto type = single ? torch::kFloat : torch::kDouble;
    const double epsilon =
        single ? static_cast<double>(std::numeric_limits<float>::epsilon()) : std::numeric_limits<double>::epsilon();
    const torch::Tensor a[2] = {example.a.to(type), transposedView(example.a.to(type))};
    const torch::Tensor b[2] = {example.b.to(type), transposedView(example.b.to(type))};
    double worst = 0.0;
    for (const bool first : {false, true}) {
        for (const bool second : {false, true}) {
            const double share = worstShare(product(a[first ? 1 : 0], b[second ? 1 : 0]), example, shape.k, epsilon);
            if (share > 1.0) return wrongProduct(shape, single, first, second);
            worst = std::max(worst, share);
        }
    }
    return worst;
}

}  // namespace

Result<double> compareProducts(const Product& product) {
    const torch::NoGradGuard noGrad;
    Rng rng(11, "matrices");
    double worst = 0.0;
    for (const std::int64_t m : kSides) {
        for (const std::int64_t k : kSides) {
            for (const std::int64_t n : kSides) {
                const Shape shape{m, k, n};
                const Example example = exampleOf(shape, rng);
                for (const bool single : {true, false}) {
                    const Result<double> share = compareOne(product, shape, example, single);
                    if (!share) return share.error();
                    worst = std::max(worst, *share);
                }
            }
        }
    }
    return worst;
}

}  // namespace querent::learn

#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/core/rng.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace querent::select::geometry {

/**
 * Items that know one another by their features: A = S D^-1 + I, S the cosines of all pairs (0 on the diagonal), D the
 * sums of S's columns (Caramalau, Bhattarai and Kim 2021, section 3.2). Ours: negative cosines count as 0, for
 * otherwise a column's sum could be 0 or less; a column without any likeness stays 0.
 */
struct ItemGraph {
    Matrix features;    // [N, F], rows of length 1
    Matrix adjacency;   // [N, N]
    Matrix aggregated;  // [N, F], adjacency times features
};

/** @param features  [N, F], finite; rows of 0 know nobody. Nothing when cancelled. */
std::optional<ItemGraph> itemGraph(const Matrix& features, const Job& job);

/**
 * A graph convolution of two layers that says how much an item is like those that are labelled:
 *     H = ReLU(A X W1 + b1),  u = A (H' W2) + b2,  s = sigmoid(u),  H' = H with a share of its units dropped in
 * training. Its loss is - mean over the labelled of ln s - 1.2 mean over the others of ln(1 - s) (the paper's Eq. 6,
 * lambda 1.2).
 */
class GraphNet {
 public:
    static constexpr std::size_t kHidden = 128;
    static constexpr double kOthersWeight = 1.2;

    /** Weights uniform within 1 / sqrt(units of the layer), biases too. */
    GraphNet(std::size_t features, Rng& rng);

    struct Activations {
        Matrix hidden;           // [N, kHidden], H
        std::vector<float> out;  // [N], u
    };

    /** What the network says when nothing is dropped. */
    Activations forward(const ItemGraph& graph) const;

    struct Loss {
        double value = 0.0;
        std::vector<float> gradient;  // by each of the parameters
    };

    /**
     * @param labelled  [N], not 0 for those that are
     * @param mask      [N, kHidden], what H' is of H: 0, or 1 / (share kept); no rows: nothing is dropped
     */
    Loss loss(const ItemGraph& graph, const std::vector<char>& labelled, const Matrix& mask = {}) const;

    /** W1 [F, kHidden], b1, W2 [kHidden], b2, one behind the other. */
    std::vector<float> parameters;
};

/** How it is trained (the authors' program): Adam with a rate of 1e-3 and weight decay 5e-4, 200 steps. */
struct GraphTraining {
    int steps = 200;
    double rate = 1e-3;
    double weightDecay = 5e-4;
    double dropout = 0.3;
};

/** A trained network; nothing when cancelled. */
std::optional<GraphNet> trainedGraphNet(const ItemGraph& graph, const std::vector<char>& labelled, Rng rng,
                                        const GraphTraining& training, const Job& job);

}  // namespace querent::select::geometry

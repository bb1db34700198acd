#pragma once

// Internal: torch inside.

#include "engine/core/rng.h"
#include "engine/learn/classify/classifier_config.h"
#include "engine/learn/classify/item_bank.h"
#include "engine/learn/networks/encoders.h"
#include "engine/learn/networks/side_heads.h"

#include <torch/torch.h>

#include <memory>
#include <vector>

namespace querent::learn::classify {

/** N items, M modalities, C classes, F features, H hidden units. */
struct ClassifierOutput {
    std::vector<torch::Tensor> features;  // [M][N, F], 0 for items without the medium
    std::vector<torch::Tensor> logits;    // [M][N, C], each modality's own head
    torch::Tensor fused;                  // [N, F], before dropout
    torch::Tensor hidden;                 // [N, H], what the joint head's last layer sees
    torch::Tensor joint;                  // [N, C]
};

/**
 * One encoder a modality, projected to one width; fused features are the convex combination of those that are there
 * (RL-MBA, section "fusion": f(x) = sum of w_m f_m(x), weights over what is present); heads on each and on the fused.
 */
class ClassifierNet : public torch::nn::Module {
 public:
    ClassifierNet(const ClassifierConfig& config, std::int64_t subwords, Rng rng);

    /** @param dropout  a mask [N, F] for the fused features, scaled; undefined for none. */
    ClassifierOutput forward(const ItemBatch& batch, const torch::Tensor& dropout = {});

    /** The fusion of `features` [M][N, F] as far as `present` [N, M] lets the joint head have them; 0 without any. */
    torch::Tensor fuse(const std::vector<torch::Tensor>& features, const torch::Tensor& present) const;
    /** What the joint head's last layer sees, [N, H], of fused features. */
    torch::Tensor hiddenOf(const torch::Tensor& fused) { return torch::relu(m_hidden(fused)); }
    /** The joint head's last layer: linear. */
    torch::nn::Linear& joint() { return m_joint; }
    /** The layer before it. */
    torch::nn::Linear& hidden() { return m_hidden; }

    /** What reads photographs; null where pictures are read otherwise, or not at all. */
    networks::PhotoEncoder* photographs() { return m_photographs.get(); }

    /** Share of each modality in the fusion; >= 0, not all 0. */
    void setWeights(const std::vector<double>& weights);
    std::int64_t features() const { return m_features; }

 private:
    std::int64_t m_features;
    std::vector<Modality> m_modalities;
    std::vector<std::shared_ptr<networks::Encoder>> m_encoders;
    std::shared_ptr<networks::PhotoEncoder> m_photographs;  // one of them
    std::vector<torch::nn::Linear> m_heads;
    torch::nn::Linear m_hidden{nullptr};
    torch::nn::Linear m_joint{nullptr};
    std::vector<double> m_weights;
};

/** Beside a classifier: the expected loss of an item, from each modality's features and the joint head's hidden units.
 */
class ClassifierSide : public torch::nn::Module {
 public:
    ClassifierSide(std::size_t modalities, std::int64_t features, std::uint64_t seed);

    torch::Tensor expectedLoss(const ClassifierOutput& output);  // [N]

 private:
    networks::LossHead m_loss{nullptr};
};

}  // namespace querent::learn::classify

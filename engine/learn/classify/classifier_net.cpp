#include "engine/learn/classify/classifier_net.h"

#include "engine/learn/networks/initialise.h"

#include <string>

namespace querent::learn::classify {

namespace {

std::int64_t baseOf(const std::string& size) {
    if (size == "large") return 64;
    return size == "base" ? 32 : 16;
}

/** Of the features. A large encoder of photographs has no other way to be larger: its backbone is given. */
std::int64_t widthOf(const ClassifierConfig& config) {
    if (config.size == "large" && config.photographs) return 512;
    return config.size == "small" ? 128 : 256;
}

std::shared_ptr<networks::Encoder> encoderOf(Modality modality, const ClassifierConfig& config, std::int64_t subwords,
                                             std::int64_t features) {
    const std::int64_t base = baseOf(config.size);
    switch (modality) {
        case Modality::Image:
            if (config.photographs) return std::make_shared<networks::PhotoEncoder>(features);
            return std::make_shared<networks::PlaneEncoder>(3, config.picture.height, config.picture.width, base,
                                                            features);
        case Modality::Audio:
            return std::make_shared<networks::PlaneEncoder>(1, config.bands, config.columns, base, features);
        case Modality::Text:
            return std::make_shared<networks::TextEncoder>(subwords, features);
    }
    return nullptr;
}

}  // namespace

ClassifierNet::ClassifierNet(const ClassifierConfig& config, std::int64_t subwords, Rng rng)
    : m_features(widthOf(config)), m_weights(config.weights) {
    for (const Modality modality : config.modalities) {
        const std::string name = toText(modality);
        m_encoders.push_back(register_module(name, encoderOf(modality, config, subwords, m_features)));
        if (modality == Modality::Image)
            m_photographs = std::dynamic_pointer_cast<networks::PhotoEncoder>(m_encoders.back());
        m_heads.push_back(register_module(name + "_head", torch::nn::Linear(m_features, config.classes)));
    }
    m_hidden = register_module("hidden", torch::nn::Linear(m_features, 2 * m_features));
    m_joint = register_module("joint", torch::nn::Linear(2 * m_features, config.classes));
    m_modalities = config.modalities;
    if (m_weights.size() != m_modalities.size()) m_weights.assign(m_modalities.size(), 1.0);
    networks::initialiseLayers(*this, rng);
}

void ClassifierNet::setWeights(const std::vector<double>& weights) {
    if (weights.size() == m_modalities.size()) m_weights = weights;
}

torch::Tensor ClassifierNet::fuse(const std::vector<torch::Tensor>& features, const torch::Tensor& present) const {
    torch::Tensor sum;
    torch::Tensor total;
    for (std::size_t m = 0; m < features.size(); ++m) {
        const torch::Tensor presence = present.select(1, static_cast<std::int64_t>(m)).unsqueeze(1);
        const torch::Tensor used = presence.ge(1.0).to(torch::kFloat) * m_weights[m];
        sum = m == 0 ? features[m] * used : sum + features[m] * used;
        total = m == 0 ? used : total + used;
    }
    return sum / total.clamp_min(1e-6);
}

ClassifierOutput ClassifierNet::forward(const ItemBatch& batch, const torch::Tensor& dropout) {
    ClassifierOutput out;
    for (std::size_t m = 0; m < m_encoders.size(); ++m) {
        const torch::Tensor presence = batch.present.select(1, static_cast<std::int64_t>(m)).unsqueeze(1);
        const torch::Tensor there = presence.gt(0.0).to(torch::kFloat);
        out.features.push_back(m_encoders[m]->forward(batch.media[m]) * there);
        out.logits.push_back(m_heads[m](out.features[m]));
    }
    out.fused = fuse(out.features, batch.present);
    out.hidden = hiddenOf(dropout.defined() ? out.fused * dropout : out.fused);
    out.joint = m_joint(out.hidden);
    return out;
}

ClassifierSide::ClassifierSide(std::size_t modalities, std::int64_t features, std::uint64_t seed) {
    std::vector<std::int64_t> widths(modalities, features);
    widths.push_back(2 * features);
    m_loss = register_module("loss", networks::LossHead(widths));
    Rng rng(seed, "loss head");
    networks::initialiseLayers(*m_loss, rng);
}

torch::Tensor ClassifierSide::expectedLoss(const ClassifierOutput& output) {
    std::vector<torch::Tensor> taps;
    for (const torch::Tensor& features : output.features)
        taps.push_back(features.detach().to(torch::kFloat));
    taps.push_back(output.hidden.detach().to(torch::kFloat));
    return m_loss(taps);
}

}  // namespace querent::learn::classify

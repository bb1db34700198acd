#include "engine/learn/detect/predictor.h"

#include "engine/learn/block_cache.h"
#include "engine/learn/detect/inference.h"
#include "engine/learn/detect/model_file.h"
#include "engine/learn/devices.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <mutex>

namespace querent::learn::detect {

struct Predictor::Impl {
    Impl(DetectorConfig c, std::shared_ptr<networks::DetectorNet> n, std::shared_ptr<networks::DetectorSide> s,
         const torch::Device& d)
        : config(std::move(c)), net(std::move(n)), side(std::move(s)), device(d), deviceName(nameOf(d)) {}

    DetectorConfig config;
    std::shared_ptr<networks::DetectorNet> net;
    std::shared_ptr<networks::DetectorSide> side;  // null for models of older versions
    torch::Device device;
    std::string deviceName;
    mutable std::mutex busy;
};

Predictor::Predictor(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Predictor::~Predictor() = default;

Result<std::shared_ptr<const Predictor>> Predictor::load(const std::filesystem::path& model,
                                                         const std::string& device) {
    const Result<torch::Device> target = deviceFor(device);
    if (!target) return target.error();
    const Result<SavedModel> saved = loadModel(model);
    if (!saved) return saved.error();
    Result<std::shared_ptr<networks::DetectorNet>> net = revive(*saved);
    if (!net) return fail(net.error().code, net.error().sentence, model);
    std::shared_ptr<networks::DetectorSide> side = reviveSide(*saved, **net);
    try {
        (*net)->to(*target);
        if (side) side->to(*target);
    } catch (const std::exception& problem) {
        return errorOf(problem);
    }
    auto impl = std::make_unique<Impl>(saved->config, *net, std::move(side), *target);
    return std::shared_ptr<const Predictor>(new Predictor(std::move(impl)));
}

Result<std::vector<ItemPrediction>> Predictor::predict(const ItemSource& source, const PredictOptions& options,
                                                       const Job& job, std::vector<UnreadItem>* unread) const {
    const std::scoped_lock lock(m_impl->busy);
    const KeptBlocks kept;
    return inferAll(*m_impl->net, m_impl->config, m_impl->device, source, options, job, unread, m_impl->side.get());
}

int Predictor::classes() const {
    return m_impl->config.classes;
}
const DetectorConfig& Predictor::config() const {
    return m_impl->config;
}
int Predictor::embeddingSize() const {
    return static_cast<int>(m_impl->net->embeddingSize());
}
const std::string& Predictor::device() const {
    return m_impl->deviceName;
}

}  // namespace querent::learn::detect

#include "engine/learn/proxy_trainer.h"

#include "engine/core/rng.h"
#include "engine/learn/descent.h"
#include "engine/learn/devices.h"
#include "engine/learn/inference.h"
#include "engine/learn/losses/consistency.h"
#include "engine/learn/losses/detection_loss.h"
#include "engine/learn/metrics/evaluator.h"
#include "engine/learn/model_file.h"
#include "engine/learn/proxy_parts.h"
#include "engine/learn/sampler.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace querent::learn {

TrainingSettings trainingOf(const ProxySettings& settings) {
    TrainingSettings training;
    training.steps = std::max(1, settings.steps);
    training.batch = settings.labelled;
    training.learningRate = settings.learningRate;
    training.weightDecay = 0.0;
    training.seed = settings.seed;
    training.device = settings.device;
    return training;
}

std::vector<std::size_t> drawnFrom(std::span<const std::size_t> batch, int step, int count, std::uint64_t seed) {
    std::vector<std::size_t> drawn;
    for (int n = 0; n < count && !batch.empty(); ++n) {
        const auto position =
            static_cast<std::size_t>(step) * static_cast<std::size_t>(count) + static_cast<std::size_t>(n);
        std::vector<std::size_t> order(batch.begin(), batch.end());
        Rng(deriveSeed(seed, "round " + std::to_string(position / batch.size()))).shuffle(order);
        drawn.push_back(order[position % batch.size()]);
    }
    return drawn;
}

std::vector<std::size_t> somePlaces(const ItemSource& source, std::size_t most, std::uint64_t seed) {
    std::vector<std::size_t> places = Rng(seed, "proxy holdout").sample(source.count(), most);
    std::sort(places.begin(), places.end());
    return places;
}

namespace {

constexpr std::size_t kPicturesAtOnce = 16;
constexpr int kMoved = 32;  // pixels; see Twin

using Maps = std::array<torch::Tensor, 3>;

Maps joined(const std::vector<Maps>& all) {
    Maps out;
    for (std::size_t level = 0; level < out.size(); ++level) {
        std::vector<torch::Tensor> parts;
        for (const Maps& maps : all)
            parts.push_back(maps[level]);
        out[level] = torch::cat(parts);
    }
    return out;
}

DetectorOutput part(const DetectorOutput& all, std::int64_t from, std::int64_t count) {
    return {all.classes.narrow(0, from, count), all.boxes.narrow(0, from, count), all.quality.narrow(0, from, count)};
}

torch::Tensor planesOf(const Raster& picture) {
    torch::Tensor planes = torch::empty({1, 3, picture.size.height, picture.size.width});
    renderPicture(picture, View(), {planes.data_ptr<float>(), static_cast<std::size_t>(planes.numel())});
    return planes;
}

/** What a step learns from with its answers. */
struct LabelledStep {
    Maps maps;
    torch::Tensor labels, boxes, weights;
};

class DetectorProxy : public ProxyTrainer {
 public:
    DetectorProxy(SavedModel saved, std::shared_ptr<DetectorNet> net, const torch::Device& device,
                  const ItemSource& pool, const ProxySettings& settings)
        : m_config(std::move(saved.config)),
          m_net(std::move(net)),
          m_device(device),
          m_pool(pool),
          m_settings(settings),
          m_training(trainingOf(settings)),
          m_trained(m_net->afterBackbone()),
          m_twin{m_config.input, settings.mirror, settings.mirror ? 0 : kMoved},
          m_shared(sharedLocations(m_twin)),
          m_room(settings.cacheBytes) {}

    Result<void> prepare(const ItemSource& labelled, const ItemSource& holdout, const Job& job) {
        for (torch::Tensor& parameter : m_net->parameters())
            parameter.set_requires_grad(false);
        for (torch::Tensor& parameter : m_trained.parameters())
            parameter.set_requires_grad(true);
        m_start = FlatModel(m_trained).weights.clone();
        if (const auto read = readHoldout(holdout, job); !read) return read;
        return readLabelled(labelled, job);
    }

    Result<double> score(std::span<const std::size_t> batch, const Job& job) override {
        try {
            const Job quiet(job.token());
            Descent descent(m_trained, m_training, m_training.batch, quiet);
            descent.model.weights.copy_(m_start);
            while (!descent.finished()) {
                if (job.cancelled()) return Job::stopped();
                const int step = descent.state.step;
                std::vector<std::pair<Maps, Maps>> pairs;
                for (const std::size_t place : drawnFrom(batch, step, m_settings.unlabelled, m_settings.seed)) {
                    auto pair = pairOf(place);
                    if (pair) {
                        pairs.push_back(std::move(*pair));
                    } else if (!concernsOneItem(pair.error())) {
                        return pair.error();
                    }
                }
                TrainingStep told;
                descent.step(lossOf(m_steps[static_cast<std::size_t>(step)], pairs, step), told);
            }
            return measure(job);
        } catch (const std::exception& problem) {
            return errorOf(problem);
        }
    }

 private:
    Maps mapsOf(const torch::Tensor& pictures) {
        const torch::NoGradGuard noGrad;
        return m_net->backboneMaps(pictures.to(m_device));
    }

    Result<torch::Tensor> picture(const ItemSource& source, std::size_t place) const {
        const Result<Sample> sample = loadSample(source, place, m_config.input, m_config.classes);
        if (!sample) return sample.error();
        return planesOf(sample->picture);
    }

    Result<void> readHoldout(const ItemSource& holdout, const Job& job) {
        for (const std::size_t place : somePlaces(holdout, m_settings.holdoutItems, m_settings.seed)) {
            if (job.cancelled()) return Job::stopped();
            job.report("Looking at validation", static_cast<std::int64_t>(m_truths.size()),
                       static_cast<std::int64_t>(std::min(holdout.count(), m_settings.holdoutItems)));
            const auto planes = picture(holdout, place);
            if (!planes && concernsOneItem(planes.error())) continue;
            if (!planes) return planes.error();
            m_holdout.push_back(mapsOf(*planes));
            m_truths.push_back(holdout.truth(place));
        }
        if (!m_truths.empty()) return {};
        return fail(ErrorCode::InvalidArgument, "There are no validation items to measure on.");
    }

    Result<void> readLabelled(const ItemSource& labelled, const Job& job) {
        TrainingConfig config;
        static_cast<TrainingSettings&>(config) = m_training;
        if (!m_settings.mirror) {
            config.augmentation.flipHorizontal = 0.0;
            config.augmentation.moveRows = false;
        }
        Sampler sampler(labelled, m_config.classes, m_config.input, config);
        for (int step = 0; step < m_training.steps; ++step) {
            const Result<Batch> batch = sampler.batchOf(step, std::max(1, m_settings.labelled), job);
            if (!batch) return batch.error();
            m_steps.push_back({mapsOf(batch->pictures), batch->labels.to(m_device), batch->boxes.to(m_device),
                               batch->weights.to(m_device)});
        }
        return {};
    }

    /** What the backbone sees in an item of the pool and in its twin. */
    Result<std::pair<Maps, Maps>> pairOf(std::size_t place) {
        if (const auto known = m_seen.find(place); known != m_seen.end()) return known->second;
        const auto planes = picture(m_pool, place);
        if (!planes) return planes.error();
        std::pair<Maps, Maps> pair{mapsOf(*planes), mapsOf(twinOf(*planes, m_twin))};
        std::size_t bytes = 0;
        for (const torch::Tensor& map : pair.first)
            bytes += 2 * map.nbytes();
        if (bytes <= m_room) {
            m_room -= bytes;
            m_seen.emplace(place, pair);
        }
        return pair;
    }

    torch::Tensor lossOf(const LabelledStep& labelled, const std::vector<std::pair<Maps, Maps>>& pairs, int step) {
        std::vector<Maps> all{labelled.maps};
        for (const auto& pair : pairs)
            all.push_back(pair.first);
        for (const auto& pair : pairs)
            all.push_back(pair.second);
        const DetectorOutput output = m_net->forwardFrom(joined(all));
        const std::int64_t known = labelled.labels.size(0);
        const auto unknown = static_cast<std::int64_t>(pairs.size());
        const torch::Tensor loss =
            detectionLoss(part(output, 0, known), labelled.labels, labelled.boxes, labelled.weights).total();
        if (pairs.empty()) return loss;
        const double weight = m_settings.consistency * consistencyWeight(step, m_training.steps);
        return loss + weight * consistencyLoss(part(output, known, unknown), part(output, known + unknown, unknown),
                                               m_twin, m_shared);
    }

    Result<double> measure(const Job& job) {
        const torch::NoGradGuard noGrad;
        std::vector<ItemPrediction> predictions;
        for (std::size_t begin = 0; begin < m_holdout.size(); begin += kPicturesAtOnce) {
            const std::size_t end = std::min(m_holdout.size(), begin + kPicturesAtOnce);
            const std::vector<Maps> some(m_holdout.begin() + static_cast<std::ptrdiff_t>(begin),
                                         m_holdout.begin() + static_cast<std::ptrdiff_t>(end));
            const DetectorOutput output = m_net->forwardFrom(joined(some));
            const torch::Tensor classes = output.classes.to(torch::kCPU);
            const torch::Tensor boxes = output.boxes.to(torch::kCPU);
            const torch::Tensor quality = output.quality.to(torch::kCPU);
            for (std::size_t i = begin; i < end; ++i) {
                if (job.cancelled()) return Job::stopped();
                const auto row = static_cast<std::int64_t>(i - begin);
                ItemPrediction seen;
                seen.item = m_truths[i].item;
                seen.boxes = detectionsOf(classes[row], boxes[row], quality[row], torch::Tensor(), m_config.input,
                                          m_truths[i].size, PredictOptions());
                predictions.push_back(std::move(seen));
            }
        }
        const Result<double> map = metrics::map50(m_truths, predictions, m_config.classes);
        if (!map) return map.error();
        return std::max(0.0, *map);
    }

    DetectorConfig m_config;
    std::shared_ptr<DetectorNet> m_net;
    torch::Device m_device;
    const ItemSource& m_pool;
    ProxySettings m_settings;
    TrainingSettings m_training;
    TrainedPart m_trained;
    Twin m_twin;
    SharedLocations m_shared;
    std::size_t m_room;
    torch::Tensor m_start;  // weights of the trained part
    std::vector<LabelledStep> m_steps;
    std::vector<Maps> m_holdout;
    std::vector<ItemTruth> m_truths;  // of the holdout
    std::map<std::size_t, std::pair<Maps, Maps>> m_seen;
};

}  // namespace

Result<std::unique_ptr<ProxyTrainer>> makeDetectorProxy(const std::filesystem::path& model, const ItemSource& labelled,
                                                        const ItemSource& pool, const ItemSource& holdout,
                                                        const ProxySettings& settings, const Job& job) {
    if (labelled.count() == 0) {
        return fail(ErrorCode::InvalidArgument, "There are no labelled pictures to learn from.");
    }
    const Result<torch::Device> device = deviceFor(settings.device);
    if (!device) return device.error();
    Result<SavedModel> saved = loadModel(model);
    if (!saved) return saved.error();
    Result<std::shared_ptr<DetectorNet>> net = revive(*saved);
    if (!net) return fail(net.error().code, net.error().sentence, model);
    try {
        (*net)->to(*device);
        auto proxy = std::make_unique<DetectorProxy>(std::move(*saved), *net, *device, pool, settings);
        if (const auto ready = proxy->prepare(labelled, holdout, job); !ready) return ready.error();
        return std::unique_ptr<ProxyTrainer>(std::move(proxy));
    } catch (const std::exception& problem) {
        return errorOf(problem);
    }
}

}  // namespace querent::learn

#include "engine/learn/detect/proxy_trainer.h"

#include "engine/learn/detect/inference.h"
#include "engine/learn/detect/model_file.h"
#include "engine/learn/detect/proxy_base.h"
#include "engine/learn/detect/sampler.h"
#include "engine/learn/devices.h"
#include "engine/learn/losses/assign.h"
#include "engine/learn/losses/consistency.h"
#include "engine/learn/losses/detection_loss.h"
#include "engine/learn/metrics/evaluator.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace querent::learn::detect {
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

networks::DetectorOutput part(const networks::DetectorOutput& all, std::int64_t from, std::int64_t count) {
    return {all.classes.narrow(0, from, count), all.boxes.narrow(0, from, count), all.quality.narrow(0, from, count)};
}

torch::Tensor planesOf(const Raster& picture) {
    torch::Tensor planes = torch::empty({1, 3, picture.size.height, picture.size.width});
    renderPicture(picture, View(), {planes.data_ptr<float>(), static_cast<std::size_t>(planes.numel())});
    return planes;
}

/** What is learnt from with its answers. */
struct Answered {
    Maps maps;
    torch::Tensor labels, boxes, weights;
};

Answered joined(const std::vector<Answered>& all) {
    std::vector<Maps> maps;
    std::vector<torch::Tensor> labels, boxes, weights;
    for (const Answered& answered : all) {
        maps.push_back(answered.maps);
        labels.push_back(answered.labels);
        boxes.push_back(answered.boxes);
        weights.push_back(answered.weights);
    }
    return {joined(maps), torch::cat(labels), torch::cat(boxes), torch::cat(weights)};
}

/** A picture of the holdout, to measure on or to learn from. */
struct Measured {
    Answered answered;
    ItemTruth truth;
};

class DetectorProxy : public ProxyBase<Measured> {
 public:
    DetectorProxy(SavedModel saved, const std::shared_ptr<networks::DetectorNet>& net, const torch::Device& device,
                  const ItemSource& pool, const ItemSource& holdout, const ProxySettings& settings)
        : ProxyBase(*net, net->afterBackbone(), holdout, settings),
          m_config(std::move(saved.config)),
          m_net(net),
          m_device(device),
          m_pool(pool),
          m_locations(networks::locationsOf(m_config.input)),
          m_twin{m_config.input, settings.mirror, settings.mirror ? 0 : kMoved},
          m_shared(losses::sharedLocations(m_twin)),
          m_room(settings.cacheBytes) {}

    Result<void> prepare(const ItemSource& labelled, const Job& job) {
        if (const auto read = readHoldout(job); !read) return read;
        return readLabelled(labelled, job);
    }

 private:
    Result<torch::Tensor> lossOf(const std::vector<std::size_t>& places, int step, const Job&) override {
        std::vector<std::pair<Maps, Maps>> pairs;
        for (const std::size_t place : places) {
            auto pair = pairOf(place);
            if (pair) {
                pairs.push_back(std::move(*pair));
            } else if (!concernsOneItem(pair.error())) {
                return pair.error();
            }
        }
        return lossWith(m_steps[static_cast<std::size_t>(step)], pairs, step);
    }

    torch::Tensor answeredLossOf(const std::vector<const Measured*>& items, int step) override {
        std::vector<Answered> all{m_steps[static_cast<std::size_t>(step) % m_steps.size()]};
        for (const Measured* item : items)
            all.push_back(item->answered);
        return lossWith(joined(all), {}, step);
    }

    Maps mapsOf(const torch::Tensor& pictures) {
        const torch::NoGradGuard noGrad;
        return m_net->backboneMaps(pictures.to(m_device));
    }

    Result<std::optional<Measured>> look(std::size_t place, const Job&) override {
        const Result<Sample> sample = loadSample(m_holdout, place, m_config.input, m_config.classes);
        if (!sample && concernsOneItem(sample.error())) return std::optional<Measured>();
        if (!sample) return sample.error();
        const losses::Targets targets =
            losses::assignTargets(m_locations, renderBoxes(sample->boxes, View(), m_config.input));
        const auto count = static_cast<std::int64_t>(targets.labels.size());
        const torch::Tensor labels = torch::tensor(targets.labels, torch::kLong).view({1, count});
        const torch::Tensor boxes = torch::tensor(targets.boxes).view({1, count, 4});
        const torch::Tensor weights = torch::tensor(targets.weights).view({1, count});
        return std::optional(
            Measured{{mapsOf(planesOf(sample->picture)), labels.to(m_device), boxes.to(m_device), weights.to(m_device)},
                     m_holdout.truth(place)});
    }

    Result<void> readLabelled(const ItemSource& labelled, const Job& job) {
        TrainingConfig config;
        static_cast<TrainingSettings&>(config) = trainingOf(m_settings);
        if (!m_settings.mirror) {
            config.augmentation.flipHorizontal = 0.0;
            config.augmentation.moveRows = false;
        }
        Sampler sampler(labelled, m_config.classes, m_config.input, config);
        for (int step = 0; step < config.steps; ++step) {
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
        const Result<Sample> sample = loadSample(m_pool, place, m_config.input, m_config.classes);
        if (!sample) return sample.error();
        const torch::Tensor planes = planesOf(sample->picture);
        std::pair<Maps, Maps> pair{mapsOf(planes), mapsOf(losses::twinOf(planes, m_twin))};
        std::size_t bytes = 0;
        for (const torch::Tensor& map : pair.first)
            bytes += 2 * map.nbytes();
        if (bytes <= m_room) {
            m_room -= bytes;
            m_seen.emplace(place, pair);
        }
        return pair;
    }

    torch::Tensor lossWith(const Answered& labelled, const std::vector<std::pair<Maps, Maps>>& pairs, int step) {
        std::vector<Maps> all{labelled.maps};
        for (const auto& pair : pairs)
            all.push_back(pair.first);
        for (const auto& pair : pairs)
            all.push_back(pair.second);
        const networks::DetectorOutput output = m_net->forwardFrom(joined(all));
        const std::int64_t known = labelled.labels.size(0);
        const auto unknown = static_cast<std::int64_t>(pairs.size());
        const torch::Tensor loss =
            losses::detectionLoss(part(output, 0, known), labelled.labels, labelled.boxes, labelled.weights).total();
        if (pairs.empty()) return loss;
        const double weight = m_settings.consistency * losses::consistencyWeight(step, std::max(1, m_settings.steps));
        return loss + weight * losses::consistencyLoss(part(output, known, unknown),
                                                       part(output, known + unknown, unknown), m_twin, m_shared);
    }

    Result<double> measure(const std::vector<const Measured*>& items, const Job& job) override {
        std::vector<ItemTruth> truths;
        std::vector<ItemPrediction> predictions;
        for (std::size_t begin = 0; begin < items.size(); begin += kPicturesAtOnce) {
            std::vector<Maps> some;
            for (std::size_t i = begin; i < std::min(items.size(), begin + kPicturesAtOnce); ++i)
                some.push_back(items[i]->answered.maps);
            const networks::DetectorOutput output = m_net->forwardFrom(joined(some));
            for (std::size_t row = 0; row < some.size(); ++row) {
                if (job.cancelled()) return Job::stopped();
                truths.push_back(items[begin + row]->truth);
                predictions.push_back(predictionOf(output, static_cast<std::int64_t>(row), truths.back()));
            }
        }
        const Result<double> map = metrics::map50(truths, predictions, m_config.classes);
        if (!map) return map.error();
        return std::max(0.0, *map);
    }

    ItemPrediction predictionOf(const networks::DetectorOutput& output, std::int64_t row,
                                const ItemTruth& truth) const {
        ItemPrediction seen;
        seen.item = truth.item;
        seen.boxes = detectionsOf(output.classes[row].to(torch::kCPU), output.boxes[row].to(torch::kCPU),
                                  output.quality[row].to(torch::kCPU), torch::Tensor(), m_config.input, truth.size,
                                  PredictOptions());
        return seen;
    }

    DetectorConfig m_config;
    std::shared_ptr<networks::DetectorNet> m_net;
    torch::Device m_device;
    const ItemSource& m_pool;
    networks::Locations m_locations;
    losses::Twin m_twin;
    losses::SharedLocations m_shared;
    std::size_t m_room;
    std::vector<Answered> m_steps;
    std::map<std::size_t, std::pair<Maps, Maps>> m_seen;
};

}  // namespace

Result<Proxy> makeDetectorProxy(const std::filesystem::path& model, const ItemSource& labelled, const ItemSource& pool,
                                const ItemSource& holdout, const ProxySettings& settings, const Job& job) {
    if (labelled.count() == 0) {
        return fail(ErrorCode::InvalidArgument, "There are no labelled pictures to learn from.");
    }
    const Result<torch::Device> device = deviceFor(settings.device);
    if (!device) return device.error();
    Result<SavedModel> saved = loadModel(model);
    if (!saved) return saved.error();
    Result<std::shared_ptr<networks::DetectorNet>> net = revive(*saved);
    if (!net) return fail(net.error().code, net.error().sentence, model);
    try {
        (*net)->to(*device);
        auto proxy = std::make_shared<DetectorProxy>(std::move(*saved), *net, *device, pool, holdout, settings);
        if (const auto ready = proxy->prepare(labelled, job); !ready) return ready.error();
        return proxyOf<Measured>(std::move(proxy));
    } catch (const std::exception& problem) {
        return errorOf(problem);
    }
}

}  // namespace querent::learn::detect

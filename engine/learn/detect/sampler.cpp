#include "engine/learn/detect/sampler.h"

#include "engine/learn/resize.h"

#include <limits>
#include <numeric>

namespace querent::learn::detect {

Result<Sample> loadSample(const ItemSource& source, std::size_t index, Size input, int classes) {
    const ItemTruth truth = source.truth(index);
    if (truth.size.empty()) return fail(ErrorCode::Malformed, "The size of a picture is not known.");
    Result<Raster> raster = source.load(index, input);
    if (!raster) return raster.error();
    if (raster->empty() || raster->rgb.size() != raster->stride() * static_cast<std::size_t>(raster->size.height)) {
        return fail(ErrorCode::Malformed, "A picture was decoded to nothing.");
    }
    Sample sample{resized(*raster, input), truth.boxes};
    const double sx = static_cast<double>(input.width) / truth.size.width;
    const double sy = static_cast<double>(input.height) / truth.size.height;
    for (TrueBox& box : sample.boxes) {
        if (box.label < 0 || box.label >= classes) {
            return fail(ErrorCode::InvalidArgument, "A box has the class " + std::to_string(box.label) +
                                                        ", but there are only " + std::to_string(classes) + ".");
        }
        box.box = {box.box.left * sx, box.box.top * sy, box.box.right * sx, box.box.bottom * sy};
    }
    return sample;
}

Sampler::Sampler(const ItemSource& source, int classes, Size input, const TrainingConfig& config)
    : m_source(source),
      m_classes(classes),
      m_input(input),
      m_augmentation(config.augmentation),
      m_seed(config.seed),
      m_cacheRoom(config.cacheBytes),
      m_locations(networks::locationsOf(input)),
      m_cache(source.count()),
      m_unreadable(source.count(), 0),
      m_epoch(std::numeric_limits<std::size_t>::max()) {}

std::size_t Sampler::indexAt(std::size_t position) {
    const std::size_t epoch = position / m_cache.size();
    if (epoch != m_epoch) {
        m_order.resize(m_cache.size());
        std::iota(m_order.begin(), m_order.end(), std::size_t{0});
        Rng(deriveSeed(m_seed, "epoch " + std::to_string(epoch))).shuffle(m_order);
        m_epoch = epoch;
    }
    return m_order[position % m_cache.size()];
}

Result<std::shared_ptr<const Sample>> Sampler::sample(std::size_t index) {
    for (std::size_t tried = 0; tried < m_cache.size(); ++tried) {
        const std::size_t at = (index + tried) % m_cache.size();
        if (m_unreadable[at] != 0) continue;
        Result<std::shared_ptr<const Sample>> loaded = load(at);
        if (loaded || !concernsOneItem(loaded.error())) return loaded;
        m_unreadable[at] = 1;
        m_unread.push_back({m_source.truth(at).item, loaded.error()});
    }
    return m_unread.front().error;
}

Result<std::shared_ptr<const Sample>> Sampler::load(std::size_t index) {
    if (m_cache[index]) return m_cache[index];
    Result<Sample> loaded = loadSample(m_source, index, m_input, m_classes);
    if (!loaded) return loaded.error();
    auto shared = std::make_shared<const Sample>(std::move(*loaded));
    const std::size_t bytes = shared->picture.rgb.size();
    if (bytes <= m_cacheRoom) {
        m_cacheRoom -= bytes;
        m_cache[index] = shared;
    }
    return std::shared_ptr<const Sample>(shared);
}

Result<Batch> Sampler::batchOf(int step, int size, const Job& job) {
    const auto locations = static_cast<std::int64_t>(m_locations.count());
    Batch batch{torch::empty({size, 3, m_input.height, m_input.width}), torch::empty({size, locations}, torch::kLong),
                torch::empty({size, locations, 4}), torch::empty({size, locations})};
    const std::size_t area = static_cast<std::size_t>(m_input.width) * static_cast<std::size_t>(m_input.height) * 3;
    Rng rng(deriveSeed(m_seed, "step " + std::to_string(step)));
    for (int n = 0; n < size; ++n) {
        if (job.cancelled()) return Job::stopped();
        const auto position =
            static_cast<std::size_t>(step) * static_cast<std::size_t>(size) + static_cast<std::size_t>(n);
        Result<std::shared_ptr<const Sample>> first = sample(indexAt(position));
        if (!first) return first.error();
        std::shared_ptr<const Sample> picked = *first;
        if (rng.chance(m_augmentation.mosaic)) {
            std::vector<std::shared_ptr<const Sample>> owners{picked};
            std::vector<const Sample*> four{picked.get()};
            while (four.size() < 4) {
                Result<std::shared_ptr<const Sample>> more = sample(rng.index(m_cache.size()));
                if (!more) return more.error();
                owners.push_back(*more);
                four.push_back(owners.back().get());
            }
            picked = std::make_shared<const Sample>(mosaicOf(four));
        }
        const View view = drawView(m_augmentation, m_input, rng);
        renderPicture(picked->picture, view,
                      {batch.pictures.data_ptr<float>() + static_cast<std::size_t>(n) * area, area});
        const losses::Targets targets = losses::assignTargets(m_locations, renderBoxes(picked->boxes, view, m_input));
        std::copy(targets.labels.begin(), targets.labels.end(), batch.labels.data_ptr<std::int64_t>() + n * locations);
        std::copy(targets.boxes.begin(), targets.boxes.end(), batch.boxes.data_ptr<float>() + n * locations * 4);
        std::copy(targets.weights.begin(), targets.weights.end(), batch.weights.data_ptr<float>() + n * locations);
    }
    return batch;
}

}  // namespace querent::learn::detect

#include "engine/learn/classify/item_bank.h"

#include "engine/learn/classify/item_augment.h"
#include "engine/learn/resize.h"

#include <algorithm>
#include <utility>

namespace querent::learn::classify {

namespace {

std::size_t bytesOf(const DecodedItem& item) {
    std::size_t bytes = sizeof(DecodedItem);
    for (const DecodedMedium& medium : item.media) {
        if (const auto* picture = std::get_if<Raster>(&medium)) bytes += picture->rgb.size();
        if (const auto* sound = std::get_if<Matrix>(&medium)) bytes += sound->values.size() * sizeof(float);
        if (const auto* text = std::get_if<std::vector<std::int64_t>>(&medium)) bytes += text->size() * 8;
    }
    return bytes;
}

std::span<float> rowOf(const torch::Tensor& tensor, std::size_t row) {
    const auto size = static_cast<std::size_t>(tensor[0].numel());
    return {tensor.data_ptr<float>() + row * size, size};
}

torch::Generator generatorOf(std::uint64_t seed) {
    return at::detail::createCPUGenerator(seed);
}

/** Gaussian noise of a strength drawn for each row, in the tensor's own units. */
void addNoise(torch::Tensor& media, double strongest, torch::Generator& generator) {
    if (strongest <= 0.0) return;
    const torch::Tensor strength = torch::empty({media.size(0), 1, 1, 1}).uniform_(0.0, strongest, generator);
    media.add_(torch::empty(media.sizes()).normal_(0.0, 1.0, generator).mul_(strength));
}

/** Drops modalities by chance, never the last one of an item. */
void dropModalities(torch::Tensor& present, double probability, Rng& rng) {
    const std::int64_t modalities = present.size(1);
    if (modalities < 2) return;
    auto at = present.accessor<float, 2>();
    for (std::int64_t n = 0; n < present.size(0); ++n) {
        std::int64_t left = 0;
        for (std::int64_t m = 0; m < modalities; ++m)
            left += at[n][m] > 0.0F ? 1 : 0;
        for (std::int64_t m = 0; m < modalities; ++m) {
            if (at[n][m] == 0.0F || left < 2 || !rng.chance(probability)) continue;
            at[n][m] = 0.5F;  // there, but not for the joint head
            --left;
        }
    }
}

}  // namespace

ItemBank::ItemBank(const ItemSource& source, const ClassifierConfig& config, const Subwords& subwords,
                   std::size_t cacheBytes)
    : m_source(source), m_config(config), m_subwords(subwords), m_room(cacheBytes), m_cache(source.count()) {}

Result<DecodedMedium> ItemBank::decodeMedium(std::size_t index, Modality modality) const {
    Result<Content> content = m_source.content(index, modality, m_config.picture);
    if (!content) return content.error();
    if (const auto* picture = std::get_if<Raster>(&*content)) {
        if (picture->empty()) return fail(ErrorCode::Malformed, "A picture was decoded to nothing.");
        return DecodedMedium(resized(*picture, m_config.picture));
    }
    if (const auto* sound = std::get_if<Matrix>(&*content)) {
        if (sound->rows == 0 || sound->cols != static_cast<std::size_t>(m_config.bands))
            return fail(ErrorCode::Malformed, "A sound has other features than the network reads.");
        return DecodedMedium(standardised(*sound));
    }
    if (const auto* text = std::get_if<std::string>(&*content))
        return DecodedMedium(m_subwords.encode(*text, static_cast<std::size_t>(m_config.tokens)));
    return DecodedMedium();
}

Result<DecodedItem> ItemBank::decode(std::size_t index) const {
    DecodedItem item;
    bool any = false;
    for (const Modality modality : m_config.modalities) {
        Result<DecodedMedium> medium = decodeMedium(index, modality);
        if (!medium) return medium.error();
        any = any || medium->index() != 0;
        item.media.push_back(std::move(*medium));
    }
    if (!any) return fail(ErrorCode::Malformed, "The item has none of the media that the model reads.");
    item.labels = m_source.truth(index).labels;
    for (const int label : item.labels) {
        if (label >= 0 && label < m_config.classes) continue;
        return fail(ErrorCode::InvalidArgument, "An item has the class " + std::to_string(label) +
                                                    ", but there are only " + std::to_string(m_config.classes) + ".");
    }
    return item;
}

Result<std::shared_ptr<const DecodedItem>> ItemBank::item(std::size_t index) {
    if (m_cache[index]) return m_cache[index];
    Result<DecodedItem> decoded = decode(index);
    if (!decoded) return decoded.error();
    auto shared = std::make_shared<const DecodedItem>(std::move(*decoded));
    const std::size_t bytes = bytesOf(*shared);
    if (bytes <= m_room) {
        m_room -= bytes;
        m_cache[index] = shared;
    }
    return std::shared_ptr<const DecodedItem>(shared);
}

ItemBatch ItemBank::emptyBatch(const Items& items) const {
    const auto count = static_cast<std::int64_t>(items.size());
    ItemBatch batch;
    for (const Modality modality : m_config.modalities) {
        if (modality == Modality::Image) {
            batch.media.push_back(torch::zeros({count, 3, m_config.picture.height, m_config.picture.width}));
        } else if (modality == Modality::Audio) {
            batch.media.push_back(torch::zeros({count, 1, m_config.bands, m_config.columns}));
        } else {
            batch.media.push_back(torch::zeros({count, m_config.tokens}, torch::kLong));
        }
    }
    batch.present = torch::zeros({count, static_cast<std::int64_t>(m_config.modalities.size())});
    batch.targets = torch::zeros({count, m_config.classes});
    auto target = batch.targets.accessor<float, 2>();
    for (std::size_t n = 0; n < items.size(); ++n) {
        for (const int label : items[n]->labels)
            target[static_cast<std::int64_t>(n)][label] = 1.0F;
    }
    return batch;
}

void ItemBank::write(ItemBatch& batch, std::size_t row, std::size_t medium, const DecodedMedium& from, int soundAt,
                     const ItemAugmentation* augmentation, Rng& rng) const {
    torch::Tensor& to = batch.media[medium];
    if (from.index() == 0) return;
    batch.present[static_cast<std::int64_t>(row)][static_cast<std::int64_t>(medium)] = 1.0F;
    if (const auto* picture = std::get_if<Raster>(&from)) {
        augmentation ? renderChanged(*picture, *augmentation, rng, rowOf(to, row))
                     : renderPlain(*picture, rowOf(to, row));
    } else if (const auto* sound = std::get_if<Matrix>(&from)) {
        const int length = static_cast<int>(sound->rows);
        const int offset = augmentation ? drawnOffset(length, m_config.columns, *augmentation, rng) : soundAt;
        placeSound(*sound, offset, m_config.columns, rowOf(to, row));
        if (augmentation) maskSound(m_config.bands, m_config.columns, *augmentation, rng, rowOf(to, row));
    } else if (const auto* text = std::get_if<std::vector<std::int64_t>>(&from)) {
        auto tokens = to.accessor<std::int64_t, 2>()[static_cast<std::int64_t>(row)];
        for (std::size_t i = 0; i < text->size(); ++i) {
            const bool lost = augmentation && rng.chance(augmentation->dropToken);
            tokens[static_cast<std::int64_t>(i)] = lost ? Subwords::kUnknown : (*text)[i];
        }
    }
}

std::vector<int> ItemBank::soundPlaces(const DecodedItem& item) const {
    const auto isSound = [](const DecodedMedium& medium) { return std::holds_alternative<Matrix>(medium); };
    const auto sound = std::find_if(item.media.begin(), item.media.end(), isSound);
    if (sound == item.media.end()) return {0};
    const int length = static_cast<int>(std::get<Matrix>(*sound).rows);
    const int beyond = length - m_config.columns;
    if (2 * beyond <= m_config.columns) return {centredOffset(length, m_config.columns)};
    const int rows = std::min(kMostRows, (length + m_config.columns - 1) / m_config.columns);
    std::vector<int> places;
    for (int row = 0; row < rows; ++row)
        places.push_back(-static_cast<int>(static_cast<std::int64_t>(beyond) * row / (rows - 1)));
    return places;
}

Result<ItemBatch> ItemBank::changed(std::span<const std::size_t> indices, const ItemAugmentation& augmentation,
                                    std::uint64_t seed, const Job& job) {
    Items items;
    for (const std::size_t index : indices) {
        if (job.cancelled()) return Job::stopped();
        Result<std::shared_ptr<const DecodedItem>> found = item(index);
        if (!found) return found.error();
        items.push_back(std::move(*found));
    }
    ItemBatch batch = emptyBatch(items);
    Rng rng(seed);
    for (std::size_t n = 0; n < items.size(); ++n) {
        batch.items.push_back(m_source.truth(indices[n]).item);
        for (std::size_t m = 0; m < items[n]->media.size(); ++m)
            write(batch, n, m, items[n]->media[m], 0, &augmentation, rng);
    }
    torch::Generator generator = generatorOf(seed);
    for (std::size_t m = 0; m < batch.media.size(); ++m) {
        if (m_config.modalities[m] == Modality::Image) addNoise(batch.media[m], 255.0 * augmentation.noise, generator);
        if (m_config.modalities[m] == Modality::Audio) addNoise(batch.media[m], augmentation.soundNoise, generator);
    }
    dropModalities(batch.present, augmentation.dropModality, rng);
    return batch;
}

Result<ItemBatch> ItemBank::plain(std::span<const std::size_t> indices, std::vector<UnreadItem>* unread,
                                  const Job& job) {
    Items items;  // a row each
    std::vector<int> places;
    std::vector<std::int64_t> ids;
    std::vector<int> rows;
    for (const std::size_t index : indices) {
        if (job.cancelled()) return Job::stopped();
        Result<std::shared_ptr<const DecodedItem>> found = item(index);
        const std::int64_t id = m_source.truth(index).item;
        if (!found && unread != nullptr && concernsOneItem(found.error())) {
            unread->push_back({id, found.error()});
            continue;
        }
        if (!found) return found.error();
        const std::vector<int> own = soundPlaces(**found);
        items.insert(items.end(), own.size(), *found);
        places.insert(places.end(), own.begin(), own.end());
        ids.push_back(id);
        rows.push_back(static_cast<int>(own.size()));
    }
    ItemBatch batch = emptyBatch(items);
    batch.items = std::move(ids);
    batch.rows = std::move(rows);
    Rng none(0);
    for (std::size_t n = 0; n < items.size(); ++n) {
        for (std::size_t m = 0; m < items[n]->media.size(); ++m)
            write(batch, n, m, items[n]->media[m], places[n], nullptr, none);
    }
    return batch;
}

}  // namespace querent::learn::classify

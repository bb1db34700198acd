#include "engine/learn/instant/frozen_encoder.h"

#include "engine/core/hash.h"
#include "engine/learn/block_cache.h"
#include "engine/learn/devices.h"
#include "engine/learn/files/model_archive.h"
#include "engine/learn/files/start_weights.h"
#include "engine/learn/networks/nanodet.h"
#include "engine/learn/resize.h"
#include "engine/learn/torch_compat.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <mutex>
#include <span>
#include <utility>

namespace querent::learn::instant {

namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t kPictureFeatures = 2 * (256 + 512) + 4 * 512;
constexpr std::size_t kTextFeatures = 512;
constexpr std::size_t kSoundFeaturesABand = 7;
constexpr int kSeenSide = 224;
constexpr int kSmallSide = 96;  // pictures up to it are looked at at this size
constexpr std::size_t kBatch = 32;
constexpr float kGrey = 114.0F;
/** Of the features' name: grows when the same items would give other numbers. */
constexpr const char* kVersion = "1";

std::size_t lengthOf(Modality modality, int bands) {
    if (modality == Modality::Image) return kPictureFeatures;
    return modality == Modality::Text ? kTextFeatures : kSoundFeaturesABand * static_cast<std::size_t>(bands);
}

int sideFor(Size picture) {
    return std::max(picture.width, picture.height) <= kSmallSide ? kSmallSide : kSeenSide;
}

/** Of columns [begin, end) of one band: mean, deviation and maximum. */
struct Summary {
    float mean = 0.0F, deviation = 0.0F, most = 0.0F;
};

Summary summaryOf(const Matrix& sound, std::size_t band, std::size_t begin, std::size_t end) {
    double sum = 0.0, squares = 0.0;
    float most = sound.at(begin, band);
    for (std::size_t t = begin; t < end; ++t) {
        const auto value = static_cast<double>(sound.at(t, band));
        sum += value;
        squares += value * value;
        most = std::max(most, sound.at(t, band));
    }
    const auto count = static_cast<double>(end - begin);
    const double mean = sum / count;
    return {static_cast<float>(mean), static_cast<float>(std::sqrt(std::max(0.0, squares / count - mean * mean))),
            most};
}

/** Log-mel features [columns, bands], columns >= 1, as kSoundFeaturesABand numbers a band. */
void describeSound(const Matrix& sound, std::span<float> to) {
    double all = 0.0;
    for (const float value : sound.values)
        all += static_cast<double>(value);
    const auto loudness = static_cast<float>(all / static_cast<double>(sound.values.size()));
    std::size_t at = 0;
    for (std::size_t band = 0; band < sound.cols; ++band) {
        const Summary whole = summaryOf(sound, band, 0, sound.rows);
        to[at++] = whole.mean - loudness;
        to[at++] = whole.deviation;
        to[at++] = whole.most - loudness;
        for (std::size_t quarter = 0; quarter < 4; ++quarter) {
            const std::size_t begin = std::min(sound.rows - 1, sound.rows * quarter / 4);
            const std::size_t end = std::max(begin + 1, sound.rows * (quarter + 1) / 4);
            to[at++] = summaryOf(sound, band, begin, end).mean - loudness;
        }
    }
}

/** Bytes of letters and digits in lower case; all of UTF-8 beyond ASCII counts as letters. */
std::vector<std::string> wordsOf(std::string_view text) {
    std::vector<std::string> words;
    bool inside = false;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool upper = c >= 'A' && c <= 'Z';
        const bool letter = byte >= 0x80 || upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (letter && !inside) words.emplace_back();
        if (letter) words.back() += upper ? static_cast<char>(c - 'A' + 'a') : c;
        inside = letter;
    }
    return words;
}

void describeText(std::string_view text, std::span<float> to) {
    std::fill(to.begin(), to.end(), 0.0F);
    const std::vector<std::string> words = wordsOf(text);
    for (std::size_t i = 0; i < words.size(); ++i) {
        to[fnv1a(words[i]) % to.size()] += 1.0F;
        if (i > 0) to[fnv1a(words[i - 1] + " " + words[i]) % to.size()] += 1.0F;
    }
    for (float& count : to)
        count = std::sqrt(count);
}

/** [1, 3, H, W] in [0, 255]. */
torch::Tensor tensorOf(const Raster& picture) {
    const torch::Tensor bytes = torch::from_blob(const_cast<std::uint8_t*>(picture.rgb.data()),
                                                 {1, picture.size.height, picture.size.width, 3}, torch::kUInt8);
    return bytes.permute({0, 3, 1, 2}).to(torch::kFloat);
}

/** [1, 3, side, side]: the whole picture, as wide as it is high. */
torch::Tensor squeezed(const Raster& picture, int side) {
    return tensorOf(resized(picture, {side, side}));
}

/** [1, 3, side, side]: the picture's own shape and its mirror image, in the middle of grey. */
torch::Tensor framed(const Raster& picture, int side) {
    const double scale = static_cast<double>(side) / std::max(picture.size.width, picture.size.height);
    const auto scaled = [scale, side](int length) {
        return std::clamp(static_cast<int>(std::lround(length * scale)), 1, side);
    };
    const Size size{scaled(picture.size.width), scaled(picture.size.height)};
    torch::Tensor frame = torch::full({1, 3, side, side}, kGrey);
    frame.narrow(2, (side - size.height) / 2, size.height)
        .narrow(3, (side - size.width) / 2, size.width)
        .copy_(tensorOf(resized(picture, size)).flip(3));
    return frame;
}

}  // namespace

struct FrozenEncoder::Impl {
    std::vector<Modality> media;
    int bands = 0;
    std::vector<std::size_t> sizes;  // [M]
    std::string name;
    std::shared_ptr<networks::NanoDetBackbone> backbone;  // where there are pictures
    mutable std::mutex busy;

    /** Pictures of one size that wait for their turn, each in so many views, and where their features go. */
    struct Waiting {
        std::size_t views = 1;
        std::vector<torch::Tensor> pictures;
        std::vector<std::span<float>> to;

        /** Without what goes to this row: nothing of an item counts where a part of it cannot be read. */
        void forget(std::span<const float> row) {
            while (!to.empty() && to.back().data() >= row.data() && to.back().data() < row.data() + row.size()) {
                to.pop_back();
                pictures.resize(pictures.size() - views);
            }
        }
    };

    /** [N, kPictureFeatures] of [N, 3, H, W] in [0, 255]. */
    torch::Tensor see(const torch::Tensor& pictures) const {
        std::array<torch::Tensor, 3> maps;
        {
            const AutocastScope mixed(torch::kCPU, true);
            maps = backbone->forward(networks::aroundZero(pictures));
        }
        const torch::Tensor fine = maps[1].to(torch::kFloat);
        const torch::Tensor coarse = maps[2].to(torch::kFloat);
        return torch::cat({fine.mean({2, 3}), fine.amax({2, 3}), coarse.mean({2, 3}), coarse.amax({2, 3}),
                           torch::adaptive_avg_pool2d(coarse, {2, 2}).flatten(1)},
                          1)
            .contiguous();
    }

    void flush(Waiting& waiting) const {
        if (waiting.pictures.empty()) return;
        const torch::Tensor all = see(torch::cat(waiting.pictures));
        const torch::Tensor seen =
            all.view({-1, static_cast<std::int64_t>(waiting.views), all.size(1)}).mean(1).contiguous();
        const float* from = seen.data_ptr<float>();
        for (const std::span<float> to : waiting.to) {
            std::copy(from, from + kPictureFeatures, to.begin());
            from += kPictureFeatures;
        }
        waiting.pictures.clear();
        waiting.to.clear();
    }

    /** The features of one item; those of its picture are due at the next flush(). */
    Result<void> describe(const ItemSource& source, std::size_t index, std::span<float> row,
                          std::array<Waiting, 2>& waiting) const {
        bool any = false;
        for (std::size_t m = 0; m < media.size(); ++m) {
            const std::span<float> to = row.first(sizes[m]);
            row = row.subspan(to.size());
            const Result<Content> content = source.content(index, media[m], {kSeenSide, kSeenSide});
            if (!content) return content.error();
            if (const auto* picture = std::get_if<Raster>(&*content)) {
                if (picture->empty()) return fail(ErrorCode::Malformed, "A picture was decoded to nothing.");
                const int side = sideFor(picture->size);
                Waiting& group = waiting[side == kSeenSide ? 0 : 1];
                group.pictures.push_back(squeezed(*picture, side));
                if (group.views > 1) group.pictures.push_back(framed(*picture, side));
                group.to.push_back(to);
            } else if (const auto* sound = std::get_if<Matrix>(&*content)) {
                if (sound->rows == 0 || sound->cols != static_cast<std::size_t>(bands))
                    return fail(ErrorCode::Malformed, "A sound has other features than were asked for.");
                describeSound(*sound, to);
            } else if (const auto* text = std::get_if<std::string>(&*content)) {
                describeText(*text, to);
            }
            any = any || content->index() != 0;
        }
        if (!any) return fail(ErrorCode::Malformed, "The item has none of the media of this project.");
        return {};
    }
};

FrozenEncoder::FrozenEncoder(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
FrozenEncoder::~FrozenEncoder() = default;

std::string FrozenEncoder::nameOf(const std::vector<Modality>& media, int bands) {
    std::string name;
    for (const Modality modality : media)
        name += std::string(toText(modality)) + (modality == Modality::Audio ? std::to_string(bands) : "") + "-";
    return name + kVersion;
}

std::size_t FrozenEncoder::featuresOf(const std::vector<Modality>& media, int bands) {
    std::size_t features = 0;
    for (const Modality modality : media)
        features += lengthOf(modality, bands);
    return features;
}

Result<std::shared_ptr<const FrozenEncoder>> FrozenEncoder::make(const std::vector<Modality>& media, int bands) {
    if (media.empty()) return fail(ErrorCode::InvalidArgument, "Features need at least one kind of medium.");
    auto impl = std::make_unique<Impl>();
    impl->media = media;
    impl->bands = bands;
    impl->name = nameOf(media, bands);
    for (const Modality modality : media)
        impl->sizes.push_back(lengthOf(modality, bands));
    try {
        if (std::find(media.begin(), media.end(), Modality::Image) != media.end()) {
            const Result<files::TensorFile> start = files::startWeights();
            if (!start) return start.error();
            impl->backbone = std::make_shared<networks::NanoDetBackbone>();
            files::fillTensors(*impl->backbone, files::partOf(start->tensors, "backbone."));
            impl->backbone->eval();
        }
    } catch (const std::exception& problem) {
        return errorOf(problem);
    }
    return std::shared_ptr<const FrozenEncoder>(new FrozenEncoder(std::move(impl)));
}

const std::vector<std::size_t>& FrozenEncoder::sizes() const {
    return m_impl->sizes;
}
const std::string& FrozenEncoder::name() const {
    return m_impl->name;
}

Result<Matrix> FrozenEncoder::encode(const ItemSource& source, std::vector<UnreadItem>& unread, const Job& job) const {
    const std::scoped_lock lock(m_impl->busy);
    const KeptBlocks kept;
    Matrix features(source.count(), featuresOf(m_impl->media, m_impl->bands));
    std::fill(features.values.begin(), features.values.end(), kMissing);
    try {
        const torch::NoGradGuard noGrad;
        std::array<Impl::Waiting, 2> waiting;
        waiting[0].views = 2;
        for (std::size_t i = 0; i < source.count(); ++i) {
            if (job.cancelled()) return Job::stopped();
            const auto described = m_impl->describe(source, i, features.row(i), waiting);
            if (!described) {
                if (!concernsOneItem(described.error())) return described.error();
                unread.push_back({source.truth(i).item, described.error()});
                std::ranges::fill(features.row(i), kMissing);
                for (Impl::Waiting& group : waiting)
                    group.forget(features.row(i));
            }
            for (Impl::Waiting& group : waiting) {
                if (group.pictures.size() >= kBatch) m_impl->flush(group);
            }
            job.report("Looking at the items", static_cast<std::int64_t>(i + 1),
                       static_cast<std::int64_t>(source.count()));
        }
        for (Impl::Waiting& group : waiting)
            m_impl->flush(group);
    } catch (const std::exception& problem) {
        return errorOf(problem);
    }
    return features;
}

}  // namespace querent::learn::instant

#include "engine/session/instant/frozen_features.h"

#include "engine/core/hash.h"
#include "engine/learn/instant/feature_file.h"
#include "engine/learn/instant/frozen_encoder.h"
#include "engine/select/geometry/principal.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <system_error>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace querent::session::instant {
namespace {

namespace fs = std::filesystem;
using learn::instant::FrozenEncoder;
using learn::instant::StoredFeatures;

constexpr std::size_t kItemsAFile = 256;
constexpr std::size_t kComponents = 256;
constexpr std::size_t kItemsCompared = 1000;  // to find the components
constexpr const char* kEnding = ".safetensors";

/** What the item's files hold: items of one key look alike. */
std::int64_t keyOf(const learning::ListedItem& item) {
    std::uint64_t key = kFnv1aStart;
    for (const learning::ListedMedium& medium : item.media) {
        key = fnv1a(toText(medium.modality), key);
        if (medium.modality == Modality::Text) {
            key = fnv1a(medium.text, key);
        } else {
            key = fnv1a(medium.hash.empty() ? medium.path.string() : medium.hash, key);
        }
        key = fnv1a(static_cast<std::uint64_t>(medium.firstFrame), key);
        key = fnv1a(static_cast<std::uint64_t>(medium.frames), key);
    }
    return static_cast<std::int64_t>(key);
}

/** What sees items: rows of numbers, NaN all along for one that cannot be read, which is named. */
struct Seer {
    using See = std::function<Result<Matrix>(const learning::ItemList&, std::vector<LeftOut>&, const Job&)>;
    std::string name;                // of its folder in the cache
    std::vector<std::size_t> sizes;  // of its kinds of numbers; empty: not known before something is seen
    See see;

    std::size_t features() const { return std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}); }
};

constexpr const char* kModelFolder = "model-";

Result<Seer> frozenSeer(const FeaturePlan& plan, int bands) {
    auto encoder = FrozenEncoder::make(plan.media, bands);
    if (!encoder) return encoder.error();
    return Seer{(*encoder)->name(), (*encoder)->sizes(),
                [encoder = std::move(encoder).value()](const learning::ItemList& items, std::vector<LeftOut>& leftOut,
                                                       const Job& job) {
                    std::vector<learn::UnreadItem> unread;
                    auto seen = encoder->encode(items, unread, job);
                    for (const learn::UnreadItem& item : unread)
                        leftOut.push_back({item.item, item.error.text()});
                    return seen;
                }};
}

Seer modelSeer(const SeeingModel& model) {
    return {kModelFolder + model.name,
            {},
            [model](const learning::ItemList& items, std::vector<LeftOut>& leftOut, const Job& job) -> Result<Matrix> {
                auto seen =
                    model.learner->predict(model.use, items, learning::PredictFor::Selecting, model.device, job);
                if (!seen) return seen.error();
                leftOut.insert(leftOut.end(), seen->leftOut.begin(), seen->leftOut.end());
                if (seen->predictions.empty()) return Matrix();
                Matrix rows(items.count(), seen->predictions.front().embedding.size());
                std::fill(rows.values.begin(), rows.values.end(), std::numeric_limits<float>::quiet_NaN());
                const std::vector<std::size_t> places = learning::placesPredicted(items, *seen);
                for (std::size_t i = 0; i < places.size(); ++i)
                    std::ranges::copy(seen->predictions[i].embedding, rows.row(places[i]).begin());
                return rows;
            }};
}

Result<Seer> seerOf(const FeaturePlan& plan, int bands) {
    if (plan.model) return modelSeer(*plan.model);
    return frozenSeer(plan, bands);
}

fs::path folderOf(const FeaturePlan& plan, const std::string& seer) {
    return plan.cache.empty() ? fs::path() : plan.cache / seer;
}

/** What other models than this one saw is of no use any more. */
void removeOtherModels(const FeaturePlan& plan, const std::string& seer) {
    if (plan.cache.empty() || !plan.model) return;
    std::vector<fs::path> others;
    std::error_code none;
    for (fs::directory_iterator at(plan.cache, none), end; !none && at != end; at.increment(none)) {
        const std::string name = at->path().filename().string();
        if (name.starts_with(kModelFolder) && name != seer) others.push_back(at->path());
    }
    for (const fs::path& other : others)
        fs::remove_all(other, none);
}

std::vector<fs::path> filesIn(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code none;
    for (fs::directory_iterator at(folder, none), end; !none && at != end; at.increment(none)) {
        if (at->path().extension() == kEnding) files.push_back(at->path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/** The name of a file is that of its items: two programs that look at the same ones write the same file. */
fs::path fileFor(const fs::path& folder, const std::vector<std::int64_t>& keys) {
    std::uint64_t name = kFnv1aStart;
    for (const std::int64_t key : keys)
        name = fnv1a(static_cast<std::uint64_t>(key), name);
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(name));
    return folder / (std::string(text.data()) + kEnding);
}

/** Features of many items: in files of the cache, or, without one, in memory. Each part is looked at by itself. */
class Parts {
 public:
    Parts(fs::path folder, std::size_t features) : m_folder(std::move(folder)), m_features(features) {
        if (!m_folder.empty()) m_files = filesIn(m_folder);
    }

    std::size_t count() const { return m_folder.empty() ? m_kept.size() : m_files.size(); }

    /** Nothing for a file that is damaged, or of something else: its items are looked at again. */
    std::optional<StoredFeatures> part(std::size_t index) const {
        if (m_folder.empty()) return m_kept[index];
        auto read = learn::instant::readFeatures(m_files[index]);
        if (!read || read->values.cols == 0 || (m_features > 0 && read->values.cols != m_features)) return std::nullopt;
        return std::move(read).value();
    }

    /** How many numbers a row has; 0 while there is none. */
    std::size_t features() const {
        for (std::size_t i = 0; i < count() && m_features == 0; ++i) {
            if (const auto some = part(i)) return some->values.cols;
        }
        return m_features;
    }

    Result<void> add(StoredFeatures part) {
        if (m_folder.empty()) {
            m_kept.push_back(std::move(part));
            return {};
        }
        std::error_code problem;
        fs::create_directories(m_folder, problem);
        const fs::path file = fileFor(m_folder, part.keys);
        if (const auto written = learn::instant::writeFeatures(file, part); !written) return written;
        if (std::find(m_files.begin(), m_files.end(), file) == m_files.end()) m_files.push_back(file);
        return {};
    }

 private:
    fs::path m_folder;
    std::size_t m_features;
    std::vector<fs::path> m_files;
    std::vector<StoredFeatures> m_kept;
};

std::unordered_set<std::int64_t> keysIn(const Parts& parts) {
    std::unordered_set<std::int64_t> keys;
    for (std::size_t i = 0; i < parts.count(); ++i) {
        if (const auto part = parts.part(i)) keys.insert(part->keys.begin(), part->keys.end());
    }
    return keys;
}

bool allMissing(std::span<const float> row) {
    return std::all_of(row.begin(), row.end(), [](float value) { return std::isnan(value); });
}

/** Places of the items whose features are not there yet, one for each key. */
std::vector<std::size_t> unseen(const std::vector<std::int64_t>& keys, std::unordered_set<std::int64_t> seen) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (seen.insert(keys[i]).second) places.push_back(i);
    }
    return places;
}

/** Looks at the items at these places, and adds what is seen a part at a time. */
Result<void> lookAtUnseen(const learning::ItemList& items, const std::vector<std::int64_t>& keys,
                          const std::vector<std::size_t>& places, const Seer& seer, Parts& parts,
                          std::vector<LeftOut>& leftOut, const Job& job) {
    for (std::size_t begin = 0; begin < places.size(); begin += kItemsAFile) {
        const std::size_t end = std::min(places.size(), begin + kItemsAFile);
        const std::vector<std::size_t> some(places.begin() + static_cast<std::ptrdiff_t>(begin),
                                            places.begin() + static_cast<std::ptrdiff_t>(end));
        const Job within(job.token(), [&](const Progress& progress) {
            job.report(progress.phase, static_cast<std::int64_t>(begin) + progress.done,
                       static_cast<std::int64_t>(places.size()));
        });
        const auto features = seer.see(items.subset(some), leftOut, within);
        if (!features) return features.error();
        StoredFeatures part;
        part.values.cols = features->cols;
        for (std::size_t i = 0; i < features->rows; ++i) {
            const auto row = features->row(i);
            if (allMissing(row)) continue;
            part.keys.push_back(keys[some[i]]);
            part.values.values.insert(part.values.values.end(), row.begin(), row.end());
            ++part.values.rows;
        }
        if (part.keys.empty()) continue;
        if (const auto added = parts.add(std::move(part)); !added) return added;
    }
    return {};
}

/** Rows of all parts at equal steps, those of items that are wanted alone: at most kItemsCompared. */
Matrix sampleOf(const Parts& parts, const std::unordered_set<std::int64_t>& wanted, std::size_t features) {
    const std::size_t step = std::max<std::size_t>(1, wanted.size() / kItemsCompared);
    Matrix sample(0, features);
    std::size_t met = 0;
    for (std::size_t p = 0; p < parts.count(); ++p) {
        const auto part = parts.part(p);
        if (!part) continue;
        for (std::size_t i = 0; i < part->keys.size(); ++i) {
            if (!wanted.contains(part->keys[i]) || met++ % step != 0 || sample.rows == kItemsCompared) continue;
            const auto row = part->values.row(i);
            sample.values.insert(sample.values.end(), row.begin(), row.end());
            ++sample.rows;
        }
    }
    return sample;
}

/** What makes numbers of all kinds comparable: their mean, their deviation, and the directions they differ in most. */
class Space {
 public:
    static Result<Space> of(Matrix sample, const std::vector<std::size_t>& sizes, const Job& job) {
        Space space;
        space.measure(sample, sizes);
        space.standardise(sample);
        auto found = select::geometry::principalComponents(sample, kComponents, job);
        if (!found) return found.error();
        space.m_components = std::move(found).value();
        return space;
    }

    std::size_t size() const { return m_components.axes.rows; }

    /** [N, K] with rows of length 1. */
    Matrix operator()(Matrix raw) const {
        standardise(raw);
        Matrix seen = select::geometry::project(m_components, raw);
        for (std::size_t i = 0; i < seen.rows; ++i) {
            const auto row = seen.row(i);
            const double squares = std::inner_product(row.begin(), row.end(), row.begin(), 0.0);
            const auto scale = squares > 0.0 ? static_cast<float>(1.0 / std::sqrt(squares)) : 0.0F;
            for (float& value : row)
                value *= scale;
        }
        return seen;
    }

 private:
    void measure(const Matrix& sample, const std::vector<std::size_t>& sizes) {
        std::size_t column = 0;
        for (const std::size_t size : sizes) {
            for (std::size_t i = 0; i < size; ++i, ++column) {
                double sum = 0.0, squares = 0.0, count = 0.0;
                for (std::size_t row = 0; row < sample.rows; ++row) {
                    const auto value = static_cast<double>(sample.at(row, column));
                    if (!std::isfinite(value)) continue;
                    sum += value;
                    squares += value * value;
                    count += 1.0;
                }
                const double mean = count > 0.0 ? sum / count : 0.0;
                const double variance = count > 0.0 ? squares / count - mean * mean : 0.0;
                const bool tells = variance > 1e-8 * (1.0 + mean * mean);
                const double share = 1.0 / std::sqrt(static_cast<double>(size));
                m_mean.push_back(static_cast<float>(mean));
                m_scale.push_back(tells ? static_cast<float>(share / std::sqrt(variance)) : 0.0F);
            }
        }
    }

    /** What an item has not is average. */
    void standardise(Matrix& raw) const {
        for (std::size_t i = 0; i < raw.rows; ++i) {
            const auto row = raw.row(i);
            for (std::size_t j = 0; j < row.size(); ++j) {
                const float value = (row[j] - m_mean[j]) * m_scale[j];
                row[j] = std::isfinite(value) ? value : 0.0F;
            }
        }
    }

    std::vector<float> m_mean, m_scale;  // [D]
    select::geometry::PrincipalComponents m_components;
};

/** The features of each key, in the order of the parts; the items' own rows come from it. */
Result<ItemFeatures> gather(const std::vector<std::int64_t>& keys, const Parts& parts, const Space& space,
                            const Job& job) {
    std::unordered_map<std::int64_t, std::vector<float>> rows;
    const std::unordered_set<std::int64_t> wanted(keys.begin(), keys.end());
    for (std::size_t p = 0; p < parts.count(); ++p) {
        if (job.cancelled()) return Job::stopped();
        auto part = parts.part(p);
        if (!part) continue;
        const Matrix seen = space(std::move(part->values));
        for (std::size_t i = 0; i < part->keys.size(); ++i) {
            if (wanted.contains(part->keys[i]))
                rows.emplace(part->keys[i], std::vector<float>(seen.row(i).begin(), seen.row(i).end()));
        }
    }
    ItemFeatures found;
    found.values.cols = space.size();
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto row = rows.find(keys[i]);
        if (row == rows.end()) continue;
        found.places.push_back(i);
        found.values.values.insert(found.values.values.end(), row->second.begin(), row->second.end());
        ++found.values.rows;
    }
    return found;
}

std::vector<std::int64_t> keysOf(const learning::ItemList& items) {
    std::vector<std::int64_t> keys;
    keys.reserve(items.count());
    for (const learning::ListedItem& item : items.items())
        keys.push_back(keyOf(item));
    return keys;
}

}  // namespace

std::vector<std::size_t> placesUnseen(const learning::ItemList& items, const FeaturePlan& plan) {
    const std::string name =
        plan.model ? modelSeer(*plan.model).name : FrozenEncoder::nameOf(plan.media, items.mel().bands);
    const std::size_t features = plan.model ? 0 : FrozenEncoder::featuresOf(plan.media, items.mel().bands);
    return unseen(keysOf(items), keysIn(Parts(folderOf(plan, name), features)));
}

Result<ItemFeatures> lookAt(const learning::ItemList& items, const FeaturePlan& plan, const Job& job) {
    auto seer = seerOf(plan, items.mel().bands);
    if (!seer) return seer.error();
    removeOtherModels(plan, seer->name);
    const std::vector<std::int64_t> keys = keysOf(items);
    Parts parts(folderOf(plan, seer->name), seer->features());
    std::vector<LeftOut> leftOut;
    const auto looked = lookAtUnseen(items, keys, unseen(keys, keysIn(parts)), *seer, parts, leftOut, job);
    if (!looked) return looked.error();
    job.report("Comparing the items", 0, 0);
    if (seer->sizes.empty()) seer->sizes = {parts.features()};
    Matrix sample = sampleOf(parts, {keys.begin(), keys.end()}, seer->features());
    if (sample.rows == 0) return fail(ErrorCode::NotFound, "None of the items could be read.");
    const auto space = Space::of(std::move(sample), seer->sizes, job);
    if (!space) return space.error();
    auto found = gather(keys, parts, *space, job);
    if (found) found->leftOut = std::move(leftOut);
    return found;
}

}  // namespace querent::session::instant

#include "engine/learn/descent/checkpoint.h"

#include "engine/core/hash.h"
#include "engine/learn/files/renewal.h"
#include "engine/learn/files/torch_archive.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

namespace querent::learn::descent {

namespace {

constexpr const char* kKind = "querent";
constexpr const char* kCheckpoint = "checkpoint";
constexpr const char* kFingerprint = "fingerprint";
const std::string kSide = "side.";

/** The numbers of a state by name, for writing and for reading. */
template <typename State>
auto countsByName(State& s) {
    return std::array{std::pair{"step", &s.step}, std::pair{"batch", &s.batch}, std::pair{"since_best", &s.sinceBest}};
}
template <typename State>
auto figuresByName(State& s) {
    return std::array{std::pair{"loss", &s.loss}, std::pair{"seconds", &s.seconds}, std::pair{"best_map", &s.bestMap}};
}

/** The tensors of a state by name, for writing and for reading. */
template <typename State>
auto tensorsByName(State& s) {
    return std::array{std::pair{"weights", &s.weights},
                      std::pair{"statistics", &s.statistics},
                      std::pair{"mean", &s.mean},
                      std::pair{"square", &s.square},
                      std::pair{"average_weights", &s.averageWeights},
                      std::pair{"average_statistics", &s.averageStatistics},
                      std::pair{"best_weights", &s.bestWeights},
                      std::pair{"best_statistics", &s.bestStatistics}};
}

/** As many digits as read back the same. */
template <typename Number>
std::string textOf(Number number) {
    std::array<char, 64> text{};
    const auto [end, problem] = std::to_chars(text.data(), text.data() + text.size(), number);
    return {text.data(), end};
}

template <typename Number>
bool readNumber(const std::string& text, Number& number) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc() && end == text.data() + text.size();
}

bool possible(const TrainingState& s) {
    return s.step >= 0 && s.batch >= 1 && s.sinceBest >= 0 && std::isfinite(s.seconds) && s.seconds >= 0.0;
}

std::optional<TrainingState> stateOf(files::TensorFile file) {
    TrainingState state;
    state.fingerprint = file.texts[kFingerprint];
    for (const auto& [name, number] : countsByName(state)) {
        if (!readNumber(file.texts[name], *number)) return std::nullopt;
    }
    for (const auto& [name, number] : figuresByName(state)) {
        if (!readNumber(file.texts[name], *number)) return std::nullopt;
    }
    for (const auto& [name, tensor] : tensorsByName(state)) {
        const auto found = file.tensors.find(name);
        if (found != file.tensors.end()) *tensor = found->second;
    }
    for (const auto& [name, tensor] : file.tensors) {
        if (name.starts_with(kSide)) state.side[name.substr(kSide.size())] = tensor;
    }
    return state;
}

/** What earlier versions wrote: the same by the same names, as attributes of a module of LibTorch. */
std::optional<TrainingState> oldStateOf(const std::filesystem::path& path) {
    Result<files::TorchArchive> archive = files::TorchArchive::open(path);
    const files::Dict* attributes = archive ? archive->attributes() : nullptr;
    if (!attributes) return std::nullopt;
    const auto value = [attributes](const char* name) {
        static const files::Value kNone{};
        const files::Value* found = files::entryOf(*attributes, name);
        return found ? found : &kNone;
    };
    TrainingState state;
    if (const auto* fingerprint = value(kFingerprint)->as<std::string>()) state.fingerprint = *fingerprint;
    for (const auto& [name, number] : countsByName(state)) {
        const auto* count = value(name)->as<std::int64_t>();
        if (!count || *count != static_cast<int>(*count)) return std::nullopt;
        *number = static_cast<int>(*count);
    }
    for (const auto& [name, number] : figuresByName(state)) {
        if (!value(name)->as<double>()) return std::nullopt;
        *number = *value(name)->as<double>();
    }
    try {
        for (const auto& [name, tensor] : tensorsByName(state)) {
            const std::optional<torch::Tensor> found = archive->tensor(*value(name));
            // What there was not yet was written as an empty tensor.
            if (found && (found->numel() > 0 || !std::string_view(name).starts_with("best_"))) *tensor = *found;
        }
        if (const auto* side = value("side")->as<files::Dict>()) state.side = archive->tensors(*side);
    } catch (const std::exception&) {
        return std::nullopt;
    }
    return state;
}

/** Two tensors that one may be copied into the other. */
bool alike(const torch::Tensor& a, const torch::Tensor& b) {
    return a.defined() && a.sizes() == b.sizes() && a.scalar_type() == b.scalar_type();
}

}  // namespace

std::uint64_t snapshotOf(const ItemSource& source,
                         const std::function<std::vector<std::uint64_t>(const ItemTruth&)>& answers) {
    std::uint64_t hash = kFnv1aStart;
    for (std::size_t i = 0; i < source.count(); ++i) {
        const ItemTruth truth = source.truth(i);
        hash = fnv1a(static_cast<std::uint64_t>(truth.item), hash);
        for (const std::uint64_t number : answers(truth))
            hash = fnv1a(number, hash);
    }
    return hash;
}

void capture(TrainingState& state, const FlatModel& model, const AdamW& optimiser, const WeightAverage& average) {
    state.weights = model.weights;
    state.statistics = model.statistics;
    state.mean = optimiser.mean;
    state.square = optimiser.square;
    state.averageWeights = average.weights;
    state.averageStatistics = average.statistics;
}

bool restore(const TrainingState& state, FlatModel& model, AdamW& optimiser, WeightAverage& average) {
    for (const torch::Tensor* own : {&state.weights, &state.mean, &state.square, &state.averageWeights}) {
        if (!alike(*own, model.weights)) return false;
    }
    for (const torch::Tensor* own : {&state.statistics, &state.averageStatistics}) {
        if (!alike(*own, model.statistics)) return false;
    }
    const bool best = state.bestWeights.defined() || state.bestStatistics.defined();
    if (best && !(alike(state.bestWeights, model.weights) && alike(state.bestStatistics, model.statistics)))
        return false;
    const torch::NoGradGuard noGrad;
    model.weights.copy_(state.weights);
    model.statistics.copy_(state.statistics);
    optimiser.mean.copy_(state.mean);
    optimiser.square.copy_(state.square);
    average.weights.copy_(state.averageWeights);
    average.statistics.copy_(state.averageStatistics);
    return true;
}

Result<void> saveState(const std::filesystem::path& path, const TrainingState& state) {
    files::TensorFile file{{{kKind, kCheckpoint}, {kFingerprint, state.fingerprint}}, {}};
    for (const auto& [name, number] : countsByName(state))
        file.texts[name] = textOf(*number);
    for (const auto& [name, number] : figuresByName(state))
        file.texts[name] = textOf(*number);
    for (const auto& [name, tensor] : tensorsByName(state)) {
        if (tensor->defined()) file.tensors[name] = *tensor;
    }
    for (const auto& [name, tensor] : state.side)
        file.tensors[kSide + name] = tensor;
    return files::writeTensors(path, file);
}

std::optional<TrainingState> loadState(const std::filesystem::path& path, const std::string& fingerprint) {
    std::optional<TrainingState> state;
    if (files::isOldModel(path)) {
        state = oldStateOf(path);
    } else if (Result<files::TensorFile> file = files::readTensors(path); file && file->texts[kKind] == kCheckpoint) {
        state = stateOf(std::move(file).value());
    }
    return state && state->fingerprint == fingerprint && possible(*state) ? std::move(state) : std::nullopt;
}

}  // namespace querent::learn::descent

#include "engine/learn/descent/checkpoint.h"

#include "engine/core/files.h"
#include "engine/core/hash.h"

#include <array>
#include <sstream>
#include <utility>

namespace querent::learn::descent {

namespace {

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
    if (state.weights.sizes() != model.weights.sizes() || state.statistics.sizes() != model.statistics.sizes())
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
    try {
        torch::serialize::OutputArchive archive;
        archive.write("fingerprint", torch::IValue(state.fingerprint));
        archive.write("step", torch::IValue(static_cast<std::int64_t>(state.step)));
        archive.write("batch", torch::IValue(static_cast<std::int64_t>(state.batch)));
        archive.write("loss", torch::IValue(state.loss));
        archive.write("seconds", torch::IValue(state.seconds));
        archive.write("best_map", torch::IValue(state.bestMap));
        archive.write("since_best", torch::IValue(static_cast<std::int64_t>(state.sinceBest)));
        for (const auto& [name, tensor] : tensorsByName(state)) {
            archive.write(name, tensor->defined() ? tensor->to(torch::kCPU) : torch::empty({0}));
        }
        c10::Dict<std::string, torch::Tensor> side;
        for (const auto& [name, tensor] : state.side)
            side.insert(name, tensor.to(torch::kCPU));
        archive.write("side", torch::IValue(side));
        std::ostringstream out;
        archive.save_to(out);
        return replaceWhole(path, out.str());
    } catch (const std::exception&) {
        return fail(ErrorCode::Internal, "The checkpoint cannot be packed.", path);
    }
}

std::optional<TrainingState> loadState(const std::filesystem::path& path, const std::string& fingerprint) {
    Result<std::string> bytes = readWhole(path);
    if (!bytes) return std::nullopt;
    try {
        torch::serialize::InputArchive archive;
        std::istringstream in(std::move(*bytes));
        archive.load_from(in, torch::Device(torch::kCPU));
        const auto value = [&archive](const char* name) {
            torch::IValue v;
            archive.read(name, v);
            return v;
        };
        TrainingState state;
        state.fingerprint = value("fingerprint").toStringRef();
        if (state.fingerprint != fingerprint) return std::nullopt;
        state.step = static_cast<int>(value("step").toInt());
        state.batch = static_cast<int>(value("batch").toInt());
        state.loss = value("loss").toDouble();
        state.seconds = value("seconds").toDouble();
        state.bestMap = value("best_map").toDouble();
        state.sinceBest = static_cast<int>(value("since_best").toInt());
        for (const auto& [name, tensor] : tensorsByName(state))
            archive.read(name, *tensor);
        torch::IValue side;
        if (archive.try_read("side", side)) {
            for (const auto& entry : side.toGenericDict())
                state.side[entry.key().toStringRef()] = entry.value().toTensor();
        }
        return state;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

}  // namespace querent::learn::descent

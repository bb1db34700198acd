#include "engine/session/training.h"

#include "engine/core/rng.h"
#include "engine/session/measuring.h"
#include "engine/session/models.h"
#include "engine/session/project/project_internal.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace querent::session {
namespace {

constexpr const char* kModelSuffix = ".safetensors";

std::string modelName(int round, std::uint64_t seed) {
    char name[64];
    std::snprintf(name, sizeof name, "round-%03d-%08llx", round, static_cast<unsigned long long>(seed & 0xFFFFFFFFU));
    return name;
}

// The learner's config, with what only the project knows: which classes, which weights, what it started from, and what
// was left out.
std::string recordedConfig(const learning::FitOutcome& outcome, const std::vector<ClassLabel>& classes,
                           const std::string& startedFrom, const std::string& start) {
    constexpr std::size_t kMostNamed = 20;
    auto config = nlohmann::json::parse(outcome.config, nullptr, false);
    if (!config.is_object()) config = nlohmann::json::object();
    config["class_ids"] = nlohmann::json::array();
    for (const ClassLabel& label : classes)
        config["class_ids"].push_back(label.id.value);
    config["backbone_hash"] = startedFrom;
    config["start"] = start;
    config["left_out"] = outcome.leftOut.size();
    config["left_out_first"] = nlohmann::json::array();
    for (std::size_t i = 0; i < std::min(kMostNamed, outcome.leftOut.size()); ++i)
        config["left_out_first"].push_back(outcome.leftOut[i].sentence);
    return config.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Result<ModelRecord> trainModel(const Project& project, learning::TaskLearner& learner,
                               const learning::Snapshot& labelled, int round, std::uint64_t seed,
                               const TrainOptions& options, const Job& job) {
    if (labelled.items.count() == 0) {
        return fail(ErrorCode::InvalidArgument, "There is nothing to learn from yet: label some items first.");
    }
    if (labelled.classes.empty()) return fail(ErrorCode::InvalidArgument, "The project has no classes yet.");
    const std::filesystem::path folder = project.sidecar() / "models";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return fail(ErrorCode::Io, "The folder for models cannot be made.", folder);

    const ProjectSettings settings = project.settings();
    const std::string name = modelName(round, seed);
    learning::FitRequest request;
    request.train = &labelled.items;
    request.classes = labelled.classCount();
    request.networkSize = settings.networkSize;
    request.backboneWeights = settings.backboneWeights;
    request.startsLearnt = learner.startsLearnt(labelled.items);
    request.model = folder / (name + kModelSuffix);
    request.checkpoint = folder / (name + ".checkpoint");
    const WarmStart start = warmStartFor(project, labelled.classes, request.startsLearnt);
    request.warmStart = start.model;
    request.warmClasses = start.classes;
    request.steps = options.steps > 0 ? options.steps : settings.trainingSteps;
    request.seed = deriveSeed(seed, "train");
    request.device = options.device;
    request.onStep = options.onStep;
    // It is about to be written, or is what an earlier version wrote in its place.
    if (request.warmStart.stem() == request.model.stem()) request.warmStart.clear();
    if (request.warmStart.empty()) request.warmClasses.clear();
    const auto outcome = learner.fit(request, job);
    if (!outcome) return outcome.error();
    if (options.onNote && !outcome->leftOut.empty()) options.onNote(learning::leftOutSentence(outcome->leftOut));

    ModelRecord model;
    model.round = round;
    model.checkpoint = "models/" + name + kModelSuffix;
    const std::string startedFrom = startHash(settings.backboneWeights, request.startsLearnt);
    model.config = recordedConfig(*outcome, labelled.classes, startedFrom, start.said);
    model.labels = static_cast<std::int64_t>(labelled.items.count() - outcome->leftOut.size());
    model.trainSeconds = outcome->seconds;
    return model;
}

Result<ModelRecord> trainNow(Project& project, const TrainOptions& options, std::optional<std::uint64_t> wished,
                             const Job& job) {
    const auto labelled = learning::takeSnapshot(project, Split::Train, learning::Answers::Labels);
    if (!labelled) return labelled.error();
    const auto learner = learning::makeLearner(project.settings());
    const auto rounds = project.rounds();
    const int round = rounds.empty() ? 0 : rounds.back().number;
    const std::uint64_t seed =
        wished.value_or(deriveSeed(project.settings().seed, "training " + std::to_string(project.models().size())));
    auto model = trainModel(project, *learner, *labelled, round, seed, options, job);
    if (!model) return model;
    model->current = true;
    const Result<void> added = project.write([&](store::ProjectFile& file) -> Result<void> {
        const auto id = file.models().add(*model);
        if (!id) return id.error();
        model->id = *id;
        return {};
    });
    if (!added) return added.error();
    if (const auto measured = measureSplit(project, Split::Val, options.device, job, options.onNote); !measured)
        return measured.error();
    return model;
}

}  // namespace querent::session

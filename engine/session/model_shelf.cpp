#include "engine/session/model_shelf.h"

#include "engine/core/rng.h"
#include "engine/session/project_internal.h"
#include "engine/session/suggestion.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace querent::session {
namespace {

std::string modelName(int round, std::uint64_t seed) {
    char name[64];
    std::snprintf(name, sizeof name, "round-%03d-%08llx", round, static_cast<unsigned long long>(seed & 0xFFFFFFFFU));
    return name;
}

}  // namespace

std::filesystem::path modelPath(const Project& project, const ModelRecord& model) {
    return project.sidecar() / model.checkpoint;
}

std::optional<ModelRecord> usableModel(const Project& project, int classes) {
    auto model = project.currentModel();
    std::error_code error;
    if (!model || !std::filesystem::exists(modelPath(project, *model), error)) return std::nullopt;
    const auto config = nlohmann::json::parse(model->config, nullptr, false);
    if (config.is_discarded() || config.value("classes", 0) != classes) return std::nullopt;
    return model;
}

Result<ModelRecord> modelById(const Project& project, ModelId id) {
    for (ModelRecord& model : project.models()) {
        if (model.id == id) return std::move(model);
    }
    return fail(ErrorCode::NotFound, "The round's model is not in the project.", project.file());
}

std::optional<Metric> findMetric(const std::vector<Metric>& metrics, ModelId model, Split split,
                                 const std::string& name) {
    const auto found = std::find_if(metrics.begin(), metrics.end(), [&](const Metric& metric) {
        return metric.model == model && metric.split == split && metric.name == name && !metric.label.valid();
    });
    return found == metrics.end() ? std::nullopt : std::optional(*found);
}

Result<ModelRecord> trainModel(const Project& project, TaskLearner& learner, const Snapshot& labelled, int round,
                               std::uint64_t seed, const RoundOptions& options, const Job& job) {
    if (labelled.images.count() == 0) {
        return fail(ErrorCode::InvalidArgument, "There is nothing to learn from yet: label some items first.");
    }
    if (labelled.classes.empty()) return fail(ErrorCode::InvalidArgument, "The project has no classes yet.");
    const std::filesystem::path folder = project.sidecar() / "models";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return fail(ErrorCode::Io, "The folder for models cannot be made.", folder);

    const ProjectSettings settings = project.settings();
    const std::string name = modelName(round, seed);
    FitRequest request;
    request.train = &labelled.images;
    request.classes = labelled.classCount();
    request.networkSize = settings.networkSize;
    request.backboneWeights = settings.backboneWeights;
    request.model = folder / (name + ".pt");
    request.checkpoint = folder / (name + ".checkpoint");
    if (const auto last = usableModel(project, labelled.classCount())) request.warmStart = modelPath(project, *last);
    request.steps = options.steps > 0 ? options.steps : settings.trainingSteps;
    request.seed = deriveSeed(seed, "train");
    request.device = options.device;
    request.onTick = options.onTick;
    if (request.warmStart == request.model) request.warmStart.clear();
    const auto outcome = learner.fit(request, job);
    if (!outcome) return outcome.error();

    ModelRecord model;
    model.round = round;
    model.checkpoint = "models/" + name + ".pt";
    model.config = outcome->config;
    model.labels = static_cast<std::int64_t>(labelled.images.count());
    model.trainSeconds = outcome->seconds;
    return model;
}

Result<std::vector<Metric>> measureModel(const Project& project, TaskLearner& learner, const ModelRecord& model,
                                         Split split, const std::string& device, const Job& job) {
    const auto items = takeSnapshot(project, split, Answers::Labels);
    if (!items) return items.error();
    if (items->images.count() == 0) return std::vector<Metric>();
    job.report("Evaluating", 0, static_cast<std::int64_t>(items->images.count()));
    const auto predictions =
        learner.predict(modelPath(project, model), items->images, PredictFor::Measuring, device, job);
    if (!predictions) return predictions.error();
    auto metrics = learner.measure(items->images.truths(), *predictions, items->classCount());
    for (Metric& metric : metrics) {
        metric.model = model.id;
        metric.split = split;
        if (metric.label.valid()) metric.label = items->classes[static_cast<std::size_t>(metric.label.value - 1)].id;
    }
    return metrics;
}

std::optional<Edit> truthAsEdit(Project& project, ItemId item, PersonId author, int round) {
    std::optional<std::vector<Annotation>> truth;
    std::optional<Item> row;
    project.read([&](store::ProjectFile& file) {
        truth = valueOr(file.truth().of(item));
        if (auto found = file.items().item(item)) row = std::move(found).value();
    });
    if (!truth || !row || isAnswered(row->mark.state)) return std::nullopt;
    Edit edit;
    edit.item = item;
    edit.gesture = "Known answer";
    edit.author = author;
    for (Annotation annotation : *truth) {
        annotation.id = project.newAnnotationId();
        annotation.provenance = Provenance::Import;
        annotation.author = author;
        annotation.round = round;
        edit.changes.push_back({std::nullopt, annotation});
    }
    edit.markBefore = row->mark;
    edit.markAfter = row->mark;
    edit.markAfter->state = truth->empty() ? ItemState::ConfirmedEmpty : ItemState::Labelled;
    return edit;
}

Result<ModelRecord> trainNow(Project& project, const RoundOptions& options, const Job& job) {
    const auto labelled = takeSnapshot(project, Split::Train, Answers::Labels);
    if (!labelled) return labelled.error();
    const auto learner = makeLearner(project.settings().task);
    const auto rounds = project.rounds();
    const int round = rounds.empty() ? 0 : rounds.back().number;
    const std::uint64_t seed = options.seed.value_or(
        deriveSeed(project.settings().seed, "training " + std::to_string(project.models().size())));
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
    if (const auto measured = measureSplit(project, Split::Val, options.device, job); !measured)
        return measured.error();
    return model;
}

Result<std::vector<Metric>> measureSplit(Project& project, Split split, const std::string& device, const Job& job) {
    const auto model = project.currentModel();
    if (!model) return fail(ErrorCode::NotFound, "There is no trained model yet.", project.file());
    const auto learner = makeLearner(project.settings().task);
    auto metrics = measureModel(project, *learner, *model, split, device, job);
    if (!metrics || metrics->empty() || project.readOnly()) return metrics;
    const Result<void> stored =
        project.write([&](store::ProjectFile& file) { return file.models().addMetrics(*metrics); });
    if (!stored) return stored.error();
    return metrics;
}

Result<SplitPredictions> predictSplit(Project& project, std::optional<Split> split, const std::string& device,
                                      const Job& job) {
    const auto model = project.currentModel();
    if (!model) return fail(ErrorCode::NotFound, "There is no trained model yet.", project.file());
    const bool pool = !split.has_value();
    const auto items =
        takeSnapshot(project, split.value_or(Split::Train), pool ? Answers::None : Answers::LabelsOrTruth,
                     [&](const ItemRow& row) { return !pool || !isAnswered(row.state); });
    if (!items) return items.error();
    const auto learner = makeLearner(project.settings().task);
    auto predictions = learner->predict(modelPath(project, *model), items->images, PredictFor::Measuring, device, job);
    if (!predictions) return predictions.error();
    return SplitPredictions{items->classes, items->names, items->images.truths(), std::move(predictions).value()};
}

Result<std::vector<QueryEntry>> rankPool(Project& project, const std::string& strategy, int count, std::uint64_t seed,
                                         const std::string& device, const Job& job) {
    if (const auto known = requireStrategy(strategy); !known) return known.error();
    const auto pool = takeSnapshot(project, Split::Train, Answers::None, [](const ItemRow& row) {
        return row.state == ItemState::Unlabelled && !row.flagged;
    });
    if (!pool) return pool.error();
    const auto labelled = takeSnapshot(project, Split::Train, Answers::Labels);
    if (!labelled) return labelled.error();
    const auto model = usableModel(project, pool->classCount());
    RankRequest request;
    request.strategy = strategy;
    request.count = static_cast<std::size_t>(std::max(0, count));
    request.controlShare = project.settings().controlShare;
    request.seed = seed;
    request.device = device;
    request.model = model ? modelPath(project, *model) : std::filesystem::path();
    request.pool = &pool->images;
    request.labelled = &labelled->images;
    request.classes = pool->classCount();
    const auto learner = makeLearner(project.settings().task);
    auto ranking = rank(*learner, request, job);
    if (!ranking) return ranking.error();
    return std::move(ranking->entries);
}

}  // namespace querent::session

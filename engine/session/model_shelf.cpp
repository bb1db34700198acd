#include "engine/session/model_shelf.h"

#include "engine/core/rng.h"
#include "engine/media/hash.h"
#include "engine/session/learning/confusion.h"
#include "engine/session/project/project_internal.h"
#include "engine/session/suggestion.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <unordered_map>
#include <utility>

namespace querent::session {
namespace {

std::string modelName(int round, std::uint64_t seed) {
    char name[64];
    std::snprintf(name, sizeof name, "round-%03d-%08llx", round, static_cast<unsigned long long>(seed & 0xFFFFFFFFU));
    return name;
}

nlohmann::json configOf(const ModelRecord& model) {
    auto config = nlohmann::json::parse(model.config, nullptr, false);
    return config.is_object() ? config : nlohmann::json::object();
}

// The learner's config, with what only the project knows: which classes, which weights, what it started from, and what
// was left out.
std::string recordedConfig(const learning::FitOutcome& outcome, const std::vector<ClassLabel>& classes,
                           const ProjectSettings& settings, const std::string& start) {
    constexpr std::size_t kMostNamed = 20;
    auto config = nlohmann::json::parse(outcome.config, nullptr, false);
    if (!config.is_object()) config = nlohmann::json::object();
    config["class_ids"] = nlohmann::json::array();
    for (const ClassLabel& label : classes)
        config["class_ids"].push_back(label.id.value);
    config["backbone_hash"] = weightsHash(settings.backboneWeights);
    config["start"] = start;
    config["left_out"] = outcome.leftOut.size();
    config["left_out_first"] = nlohmann::json::array();
    for (std::size_t i = 0; i < std::min(kMostNamed, outcome.leftOut.size()); ++i)
        config["left_out_first"].push_back(outcome.leftOut[i].sentence);
    return config.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Metrics replace those of the same name alone: pairs that an earlier measurement counted become 0.
void addConfusion(std::vector<Metric> cells, const Project& project, ModelId model, Split split,
                  std::vector<Metric>& metrics) {
    for (Metric& cell : cells) {
        cell.model = model;
        cell.split = split;
    }
    const auto counted = [&](const Metric& earlier) {
        return std::any_of(cells.begin(), cells.end(), [&](const Metric& cell) {
            return cell.label == earlier.label && cell.name == earlier.name;
        });
    };
    for (Metric earlier : project.metrics()) {
        if (earlier.model != model || earlier.split != split || !learning::predictedOf(earlier).valid() ||
            counted(earlier))
            continue;
        earlier.value = earlier.low = earlier.high = 0.0;
        metrics.push_back(std::move(earlier));
    }
    metrics.insert(metrics.end(), cells.begin(), cells.end());
}

void tell(const Note& note, const std::string& sentence) {
    if (note && !sentence.empty()) note(sentence);
}

}  // namespace

std::filesystem::path modelPath(const Project& project, const ModelRecord& model) {
    return project.sidecar() / model.checkpoint;
}

std::string weightsHash(const std::string& path) {
    return path.empty() ? std::string() : project::valueOr(media::contentHash(path), std::string("unreadable"));
}

std::vector<ClassId> classesOf(const ModelRecord& model) {
    std::vector<ClassId> ids;
    const nlohmann::json config = configOf(model);
    const auto found = config.find("class_ids");
    if (found == config.end() || !found->is_array()) return ids;
    for (const nlohmann::json& id : *found) {
        if (!id.is_number_integer()) return {};
        ids.emplace_back(id.get<std::int64_t>());
    }
    return ids;
}

Result<learning::ModelUse> useOf(const Project& project, const ModelRecord& model,
                                 const std::vector<ClassLabel>& today) {
    const std::vector<ClassId> own = classesOf(model);
    if (own.empty()) {
        return fail(ErrorCode::Unsupported, "The model does not say which classes it knows; train a new one.",
                    modelPath(project, model));
    }
    const auto numbers = learning::classNumbers(today);
    learning::ModelUse use{modelPath(project, model), {}, static_cast<int>(today.size())};
    for (const ClassId id : own) {
        const auto number = numbers.find(id);
        use.numbers.push_back(number == numbers.end() ? -1 : number->second);
    }
    return use;
}

std::optional<UsableModel> usableModel(const Project& project, const std::vector<ClassLabel>& today) {
    auto model = project.currentModel();
    std::error_code error;
    if (!model || !std::filesystem::is_regular_file(modelPath(project, *model), error)) return std::nullopt;
    auto use = useOf(project, *model, today);
    if (!use || std::all_of(use->numbers.begin(), use->numbers.end(), [](int n) { return n < 0; })) return std::nullopt;
    return UsableModel{std::move(*model), std::move(use).value()};
}

WarmStart warmStartFor(const Project& project, const std::vector<ClassLabel>& today) {
    const auto model = usableModel(project, today);
    if (!model) return {{}, {}, "from scratch"};
    const std::string number = std::to_string(model->record.id.value);
    const nlohmann::json config = configOf(model->record);
    const ProjectSettings settings = project.settings();
    if (config.value("network", "") != settings.networkSize ||
        config.value("backbone_hash", "") != weightsHash(settings.backboneWeights)) {
        return {{}, {}, "from scratch: the network has changed since model " + number};
    }
    std::unordered_map<ClassId, int> own;
    for (const ClassId id : classesOf(model->record))
        own.emplace(id, static_cast<int>(own.size()));
    WarmStart start{model->use.file, {}, "from model " + number};
    for (const ClassLabel& label : today) {
        const auto known = own.find(label.id);
        start.classes.push_back(known == own.end() ? -1 : known->second);
    }
    return start;
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

Result<ModelRecord> trainModel(const Project& project, learning::TaskLearner& learner,
                               const learning::Snapshot& labelled, int round, std::uint64_t seed,
                               const RoundOptions& options, const Job& job) {
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
    learning::FitRequest request;
    request.train = &labelled.images;
    request.classes = labelled.classCount();
    request.networkSize = settings.networkSize;
    request.backboneWeights = settings.backboneWeights;
    request.model = folder / (name + ".pt");
    request.checkpoint = folder / (name + ".checkpoint");
    const WarmStart start = warmStartFor(project, labelled.classes);
    request.warmStart = start.model;
    request.warmClasses = start.classes;
    request.steps = options.steps > 0 ? options.steps : settings.trainingSteps;
    request.seed = deriveSeed(seed, "train");
    request.device = options.device;
    request.onStep = options.onStep;
    if (request.warmStart == request.model) request.warmStart.clear();  // it is about to be written
    if (request.warmStart.empty()) request.warmClasses.clear();
    const auto outcome = learner.fit(request, job);
    if (!outcome) return outcome.error();
    tell(options.onNote, learning::leftOutSentence(outcome->leftOut));

    ModelRecord model;
    model.round = round;
    model.checkpoint = "models/" + name + ".pt";
    model.config = recordedConfig(*outcome, labelled.classes, settings, start.said);
    model.labels = static_cast<std::int64_t>(labelled.images.count() - outcome->leftOut.size());
    model.trainSeconds = outcome->seconds;
    return model;
}

Result<std::vector<Metric>> measureModel(const Project& project, learning::TaskLearner& learner,
                                         const ModelRecord& model, Split split, const std::string& device,
                                         const Note& note, const Job& job) {
    const auto items = learning::takeSnapshot(project, split, learning::Answers::Labels);
    if (!items) return items.error();
    if (items->images.count() == 0) return std::vector<Metric>();
    job.report("Evaluating", 0, static_cast<std::int64_t>(items->images.count()));
    const auto use = useOf(project, model, items->classes);
    if (!use) return use.error();
    const auto seen = learner.predict(*use, items->images, learning::PredictFor::Measuring, device, job);
    if (!seen) return seen.error();
    tell(note, learning::leftOutSentence(seen->leftOut));
    // What the model was not shown is not held against it.
    const auto truths = items->images.subset(learning::placesSeen(items->images, *seen)).truths();
    auto metrics = learner.measure(truths, seen->predictions, items->classCount());
    for (Metric& metric : metrics) {
        metric.model = model.id;
        metric.split = split;
        if (metric.label.valid()) metric.label = items->classes[static_cast<std::size_t>(metric.label.value - 1)].id;
    }
    const ProjectSettings settings = project.settings();
    if (settings.task == TaskKind::Classify && !settings.multiLabel && !metrics.empty())
        addConfusion(learning::confusionMetrics(truths, seen->predictions, items->classes), project, model.id, split,
                     metrics);
    return metrics;
}

std::optional<Edit> truthAsEdit(Project& project, ItemId item, PersonId author, int round) {
    std::optional<std::vector<Annotation>> truth;
    std::optional<Item> row;
    project.read([&](store::ProjectFile& file) {
        truth = project::valueOr(file.truth().of(item));
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
    const auto labelled = learning::takeSnapshot(project, Split::Train, learning::Answers::Labels);
    if (!labelled) return labelled.error();
    const auto learner = learning::makeLearner(project.settings());
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
    if (const auto measured = measureSplit(project, Split::Val, options.device, job, options.onNote); !measured)
        return measured.error();
    return model;
}

Result<std::vector<Metric>> measureSplit(Project& project, Split split, const std::string& device, const Job& job,
                                         const Note& note) {
    const auto model = project.currentModel();
    if (!model) return fail(ErrorCode::NotFound, "There is no trained model yet.", project.file());
    const auto learner = learning::makeLearner(project.settings());
    auto metrics = measureModel(project, *learner, *model, split, device, note, job);
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
    const auto items = learning::takeSnapshot(project, split.value_or(Split::Train),
                                              pool ? learning::Answers::None : learning::Answers::LabelsOrTruth,
                                              [&](const ItemRow& row) { return !pool || !isAnswered(row.state); });
    if (!items) return items.error();
    const auto learner = learning::makeLearner(project.settings());
    const auto use = useOf(project, *model, items->classes);
    if (!use) return use.error();
    auto seen = learner->predict(*use, items->images, learning::PredictFor::Measuring, device, job);
    if (!seen) return seen.error();
    SplitPredictions found{items->classes, {}, {}, {}};
    for (const std::size_t place : learning::placesSeen(items->images, *seen)) {
        found.names.push_back(items->names[place]);
        found.truth.push_back(items->images.truth(place));
    }
    found.predictions = std::move(seen->predictions);
    return found;
}

Result<std::vector<QueryEntry>> rankPool(Project& project, const std::string& strategy, int count, std::uint64_t seed,
                                         const std::string& device, const Job& job, const Note& note) {
    if (const auto known = requireStrategy(strategy, project.settings()); !known) return known.error();
    const auto pool = learning::takeSnapshot(project, Split::Train, learning::Answers::None, [](const ItemRow& row) {
        return row.state == ItemState::Unlabelled && !row.flagged;
    });
    if (!pool) return pool.error();
    const auto labelled = learning::takeSnapshot(project, Split::Train, learning::Answers::Labels);
    if (!labelled) return labelled.error();
    const auto model = usableModel(project, pool->classes);
    RankRequest request;
    request.strategy = strategy;
    request.count = static_cast<std::size_t>(std::max(0, count));
    request.controlShare = project.settings().controlShare;
    request.multiLabel = project.settings().multiLabel;
    request.seed = seed;
    request.device = device;
    if (model) request.model = model->use;
    request.pool = &pool->images;
    request.labelled = &labelled->images;
    request.classes = pool->classCount();
    request.task = project.settings().task;
    request.media = project.settings().media;
    const auto holdout = learning::takeSnapshot(project, Split::Val, learning::Answers::Labels);
    if (!holdout) return holdout.error();
    request.holdout = &holdout->images;
    request.trainingSteps = project.settings().trainingSteps;
    const auto learner = learning::makeLearner(project.settings());
    auto ranking = rank(*learner, request, job);
    if (!ranking) return ranking.error();
    if (job.cancelled()) return Job::stopped();
    for (const std::string& sentence : ranking->setAside)
        tell(note, sentence);
    for (const std::string& sentence : ranking->remarks)
        tell(note, sentence);
    return std::move(ranking->entries);
}

}  // namespace querent::session

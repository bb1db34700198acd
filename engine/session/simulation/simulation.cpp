#include "engine/session/simulation/simulation.h"

#include "engine/core/rng.h"
#include "engine/core/stopwatch.h"
#include "engine/session/learning/learner.h"
#include "engine/session/learning/snapshot.h"
#include "engine/session/models.h"
#include "engine/session/project/project_internal.h"
#include "engine/session/ranking.h"
#include "engine/session/simulation/long_tail.h"
#include "engine/session/simulation/simulation_files.h"
#include "engine/session/strategies.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace querent::session::simulation {
namespace {

// What all runs share: the data, the learner, the settings, the folder.
struct Stage {
    const SimulationOptions& options;
    ProjectSettings settings;
    learning::Snapshot pool;     // the train split with its answers
    learning::Snapshot test;     // the test split: for final measurements only
    learning::Snapshot holdout;  // the val split, for rewards; empty when that is measured on
    SimulationFiles files;
    std::unique_ptr<learning::TaskLearner> learner;
    std::unordered_map<std::string, std::size_t> places;  // item name -> place in the pool
};

// Everything that the curves depend on: a run that goes on with anything else would mix two experiments.
std::string settingsText(const Stage& stage) {
    const SimulationOptions& options = stage.options;
    const Size input = stage.learner->inputFor(stage.pool.items);
    nlohmann::json settings = {
        {"initial", options.initial},
        {"batch", options.batch},
        {"rounds", options.rounds},
        {"seed", options.seed},
        {"steps", options.steps},
        {"network", stage.settings.networkSize},
        {"backbone", stage.settings.backboneWeights},
        {"backbone_hash", startHash(stage.settings.backboneWeights, stage.learner->startsLearnt(stage.pool.items))},
        {"input", {input.width, input.height}},
        {"pool", stage.pool.items.count()},
        {"measured_on", stage.test.items.count()}};
    // Folders of before it existed stay what they are.
    if (options.longTail > 0.0) settings["long_tail"] = options.longTail;
    return settings.dump(2) + "\n";
}

std::vector<std::size_t> initialPlaces(const Stage& stage, std::uint64_t seed) {
    Rng rng(seed, "initial");
    return rng.sample(stage.pool.items.count(), static_cast<std::size_t>(stage.options.initial));
}

// Trains on these places and measures; the only place where the test split is looked at.
Result<RunLine> trainAndMeasure(Stage& stage, const std::string& run, const std::vector<std::size_t>& labelled,
                                std::uint64_t seed, int round, const Job& job) {
    const learning::ItemList train = stage.pool.items.subset(labelled);
    learning::FitRequest request;
    request.train = &train;
    request.classes = stage.pool.classCount();
    request.networkSize = stage.settings.networkSize;
    // One network for all rounds, whatever they happen to label.
    request.input = stage.learner->inputFor(stage.pool.items);
    request.backboneWeights = stage.settings.backboneWeights;
    request.startsLearnt = stage.learner->startsLearnt(stage.pool.items);
    request.model = stage.files.modelFile(run);
    request.steps = stage.options.steps > 0 ? stage.options.steps : stage.settings.trainingSteps;
    request.seed = deriveSeed(seed, "train round " + std::to_string(round));
    request.device = stage.options.device;
    const auto fitted = stage.learner->fit(request, job);
    if (!fitted) return fitted.error();
    // A learner for each measurement: the model's file has changed under the same name.
    stage.learner = learning::makeLearner(stage.settings);
    const auto seen = stage.learner->predict({request.model, {}, 0}, stage.test.items, learning::PredictFor::Measuring,
                                             stage.options.device, job);
    if (!seen) return seen.error();
    const auto truths = stage.test.items.subset(learning::placesPredicted(stage.test.items, *seen)).truths();
    RunLine line;
    line.row.round = round;
    line.row.labels = static_cast<int>(labelled.size());
    line.row.secondsTrain = fitted->seconds;
    line.row.values[learning::headlineMetric(stage.settings)] =
        stage.learner->score(truths, seen->predictions, stage.pool.classCount());
    return line;
}

std::vector<std::size_t> complement(std::size_t count, const std::vector<std::size_t>& places) {
    std::vector<bool> taken(count, false);
    for (const std::size_t place : places)
        taken[place] = true;
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < count; ++i) {
        if (!taken[i]) rest.push_back(i);
    }
    return rest;
}

std::string runName(const std::string& strategy, std::uint64_t seed) {
    return strategy + "-s" + std::to_string(seed);
}

// What the strategy remembers once it has been paid for its last batch; empty for one that learns nothing.
Result<std::string> learnt(Stage& stage, const std::string& strategy, const std::string& run, int round,
                           const learning::ModelUse& model, const Job& job) {
    if (round == 0) return std::string();
    const auto memory = stage.files.memory(run, round - 1);
    if (!memory || memory->empty()) return memory;
    const auto seen =
        stage.learner->predict(model, stage.holdout.items, learning::PredictFor::Measuring, stage.options.device, job);
    if (!seen) return seen.error();
    const auto truths = stage.holdout.items.subset(learning::placesPredicted(stage.holdout.items, *seen)).truths();
    const double metric = stage.learner->score(truths, seen->predictions, stage.pool.classCount());
    const auto lesson = learnFromReward(strategy, *memory, metric);
    if (!lesson) return lesson.error();
    return lesson->memory;
}

// Lets the strategy choose the next batch; its names go into the line.
Result<void> chooseNext(Stage& stage, const std::string& strategy, const std::string& modelRun,
                        const std::vector<std::size_t>& labelled, std::uint64_t seed, RunLine& line, const Job& job) {
    const auto rest = complement(stage.pool.items.count(), labelled);
    if (rest.empty()) return {};
    const learning::ItemList pool = stage.pool.items.subset(rest);
    const learning::ItemList known = stage.pool.items.subset(labelled);
    RankSources sources;
    sources.pool = &pool;
    sources.labelled = &known;
    sources.holdout = &stage.holdout.items;
    sources.classes = stage.pool.classCount();
    sources.model.file = stage.files.modelFile(modelRun);
    sources.progress = static_cast<double>(line.row.round) / static_cast<double>(stage.options.rounds);
    RankWish wish{strategy, stage.options.batch, 0, stage.options.device, stage.options.steps};
    wish.seed = deriveSeed(seed, "choose round " + std::to_string(line.row.round));
    const std::string run = runName(strategy, seed);
    const Stopwatch watch;
    auto memory = learnt(stage, strategy, run, line.row.round, sources.model, job);
    if (!memory) return memory.error();
    sources.memory = std::move(memory).value();
    const auto ranking = rank(*stage.learner, rankRequest(stage.settings, wish, std::move(sources)), job);
    if (!ranking) return ranking.error();
    if (job.cancelled()) return Job::stopped();
    line.row.secondsSelect = watch.seconds();
    if (const auto kept = stage.files.keepMemory(run, line.row.round, ranking->memory); !kept) return kept;
    std::unordered_map<std::int64_t, std::size_t> placeOf;
    for (const std::size_t place : rest)
        placeOf.emplace(stage.pool.items.truth(place).item, place);
    for (const QueryEntry& entry : ranking->entries) {
        line.chosen.push_back(stage.pool.names[placeOf.at(entry.item.value)]);
    }
    return {};
}

// The first model of a seed, which all strategies share; trained once, and again only when its file has gone.
Result<RunLine> firstModel(Stage& stage, std::uint64_t seed, const Job& job) {
    const std::string run = "initial-s" + std::to_string(seed);
    const auto lock = stage.files.lock(run, job);
    if (!lock) return lock.error();
    const auto done = stage.files.read(run);
    if (!done) return done.error();
    std::error_code error;
    if (!done->empty() && std::filesystem::exists(stage.files.modelFile(run), error)) return done->front();
    auto line = trainAndMeasure(stage, run, initialPlaces(stage, seed), seed, 0, job);
    if (!line) return line;
    if (done->empty()) {
        if (const auto kept = stage.files.append(run, *line); !kept) return kept.error();
    }
    return line;
}

Result<std::vector<SimulationRow>> play(Stage& stage, const std::string& strategy, std::uint64_t seed, const Job& job) {
    const std::string run = runName(strategy, seed);
    const auto lock = stage.files.lock(run, job);
    if (!lock) return lock.error();
    auto lines = stage.files.read(run);
    if (!lines) return lines.error();
    std::vector<std::size_t> labelled = initialPlaces(stage, seed);
    std::vector<SimulationRow> rows;
    for (int round = 0; round <= stage.options.rounds; ++round) {
        const auto at = static_cast<std::size_t>(round);
        if (at >= lines->size()) {
            job.report(run, round, stage.options.rounds);
            auto line =
                round == 0 ? firstModel(stage, seed, job) : trainAndMeasure(stage, run, labelled, seed, round, job);
            if (!line) return line.error();
            if (round < stage.options.rounds) {
                const std::string model = round == 0 ? "initial-s" + std::to_string(seed) : run;
                const auto chosen = chooseNext(stage, strategy, model, labelled, seed, *line, job);
                if (!chosen) return chosen.error();
            }
            if (const auto kept = stage.files.append(run, *line); !kept) return kept.error();
            lines->push_back(std::move(*line));
        }
        RunLine& line = (*lines)[at];
        line.row.strategy = strategy;
        line.row.seed = seed;
        rows.push_back(line.row);
        for (const std::string& name : line.chosen)
            labelled.push_back(stage.places.at(name));
    }
    std::error_code error;
    std::filesystem::remove(stage.files.modelFile(run), error);
    return rows;
}

// The score with every label, trained with the first seed: what "95 % of the full pool" refers to.
Result<double> fullPoolScore(Stage& stage, const Job& job) {
    const auto lock = stage.files.lock("full-pool", job);
    if (!lock) return lock.error();
    const auto done = stage.files.read("full-pool");
    if (!done) return done.error();
    const char* metric = learning::headlineMetric(stage.settings);
    if (!done->empty()) return done->front().row.values.at(metric);
    job.report("full pool", 0, 1);
    const auto line =
        trainAndMeasure(stage, "full-pool", complement(stage.pool.items.count(), {}), stage.options.seed + 1, 0, job);
    if (!line) return line.error();
    if (const auto kept = stage.files.append("full-pool", *line); !kept) return kept.error();
    return line->row.values.at(metric);
}

Result<void> checkOptions(const SimulationOptions& options, const ProjectSettings& settings) {
    if (options.strategies.empty()) return fail(ErrorCode::InvalidArgument, "No strategy was named.");
    if (options.initial < 1 || options.batch < 1 || options.rounds < 1 || options.seeds < 1) {
        return fail(ErrorCode::InvalidArgument, "Initial, batch, rounds and seeds must be at least 1.");
    }
    if (options.shards < 1 || options.shard < 0 || options.shard >= options.shards) {
        return fail(ErrorCode::InvalidArgument, "A shard is i/n with 0 <= i < n.");
    }
    if (!(options.longTail >= 0.0 && options.longTail <= 1.0)) {
        return fail(ErrorCode::InvalidArgument, "A long tail is a number above 0 and at most 1.");
    }
    if (options.longTail > 0.0 && (settings.task != TaskKind::Classify || settings.multiLabel)) {
        return fail(ErrorCode::InvalidArgument, "A long tail can be made of items with one class each, not of others.");
    }
    for (const std::string& strategy : options.strategies) {
        if (const auto known = requireStrategy(strategy, settings); !known) return known;
    }
    return {};
}

void keepLongTail(learning::Snapshot& pool, double ratio) {
    std::vector<int> labels;
    for (const ItemTruth& truth : pool.items.truths())
        labels.push_back(truth.labels.empty() ? -1 : truth.labels.front());
    const std::vector<std::size_t> places = longTailPlaces(labels, pool.classCount(), ratio);
    std::vector<std::string> names;
    for (const std::size_t place : places)
        names.push_back(pool.names[place]);
    pool.items = pool.items.subset(places);
    pool.names = std::move(names);
}

Result<Stage> setUp(Project& project, const SimulationOptions& options) {
    auto pool = learning::takeSnapshot(project, Split::Train, learning::Answers::LabelsOrTruth);
    if (!pool) return pool.error();
    if (options.longTail > 0.0) keepLongTail(*pool, options.longTail);
    if (pool->items.count() <= static_cast<std::size_t>(options.initial)) {
        return fail(ErrorCode::InvalidArgument,
                    "The train split has " + std::to_string(pool->items.count()) +
                        " items with known answers: too few for a simulation with " + std::to_string(options.initial) +
                        " initial ones.",
                    project.file());
    }
    auto test = learning::takeSnapshot(project, Split::Test, learning::Answers::LabelsOrTruth);
    auto holdout = learning::takeSnapshot(project, Split::Val, learning::Answers::LabelsOrTruth);
    if (!holdout) return holdout.error();
    if (test && test->items.count() == 0) test = std::exchange(*holdout, learning::Snapshot());
    if (!test) return test.error();
    if (test->items.count() == 0) {
        return fail(ErrorCode::InvalidArgument, "There are no labelled test or val items to measure on.",
                    project.file());
    }
    ProjectSettings settings = project.settings();
    settings.controlShare = 0.0;  // every item is to be the strategy's own choice
    Stage stage{options,
                settings,
                std::move(*pool),
                std::move(*test),
                std::move(*holdout),
                SimulationFiles(options.out),
                learning::makeLearner(settings),
                {}};
    for (std::size_t i = 0; i < stage.pool.names.size(); ++i)
        stage.places.emplace(stage.pool.names[i], i);
    return stage;
}

// Puts all runs together when every one of them has finished, those of other shards included.
Result<SimulationSummary> conclude(Stage& stage, Project& project, const Job& job) {
    const SimulationOptions& options = stage.options;
    std::vector<SimulationRow> rows;
    bool complete = true;
    for (const std::string& strategy : options.strategies) {
        for (int s = 1; s <= options.seeds; ++s) {
            const std::uint64_t seed = options.seed + static_cast<std::uint64_t>(s);
            const auto lines = stage.files.read(runName(strategy, seed));
            if (!lines) return lines.error();
            complete = complete && lines->size() == static_cast<std::size_t>(options.rounds) + 1;
            for (RunLine line : *lines) {
                line.row.strategy = strategy;
                line.row.seed = seed;
                rows.push_back(std::move(line.row));
            }
        }
    }
    if (const auto written = stage.files.writeCurves(rows); !written) return written.error();
    const char* metric = learning::headlineMetric(stage.settings);
    if (!complete) return summarise(rows, options.strategies, metric, 0.0);
    const auto full = fullPoolScore(stage, job);
    if (!full) return full.error();
    SimulationSummary summary = summarise(rows, options.strategies, metric, *full);
    summary.complete = true;
    summary.split = toText(
        learning::takeSnapshot(project, Split::Test, learning::Answers::LabelsOrTruth)->items.count() > 0 ? Split::Test
                                                                                                          : Split::Val);
    if (const auto written = stage.files.writeSummary(summary, options); !written) return written.error();
    return summary;
}

}  // namespace

Result<SimulationSummary> simulate(Project& project, const SimulationOptions& options, const Job& job) {
    if (const auto checked = checkOptions(options, project.settings()); !checked) return checked.error();
    auto stage = setUp(project, options);
    if (!stage) return stage.error();
    if (const auto claimed = stage->files.claim(settingsText(*stage)); !claimed) {
        return claimed.error();
    }
    // Seeds outside: after any whole number of seeds the strategies can be compared.
    int index = 0;
    for (int s = 1; s <= options.seeds; ++s) {
        for (const std::string& strategy : options.strategies) {
            if (index++ % options.shards != options.shard) continue;
            const auto rows = play(*stage, strategy, options.seed + static_cast<std::uint64_t>(s), job);
            if (!rows) return rows.error();
        }
    }
    return conclude(*stage, project, job);
}

}  // namespace querent::session::simulation

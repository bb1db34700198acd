#include "engine/session/measuring.h"

#include "engine/session/instant/instant_answers.h"
#include "engine/session/learning/confusion.h"
#include "engine/session/learning/snapshot.h"
#include "engine/session/models.h"
#include "engine/session/project/project_internal.h"

#include <algorithm>
#include <utility>

namespace querent::session {
namespace {

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

std::optional<Metric> findMetric(const std::vector<Metric>& metrics, ModelId model, Split split,
                                 const std::string& name) {
    const auto found = std::find_if(metrics.begin(), metrics.end(), [&](const Metric& metric) {
        return metric.model == model && metric.split == split && metric.name == name && !metric.label.valid();
    });
    return found == metrics.end() ? std::nullopt : std::optional(*found);
}

Result<std::vector<Metric>> measureModel(const Project& project, learning::TaskLearner& learner,
                                         const ModelRecord& model, Split split, const std::string& device,
                                         const Note& note, const Job& job) {
    const auto items = learning::takeSnapshot(project, split, learning::Answers::Labels);
    if (!items) return items.error();
    if (items->items.count() == 0) return std::vector<Metric>();
    job.report("Evaluating", 0, static_cast<std::int64_t>(items->items.count()));
    const auto use = useOf(project, model, items->classes);
    if (!use) return use.error();
    const auto seen = learner.predict(*use, items->items, learning::PredictFor::Measuring, device, job);
    if (!seen) return seen.error();
    tell(note, learning::leftOutSentence(seen->leftOut));
    // What the model was not shown is not held against it.
    const auto truths = items->items.subset(learning::placesPredicted(items->items, *seen)).truths();
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

Result<InstantMetrics> measureInstantly(const Project& project, Split split, const Job& job, const Note& note) {
    const ProjectSettings settings = project.settings();
    if (settings.task != TaskKind::Classify)
        return fail(ErrorCode::Unsupported, "Boxes cannot be learnt without a training.", project.file());
    const auto known = learning::takeSnapshot(project, Split::Train, learning::Answers::Labels);
    if (!known) return known.error();
    const auto items = learning::takeSnapshot(project, split, learning::Answers::Labels);
    if (!items) return items.error();
    if (known->items.count() == 0) return fail(ErrorCode::NotFound, "Nothing of the pool is labelled.", project.file());
    if (items->items.count() == 0)
        return fail(ErrorCode::NotFound, std::string("The split ") + toText(split) + " has no labelled items.",
                    project.file());
    instant::FeaturePlan plan{settings.media, {}};
    if (!project.readOnly()) plan.cache = instant::featureCache(project);
    auto answers =
        instant::answerAtOnce(known->items, items->items, known->classCount(), settings.multiLabel, plan, job);
    if (!answers) return answers.error();
    tell(note, learning::leftOutSentence(answers->seen.leftOut));
    const auto truths = items->items.subset(learning::placesPredicted(items->items, answers->seen)).truths();
    InstantMetrics found;
    found.metrics = learning::makeLearner(settings)->measure(truths, answers->seen.predictions, items->classCount());
    for (Metric& metric : found.metrics) {
        metric.split = split;
        if (metric.label.valid()) metric.label = items->classes[static_cast<std::size_t>(metric.label.value - 1)].id;
    }
    found.lookSeconds = answers->lookSeconds;
    found.fitSeconds = answers->fitSeconds;
    return found;
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
    auto seen = learner->predict(*use, items->items, learning::PredictFor::Measuring, device, job);
    if (!seen) return seen.error();
    SplitPredictions found{items->classes, {}, {}, {}};
    for (const std::size_t place : learning::placesPredicted(items->items, *seen)) {
        found.names.push_back(items->names[place]);
        found.truth.push_back(items->items.truth(place));
    }
    found.predictions = std::move(seen->predictions);
    return found;
}

}  // namespace querent::session

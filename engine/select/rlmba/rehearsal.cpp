#include "engine/select/rlmba/rehearsal.h"

#include "engine/select/geometry/lloyd.h"
#include "engine/select/geometry/principal.h"
#include "engine/select/policy/power_law.h"
#include "engine/select/registry.h"
#include "engine/select/rlmba/start_policy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>

namespace querent::select::rlmba {
namespace {

constexpr std::size_t kDimensions = 12;       // of a modality's features, as in generated tasks
constexpr double kSpread = 1.2;               // deviation of a component on average, as in generated tasks
constexpr std::size_t kMostValidation = 300;  // items of a task to measure on
constexpr std::size_t kFewestOpen = 12;       // items of a task that are there to choose from
constexpr std::array<const char*, 4> kRivals = {"margin", "entropy", "badge", "coreset"};

Error refuse(const char* sentence) {
    return fail(ErrorCode::InvalidArgument, sentence);
}

/** Labelled items, then items of validation. */
struct Examples {
    std::vector<const ItemPrediction*> predictions;
    std::vector<int> labels;
    std::size_t pool = 0;  // of them labelled items
};

/** Items of exactly one class: "none of them" is an answer too, but nothing to rehearse with. */
Examples examplesOf(const SelectionInput& input) {
    Examples examples;
    for (const AnsweredItems* items : {&input.labelled, &input.holdout}) {
        for (std::size_t i = 0; i < items->count(); ++i) {
            if (items->truth[i].labels.size() != 1) continue;
            examples.predictions.push_back(&items->predictions[i]);
            examples.labels.push_back(items->truth[i].labels.front());
        }
        if (items == &input.labelled) examples.pool = examples.labels.size();
    }
    return examples;
}

/** A modality's features of each example, or the embeddings where there are none by modality. */
Matrix featuresOf(const Examples& examples, std::size_t modality, std::size_t modalities) {
    std::vector<const std::vector<float>*> rows;
    std::size_t length = 0;
    for (const ItemPrediction* prediction : examples.predictions) {
        rows.push_back(modalities == 0 ? &prediction->embedding : &prediction->features[modality]);
        length = std::max(length, rows.back()->size());
    }
    Matrix features(rows.size(), length);
    for (std::size_t i = 0; i < rows.size(); ++i)
        std::copy(rows[i]->begin(), rows[i]->end(), features.row(i).begin());
    return features;
}

/** The components in which the rows differ most, on the scale of generated tasks; always kDimensions, 0 beyond. */
Result<Matrix> reduced(const Matrix& features) {
    const auto components = geometry::principalComponents(features, kDimensions, Job());
    if (!components) return components.error();
    const Matrix projected = geometry::project(*components, features);
    double variance = 0.0;
    for (const double each : components->variances)
        variance += each;
    const double scale = variance > 0.0 ? kSpread * std::sqrt(static_cast<double>(projected.cols) / variance) : 1.0;
    Matrix wide(features.rows, kDimensions);
    for (std::size_t i = 0; i < wide.rows; ++i) {
        for (std::size_t d = 0; d < projected.cols; ++d)
            wide.at(i, d) = static_cast<float>(scale) * projected.at(i, d);
    }
    return wide;
}

void joinUp(PracticeTask& task) {
    task.joint = Matrix(task.labels.size(), kDimensions * task.modalities.size());
    for (std::size_t m = 0; m < task.modalities.size(); ++m) {
        for (std::size_t i = 0; i < task.joint.rows; ++i) {
            std::copy_n(task.modalities[m].row(i).begin(), kDimensions,
                        task.joint.row(i).subspan(m * kDimensions).begin());
        }
    }
}

/** One task with all there is. */
Result<PracticeTask> everything(const SelectionInput& input) {
    PracticeTask task;
    task.classes = static_cast<std::size_t>(std::max(0, input.classes));
    const Examples examples = examplesOf(input);
    if (examples.pool == 0 || examples.pool == examples.labels.size()) {
        return refuse("There is nothing of exactly one class to rehearse on.");
    }
    task.pool = examples.pool;
    task.labels = examples.labels;
    const std::size_t modalities = examples.predictions.front()->features.size();
    for (std::size_t m = 0; m < std::max<std::size_t>(modalities, 1); ++m) {
        const Matrix features = featuresOf(examples, m, modalities);
        if (features.cols == 0) continue;  // a medium that nothing labelled has
        auto small = reduced(features);
        if (!small) return small.error();
        task.modalities.push_back(std::move(small).value());
    }
    if (task.modalities.empty()) return refuse("There are no features to rehearse on.");
    joinUp(task);
    return task;
}

/** Some of the pool and of validation. */
PracticeTask partOf(const PracticeTask& all, std::size_t pool, Rng& rng) {
    std::vector<std::size_t> places = rng.sample(all.pool, pool);
    for (const std::size_t place : rng.sample(all.labels.size() - all.pool, kMostValidation))
        places.push_back(all.pool + place);
    PracticeTask part;
    part.classes = all.classes;
    part.pool = std::min(pool, all.pool);
    for (const Matrix& modality : all.modalities)
        part.modalities.push_back(geometry::rowsOf(modality, places));
    part.joint = geometry::rowsOf(all.joint, places);
    for (const std::size_t place : places)
        part.labels.push_back(all.labels[place]);
    return part;
}

/** What each rival would gain with the next batch, from its curve on the labelled part. */
std::vector<double> nextGains(const std::vector<RivalGain>& rivals, const TaskSizes& sizes, std::size_t classes,
                              std::size_t labelled, std::size_t batch) {
    std::vector<double> gains;
    for (const RivalGain& rival : rivals) {
        std::vector<double> labels;
        for (std::size_t i = 0; i < rival.curve.size(); ++i)
            labels.push_back(static_cast<double>(2 * classes + (i + 1) * sizes.batch));
        if (const auto law = policy::fitPowerLaw(labels, rival.curve))
            gains.push_back(law->gain(static_cast<double>(labelled), static_cast<double>(batch)));
    }
    return gains;
}

/** The classic strategies that the result is measured against. */
std::vector<std::unique_ptr<QueryStrategy>> rivals() {
    std::vector<std::unique_ptr<QueryStrategy>> made;
    for (const char* name : kRivals)
        made.push_back(makeStrategy(name).value());
    return made;
}

}  // namespace

std::optional<TaskSizes> rehearsalSizes(std::size_t labelled, std::size_t classes, const RehearsalSettings& settings) {
    TaskSizes sizes;
    sizes.pool = std::min(settings.pool, labelled - labelled / 5);
    sizes.rounds = settings.rounds;
    if (classes < 2 || sizes.pool < 2 * classes + kFewestOpen) return std::nullopt;
    // Half of what is open is labelled in the end: then there is still something to choose from in the last round.
    sizes.batch = std::max<std::size_t>(1, (sizes.pool - 2 * classes) / (2 * static_cast<std::size_t>(sizes.rounds)));
    return sizes;
}

Result<TaskSource> labelledTasks(const SelectionInput& input, const TaskSizes& sizes) {
    auto all = everything(input);
    if (!all) return all.error();
    const auto shared = std::make_shared<const PracticeTask>(std::move(all).value());
    return TaskSource([shared, pool = sizes.pool](Rng& rng) { return partOf(*shared, pool, rng); });
}

Result<std::optional<RehearsalReport>> rehearse(policy::Policy& policy, const SelectionInput& input, std::size_t batch,
                                                std::uint64_t seed, const Job& job, const RehearsalSettings& settings) {
    const auto classes = static_cast<std::size_t>(std::max(0, input.classes));
    const Examples examples = examplesOf(input);
    const auto sizes = rehearsalSizes(examples.pool, classes, settings);
    if (!sizes || examples.pool == examples.labels.size()) return std::optional<RehearsalReport>();
    const auto tasks = labelledTasks(input, *sizes);
    if (!tasks) return tasks.error();
    PracticeSettings practice;
    practice.steps = settings.steps;
    practice.sizes = *sizes;
    practice.learning.adam.rate = settings.rate;
    const TaskSource generated = generatedTasks(TaskSizes{*sizes});
    const TaskSource mixed = [&](Rng& rng) { return rng.chance(0.5) ? (*tasks)(rng) : generated(rng); };
    Rng rng(seed, "rehearsal");
    const auto episodes = practise(policy, mixed, practice, rng, job);
    if (!episodes) return episodes.error();
    policy.history.rehearsedEpisodes += *episodes;
    const auto owned = rivals();
    std::vector<const QueryStrategy*> others;
    for (const auto& rival : owned)
        others.push_back(rival.get());
    const std::vector<RivalGain> gains =
        gainsOver(policy.net, Draw::Sampled, others, *tasks, *sizes, settings.comparisons, rng(), job);
    if (job.cancelled() || gains.empty()) return Job::stopped();
    const auto best = std::min_element(gains.begin(), gains.end(),
                                       [](const RivalGain& a, const RivalGain& b) { return a.mean < b.mean; });
    return std::optional(RehearsalReport{*episodes, kRivals[static_cast<std::size_t>(best - gains.begin())], best->mean,
                                         best->standardError, nextGains(gains, *sizes, classes, examples.pool, batch)});
}

}  // namespace querent::select::rlmba

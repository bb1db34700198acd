#include "engine/session/round.h"

#include "engine/core/rng.h"
#include "engine/session/learning/learner.h"
#include "engine/session/learning/snapshot.h"
#include "engine/session/model_shelf.h"
#include "engine/session/project/project_internal.h"
#include "engine/session/suggestion.h"

#include <algorithm>
#include <ctime>
#include <unordered_set>
#include <utility>

namespace querent::session {
namespace {

constexpr double kGhostFloor = 0.1;  // weaker predictions are not worth a row: nobody is shown them
constexpr double kSameObject = 0.6;  // IoU from which two predictions mean one object, whatever their classes

std::string utcNow() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::unordered_set<ItemId> askedSoFar(const Project& project) {
    std::unordered_set<ItemId> asked;
    project.read([&](store::ProjectFile& file) {
        for (const ItemId item : project::valueOr(file.rounds().askedItems()))
            asked.insert(item);
    });
    return asked;
}

// What may be asked about. When answers are known already, whatever has not been asked yet counts as unlabelled.
Result<learning::Snapshot> takePool(const Project& project, bool askedOnly) {
    const auto asked = askedOnly ? askedSoFar(project) : std::unordered_set<ItemId>();
    return learning::takeSnapshot(project, Split::Train, learning::Answers::None, [&](const ItemRow& row) {
        return askedOnly ? isTrainable(row.state) && !asked.contains(row.id)
                         : row.state == ItemState::Unlabelled && !row.flagged;
    });
}

Result<learning::Snapshot> takeLabelled(const Project& project, bool askedOnly) {
    if (!askedOnly) return learning::takeSnapshot(project, Split::Train, learning::Answers::Labels);
    const auto asked = askedSoFar(project);
    return learning::takeSnapshot(project, Split::Train, learning::Answers::Labels,
                                  [&](const ItemRow& row) { return asked.contains(row.id); });
}

// People answer for an object once: a second guess at its class would only lie on top of the first.
bool meansShown(const Box& box, const std::vector<Prediction>& shown) {
    return std::any_of(shown.begin(), shown.end(),
                       [&](const Prediction& better) { return better.box && iou(*better.box, box) > kSameObject; });
}

// What is offered to people, best first.
std::vector<store::tables::ItemPredictions> ghosts(const std::vector<ItemPrediction>& predictions,
                                                   const std::vector<ClassLabel>& classes) {
    std::vector<store::tables::ItemPredictions> items;
    for (const ItemPrediction& prediction : predictions) {
        store::tables::ItemPredictions item{ItemId(prediction.item), {}};
        for (const Detection& box : prediction.boxes) {
            if (box.score < kGhostFloor || meansShown(box.box, item.predictions)) continue;
            item.predictions.push_back({classes[static_cast<std::size_t>(box.label)].id, box.box, box.score, {}});
        }
        for (std::size_t c = 0; c < prediction.probabilities.size(); ++c) {
            const auto p = static_cast<double>(prediction.probabilities[c]);
            if (p >= kGhostFloor) item.predictions.push_back({classes[c].id, std::nullopt, p, {}});
        }
        std::stable_sort(item.predictions.begin(), item.predictions.end(),
                         [](const Prediction& a, const Prediction& b) { return a.score > b.score; });
        items.push_back(std::move(item));
    }
    return items;
}

// The predictions that go with a batch: of the pool where the strategy made them, otherwise of the batch alone.
Result<std::vector<ItemPrediction>> predictionsFor(Ranking& ranking, const RankRequest& request,
                                                   learning::TaskLearner& learner, const Job& job) {
    if (request.model.file.empty() || !ranking.predictions.empty()) return std::move(ranking.predictions);
    std::unordered_set<std::int64_t> asked;
    for (const QueryEntry& entry : ranking.entries)
        asked.insert(entry.item.value);
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < request.pool->count(); ++i) {
        if (asked.contains(request.pool->truth(i).item)) places.push_back(i);
    }
    auto seen = learner.predict(request.model, request.pool->subset(places), learning::PredictFor::Measuring,
                                request.device, job);
    if (!seen) return seen.error();
    for (const learning::LeftOut& picture : seen->leftOut)
        ranking.setAside.push_back(picture.sentence);
    return std::move(seen->predictions);
}

RoundRecord nextRecord(const Project& project, const RoundOptions& options) {
    RoundRecord record;
    const auto rounds = project.rounds();
    record.number = rounds.empty() ? 1 : rounds.back().number + 1;
    const std::uint64_t drawn = deriveSeed(project.settings().seed, "round " + std::to_string(record.number)) >> 1;
    record.seed = options.seed.value_or(drawn);
    return record;
}

// What a strategy remembers goes by its name: policies of several strategies live side by side.
std::string memoryOf(const Project& project, const std::string& strategy) {
    std::string memory;
    project.read([&](store::ProjectFile& file) {
        if (auto bytes = project::valueOr(file.policies().get(strategy))) memory = std::move(*bytes);
    });
    return memory;
}

// What was learnt before the wish to stop is not lost; always Cancelled, or why it could not be kept.
Error keepMemory(Project& project, const Ranking& ranking) {
    if (ranking.memory.empty()) return Job::stopped();
    const auto kept =
        project.write([&](store::ProjectFile& file) { return file.policies().set(ranking.strategy, ranking.memory); });
    return kept ? Job::stopped() : kept.error();
}

// Figures as metrics of the model that they were worked out with; a medium's number counts from 1, as ids do.
std::vector<Metric> metricsOf(const std::vector<RoundFigure>& figures, ModelId model) {
    std::vector<Metric> metrics;
    for (const RoundFigure& figure : figures) {
        Metric metric;
        metric.model = model;
        metric.split = Split::Val;
        metric.name = "policy_" + figure.name;
        if (figure.part >= 0) metric.name.append(":").append(std::to_string(figure.part + 1));
        metric.value = metric.low = metric.high = figure.value;
        metrics.push_back(std::move(metric));
    }
    return metrics;
}

void tellAll(const Note& note, const std::vector<std::string>& sentences) {
    if (!note) return;
    for (const std::string& sentence : sentences)
        note(sentence);
}

RankRequest requestFor(const ProjectSettings& settings, const RoundOptions& options, const learning::Snapshot& pool,
                       const learning::Snapshot& labelled) {
    RankRequest request;
    request.strategy = options.strategy.empty() ? settings.strategy : options.strategy;
    request.count = static_cast<std::size_t>(std::max(1, options.count > 0 ? options.count : settings.batchSize));
    request.controlShare = settings.controlShare;
    request.multiLabel = settings.multiLabel;
    request.device = options.device;
    request.pool = &pool.images;
    request.labelled = &labelled.images;
    request.classes = pool.classCount();
    request.task = settings.task;
    request.media = settings.media;
    request.trainingSteps = options.steps > 0 ? options.steps : settings.trainingSteps;
    const auto answered = static_cast<double>(labelled.images.count());
    request.progress = answered / (answered + static_cast<double>(pool.images.count()));
    return request;
}

// The round, its batch, what the model sees in it and what the strategy remembers: all of it is stored, or nothing.
Result<void> freeze(Project& project, const RoundRecord& record, const Ranking& ranking,
                    const std::vector<store::tables::ItemPredictions>& seen) {
    return project.write([&](store::ProjectFile& file) -> Result<void> {
        auto transaction = file.begin();
        if (!transaction) return transaction.error();
        const auto started = file.rounds().start(record, ranking.entries);
        if (!started) return started.error();
        if (!ranking.memory.empty()) {
            if (const auto kept = file.policies().set(ranking.strategy, ranking.memory); !kept) return kept;
        }
        if (record.suggestedBy.valid()) {
            const auto stored = file.predictions().replaceAll(record.suggestedBy, seen);
            if (!stored) return stored;
            const auto figures = metricsOf(ranking.figures, record.suggestedBy);
            if (const auto added = file.models().addMetrics(figures); !added) return added;
        }
        return transaction->commit();
    });
}

}  // namespace

Round::Round(Project& project, RoundOptions options)
    : m_project(project), m_options(std::move(options)), m_learner(learning::makeLearner(project.settings())) {}

Round::~Round() = default;

Result<RoundRecord> Round::open() const {
    const auto record = m_project.openRound();
    if (!record) return fail(ErrorCode::NotFound, "There is no open round: suggest a batch first.", m_project.file());
    return *record;
}

Result<RoundRecord> Round::save(RoundRecord record, RoundStep step, const Also& also) {
    record.step = step;
    const Result<void> written = m_project.write([&](store::ProjectFile& file) -> Result<void> {
        auto transaction = file.begin();
        if (!transaction) return transaction.error();
        if (also) {
            if (const auto done = also(file, record); !done) return done;
        }
        if (const auto updated = file.rounds().update(record); !updated) return updated;
        return transaction->commit();
    });
    if (!written) return written.error();
    return record;
}

Result<RoundRecord> Round::suggest(const Job& job) {
    if (m_project.openRound()) return fail(ErrorCode::InvalidArgument, "The last round is not finished yet.");
    const ProjectSettings settings = m_project.settings();
    const std::string& strategy = m_options.strategy.empty() ? settings.strategy : m_options.strategy;
    if (const auto fits = requireStrategy(strategy, settings); !fits) return fits.error();
    const auto pool = takePool(m_project, m_options.askedOnly);
    if (!pool) return pool.error();
    if (pool->images.count() == 0) {
        return fail(ErrorCode::NotFound, "Nothing is left to ask: every item of the pool has an answer.");
    }
    const auto labelled = takeLabelled(m_project, m_options.askedOnly);
    if (!labelled) return labelled.error();
    const auto model = usableModel(m_project, pool->classes);
    RoundRecord record = nextRecord(m_project, m_options);
    record.suggestedBy = model ? model->record.id : ModelId();
    RankRequest request = requestFor(settings, m_options, *pool, *labelled);
    request.seed = record.seed;
    if (model) request.model = model->use;
    const auto holdout = learning::takeSnapshot(m_project, Split::Val, learning::Answers::Labels);
    if (!holdout) return holdout.error();
    request.holdout = &holdout->images;
    request.memory = memoryOf(m_project, request.strategy);

    const Stopwatch watch;
    auto ranking = rank(*m_learner, request, job);
    if (!ranking) return ranking.error();
    if (job.cancelled()) return keepMemory(m_project, *ranking);
    const auto predictions = predictionsFor(*ranking, request, *m_learner, job);
    if (!predictions) return predictions.error();
    record.selectSeconds = watch.seconds();
    record.strategy = ranking->strategy;
    tellAll(m_options.onNote, ranking->setAside);
    tellAll(m_options.onRemark ? m_options.onRemark : m_options.onNote, ranking->remarks);
    const auto frozen = freeze(m_project, record, *ranking, ghosts(*predictions, pool->classes));
    if (!frozen) return frozen.error();
    return open();
}

Result<RoundRecord> Round::train(const Job& job) {
    auto record = open();
    if (!record) return record;
    const auto labelled = takeLabelled(m_project, m_options.askedOnly);
    if (!labelled) return labelled.error();
    // At every start: after a cancelled training there may be more labels, and a checkpoint is only resumed when the
    // snapshot is the one that it was made with.
    record->labelsAtTraining = static_cast<std::int64_t>(labelled->images.count());
    record = save(*record, RoundStep::Training, {});
    if (!record) return record;
    auto trained = trainModel(m_project, *m_learner, *labelled, record->number, record->seed, m_options, job);
    if (!trained) return trained.error();
    record->trainSeconds = trained->trainSeconds;
    return save(*record, RoundStep::Evaluating, [&](store::ProjectFile& file, RoundRecord& round) -> Result<void> {
        const auto added = file.models().add(*trained);
        if (!added) return added.error();
        round.model = *added;
        return {};
    });
}

Result<RoundRecord> Round::evaluate(const Job& job) {
    auto record = open();
    if (!record) return record;
    const auto model = modelById(m_project, record->model);
    if (!model) return model.error();
    auto measured = measureModel(m_project, *m_learner, *model, Split::Val, m_options.device, m_options.onNote, job);
    if (!measured) return measured.error();
    return save(*record, RoundStep::Rewarding, [&](store::ProjectFile& file, RoundRecord&) -> Result<void> {
        if (const auto added = file.models().addMetrics(*measured); !added) return added;
        return file.models().setCurrent(model->id);
    });
}

Result<RoundRecord> Round::reward(const Job& job) {
    auto record = open();
    if (!record) return record;
    if (job.cancelled()) return Job::stopped();
    // The gain over the last round's model: what a policy learns from, and the plain number that managers ask for.
    const auto metrics = m_project.metrics();
    const char* headline = learning::headlineMetric(m_project.settings());
    const auto now = findMetric(metrics, record->model, Split::Val, headline);
    const auto before = findMetric(metrics, record->suggestedBy, Split::Val, headline);
    Result<Lesson> lesson = now ? pay(record->strategy, memoryOf(m_project, record->strategy), now->value) : Lesson();
    if (!lesson) {
        // What a policy has learnt may be damaged; the round is as good without it.
        if (m_options.onNote)
            m_options.onNote("The policy has learnt nothing from this round: " + lesson.error().sentence);
        lesson = Lesson();
    }
    record->finishedUtc = utcNow();
    return save(*record, RoundStep::Done, [&](store::ProjectFile& file, RoundRecord&) -> Result<void> {
        if (!lesson->memory.empty()) {
            if (const auto kept = file.policies().set(record->strategy, lesson->memory); !kept) return kept;
            // A draw's entropy was kept when it was drawn; under this model the next choice keeps its own.
            auto figures = metricsOf(lesson->figures, record->model);
            std::erase_if(figures, [](const Metric& metric) { return metric.name == "policy_entropy"; });
            if (const auto added = file.models().addMetrics(figures); !added) return added;
        }
        if (!now || !before) return {};
        Metric gain;
        gain.model = record->model;
        gain.split = Split::Val;
        gain.name = "reward";
        gain.value = gain.low = gain.high = now->value - before->value;
        return file.models().addMetrics(std::span<const Metric>(&gain, 1));
    });
}

Result<RoundRecord> Round::advance(const Job& job) {
    auto record = open();
    while (record && record->step != RoundStep::Done) {
        switch (record->step) {
            case RoundStep::Labelling:
            case RoundStep::Training:
                record = train(job);
                break;
            case RoundStep::Evaluating:
                record = evaluate(job);
                break;
            case RoundStep::Rewarding:
                record = reward(job);
                break;
            case RoundStep::Done:
                break;
        }
    }
    return record;
}

Result<std::int64_t> Round::answerFromTruth(const Job& job) {
    const auto record = open();
    if (!record) return record.error();
    const auto person = m_project.ensurePerson("known answers");
    if (!person) return person.error();
    std::vector<Edit> edits;
    for (const QueryEntry& entry : m_project.batch(record->id)) {
        if (job.cancelled()) return Job::stopped();
        auto edit = truthAsEdit(m_project, entry.item, *person, record->number);
        if (edit) edits.push_back(std::move(*edit));
    }
    const Result<void> written = m_project.write([&](store::ProjectFile& file) {
        return file.annotations().applyAll(edits, store::tables::EventKind::Do, job);
    });
    if (!written) return written.error();
    return static_cast<std::int64_t>(edits.size());
}

}  // namespace querent::session

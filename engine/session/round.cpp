#include "engine/session/round.h"

#include "engine/core/policy_figures.h"
#include "engine/core/stopwatch.h"
#include "engine/core/utc.h"
#include "engine/session/batch.h"
#include "engine/session/logbook/logbook.h"
#include "engine/session/measuring.h"
#include "engine/session/models.h"
#include "engine/session/pool.h"
#include "engine/session/project/known_answers.h"
#include "engine/session/project/project_internal.h"
#include "engine/session/ranking.h"
#include "engine/session/strategies.h"

#include <cmath>
#include <span>
#include <utility>

namespace querent::session {
namespace {

// What a round has come to, once the project holds it.
void logStep(const RoundRecord& round, std::size_t asked = 0) {
    const auto seconds = [](double time) { return std::to_string(std::lround(1000.0 * time)) + " ms"; };
    std::string what;
    switch (round.step) {
        case RoundStep::Labelling:
            what = "asks about " + std::to_string(asked) + " items by " + round.strategy + ", chosen in " +
                   seconds(round.selectSeconds);
            break;
        case RoundStep::Training:
            what = "trains on " + std::to_string(round.labelsAtTraining) + " items";
            break;
        case RoundStep::Evaluating:
            what = "has trained in " + seconds(round.trainSeconds);
            break;
        case RoundStep::Rewarding:
            what = "has measured its model";
            break;
        case RoundStep::Done:
            what = "is done";
            break;
    }
    logbook::note("Round " + std::to_string(round.number) + " " + what + ".");
}

}  // namespace

Round::Round(Project& project, RoundOptions options)
    : m_project(project), m_options(std::move(options)), m_learner(learning::makeLearner(project.settings())) {}

Round::~Round() = default;

// 1. Which items would teach the most? The strategy says, and its batch becomes a round.
Result<RoundRecord> Round::suggest(const Job& job) {
    if (m_project.openRound()) return fail(ErrorCode::InvalidArgument, "The last round is not finished yet.");
    const ProjectSettings settings = m_project.settings();
    const std::string& strategy = m_options.strategy.empty() ? settings.strategy : m_options.strategy;
    if (const auto fits = requireStrategy(strategy, settings); !fits) return fits.error();
    const auto state = takePoolState(m_project, strategy, m_options.askedOnly);
    if (!state) return state.error();
    RoundRecord record = nextRound(m_project);
    record.seed = m_options.seed.value_or(record.seed);
    if (state->model) record.suggestedBy = state->model->record.id;
    const RankWish wish{strategy, m_options.count, record.seed, m_options.device, m_options.steps};
    const RankRequest request = rankRequest(settings, wish, state->sources());

    const Stopwatch watch;
    auto ranking = rank(*m_learner, request, job);
    if (!ranking) return ranking.error();
    if (job.cancelled()) return keepMemory(m_project, *ranking);
    if (const auto seen = lookAtBatch(*ranking, request, *m_learner, job); !seen) return seen.error();
    record.selectSeconds = watch.seconds();
    record.strategy = ranking->strategy;
    tell(*ranking);
    const auto frozen = freeze(m_project, record, *ranking, state->pool.classes);
    if (!frozen) return frozen.error();
    logStep(record, ranking->entries.size());
    return open();
}

// 2. People answer, in any order; or, where nobody is needed, the known truth does.
Result<std::int64_t> Round::answerFromTruth(const Job& job) {
    const auto record = open();
    if (!record) return record.error();
    const auto person = m_project.ensurePerson("known answers");
    if (!person) return person.error();
    std::vector<Edit> edits;
    for (const QueryEntry& entry : m_project.batch(record->id)) {
        if (job.cancelled()) return Job::stopped();
        auto edit = project::truthAsEdit(m_project, entry.item, *person, record->number);
        if (edit) edits.push_back(std::move(*edit));
    }
    const Result<void> written =
        m_project.write([&](store::ProjectFile& file) { return file.annotations().applyAll(edits, job); });
    if (!written) return written.error();
    return static_cast<std::int64_t>(edits.size());
}

// 3. The network learns from what is answered now.
Result<RoundRecord> Round::train(const Job& job) {
    auto record = open();
    if (!record) return record;
    const auto labelled = takeLabelled(m_project, m_options.askedOnly);
    if (!labelled) return labelled.error();
    // At every start: after a cancelled training there may be more labels, and a checkpoint is only resumed when the
    // snapshot is the one that it was made with.
    record->labelsAtTraining = static_cast<std::int64_t>(labelled->items.count());
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

// 4. How good is it? The holdout says, which was never asked about and never trained on.
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

// 5. What the batch has brought is what the policy learns from.
Result<RoundRecord> Round::reward(const Job& job) {
    auto record = open();
    if (!record) return record;
    if (job.cancelled()) return Job::stopped();
    // The gain over the last round's model: what a policy learns from, and the plain number that managers ask for.
    const auto metrics = m_project.metrics();
    const char* headline = learning::headlineMetric(m_project.settings());
    const auto now = findMetric(metrics, record->model, Split::Val, headline);
    const auto before = findMetric(metrics, record->suggestedBy, Split::Val, headline);
    Result<Lesson> lesson =
        now ? learnFromReward(record->strategy, memoryOf(m_project, record->strategy), now->value) : Lesson();
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
            std::erase_if(lesson->figures, [](const Figure& figure) { return figure.name == kDrawEntropyFigure.name; });
            const auto figures = metricsOf(lesson->figures, record->model);
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

// 6. And so on, from wherever the record stands.
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
    logStep(record);
    return record;
}

void Round::tell(const Ranking& ranking) const {
    if (m_options.onNote) {
        for (const LeftOut& item : ranking.leftOut)
            m_options.onNote(item.sentence);
    }
    const Note& onRemark = m_options.onRemark ? m_options.onRemark : m_options.onNote;
    if (!onRemark) return;
    for (const std::string& sentence : ranking.remarks)
        onRemark(sentence);
}

}  // namespace querent::session

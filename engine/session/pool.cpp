#include "engine/session/pool.h"

#include "engine/core/hash.h"
#include "engine/core/rng.h"
#include "engine/session/project/known_answers.h"
#include "engine/session/project/project_internal.h"
#include "engine/session/strategies.h"

#include <unordered_set>
#include <utility>

namespace querent::session {
namespace {

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

}  // namespace

Result<learning::Snapshot> takeLabelled(const Project& project, bool askedOnly) {
    if (!askedOnly) return learning::takeSnapshot(project, Split::Train, learning::Answers::Labels);
    const auto asked = askedSoFar(project);
    return learning::takeSnapshot(project, Split::Train, learning::Answers::Labels,
                                  [&](const ItemRow& row) { return asked.contains(row.id); });
}

std::string memoryOf(const Project& project, const std::string& strategy) {
    std::string memory;
    project.read([&](store::ProjectFile& file) {
        if (auto bytes = project::valueOr(file.policies().get(strategy))) memory = std::move(*bytes);
    });
    return memory;
}

RoundRecord nextRound(const Project& project) {
    RoundRecord record;
    const auto rounds = project.rounds();
    record.number = rounds.empty() ? 1 : rounds.back().number + 1;
    record.seed = deriveSeed(project.settings().seed, "round " + std::to_string(record.number)) >> 1;
    return record;
}

Result<PoolState> takePoolState(const Project& project, const std::string& strategy, bool askedOnly) {
    auto pool = takePool(project, askedOnly);
    if (!pool) return pool.error();
    if (pool->items.count() == 0) {
        return fail(ErrorCode::NotFound, "Nothing is left to ask: every item of the pool has an answer.");
    }
    auto labelled = takeLabelled(project, askedOnly);
    if (!labelled) return labelled.error();
    auto holdout = learning::takeSnapshot(project, Split::Val, learning::Answers::Labels);
    if (!holdout) return holdout.error();
    auto model = usableModel(project, pool->classes);
    PoolState state{std::move(pool).value(), std::move(labelled).value(), std::move(holdout).value(), std::move(model),
                    memoryOf(project, strategy)};
    if (!project.readOnly()) state.features = instant::featureCache(project);
    return state;
}

RankSources PoolState::sources() const {
    const auto answered = static_cast<double>(labelled.items.count());
    RankSources sources;
    sources.pool = &pool.items;
    sources.labelled = &labelled.items;
    sources.holdout = &holdout.items;
    sources.classes = pool.classCount();
    if (model) sources.model = model->use;
    sources.features = features;
    sources.memory = memory;
    sources.progress = answered / (answered + static_cast<double>(pool.items.count()));
    return sources;
}

Result<std::vector<QueryEntry>> rankPool(const Project& project, RankWish wish, std::optional<std::uint64_t> seed,
                                         const Job& job, const Note& note) {
    const ProjectSettings settings = project.settings();
    if (wish.strategy.empty()) wish.strategy = settings.strategy;
    if (const auto known = requireStrategy(wish.strategy, settings); !known) return known.error();
    const auto state = takePoolState(project, wish.strategy, project::answersAreKnown(project));
    if (!state) return state.error();
    wish.seed = seed.value_or(nextRound(project).seed);
    const auto learner = learning::makeLearner(settings);
    auto ranking = rank(*learner, rankRequest(settings, wish, state->sources()), job);
    if (!ranking) return ranking.error();
    if (job.cancelled()) return Job::stopped();
    if (note) {
        for (const LeftOut& item : ranking->leftOut)
            note(item.sentence);
        for (const std::string& sentence : ranking->remarks)
            note(sentence);
    }
    return std::move(ranking->entries);
}

Result<std::shared_ptr<instant::InstantAnswers>> takeInstantAnswers(const Project& project, SeenBy by,
                                                                    const std::string& device, const Job& job) {
    if (by == SeenBy::Nothing) return instant::InstantAnswers::prepare(project, std::nullopt, job);
    const auto model = usableModel(project, project.classes());
    if (!model) return fail(ErrorCode::NotFound, "There is no trained model.");
    const auto learner = learning::makeLearner(project.settings());
    const std::string name = std::to_string(model->record.id.value) + "-" +
                             std::to_string(fnv1a(model->record.createdUtc + model->record.checkpoint));
    return instant::InstantAnswers::prepare(project, instant::SeeingModel{learner.get(), model->use, name, device},
                                            job);
}

}  // namespace querent::session

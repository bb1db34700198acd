#include "tests/app/support/policy_fixture.h"

#include "app/bridge/image_convert.h"
#include "engine/session/learning/learner.h"
#include "engine/session/transfer/transfer.h"
#include "engine/store/project_file.h"
#include "tests/app/support/shell_fixture.h"

#include <QDir>
#include <QtGlobal>

#include <algorithm>
#include <type_traits>

using namespace querent::app::bridge;

namespace querent::app::test {
namespace {

template <typename R>
auto need(R result) {
    if (!result) qFatal("%s", result.error().text().c_str());
    if constexpr (!std::is_same_v<R, Result<void>>) return std::move(result).value();
}

Metric metricOf(ModelId model, const std::string& name, double value) {
    Metric metric;
    metric.model = model;
    metric.split = Split::Val;
    metric.name = name;
    metric.value = metric.low = metric.high = value;
    return metric;
}

std::vector<Metric> beforeOf(const PastRound& round, ModelId model) {
    std::vector<Metric> metrics;
    for (std::size_t m = 0; m < round.weights.size(); ++m)
        metrics.push_back(metricOf(model, "policy_weight:" + std::to_string(m + 1), round.weights[m]));
    if (round.gain)
        metrics.push_back(metricOf(model, round.tried ? "policy_trial_gain" : "policy_rehearsal_gain", *round.gain));
    if (round.gain) metrics.push_back(metricOf(model, "policy_gave_way", round.gaveWay ? 1.0 : 0.0));
    if (round.entropy) metrics.push_back(metricOf(model, "policy_entropy", *round.entropy));
    for (const Figure& figure : round.practice)
        metrics.push_back(metricOf(model, "policy_" + figure.name, figure.value));
    return metrics;
}

std::vector<Metric> afterOf(const PastRound& round, ModelId model, const std::string& headline) {
    std::vector<Metric> metrics = {metricOf(model, headline, round.measured)};
    if (!round.reward) return metrics;
    metrics.push_back(metricOf(model, "policy_reward", *round.reward));
    metrics.push_back(metricOf(model, "policy_baseline", *round.reward / 2.0));
    metrics.push_back(metricOf(model, "policy_advantage", round.advantage));
    if (round.others) metrics.push_back(metricOf(model, "policy_others_gain", *round.others));
    return metrics;
}

ModelId newestModel(const session::Project& project) {
    ModelId newest;
    for (const ModelRecord& model : project.models())
        newest = std::max(newest, model.id);
    return newest;
}

RoundRecord nextRound(const session::Project& project, const std::string& strategy) {
    RoundRecord record;
    const auto rounds = project.rounds();
    record.number = rounds.empty() ? 1 : rounds.back().number + 1;
    record.strategy = strategy;
    record.suggestedBy = newestModel(project);
    return record;
}

}  // namespace

std::unique_ptr<session::Project> policyProject(const QString& folder, const std::vector<Modality>& media) {
    drawPictures(folder, 6);
    drawSounds(folder, 6);
    QString rows = QStringLiteral("id,split,class,image,audio,text\n");
    const auto has = [&media](Modality m) { return std::find(media.begin(), media.end(), m) != media.end(); };
    for (int i = 1; i <= 6; ++i) {
        rows += QStringLiteral("i%1,train,,%2,%3,%4\n")
                    .arg(i)
                    .arg(has(Modality::Image) ? QStringLiteral("00%1.png").arg(i) : QString(),
                         has(Modality::Audio) ? QStringLiteral("00%1.wav").arg(i) : QString(),
                         has(Modality::Text) ? QStringLiteral("a few words") : QString());
    }
    writeText(QDir(folder).filePath(QStringLiteral("set.csv")), rows);
    ProjectSettings settings;
    settings.name = "Policy";
    settings.task = TaskKind::Classify;
    settings.media = media;
    settings.strategy = "rl-mba";
    settings.holdoutShare = 0.0;
    const QString file = QDir(folder).filePath(QStringLiteral("policy.querent"));
    auto project = need(session::project::Project::create(toPath(file), settings, {"one", "other"}));
    session::transfer::ImportRequest request;
    request.format = "csv";
    request.from = toPath(QDir(folder).filePath(QStringLiteral("set.csv")));
    need(session::transfer::importInto(*project, request, Job()));
    PastRound first;
    first.strategy = "random";
    addRounds(*project, {first});
    return project;
}

void addRounds(session::Project& project, const std::vector<PastRound>& rounds) {
    const std::string headline = session::learning::headlineMetric(project.settings());
    for (const PastRound& round : rounds) {
        RoundRecord record = nextRound(project, round.strategy);
        need(project.write([&](store::ProjectFile& file) -> Result<void> {
            record.id = need(file.rounds().start(record, {}));
            if (record.suggestedBy.valid()) need(file.models().addMetrics(beforeOf(round, record.suggestedBy)));
            const ModelRecord model{
                {}, record.number, "models/none.pt", "{}", 20 * record.number, 1.0, "2026-03-01T10:00:00Z", false};
            record.model = need(file.models().add(model));
            record.labelsAtTraining = model.labels;
            record.step = RoundStep::Done;
            need(file.models().addMetrics(afterOf(round, record.model, headline)));
            need(file.models().setCurrent(record.model));
            return file.rounds().update(record);
        }));
    }
}

void openBatch(session::Project& project, const std::vector<Reason>& reasons, const PastRound& chosen) {
    const RoundRecord record = nextRound(project, chosen.strategy);
    std::vector<QueryEntry> batch;
    for (const ItemId item : project.ids({})) {
        QueryEntry entry;
        entry.item = item;
        entry.rank = static_cast<int>(batch.size());
        entry.score = 1.0 / (1.0 + entry.rank);
        entry.reasons = reasons;
        batch.push_back(entry);
    }
    need(project.write([&](store::ProjectFile& file) -> Result<void> {
        need(file.rounds().start(record, batch));
        return file.models().addMetrics(beforeOf(chosen, record.suggestedBy));
    }));
}

}  // namespace querent::app::test

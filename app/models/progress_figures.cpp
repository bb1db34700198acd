#include "app/models/progress_figures.h"

#include "app/models/measures.h"
#include "engine/session/learning/learner.h"
#include "widgets/common/theme.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>

namespace querent::app::models {
namespace {

/** What was measured of each model over all classes on the validation split. */
using Measured = std::map<ModelId, std::map<std::string, Metric>>;

Measured measuredOn(const std::vector<Metric>& metrics) {
    Measured measured;
    for (const Metric& metric : metrics) {
        if (metric.split == Split::Val && !metric.label.valid()) measured[metric.model][metric.name] = metric;
    }
    return measured;
}

std::map<std::string, Metric> ofModel(const Measured& measured, ModelId model) {
    const auto found = measured.find(model);
    return found != measured.end() ? found->second : std::map<std::string, Metric>();
}

ModelId newestMeasured(const session::Project& project, const std::vector<Metric>& metrics) {
    const std::string headline = session::learning::headlineMetric(project.settings());
    ModelId newest;
    for (const auto& [model, figures] : measuredOn(metrics)) {
        if (figures.contains(headline)) newest = std::max(newest, model);
    }
    return newest;
}

RoundFigures figuresOf(const RoundRecord& round, const Measured& measured) {
    RoundFigures figures;
    figures.number = round.number;
    figures.strategy = QString::fromStdString(round.strategy);
    figures.labels = round.labelsAtTraining;
    figures.trainSeconds = round.trainSeconds;
    figures.selectSeconds = round.selectSeconds;
    figures.done = round.step == RoundStep::Done;
    figures.finishedUtc = round.finishedUtc;
    if (round.model.valid()) figures.measured = ofModel(measured, round.model);
    return figures;
}

RoundFigures figuresOf(const ModelRecord& model, const Measured& measured) {
    RoundFigures figures;
    figures.number = model.round;
    figures.ofRound = false;
    figures.labels = model.labels;
    figures.trainSeconds = model.trainSeconds;
    figures.done = true;
    figures.finishedUtc = model.createdUtc;
    figures.measured = ofModel(measured, model.id);
    return figures;
}

/** Rounds and trainings outside them, in the order in which their models were made; a round without one is last. */
QVector<RoundFigures> inOrder(const session::Project& project, const Measured& measured) {
    constexpr std::int64_t kOpen = std::numeric_limits<std::int64_t>::max();
    std::map<std::pair<std::int64_t, int>, RoundFigures> all;
    std::set<ModelId> ofRounds;
    for (const RoundRecord& round : project.rounds()) {
        all[{round.model.valid() ? round.model.value : kOpen, round.number}] = figuresOf(round, measured);
        ofRounds.insert(round.model);
    }
    for (const ModelRecord& model : project.models()) {
        if (!ofRounds.contains(model.id)) all[{model.id.value, 0}] = figuresOf(model, measured);
    }
    QVector<RoundFigures> figures;
    for (const auto& [place, one] : all)
        figures.append(one);
    return figures;
}

void addThroughput(const session::Project& project, ProgressFigures& figures) {
    std::unordered_map<PersonId, QString> names;
    for (const Person& person : project.persons())
        names[person.id] = QString::fromStdString(person.name);
    for (const Throughput& row : project.throughput()) {
        const auto known = names.find(row.person);
        const QString name = known != names.end() ? known->second : QCoreApplication::translate("Progress", "Somebody");
        figures.days.append({name, QString::fromStdString(row.day), row.items, row.activeSeconds});
        figures.activeHours += row.activeSeconds / 3600.0;
    }
    std::stable_sort(figures.days.begin(), figures.days.end(),
                     [](const PersonDay& a, const PersonDay& b) { return a.day > b.day; });
}

// Hours until each round's model by the days' totals: the event log knows days, which is fine enough for a curve.
void addHours(const session::Project& project, ProgressFigures& figures) {
    const auto throughput = project.throughput();
    for (RoundFigures& round : figures.rounds) {
        double seconds = 0.0;
        for (const Throughput& row : throughput) {
            if (round.finishedUtc.empty() || row.day <= round.finishedUtc.substr(0, 10)) seconds += row.activeSeconds;
        }
        round.hours = seconds / 3600.0;
    }
}

}  // namespace

const Metric* RoundFigures::metric(const std::string& name) const {
    const auto found = measured.find(name);
    return found != measured.end() ? &found->second : nullptr;
}

QVector<widgets::charts::CurvePoint> ProgressFigures::curve(const QString& metric) const {
    QVector<widgets::charts::CurvePoint> points;
    for (const RoundFigures& round : rounds) {
        const Metric* value = round.metric(metric.toStdString());
        if (!value || value->value < 0.0) continue;
        points.append({static_cast<double>(round.labels), value->value, value->low, value->high,
                       QCoreApplication::translate("Progress", "Round %1").arg(round.number)});
    }
    std::stable_sort(
        points.begin(), points.end(),
        [](const widgets::charts::CurvePoint& a, const widgets::charts::CurvePoint& b) { return a.x < b.x; });
    return points;
}

const RoundFigures* ProgressFigures::lastMeasured() const {
    const auto last = std::find_if(rounds.rbegin(), rounds.rend(),
                                   [this](const RoundFigures& round) { return round.metric(headline) != nullptr; });
    return last == rounds.rend() ? nullptr : &*last;
}

const RoundFigures* ProgressFigures::measuredBefore() const {
    const RoundFigures* last = lastMeasured();
    const RoundFigures* before = nullptr;
    for (const RoundFigures& round : rounds) {
        if (&round == last) break;
        if (round.metric(headline) != nullptr) before = &round;
    }
    return before;
}

ProgressFigures gatherProgress(const session::Project& project) {
    ProgressFigures figures;
    const ProjectSettings settings = project.settings();
    figures.rounds = inOrder(project, measuredOn(project.metrics()));
    figures.counts = project.counts();
    figures.headline = session::learning::headlineMetric(settings);
    figures.target = settings.targetMetric;
    addThroughput(project, figures);
    addHours(project, figures);
    return figures;
}

QVector<widgets::charts::Bar> classBars(const session::Project& project, const QString& metric) {
    const auto metrics = project.metrics();
    const ModelId newest = newestMeasured(project, metrics);
    if (!newest.valid()) return {};
    const QString undefined = undefinedClassText(project.settings());
    std::map<ClassId, Metric> byClass;
    for (const Metric& value : metrics) {
        if (value.model == newest && value.split == Split::Val && value.label.valid() &&
            value.name == metric.toStdString()) {
            byClass[value.label] = value;
        }
    }
    const PoolCounts counts = project.counts();
    const auto val = counts.annotationsByClass.find(Split::Val);
    QVector<widgets::charts::Bar> bars;
    for (const ClassLabel& label : project.classes()) {
        const auto found = byClass.find(label.id);
        if (label.archived || found == byClass.end()) continue;
        widgets::charts::Bar bar;
        bar.name = QString::fromStdString(label.name);
        if (found->second.value < 0.0) bar.undefined = undefined;
        bar.value = found->second.value;
        bar.low = found->second.low;
        bar.high = found->second.high;
        bar.colour = label.colour.empty() ? widgets::common::classColour(label.exportIndex)
                                          : QColor(QString::fromStdString(label.colour));
        if (val != counts.annotationsByClass.end()) {
            const auto count = val->second.find(label.id);
            bar.count = count != val->second.end() ? count->second : 0;
        }
        bars.append(bar);
    }
    return bars;
}

std::optional<session::learning::Confusion> newestConfusion(const session::Project& project) {
    const auto metrics = project.metrics();
    const ModelId newest = newestMeasured(project, metrics);
    if (!newest.valid()) return std::nullopt;
    return session::learning::confusionOf(metrics, newest, Split::Val, project.classes());
}

}  // namespace querent::app::models

#include "app/models/progress_figures.h"

#include "widgets/common/theme.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>

namespace querent::app {
namespace {

std::optional<Metric> headline(const std::vector<Metric>& metrics, ModelId model, const char* name) {
    for (const Metric& metric : metrics) {
        if (metric.model == model && metric.split == Split::Val && !metric.label.valid() && metric.name == name) {
            return metric;
        }
    }
    return std::nullopt;
}

RoundFigures figuresOf(const RoundRecord& round, const std::vector<Metric>& metrics) {
    RoundFigures figures;
    figures.number = round.number;
    figures.strategy = QString::fromStdString(round.strategy);
    figures.labels = round.labelsAtTraining;
    figures.trainSeconds = round.trainSeconds;
    figures.selectSeconds = round.selectSeconds;
    figures.done = round.step == RoundStep::Done;
    figures.finishedUtc = round.finishedUtc;
    if (round.model.valid()) {
        figures.map50 = headline(metrics, round.model, "map50");
        figures.map = headline(metrics, round.model, "map");
    }
    return figures;
}

RoundFigures figuresOf(const ModelRecord& model, const std::vector<Metric>& metrics) {
    RoundFigures figures;
    figures.number = model.round;
    figures.ofRound = false;
    figures.labels = model.labels;
    figures.trainSeconds = model.trainSeconds;
    figures.done = true;
    figures.finishedUtc = model.createdUtc;
    figures.map50 = headline(metrics, model.id, "map50");
    figures.map = headline(metrics, model.id, "map");
    return figures;
}

/** Rounds and trainings outside them, in the order in which their models were made; a round without one is last. */
QVector<RoundFigures> inOrder(const session::Project& project, const std::vector<Metric>& metrics) {
    constexpr std::int64_t kOpen = std::numeric_limits<std::int64_t>::max();
    std::map<std::pair<std::int64_t, int>, RoundFigures> all;
    std::set<ModelId> ofRounds;
    for (const RoundRecord& round : project.rounds()) {
        all[{round.model.valid() ? round.model.value : kOpen, round.number}] = figuresOf(round, metrics);
        ofRounds.insert(round.model);
    }
    for (const ModelRecord& model : project.models()) {
        if (!ofRounds.contains(model.id)) all[{model.id.value, 0}] = figuresOf(model, metrics);
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

QVector<widgets::CurvePoint> ProgressFigures::curve(const QString& metric) const {
    QVector<widgets::CurvePoint> points;
    for (const RoundFigures& round : rounds) {
        const auto& value = metric == QStringLiteral("map") ? round.map : round.map50;
        if (!value || value->value < 0.0) continue;
        points.append({static_cast<double>(round.labels), value->value, value->low, value->high,
                       QCoreApplication::translate("Progress", "Round %1").arg(round.number)});
    }
    std::stable_sort(points.begin(), points.end(),
                     [](const widgets::CurvePoint& a, const widgets::CurvePoint& b) { return a.x < b.x; });
    return points;
}

const RoundFigures* ProgressFigures::lastMeasured() const {
    const auto last =
        std::find_if(rounds.rbegin(), rounds.rend(), [](const RoundFigures& r) { return r.map50.has_value(); });
    return last == rounds.rend() ? nullptr : &*last;
}

const RoundFigures* ProgressFigures::measuredBefore() const {
    const RoundFigures* last = lastMeasured();
    const RoundFigures* before = nullptr;
    for (const RoundFigures& round : rounds) {
        if (&round == last) break;
        if (round.map50) before = &round;
    }
    return before;
}

ProgressFigures gatherProgress(const session::Project& project) {
    ProgressFigures figures;
    figures.rounds = inOrder(project, project.metrics());
    figures.counts = project.counts();
    figures.target = project.settings().targetMetric;
    addThroughput(project, figures);
    addHours(project, figures);
    return figures;
}

QVector<widgets::Bar> classBars(const session::Project& project, const QString& metric) {
    const auto metrics = project.metrics();
    ModelId newest;
    for (const ModelRecord& model : project.models()) {
        if (headline(metrics, model.id, "map50")) newest = std::max(newest, model.id);
    }
    if (!newest.valid()) return {};
    std::map<ClassId, Metric> byClass;
    for (const Metric& value : metrics) {
        if (value.model == newest && value.split == Split::Val && value.label.valid() &&
            value.name == metric.toStdString()) {
            byClass[value.label] = value;
        }
    }
    const PoolCounts counts = project.counts();
    const auto val = counts.annotationsByClass.find(Split::Val);
    QVector<widgets::Bar> bars;
    for (const ClassLabel& label : project.classes()) {
        const auto found = byClass.find(label.id);
        if (label.archived || found == byClass.end()) continue;
        widgets::Bar bar;
        bar.name = QString::fromStdString(label.name);
        if (found->second.value < 0.0) bar.undefined = undefinedClassText();
        bar.value = found->second.value;
        bar.low = found->second.low;
        bar.high = found->second.high;
        bar.colour = label.colour.empty() ? widgets::classColour(label.exportIndex)
                                          : QColor(QString::fromStdString(label.colour));
        if (val != counts.annotationsByClass.end()) {
            const auto count = val->second.find(label.id);
            bar.count = count != val->second.end() ? count->second : 0;
        }
        bars.append(bar);
    }
    return bars;
}

QString undefinedClassText() {
    return QCoreApplication::translate(
        "Progress", "No box of this class is in the validation set, so there is nothing to measure.");
}

QString readableName(const std::string& name) {
    QString text = QString::fromStdString(name);
    text.replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

}  // namespace querent::app

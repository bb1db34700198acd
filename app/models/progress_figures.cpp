#include "app/models/progress_figures.h"

#include <QCoreApplication>
#include <algorithm>
#include <map>
#include <unordered_map>

#include "widgets/common/theme.h"

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
    if (round.model.valid()) {
        figures.map50 = headline(metrics, round.model, "map50");
        figures.map = headline(metrics, round.model, "map");
    }
    return figures;
}

void addThroughput(const session::Project& project, ProgressFigures& figures) {
    std::unordered_map<PersonId, QString> names;
    for (const Person& person : project.persons()) names[person.id] = QString::fromStdString(person.name);
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
void addHours(const session::Project& project, ProgressFigures& figures, const std::vector<RoundRecord>& rounds) {
    const auto throughput = project.throughput();
    for (int i = 0; i < figures.rounds.size(); ++i) {
        const std::string& end = rounds[static_cast<std::size_t>(i)].finishedUtc;
        double seconds = 0.0;
        for (const Throughput& row : throughput) {
            if (end.empty() || row.day <= end.substr(0, 10)) seconds += row.activeSeconds;
        }
        figures.rounds[i].hours = seconds / 3600.0;
    }
}

}  // namespace

QVector<widgets::CurvePoint> ProgressFigures::curve(const QString& metric) const {
    QVector<widgets::CurvePoint> points;
    for (const RoundFigures& round : rounds) {
        const auto& value = metric == QStringLiteral("map") ? round.map : round.map50;
        if (!value) continue;
        points.append({static_cast<double>(round.labels), value->value, value->low, value->high,
                       QCoreApplication::translate("Progress", "Round %1").arg(round.number)});
    }
    std::stable_sort(points.begin(), points.end(),
                     [](const widgets::CurvePoint& a, const widgets::CurvePoint& b) { return a.x < b.x; });
    return points;
}

const RoundFigures* ProgressFigures::lastMeasured() const {
    for (int i = static_cast<int>(rounds.size()) - 1; i >= 0; --i) {
        if (rounds[i].map50) return &rounds[i];
    }
    return nullptr;
}

ProgressFigures gatherProgress(const session::Project& project) {
    ProgressFigures figures;
    const auto metrics = project.metrics();
    auto rounds = project.rounds();
    std::stable_sort(rounds.begin(), rounds.end(),
                     [](const RoundRecord& a, const RoundRecord& b) { return a.number < b.number; });
    for (const RoundRecord& round : rounds) figures.rounds.append(figuresOf(round, metrics));
    figures.counts = project.counts();
    figures.target = project.settings().targetMetric;
    addThroughput(project, figures);
    addHours(project, figures, rounds);
    return figures;
}

QVector<widgets::Bar> classBars(const session::Project& project, const QString& metric) {
    const auto metrics = project.metrics();
    ModelId newest;
    for (const RoundRecord& round : project.rounds()) {
        if (round.model.valid() && headline(metrics, round.model, "map50")) newest = std::max(newest, round.model);
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

QString readableName(const std::string& name) {
    QString text = QString::fromStdString(name);
    text.replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

}  // namespace querent::app

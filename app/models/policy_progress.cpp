#include "app/models/policy_progress.h"

#include "app/models/strategy_words.h"
#include "app/models/task_words.h"
#include "engine/core/policy_figures.h"
#include "engine/session/policies.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace querent::app::models {
namespace {

using widgets::charts::CurvePoint;
using widgets::charts::CurveRole;
using widgets::charts::CurveSeries;

QString translate(const char* text) {
    return QCoreApplication::translate("Policy", text);
}

/** Figures of one model: by name, and by medium for those of media. */
using Figures = std::map<std::string, std::map<int, double>>;

/** Older projects have two figures under another name. */
std::string nameNow(const std::string& name) {
    if (name == "reward-first") return kFirstRewardFigure.name;
    if (name == "reward-last") return kLastRewardFigure.name;
    return name;
}

std::map<ModelId, Figures> figuresOf(const std::vector<Metric>& metrics) {
    std::map<ModelId, Figures> figures;
    for (const Metric& metric : metrics) {
        const auto figure = session::policyFigure(metric);
        if (figure && std::isfinite(metric.value))
            figures[metric.model][nameNow(figure->name)][figure->part] = metric.value;
    }
    return figures;
}

/** A round that a strategy that learns has asked, with what was kept of it. */
struct LearnedRound {
    RoundRecord record;
    Figures before;  // from which the choice was made
    Figures after;   // what the batch has brought
};

std::optional<double> valueOf(const Figures& figures, const Term& term, int part = -1) {
    const auto named = figures.find(term.name);
    if (named == figures.end()) return std::nullopt;
    const auto found = named->second.find(part);
    if (found == named->second.end()) return std::nullopt;
    return found->second;
}

bool isRlMba(const LearnedRound& round) {
    return round.record.strategy.starts_with("rl-mba");
}

/** Whether a guard let another strategy ask; what its gain was does not tell (docs/learned-selectors.md). */
bool gaveWay(const LearnedRound& round) {
    return valueOf(round.before, kGaveWayFigure).value_or(0.0) > 0.0;
}

std::vector<LearnedRound> learnedRounds(const session::Project& project) {
    const auto figures = figuresOf(project.metrics());
    const auto of = [&figures](ModelId model) {
        const auto found = figures.find(model);
        return found != figures.end() ? found->second : Figures();
    };
    std::vector<LearnedRound> learned;
    std::map<ModelId, std::size_t> lastOf;  // a model's figures are those of the last choice that it was asked for
    for (const RoundRecord& record : project.rounds()) {
        const auto strategy = strategyNamed(record.strategy);
        if (!strategy || !strategy->learns || !record.suggestedBy.valid()) continue;
        const auto earlier = lastOf.find(record.suggestedBy);
        if (earlier != lastOf.end()) learned[earlier->second].before.clear();
        lastOf[record.suggestedBy] = learned.size();
        learned.push_back({record, of(record.suggestedBy), record.model.valid() ? of(record.model) : Figures()});
    }
    // Where another strategy asked, nothing was drawn: an entropy there is of an older choice.
    for (LearnedRound& round : learned) {
        if (gaveWay(round)) round.before.erase(kDrawEntropyFigure.name);
    }
    return learned;
}

/** Where the curves of a chart come from. */
struct Source {
    Term figure;
    bool after;  // what a batch has brought; otherwise from the choice
    bool rlMba;  // of RL-MBA; otherwise of the others
    widgets::charts::CurveRole role;
};

constexpr Source kRewards[] = {
    {kRewardFigure, true, true, widgets::charts::CurveRole::Main},
    {kBaselineFigure, true, true, widgets::charts::CurveRole::Control},
    {kLastRewardFigure, false, false, widgets::charts::CurveRole::Main},
    {kFirstRewardFigure, false, false, widgets::charts::CurveRole::Other},
    {kPracticeBaselineFigure, false, false, widgets::charts::CurveRole::Control},
    {kPredictedGainFigure, false, false, widgets::charts::CurveRole::Other},
};
constexpr Source kAdvantage[] = {{kAdvantageFigure, true, true, widgets::charts::CurveRole::Main}};
constexpr Source kEntropy[] = {{kDrawEntropyFigure, false, true, widgets::charts::CurveRole::Main}};

widgets::charts::CurvePoint pointOf(const LearnedRound& round, double value) {
    return {static_cast<double>(round.record.number), value, value, value, strategyTitle(round.record.strategy)};
}

void addPoint(QVector<widgets::charts::CurveSeries>& curves, const QString& name, widgets::charts::CurveRole role,
              const widgets::charts::CurvePoint& point) {
    auto found = std::find_if(curves.begin(), curves.end(),
                              [&name](const widgets::charts::CurveSeries& s) { return s.name == name; });
    if (found == curves.end()) {
        curves.append({name, role, {}});
        found = curves.end() - 1;
    }
    found->points.append(point);
}

template <std::size_t N>
QVector<widgets::charts::CurveSeries> curvesOf(const std::vector<LearnedRound>& rounds, const Source (&sources)[N]) {
    QVector<widgets::charts::CurveSeries> curves;
    for (const Source& source : sources) {
        for (const LearnedRound& round : rounds) {
            if (isRlMba(round) != source.rlMba) continue;
            const auto value = valueOf(source.after ? round.after : round.before, source.figure);
            if (value) addPoint(curves, translate(source.figure.title), source.role, pointOf(round, *value));
        }
    }
    return curves;
}

QVector<widgets::charts::CurveSeries> weightCurves(const std::vector<LearnedRound>& rounds,
                                                   const std::vector<Modality>& media) {
    QVector<widgets::charts::CurveSeries> curves;
    constexpr widgets::charts::CurveRole kRoles[] = {
        widgets::charts::CurveRole::Main, widgets::charts::CurveRole::Control, widgets::charts::CurveRole::Other};
    for (std::size_t m = 0; media.size() > 1 && m < media.size(); ++m) {
        for (const LearnedRound& round : rounds) {
            const auto weight = valueOf(round.before, kWeightFigure, static_cast<int>(m));
            if (weight)
                addPoint(curves, mediumTitle(media[m]), kRoles[std::min<std::size_t>(m, 2)], pointOf(round, *weight));
        }
    }
    return curves;
}

QString counted(qint64 count, const char* one, const char* many) {
    return count == 1 ? translate(one) : translate(many).arg(QLocale().toString(count));
}

QString seenBy(const session::Project& project, const std::string& strategy) {
    const auto history = session::policyHistory(project, strategy);
    if (!history) return {};  // its policy cannot be looked at
    const QString start = translate("Start policy: %1.").arg(QString::fromStdString(history->startVersion));
    if (!history->own) return start + QLatin1Char(' ') + translate("The project has no policy of its own.");
    return QStringLiteral("%1 %2, %3.")
        .arg(start, counted(history->rounds, "1 real round", "%1 real rounds"),
             counted(history->rehearsedEpisodes, "1 rehearsed episode", "%1 rehearsed episodes"));
}

/** What a guard went by, and what it made of it: %1 points, in round %2. */
const char* rehearsalText(double gain, bool gaveWay) {
    if (gain > 0.0)
        return translatable(
            "Policy",
            "In rehearsal the policy is %1 points ahead of the best classic strategy, so it asked in round %2.");
    return gaveWay ? translatable(
                         "Policy",
                         "In rehearsal the policy is %1 points behind the best classic strategy, so that one asked in "
                         "round %2.")
                   : translatable(
                         "Policy",
                         "In rehearsal the policy is %1 points behind the best classic strategy, too little to be sure "
                         "of, so it asked in round %2.");
}

const char* trialText(double gain, bool gaveWay) {
    if (!gaveWay)
        return translatable(
            "Policy",
            "In trials on validation the policy is %1 points ahead of the classic strategy, so it asked in "
            "round %2.");
    return gain > 0.0 ? translatable(
                            "Policy",
                            "In trials on validation the policy is %1 points ahead of the classic strategy, not enough "
                            "to be sure of, so that one asked in round %2.")
                      : translatable(
                            "Policy",
                            "In trials on validation the policy is %1 points behind the classic strategy, so that one "
                            "asked in round %2.");
}

QString verdictOf(const LearnedRound& last, const ProjectSettings& settings) {
    // A model keeps the figures of whoever was asked before: only those that this strategy goes by are its own.
    const bool guarded = isRlMba(last) || last.record.strategy == "mgral";
    if (!guarded) return {};
    const bool tried = !isRlMba(last) || settings.task == TaskKind::Detect || settings.multiLabel;
    const auto gain = valueOf(last.before, tried ? kTrialGainFigure : kRehearsalGainFigure);
    if (!gain) return {};
    const char* text = tried ? trialText(*gain, gaveWay(last)) : rehearsalText(*gain, gaveWay(last));
    return translate(text).arg(QLocale().toString(std::abs(100.0 * *gain), 'f', 1),
                               QLocale().toString(last.record.number));
}

QString inPoints(double value) {
    return QLocale().toString(100.0 * value, 'f', 1);
}

/** What the last round that was paid was paid for. */
QString paymentOf(const std::vector<LearnedRound>& rounds) {
    const auto paid = std::find_if(rounds.rbegin(), rounds.rend(), [](const LearnedRound& round) {
        return valueOf(round.after, kRewardFigure).has_value();
    });
    if (paid == rounds.rend() || paid->record.strategy != "rl-mba") return {};  // ablations are paid otherwise
    const double reward = *valueOf(paid->after, kRewardFigure);
    const QString round = QLocale().toString(paid->record.number);
    const auto others = valueOf(paid->after, kOthersGainFigure);
    if (!others) {
        return translate(
                   "The reward of round %1 is its gain, %2 points: what other strategies would have brought is "
                   "not known.")
            .arg(round, inPoints(reward));
    }
    return translate(
               "The reward of round %1 is its gain, %2 points, less %3 that classic strategies were expected to "
               "bring, by their curves in rehearsal.")
        .arg(round, inPoints(reward + *others), inPoints(*others));
}

}  // namespace

std::optional<PolicyProgress> gatherPolicy(const session::Project& project) {
    const auto rounds = learnedRounds(project);
    if (rounds.empty()) return std::nullopt;
    PolicyProgress progress;
    progress.rewards = curvesOf(rounds, kRewards);
    progress.advantage = curvesOf(rounds, kAdvantage);
    progress.entropy = curvesOf(rounds, kEntropy);
    progress.weights = weightCurves(rounds, project.settings().media);
    progress.seen = seenBy(project, rounds.back().record.strategy);
    progress.verdict = verdictOf(rounds.back(), project.settings());
    progress.payment = paymentOf(rounds);
    return progress;
}

}  // namespace querent::app::models

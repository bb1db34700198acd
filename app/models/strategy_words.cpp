#include "app/models/strategy_words.h"

#include <QCoreApplication>

#include <algorithm>
#include <vector>

namespace querent::app::models {
namespace {

QString translate(const char* text) {
    return QCoreApplication::translate("Strategy", text);
}

}  // namespace

std::optional<StrategyInfo> strategyNamed(const std::string& name) {
    static const std::vector<StrategyInfo> kAll = session::allStrategies();
    const auto found =
        std::find_if(kAll.begin(), kAll.end(), [&name](const auto& choice) { return choice.name == name; });
    if (found == kAll.end()) return std::nullopt;
    return *found;
}

QString strategyTitle(const std::string& name) {
    const auto known = strategyNamed(name);
    if (!known) return QString::fromStdString(name);
    const QString title = QString::fromStdString(known->title);
    return known->ablation ? QStringLiteral("%1 (%2)").arg(title, QString::fromStdString(name)) : title;
}

QString strategyText(const StrategyInfo& choice) {
    QString text = QString::fromStdString(choice.sentence);
    if (choice.needsModel) text += QLatin1Char(' ') + translate("TypiClust asks until there is a model.");
    if (choice.needsHoldout) {
        text += QLatin1Char(' ') + translate("It learns from the validation set, so some of that must be labelled.");
    }
    return text;
}

QString recommendedStrategy(const ProjectSettings& settings) {
    // No learned strategy has been measured to ask better about boxes than this one, nor any about items of several
    // classes (docs/learned-selectors.md).
    if (settings.task == TaskKind::Detect || settings.multiLabel) return QStringLiteral("entropy");
    const auto offered = session::strategiesFor(settings);
    return offered.empty() ? QString() : QString::fromStdString(offered.front().name);
}

QString standInStrategy(const ProjectSettings& settings, const PoolCounts& counts) {
    const auto own = strategyNamed(settings.strategy);
    if (!own || !own->needsHoldout || counts.trainable(Split::Val) > 0) return {};
    for (const StrategyInfo& choice : session::strategiesFor(settings)) {
        if (!choice.needsHoldout && !choice.learns) return QString::fromStdString(choice.name);
    }
    return {};
}

}  // namespace querent::app::models
